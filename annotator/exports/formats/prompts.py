"""`prompts`: the prompts alone, the hardest or most disputed first, to draw images anew from.

Source: flow_grpo, DiffusionNFT and Flow-Factory read train.txt, a prompt a line, or JSON lines with
the field `prompt`; rewards come from elsewhere. Lines are in one order over the whole export.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from statistics import fmean
from typing import Any

from annotator.consensus.disagreement import disagreement
from annotator.exports.aggregate.numbers import unit_ratings
from annotator.exports.aggregate.votes import answered, choices_of, rated, with_sides
from annotator.exports.formats import options
from annotator.exports.formats.format import OWN_SPLITS, Format, Group, asks_anything
from annotator.exports.formats.shard import Shard
from annotator.exports.read.items import ExportedItem
from annotator.exports.store.outputs import Ordered
from annotator.exports.store.rows import ExportRow, picked
from annotator.questions.types import QuestionSpec
from scoring.prompts import normal_form

HARDEST, DISPUTED = "hardest", "disputed"
# By which the highest comes first; what has none comes last.
NUMBERS = {HARDEST: "hardness", DISPUTED: "dispute"}
SCHEMA = {
    "{train,valid,test}.txt": "one prompt a line, its line ends made spaces",
    "{train,valid,test}.jsonl": {
        "prompt": "as it was uploaded",
        "hardness": "from 0 to 1, the mean over questions: of ratings how far below the best, of "
        "preferences the share of people for whom both are bad; null: neither was asked",
        "dispute": "from 0 to 1, the mean disagreement over its items; 0: all said the same",
        "items, people": "how many items with this prompt, how many answers count",
        "metadata": "what came with its first item (category …)",
    },
}
SNIPPET = """\
prompts = open("THIS_FOLDER/train.txt", encoding="utf-8").read().splitlines()
print(len(prompts), prompts[:3])"""
README = [
    "`train.txt` is what flow_grpo, DiffusionNFT and others take as their dataset; the lines of",
    "train.jsonl say by which numbers it is sorted. To train on the hardest take the first lines.",
]


def rows(shard: Shard) -> Iterator[ExportRow]:
    """A line a prompt, of all its items together."""
    for _, same in groupby(shard.items, key=lambda item: item.prompt):
        yield _row(shard, list(same))


def hardness(items: Sequence[ExportedItem], questions: Sequence[QuestionSpec]) -> float | None:
    """How far people found the images of a prompt from good: 0 all at the best, 1 at the worst."""
    found = [_below_best(items, one) for one in rated(questions)]
    found += [_both_bad(items, one) for one in with_sides(questions)]
    numbers = [number for number in found if number is not None]
    return fmean(numbers) if numbers else None


def _below_best(items: Sequence[ExportedItem], question: QuestionSpec) -> float | None:
    given = [
        rating
        for item in items
        for image in item.images
        for rating in unit_ratings(item, question, image.letter)
    ]
    return 1 - fmean(given) if given else None


def _both_bad(items: Sequence[ExportedItem], question: QuestionSpec) -> float | None:
    choices = [
        choice
        for item in items
        for choice in choices_of(answered(item, question), question, item)
        if choice != "unsure"
    ]
    return choices.count("both_bad") / len(choices) if choices else None


def _dispute(item: ExportedItem, questions: Sequence[QuestionSpec]) -> float:
    answers = {one: [answer.pieces[one.key] for answer in answered(item, one)] for one in questions}
    return disagreement(answers, item.spec)


def _row(shard: Shard, items: Sequence[ExportedItem]) -> ExportRow:
    first, split = items[0], shard.split_of(items[0].prompt)
    row: dict[str, Any] = {
        "prompt": first.prompt,
        "hardness": hardness(items, shard.questions),
        "dispute": fmean(_dispute(item, shard.questions) for item in items),
        "items": len(items),
        "people": sum(len(item.counting) for item in items),
        "metadata": first.meta,
    }
    number = row[NUMBERS[shard.options.text("order")]]
    return ExportRow(
        to=(Ordered(f"{split}.jsonl"), Ordered(f"{split}.txt", text="prompt")),
        value=row,
        place=(1.0 if number is None else -number, normal_form(first.prompt)),
        items=tuple(items),
        counts={("splits", split): 1},
        facts=picked(row, "hardness", "dispute", "items", "people", "metadata"),
    )


PROMPTS = Format(
    name="prompts",
    version="1",
    group=Group.DATASETS,
    misfit=asks_anything,
    options=(
        options.choice("order", (HARDEST, DISPUTED)),
        options.PARTIAL,
        *options.SPLIT,
    ),
    outputs=lambda shard: [
        output
        for split in OWN_SPLITS
        for output in (Ordered(f"{split}.jsonl"), Ordered(f"{split}.txt", text="prompt"))
    ],
    rows=rows,
    aggregation=lambda whole: {
        "order": f"{whole.options.text('order')} first, then by the prompt",
        "people": "all answers that count",
    },
    schema=SCHEMA,
    snippet=SNIPPET,
    readme=README,
    counts={"splits": {}},
    splits=OWN_SPLITS,
    together=True,
)
