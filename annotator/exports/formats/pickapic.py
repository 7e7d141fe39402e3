"""`pickapic`: parquet with the columns of Pick-a-Pic, a row a judgement, as PickScore reads it.

Source: the dataset cards of yuvalkirstain/pickapic_v1 and _v2 (19 columns, their types and order,
17 in the "no_images" variants) and PickScore's trainer/datasetss/clip_hf_dataset.py. A tie is 0.5
and 0.5 with the best image "none". Rows without a label are not written: PickScore drops them in
all splits but train, where it would train on them.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

import pyarrow as pa

from annotator.exports.facts import Facts
from annotator.exports.formats.common import Common
from annotator.exports.formats.options import BoolOption, ChoiceOption, Option, Options
from annotator.exports.formats.types import About, Format, Questions, Summary
from annotator.exports.held import Held
from annotator.exports.pairs import (
    EACH_PERSON,
    KINDS_WITH_PAIRS,
    Pair,
    aggregation_of,
    asked_about,
    pairs_of,
    why_no_pairs,
)
from annotator.exports.rows import Answer, ExportedImage, ItemRow
from annotator.exports.shard import Shard
from annotator.exports.splits import HUB_SPLITS
from annotator.exports.spool import dump_image, load_image
from annotator.questions.types import QuestionSpec

WINNER, SHARES = "winner", "shares"
NOBODY = 0
NO_BEST = "none"
LABELS = {"a": (1.0, 0.0), "b": (0.0, 1.0), "tie": (0.5, 0.5)}
IMAGES = ("jpg_0", "jpg_1")
COLUMNS = (
    ("are_different", pa.bool_()),
    ("best_image_uid", pa.string()),
    ("caption", pa.string()),
    ("created_at", pa.timestamp("ns")),
    ("has_label", pa.bool_()),
    ("image_0_uid", pa.string()),
    ("image_0_url", pa.string()),
    ("image_1_uid", pa.string()),
    ("image_1_url", pa.string()),
    ("jpg_0", pa.binary()),
    ("jpg_1", pa.binary()),
    ("label_0", pa.float64()),
    ("label_1", pa.float64()),
    ("model_0", pa.string()),
    ("model_1", pa.string()),
    ("ranking_id", pa.int64()),
    ("user_id", pa.int64()),
    ("num_example_per_prompt", pa.int64()),
    ("__index_level_0__", pa.int64()),
)

MEANINGS = {
    "are_different": "whether the two images differ",
    "best_image_uid": "the uid of the preferred image; none: a tie",
    "caption": "the prompt",
    "created_at": "when the judgement was given, in UTC; of several the newest",
    "has_label": "always true: what has no label is left out and counted",
    "image_0_uid, image_1_uid": "SHA-256 of the stored image: the same image, the same uid",
    "image_0_url, image_1_url": "empty: the images have no address",
    "jpg_0, jpg_1": "the encoded file as bytes; not there without images",
    "label_0, label_1": "1 for the preferred, 0 for the other, 0.5 each for a tie; or vote shares",
    "model_0, model_1": "the generators",
    "ranking_id": "a number of the judgement",
    "user_id": "a number of the person, from the pseudonym's hexadecimal digits; 0: several people",
    "num_example_per_prompt": "rows with this prompt: PickScore weighs each by one over it",
    "__index_level_0__": "the row's number in its file, as pandas left it in the published files",
}


@dataclass(frozen=True, slots=True)
class Judged:
    """A row without what only all rows of its prompt tell."""

    first: ExportedImage
    second: ExportedImage
    labels: tuple[float, float]
    ranking: str
    person: int | None
    at: datetime

    def dump(self) -> list[Any]:
        """As JSON."""
        images = [dump_image(self.first), dump_image(self.second)]
        return [*images, self.labels, self.ranking, self.person, self.at.isoformat()]

    @staticmethod
    def load(found: Sequence[Any]) -> "Judged":
        """What dump gave."""
        first, second, (label_0, label_1), ranking, person, at = found
        images = load_image(first), load_image(second)
        return Judged(*images, (label_0, label_1), ranking, person, datetime.fromisoformat(at))


def options(questions: Questions) -> tuple[Option, ...]:
    """Whose judgements, and whether the images are in the rows."""
    return (
        ChoiceOption(
            "rows",
            EACH_PERSON,
            (EACH_PERSON, WINNER, SHARES),
            "A row for each person's judgement, or one a pair: with the winner, or vote shares.",
        ),
        BoolOption("images", default=True, help="Put the images into the rows (jpg_0, jpg_1)."),
    )


def schema_of(options: Options) -> pa.Schema:
    """The published columns; without images those of the published variant without."""
    return pa.schema(
        [column for column in COLUMNS if options.wants("images") or column[0] not in IMAGES]
    )


def write(shard: Shard, options: Options) -> Summary:
    """Rows into the split of their prompt, and the first of each prompt into the unique ones."""
    [question] = asked_about(shard.questions, options)
    left_out: Counter[str] = Counter()
    splits: Counter[str] = Counter()
    schema = schema_of(options)
    items = 0
    for prompt, group in groupby(shard.items, key=lambda item: item.prompt):
        split = HUB_SPLITS[shard.split_of(prompt)]
        with Held(Judged.dump, Judged.load) as held:
            for item in group:
                before = len(held)
                for row in _judged(item, question, options, left_out):
                    held.add(row)
                items += len(held) > before
            for place, row in enumerate(held):
                unique = [f"{split}_unique"] if place == 0 and split != "train" else []
                found = _row(shard, prompt, row, len(held), options)
                for name in (split, *unique):
                    table = shard.parquet(f"data/{name}", schema)
                    table.write_row({**found, "__index_level_0__": splits[name]})
                    splits[name] += 1
    rows = sum(count for name, count in splits.items() if not name.endswith("_unique"))
    return Summary(
        rows=rows,
        items=items,
        left_out={"dimensions": {question.key: left_out}},
        counts={"splits": splits},
    )


def about(options: Options, facts: Facts, total: Summary) -> About:
    """What a row is, and which splits PickScore will look for in vain."""
    names = schema_of(options).names
    rule: Mapping[str, str] = {"rule": "none: a row a judgement; both_bad and unsure left out"}
    if options.choice("rows") != EACH_PERSON:
        rule = aggregation_of(options)
    return About(
        aggregation={"rows": options.choice("rows"), **rule},
        schema={
            "data/{train,validation,validation_unique,test,test_unique}-*.parquet": {
                keys: meaning
                for keys, meaning in MEANINGS.items()
                if set(keys.split(", ")) & set(names)
            }
        },
        readme=_readme(options, total),
    )


def _readme(options: Options, total: Summary) -> Sequence[str]:
    splits = ("train", "validation", "validation_unique", "test", "test_unique")
    missing = [name for name in splits if not total.counts["splits"].get(name)]
    lines = [
        "# Pick-a-Pic's layout",
        "",
        "```python",
        "from datasets import load_dataset",
        'rows = load_dataset("THIS_FOLDER", split="train")',
        'print(rows[0]["caption"], rows[0]["label_0"], rows[0]["label_1"])',
        "```",
        "",
        "PickScore: `dataset.dataset_name=THIS_FOLDER dataset.dataset_config_name=null`. It opens",
        "the splits train, validation_unique and test_unique (one row a prompt). It leaves rows",
        "without a label out of all splits but train; here every row has one.",
    ]
    if missing:
        lines += ["", f"No rows fell into: {', '.join(missing)}; they have no file."]
    if options.choice("rows") == SHARES:
        lines += [
            "",
            "Labels are vote shares: good to train on; PickScore's accuracy wants 0, ½, 1.",
        ]
    return lines


def _judged(
    item: ItemRow, question: QuestionSpec, options: Options, left_out: Counter[str]
) -> Iterator[Judged]:
    if options.choice("rows") != EACH_PERSON:
        yield from _together(item, question, options, left_out)
    elif question.kind == "preference":
        yield from _of_each(item, question, left_out)
    else:
        own = Options({**options.values, "rankings": EACH_PERSON})
        for pair in pairs_of(item, question, own, left_out):
            labels = LABELS["tie"] if pair.winner is None else _won(pair)
            yield _of_pair(item, pair, labels, f"{pair.ranking}/{pair.first}{pair.second}")


def _of_each(item: ItemRow, question: QuestionSpec, left_out: Counter[str]) -> Iterator[Judged]:
    first, second = item.image("a"), item.image("b")
    answers = [answer for answer in item.standing if answer.pieces.get(question.key)]
    if not answers:
        left_out["unanswered"] += 1
    for answer in answers:
        choice = answer.pieces[question.key][0].choice
        if choice not in LABELS:
            left_out[choice] += 1
            continue
        said = answer.said
        yield Judged(
            first,
            second,
            LABELS[choice],
            f"{said.id}/{question.key}",
            said.annotator_id,
            said.submitted_at,
        )


def _together(
    item: ItemRow, question: QuestionSpec, options: Options, left_out: Counter[str]
) -> Iterator[Judged]:
    for pair in pairs_of(item, question, options, left_out):
        labels: tuple[float, float] | None
        if options.choice("rows") == SHARES:
            labels = pair.votes.soft
        elif pair.winner is not None:
            labels = _won(pair)
        else:
            labels = LABELS.get(pair.why)
        if labels is None:
            left_out[pair.why or "unsure"] += 1
            continue
        name = f"{item.id}/{question.key}/{pair.first}{pair.second}"
        yield _of_pair(item, pair, labels, name)


def _won(pair: Pair) -> tuple[float, float]:
    return LABELS["a"] if pair.winner == pair.first else LABELS["b"]


def _of_pair(item: ItemRow, pair: Pair, labels: tuple[float, float], name: str) -> Judged:
    return Judged(
        item.image(pair.first),
        item.image(pair.second),
        labels,
        name,
        pair.person,
        _newest(pair.answers),
    )


def _newest(answers: Iterable[Answer]) -> datetime:
    return max(answer.said.submitted_at for answer in answers)


def _row(
    shard: Shard, prompt: str, row: Judged, of_prompt: int, options: Options
) -> dict[str, Any]:
    first, second = row.first, row.second
    label_0, label_1 = row.labels
    best = first if label_0 > label_1 else second
    found: dict[str, Any] = {
        "are_different": first.sha256 != second.sha256,
        "best_image_uid": NO_BEST if label_0 == label_1 else best.sha256,
        "caption": prompt,
        "created_at": row.at,
        "has_label": True,
        "image_0_uid": first.sha256,
        "image_0_url": "",
        "image_1_uid": second.sha256,
        "image_1_url": "",
        "label_0": label_0,
        "label_1": label_1,
        "model_0": first.generator,
        "model_1": second.generator,
        "ranking_id": number_of(row.ranking),
        "user_id": NOBODY if row.person is None else _person(shard, row.person),
        "num_example_per_prompt": of_prompt,
    }
    if options.wants("images"):
        found |= {"jpg_0": shard.image_bytes(first), "jpg_1": shard.image_bytes(second)}
    return found


def number_of(name: str) -> int:
    """A name as a number that fits int64 and is not negative: 63 bits of its SHA-256."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]) >> 1


def _person(shard: Shard, user_id: int) -> int:
    return int(shard.annotator(user_id).partition("-")[2], 16)


PICKAPIC = Format(
    name="pickapic",
    version="1",
    title="Pick-a-Pic's columns, a row a judgement (parquet)",
    use="PickScore's trainer, and whatever else reads Pick-a-Pic with `datasets.load_dataset`.",
    why_not=why_no_pairs,
    write=write,
    about=about,
    options=options,
    common=(
        Common.ONE_DIMENSION,
        Common.AGGREGATION,
        Common.PARTIAL,
        Common.SPLIT,
        Common.ENCODING,
    ),
    dimensions=KINDS_WITH_PAIRS,
    together=True,
    shard_items=500,
)
