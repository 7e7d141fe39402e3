"""`pickapic`: parquet with the columns of Pick-a-Pic, a row a judgement, as PickScore reads it.

Source: the dataset cards of yuvalkirstain/pickapic_v1 and _v2 (19 columns, their types and order,
17 in the "no_images" variants) and PickScore's trainer/datasetss/clip_hf_dataset.py. A tie is 0.5
and 0.5 with the best image "none". Rows without a label are not written: PickScore drops them in
all splits but train, where it would train on them.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import pyarrow as pa

from annotator.exports.aggregate.pairs import Pair, PairRules, RankingPairs, pairs_of
from annotator.exports.aggregate.votes import answered, choice_of
from annotator.exports.formats import options, pairs
from annotator.exports.formats.format import (
    HUB_SPLITS,
    Format,
    Group,
    WholeExport,
)
from annotator.exports.formats.options import Options
from annotator.exports.formats.shard import Shard
from annotator.exports.read.items import ExportedAnnotation, ExportedImage, ExportedItem
from annotator.exports.store.outputs import (
    Parquet,
)
from annotator.exports.store.rows import ExportRow, Figure, ImageOutcome, Skip, Skipped, picked
from annotator.questions.kinds import KINDS
from annotator.questions.types import QuestionSpec
from scoring.votes import share_of_a

EACH_PERSON, WINNER, SHARES = "each_person", "winner", "shares"
NOBODY = 0
NO_BEST = "none"
EVEN = (0.5, 0.5)
INDEX = "__index_level_0__"
ENCODED = ("jpg_0", "jpg_1")
SPLIT_NAMES = ("train", "validation", "validation_unique", "test", "test_unique")
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
    (INDEX, pa.int64()),
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
    INDEX: "the row's number in its file, as pandas left it in the published files",
}


SNIPPET = """\
from datasets import load_dataset
rows = load_dataset("THIS_FOLDER", split="train")
print(rows[0]["caption"], rows[0]["label_0"], rows[0]["label_1"])"""
README = [
    "PickScore: `dataset.dataset_name=THIS_FOLDER dataset.dataset_config_name=default`. It opens",
    "the splits train, validation_unique and test_unique (one row a prompt). It leaves rows",
    "without a label out of all splits but train; here every row has one.",
]
README_OF_SHARES = [
    "",
    "Labels are vote shares: good to train on; PickScore's accuracy wants 0, ½, 1.",
]


@dataclass(frozen=True, slots=True)
class Preference:
    """A row without what only all rows of its prompt tell; `labels` of the first and the second."""

    first: ExportedImage
    second: ExportedImage
    labels: tuple[float, float]
    ranking: str
    person: int | None
    at: datetime


@cache
def schema_of(*, images: bool) -> pa.Schema:
    """The published columns; without images those of the published variant without."""
    return pa.schema([column for column in COLUMNS if images or column[0] not in ENCODED])


def rows(shard: Shard) -> Iterator[ExportRow | Skip]:
    """Rows into the split of their prompt, and the first of each prompt into the unique ones.

    The items are gone through twice: a row tells how many its prompt has.
    """
    of_prompt = Counter(
        item.prompt
        for item in shard.items
        for one in _preferences(shard, item)
        if isinstance(one, Preference)
    )
    before = None
    for item in shard.items:
        for one in _preferences(shard, item):
            if isinstance(one, Skip):
                yield one
                continue
            is_first, before = item.prompt != before, item.prompt
            yield _row(shard, item, one, of_prompt[item.prompt], is_first=is_first)


def aggregation(whole: WholeExport) -> dict[str, str]:
    """What a row is."""
    rows = whole.options.text("rows")
    if rows == EACH_PERSON:
        return {"rows": rows, "rule": "none: a row a judgement; both_bad and unsure left out"}
    return {"rows": rows, **pairs.described(whole)}


def schema(whole: WholeExport) -> dict[str, Any]:
    """What the columns mean that are there."""
    names = set(schema_of(images=whole.options.wants("images")).names)
    there = {keys: text for keys, text in MEANINGS.items() if set(keys.split(", ")) & names}
    return {f"data/{{{','.join(SPLIT_NAMES)}}}-*.parquet": there}


def readme(whole: WholeExport) -> list[str]:
    """What PickScore is to be told, and which splits it will look for in vain."""
    of_shares = README_OF_SHARES if whole.options.text("rows") == SHARES else []
    counted = whole.total.counts["splits"]
    missing = [name for name in SPLIT_NAMES if not counted.get(name)]
    of_missing = ["", f"No file, for want of rows: {', '.join(missing)}."] if missing else []
    return [*README, *of_missing, *of_shares]


def _preferences(shard: Shard, item: ExportedItem) -> Iterator[Preference | Skip]:
    [question] = shard.asked
    if shard.options.text("rows") != EACH_PERSON:
        yield from _together(shard, item, question)
    elif KINDS[question.kind].sides:
        yield from _of_each(item, question)
    else:
        for pair in pairs_of(item, question, PairRules(rankings=RankingPairs.EACH_PERSON)):
            if isinstance(pair, Skip):
                yield pair
                continue
            labels = EVEN if pair.preferred is None else _won(pair)
            yield _of_pair(item, pair, labels, f"{pair.ranking}/{pair.first}{pair.second}")


def _of_each(item: ExportedItem, question: QuestionSpec) -> Iterator[Preference | Skip]:
    annotations = answered(item, question)
    if not annotations:
        yield Skip(Skipped.UNANSWERED, question.key)
    for one in annotations:
        choice = choice_of(one, question, item)
        share = share_of_a(choice, both_bad_is_even=False)
        if share is None:
            yield Skip(Skipped(choice), question.key)
            continue
        yield Preference(
            item.image("a"),
            item.image("b"),
            (share, 1 - share),
            f"{one.id}/{question.key}",
            one.annotator_id,
            one.submitted_at,
        )


def _together(
    shard: Shard, item: ExportedItem, question: QuestionSpec
) -> Iterator[Preference | Skip]:
    rules = pairs.rules_of(shard.options, shard.facts)
    for pair in pairs_of(item, question, rules):
        if isinstance(pair, Skip):
            yield pair
            continue
        enough = pair.votes.judges >= item.judges(rules.judges)
        labels = _labels(pair, shard.options) if enough else None
        if labels is None:
            yield Skip(pair.undecided or Skipped.UNSURE, question.key)
            continue
        yield _of_pair(item, pair, labels, f"{item.id}/{question.key}/{pair.first}{pair.second}")


def _labels(pair: Pair, chosen: Options) -> tuple[float, float] | None:
    if chosen.text("rows") == SHARES:
        return pair.votes.soft
    if pair.preferred is not None:
        return _won(pair)
    return EVEN if pair.undecided is Skipped.TIE else None


def _won(pair: Pair) -> tuple[float, float]:
    return (1.0, 0.0) if pair.preferred == pair.first else (0.0, 1.0)


def _of_pair(item: ExportedItem, pair: Pair, labels: tuple[float, float], name: str) -> Preference:
    at = _newest(pair.annotations)
    return Preference(
        item.image(pair.first), item.image(pair.second), labels, name, pair.person, at
    )


def _newest(annotations: Iterable[ExportedAnnotation]) -> datetime:
    return max(one.submitted_at for one in annotations)


def _row(
    shard: Shard, item: ExportedItem, one: Preference, of_prompt: int, *, is_first: bool
) -> ExportRow:
    images, labels = (one.first, one.second), one.labels
    with_images = shard.options.wants("images")
    best = one.first if labels[0] > labels[1] else one.second
    row: dict[str, Any] = {
        "are_different": one.first.sha256 != one.second.sha256,
        "best_image_uid": NO_BEST if labels[0] == labels[1] else best.sha256,
        "caption": item.prompt,
        "created_at": one.at,
        "has_label": True,
        "image_0_uid": one.first.sha256,
        "image_0_url": "",
        "image_1_uid": one.second.sha256,
        "image_1_url": "",
        "label_0": labels[0],
        "label_1": labels[1],
        "model_0": one.first.generator,
        "model_1": one.second.generator,
        "ranking_id": number_of(one.ranking),
        "user_id": NOBODY if one.person is None else _person(shard, one.person),
        "num_example_per_prompt": of_prompt,
    }
    if with_images:
        row |= {name: shard.image_bytes(image) for name, image in zip(ENCODED, images, strict=True)}
    split = HUB_SPLITS[shard.split_of(item.prompt)]
    splits = [split, f"{split}_unique"] if is_first and split != "train" else [split]
    schema = schema_of(images=with_images)
    figures = zip(("image_0_uid", "image_1_uid"), images, map(_outcome, labels), strict=True)
    return ExportRow(
        to=tuple(Parquet(f"data/{name}", schema, numbered=INDEX) for name in splits),
        value=row,
        items=(item,),
        counts={("splits", name): 1 for name in splits},
        figures=tuple(Figure(*figure) for figure in figures),
        facts=picked(row, "are_different", "created_at", "has_label", "label_0", "label_1",
                     "model_0", "model_1", "num_example_per_prompt"),
    )  # fmt: skip


def _outcome(label: float) -> ImageOutcome:
    if label == 0.5:
        return ImageOutcome.EVEN
    return ImageOutcome.PREFERRED if label > 0.5 else ImageOutcome.OTHER


def number_of(name: str) -> int:
    """A name as a number that fits int64 and is not negative: 63 bits of its SHA-256."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]) >> 1


def _person(shard: Shard, user_id: int) -> int:
    return int(shard.facts.annotator(user_id).partition("-")[2], 16)


PICKAPIC = Format(
    name="pickapic",
    version="1",
    group=Group.PAIRS,
    misfit=pairs.compares,
    options=(
        pairs.one_dimension,
        pairs.AGGREGATION,
        options.PARTIAL,
        *options.SPLIT,
        options.choice("rows", (EACH_PERSON, WINNER, SHARES)),
        options.IMAGES,
        options.ENCODING,
    ),
    asked=pairs.asked_about,
    rows=rows,
    aggregation=aggregation,
    schema=schema,
    snippet=SNIPPET,
    readme=readme,
    counts={"splits": {}},
    splits=HUB_SPLITS,
    together=True,
    shard_items=500,
)
