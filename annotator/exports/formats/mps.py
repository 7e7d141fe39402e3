"""`mps`: pairs judged in several dimensions, with the share of votes in each.

Nobody publishes MPS's training data or its reader (Kwai-Kolors/MPS has inference and two evaluation
scripts), so the rows are our own; soft targets are what its loss, a Kullback-Leibler divergence
between two distributions, compares with. Test files are in the shape that its evaluation reads.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from annotator.core.reasons import Code, Reason
from annotator.exports.aggregate.pairs import Pair, pairs_of
from annotator.exports.aggregate.ranks import RankedImages, strict_ranks_of
from annotator.exports.aggregate.votes import Questions, with_sides
from annotator.exports.formats import options, pairs
from annotator.exports.formats.format import OWN_SPLITS, Format, Group, WholeExport
from annotator.exports.formats.hpdv2 import TEST, raw_annotations
from annotator.exports.formats.options import Options
from annotator.exports.formats.shard import Shard
from annotator.exports.read.draws import SPLITS
from annotator.exports.read.items import ExportedItem
from annotator.exports.store.outputs import JsonList, Lines, Output
from annotator.exports.store.rows import ExportRow, Figure, Skip, picked
from annotator.questions.types import QuestionSpec

CONDITIONS_FILE = "conditions.json"
# Kwai-Kolors/MPS (overall) and modelscope/DiffSynth-Studio (the other three).
CONDITIONS = {
    "overall": "light, color, clarity, tone, style, ambiance, artistry, shape, face, hair, hands, "
    "limbs, structure, instance, texture, quantity, attributes, position, number, location, word, "
    "things.",
    "aesthetics": "light, color, clarity, tone, style, ambiance, artistry",
    "detail_quality": "shape, face, hair, hands, limbs, structure, instance, texture",
    "semantic_alignment": "quantity, attributes, position, number, location",
}
SCHEMA = {
    "{train,valid,test}.jsonl": {
        "prompt": "what the images were made from",
        "image_0, image_1": "the images, from this folder, by letter",
        "generators": "of image_0 and image_1",
        "meta": "of image_0 and image_1: seed, step and what else came with them",
        "item_meta": "category and what else came with the item",
        "dimensions": "by question; null: nobody answered it",
        "dimensions.*.shares": "of image_0 and image_1, summing to 1: ties half to each; "
        "null: nobody could judge",
        "dimensions.*.counts": "how many said a (image_0), b (image_1), tie, both_bad, unsure",
        "dimensions.*.winner": "0 or 1 where one image is preferred, else null",
        "item, key": "the item's id and the uploader's name for it",
        "settled": "false: partial, fewer answers than asked for, or not all accepted yet",
    },
    "test_*.json": {
        "prompt, image_path, rank": "decided pairs of the split test, a file a dimension, rank 1 "
        "is better",
        "raw_annotations": "each person's own ranks, with their pseudonym as user_hash",
    },
    CONDITIONS_FILE: {"*": "the words that stand for the dimension; null: nobody published any"},
}
SNIPPET = """\
import json
conditions = json.load(open("THIS_FOLDER/conditions.json"))
for line in open("THIS_FOLDER/train.jsonl", encoding="utf-8"):
    row = json.loads(line)
    for name, votes in row["dimensions"].items():
        print(row["prompt"], conditions[name], votes and votes["shares"])"""
README = [
    "`test_overall.json` is in the shape of HPDv2's: MPS's eval_overall_mps_on_hpdv2.py reads it,",
    "started in this folder, as it opens the paths as they stand.",
]


def misfit(questions: Questions) -> Reason | None:
    """It needs a preference."""
    return None if with_sides(questions) else Reason(Code.NO_PREFERENCE)


def dimension(questions: Questions) -> tuple[options.ExportOption, ...]:
    """Of one preference, or of all."""
    keys = (one.key for one in with_sides(questions))
    return (options.question("dimension", (pairs.ALL, *keys)),)


def asked(questions: Questions, chosen: Options) -> tuple[QuestionSpec, ...]:
    """The preferences that the option `dimension` chooses."""
    return with_sides(pairs.asked_about(questions, chosen))


def outputs(shard: Shard) -> list[Output]:
    """The three splits, and a test file a dimension."""
    tests = [JsonList(f"test_{one.key}.json") for one in shard.asked]
    return [*(Lines(f"{split}.jsonl") for split in SPLITS), *tests]


def rows(shard: Shard) -> Iterator[ExportRow | Skip]:
    """One line an item; in the split test also one element a decided pair and dimension."""
    rules = pairs.rules_of(shard.options, shard.facts)
    for item in shard.items:
        votes: dict[str, Pair | None] = {}
        for one in shard.asked:
            (pair,) = pairs_of(item, one, rules)
            if isinstance(pair, Skip):
                yield pair
            votes[one.key] = None if isinstance(pair, Skip) else pair
        if not any(votes.values()):
            continue
        yield _row(shard, item, votes)
        if shard.split_of(item.prompt) == TEST:
            for one in shard.asked:
                ranked = strict_ranks_of(item, one, rules)
                if isinstance(ranked, RankedImages):
                    yield _test_row(shard, item, one, ranked)


def conditions(whole: WholeExport) -> dict[str, bytes]:
    """The dimensions' words."""
    keys = [one.key for one in asked(whole.facts.questions, whole.options)]
    words = {key: CONDITIONS.get(key) for key in keys}
    return {CONDITIONS_FILE: (json.dumps(words, indent=1) + "\n").encode()}


