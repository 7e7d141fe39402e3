"""What formats of messages for vision-language models share: words, texts without tags, cards."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from annotator.core.reasons import Code, Reason
from annotator.exports.aggregate.votes import Questions, comparing, rated
from annotator.exports.formats.format import WholeExport, card_of_files
from annotator.exports.formats.shard import Shard
from annotator.exports.read.draws import turned
from annotator.exports.read.items import ExportedImage, ExportedItem
from annotator.exports.store.rows import Figure, ImageOutcome
from annotator.exports.store.text import json_text
from annotator.questions.types import QuestionSpec

IMAGE = "<image>"
# What trainers replace wherever it stands: in a prompt it would ask for one image more.
TAG = re.compile(r"<(?=(?:image|video|audio)>)")


def to_learn(questions: Questions) -> tuple[QuestionSpec, ...]:
    """The questions that compare or rate, in their order."""
    fitting = (*comparing(questions), *rated(questions))
    return tuple(one for one in questions if one in fitting)


def judges_or_rates(questions: Questions) -> Reason | None:
    """Formats of judge's tasks need something that compares or rates."""
    return None if to_learn(questions) else Reason(Code.NOTHING_TO_LEARN)


def without_tags(prompt: str) -> str:
    """A prompt in which no word is taken for the place of an image."""
    return TAG.sub("< ", prompt)


def in_words(key: str) -> str:
    """A question as it stands in a sentence."""
    return key.replace("_", " ")


def number_text(value: float) -> str:
    """A number with at most two decimals: 4, 3.67."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def task(text: str, answer: str) -> list[dict[str, str]]:
    """One turn: what is asked, and the answer that is to be learnt."""
    return [{"role": "user", "content": text}, {"role": "assistant", "content": answer}]


def metas(images: Sequence[ExportedImage]) -> list[str]:
    """What came with each image as JSON: loaders want one type in a column."""
    return [json_text(image.meta) for image in images]


def in_drawn_order(
    shard: Shard, item: ExportedItem, question: str, letters: tuple[str, str]
) -> tuple[str, str]:
    """Two letters in an order that tells nothing."""
    is_turned = turned(
        shard.facts.seed, shard.options.whole("seed"), item.id, question, *sorted(letters)
    )
    first, second = sorted(letters)
    return (second, first) if is_turned else (first, second)


def compared(images: Sequence[ExportedImage], preferred: int | None) -> tuple[Figure, ...]:
    """Two images as a person sees them; `preferred`: the place of the better one."""
    outcomes = [
        ImageOutcome.EVEN
        if preferred is None
        else ImageOutcome.PREFERRED
        if place == preferred
        else ImageOutcome.OTHER
        for place in range(len(images))
    ]
    return tuple(Figure("images", *pair) for pair in zip(images, outcomes, strict=True))


def card(files: Callable[[WholeExport], Mapping[str, Mapping[str, str]]]) -> Any:
    """The head of a README.md by which `datasets` loads rows, not images without labels.

    `files`: configuration → split → file, of those that have rows.
    """

    def lines(whole: WholeExport) -> list[str]:
        filled = {name: of_splits for name, of_splits in files(whole).items() if of_splits}
        return card_of_files(whole, filled) if filled else []

    return lines
