"""`hpdv2`: HPDv2's JSON lists and folders, as HPSv2's training and evaluation read them.

Source: tgxs002/HPSv2, hpsv2 1.2.0 (src/training/data.py, evaluation.py). Training reads pairs,
also to validate: so valid.json has train.json's shape. Evaluation reads ranks. The loader takes the
columns from the first row and hides every row that fails, so all rows have the same keys and types.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from annotator.exports.aggregate.pairs import Pair
from annotator.exports.aggregate.ranks import RankedImages, strict_ranks_of
from annotator.exports.formats import options, pairs
from annotator.exports.formats.format import OWN_SPLITS, Format, Group
from annotator.exports.formats.shard import Shard
from annotator.exports.read.draws import SPLITS
from annotator.exports.read.items import ExportedImage, ExportedItem
from annotator.exports.store.images import image_name
from annotator.exports.store.outputs import JsonList
from annotator.exports.store.rows import ExportRow, Figure, ImageOutcome, Skip, picked
from annotator.questions.types import QuestionSpec

TEST = "test"
SCHEMA = {
    "{train,valid}.json": {
        "prompt": "what the images were made from",
        "file_path": "the two images, from train/ or valid/, by letter",
        "human_preference": "1 for the preferred, 0 for the other",
    },
    "test.json": {
        "prompt": "as above",
        "image_path": "an item's images, from test/",
        "rank": "what people say together, 1 is best, equal numbers are ties",
        "raw_annotations": "each person's own rank, with their pseudonym as user_hash",
    },
}
SNIPPET = """\
import json
row = json.load(open("THIS_FOLDER/train.json", encoding="utf-8"))[0]
better = row["file_path"][row["human_preference"].index(1)]
print(row["prompt"], "THIS_FOLDER/train/" + better)"""
README = [
    "HPSv2: train-data THIS_FOLDER/train.json with train-folder THIS_FOLDER/train, val-data",
    "THIS_FOLDER/valid.json with val-folder THIS_FOLDER/valid, dataset-type HPD; evaluate with",
    "data-path THIS_FOLDER. Its loader hides images that are missing: copy the folder whole.",
]


def rows(shard: Shard) -> Iterator[ExportRow | Skip]:
    """Pairs for train and valid, ranks for test."""
    for item in shard.items:
        split = shard.split_of(item.prompt)
        of_test = split == TEST
        found = [_ranks(shard, item)] if of_test else pairs.decided_rows_of(shard, item, _pair)
        for one in found:
            # A split that items fell into is told even where they make no row.
            if isinstance(one, Skip):
                yield msgspec.structs.replace(one, counts={("splits", split): 0})
            else:
                yield one


def raw_annotations(shard: Shard, ranked: RankedImages) -> list[dict[str, Any]]:
    """What each person said, under their pseudonym."""
    return [
        {"rank": list(ranks), "user_hash": shard.facts.annotator(who)}
        for who, ranks in ranked.people
    ]


def _pair(shard: Shard, item: ExportedItem, question: QuestionSpec, pair: Pair) -> ExportRow:
    split = shard.split_of(item.prompt)
    images = [item.image(letter) for letter in (pair.first, pair.second)]
    first = int(pair.chosen == pair.first)
    row = {
        "human_preference": [first, 1 - first],
        "prompt": item.prompt,
        "file_path": [_name(shard, image, split) for image in images],
    }
    outcomes = (
        (ImageOutcome.PREFERRED, ImageOutcome.OTHER)
        if first
        else (ImageOutcome.OTHER, ImageOutcome.PREFERRED)
    )
    figures = [Figure("file_path", *one) for one in zip(images, outcomes, strict=True)]
    return ExportRow(
        to=(JsonList(f"{split}.json"),),
        value=row,
        items=(item,),
        counts={("splits", split): 1},
        copies=shard.copies(*images, folder=split),
        figures=tuple(figures),
        facts=picked(row, "human_preference"),
    )


def _ranks(shard: Shard, item: ExportedItem) -> ExportRow | Skip:
    [question] = shard.asked
    ranked = strict_ranks_of(item, question, pairs.rules_of(shard.options, shard.facts))
    if isinstance(ranked, Skip):
        return ranked
    images = [item.image(letter) for letter in ranked.letters]
    row = {
        "prompt": item.prompt,
        "image_path": [_name(shard, image, TEST) for image in images],
        "rank": list(ranked.ranks),
        "raw_annotations": raw_annotations(shard, ranked),
    }
    figures = zip(images, ranked.ranks, strict=True)
    return ExportRow(
        to=(JsonList(f"{TEST}.json"),),
        value=row,
        items=(item,),
        counts={("splits", TEST): 1},
        copies=shard.copies(*images, folder=TEST),
        figures=tuple(Figure("image_path", image, rank=rank) for image, rank in figures),
        facts=picked(row, "rank", "raw_annotations"),
    )


def _name(shard: Shard, image: ExportedImage, split: str) -> str:
    """The image's name in the split's folder."""
    return image_name(image.sha256, shard.encoding, split).partition("/")[2]


HPDV2 = Format(
    name="hpdv2",
    version="1",
    group=Group.PAIRS,
    misfit=pairs.compares,
    options=pairs.pair_options(pairs.one_dimension, *options.SPLIT, options.IMAGES),
    asked=pairs.asked_about,
    outputs=lambda shard: [JsonList(f"{split}.json") for split in SPLITS],
    rows=rows,
    aggregation=pairs.rules_and(
        ranks="of the mean ranks, or of the decided pair",
        ties="left out and counted; in test.json only items with nothing but ties",
    ),
    schema=SCHEMA,
    snippet=SNIPPET,
    readme=README,
    counts={"splits": {}},
    splits=OWN_SPLITS,
)