def _row(shard: Shard, item: ExportedItem, votes: Mapping[str, Pair | None]) -> ExportRow:
    split = shard.split_of(item.prompt)
    images = [item.image("a"), item.image("b")]
    row: dict[str, Any] = {
        "prompt": item.prompt,
        "image_0": shard.name_of(images[0]),
        "image_1": shard.name_of(images[1]),
        "generators": [image.generator for image in images],
        "meta": [image.meta for image in images],
        "item_meta": item.meta,
        "dimensions": {key: _votes(pair) for key, pair in votes.items()},
        "item": item.id,
        "key": item.key,
        "settled": item.settled,
    }
    counts: dict[tuple[str, ...], int] = {("splits", split): 1}
    counts |= {("dimensions", key): int(pair is not None) for key, pair in votes.items()}
    return ExportRow(
        to=(Lines(f"{split}.jsonl"),),
        value=row,
        items=(item,),
        counts=counts,
        copies=shard.copies(*images),
        figures=(Figure("image_0", images[0]), Figure("image_1", images[1])),
        facts=picked(row, "generators", "meta", "item_meta", "dimensions", "settled"),
    )


def _test_row(
    shard: Shard, item: ExportedItem, asked_one: QuestionSpec, ranked: RankedImages
) -> ExportRow:
    images = [item.image(letter) for letter in ranked.letters]
    row = {
        "prompt": item.prompt,
        "image_path": [shard.name_of(image) for image in images],
        "rank": list(ranked.ranks),
        "raw_annotations": raw_annotations(shard, ranked),
    }
    figures = zip(images, ranked.ranks, strict=True)
    return ExportRow(
        to=(JsonList(f"test_{asked_one.key}.json"),),
        value=row,
        items=(item,),
        rows=0,
        figures=tuple(Figure("image_path", image, rank=rank) for image, rank in figures),
        facts=picked(row, "rank", "raw_annotations"),
    )


def _votes(pair: Pair | None) -> dict[str, Any] | None:
    if pair is None:
        return None
    return {
        "shares": list(pair.votes.soft) if pair.votes.soft else None,
        "counts": dict(pair.votes.counts),
        "winner": None if pair.preferred is None else int(pair.preferred == pair.second),
    }


MPS = Format(
    name="mps",
    version="2",
    group=Group.PAIRS,
    misfit=misfit,
    options=(
        dimension,
        pairs.AGGREGATION,
        options.PARTIAL,
        *options.SPLIT,
        options.IMAGES,
        options.ENCODING,
    ),
    asked=asked,
    outputs=outputs,
    rows=rows,
    aggregation=pairs.rules_and(
        shares="(votes + (tie + both_bad) / 2) / all that judged; unsure did not judge",
        ties="kept in the shares; in test_*.json decided pairs alone",
    ),
    schema=SCHEMA,
    snippet=SNIPPET,
    readme=README,
    files=conditions,
    counts={"splits": {}, "dimensions": {}},
    splits=OWN_SPLITS,
)
