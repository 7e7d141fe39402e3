"""`mps`: pairs judged in several dimensions, with the share of votes in each.

Nobody publishes MPS's training data or its reader (Kwai-Kolors/MPS has inference and two evaluation
scripts), so the rows are our own; soft targets are what its loss, a Kullback-Leibler divergence
between two distributions, compares with. Test files are in the shape that its evaluation reads.
"""

import json
from collections import Counter
from typing import Any

from annotator.exports.facts import Facts
from annotator.exports.formats.common import Common
from annotator.exports.formats.hpdv2 import raw_annotations
from annotator.exports.formats.options import Options
from annotator.exports.formats.types import About, Format, Questions, Summary
from annotator.exports.images import image_name
from annotator.exports.pairs import Pair, aggregation_of, asked_about, pairs_of
from annotator.exports.ranks import ranked
from annotator.exports.rows import ItemRow
from annotator.exports.shard import Shard
from annotator.exports.splits import SPLITS

PREFERENCE = ("preference",)
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
README = [
    "# Pairs in several dimensions",
    "",
    "```python",
    "import json",
    "conditions = json.load(open('THIS_FOLDER/conditions.json'))",
    "for line in open('THIS_FOLDER/train.jsonl', encoding='utf-8'):",
    "    row = json.loads(line)",
    "    for name, votes in row['dimensions'].items():",
    "        print(row['prompt'], conditions[name], votes and votes['shares'])",
    "```",
    "",
    "`test_overall.json` is in the shape of HPDv2's: MPS's eval_overall_mps_on_hpdv2.py reads it,",
    "started in this folder, as it opens the paths as they stand.",
]


def why_not(questions: Questions) -> str | None:
    """It needs a preference."""
    if any(question.kind in PREFERENCE for question in questions):
        return None
    return "This project asks no preference between two images."


def write(shard: Shard, options: Options) -> Summary:
    """One line an item; in the split test also one element a decided pair and dimension."""
    questions = asked_about(shard.questions, options, PREFERENCE)
    lines = {split: shard.lines(f"{split}.jsonl") for split in SPLITS}
    tests = {question.key: shard.list(f"test_{question.key}.json") for question in questions}
    left_out: dict[str, Counter[str]] = {question.key: Counter() for question in questions}
    splits: Counter[str] = Counter()
    dimensions: Counter[str] = Counter()
    for item in shard.items:
        votes = {q.key: next(pairs_of(item, q, options, left_out[q.key]), None) for q in questions}
        if not any(votes.values()):
            continue
        split = shard.split_of(item.prompt)
        lines[split].write_row(_row(shard, item, votes, options))
        splits[split] += 1
        for question in questions:
            pair = votes[question.key]
            dimensions[question.key] += pair is not None
            found = ranked(item, question, options, Counter()) if split == "test" else None
            if found is not None and found.strict:
                tests[question.key].write_row(
                    {
                        "prompt": item.prompt,
                        "image_path": [_file(shard, item, letter) for letter in found.letters],
                        "rank": list(found.ranks),
                        "raw_annotations": raw_annotations(shard, found),
                    }
                )
    return Summary(
        rows=splits.total(),
        items=splits.total(),
        left_out={"dimensions": left_out},
        counts={"splits": splits, "dimensions": dimensions},
    )


def about(options: Options, facts: Facts, total: Summary) -> About:
    """How votes became shares, and the dimensions' words."""
    keys = [question.key for question in asked_about(facts.questions, options, PREFERENCE)]
    words = {key: CONDITIONS.get(key) for key in keys}
    return About(
        aggregation={
            **aggregation_of(options),
            "shares": "(votes + (tie + both_bad) / 2) / all that judged; unsure did not judge",
            "ties": "kept in the shares; in test_*.json decided pairs alone",
        },
        schema=SCHEMA,
        readme=README,
        files={CONDITIONS_FILE: (json.dumps(words, indent=1) + "\n").encode()},
    )


def _file(shard: Shard, item: ItemRow, letter: str) -> str:
    return image_name(item.image(letter).sha256, shard.encoding)


def _row(
    shard: Shard, item: ItemRow, votes: dict[str, Pair | None], options: Options
) -> dict[str, Any]:
    images = [item.image("a"), item.image("b")]
    if options.wants("images"):
        for image in images:
            shard.image(image)
    return {
        "prompt": item.prompt,
        "image_0": _file(shard, item, "a"),
        "image_1": _file(shard, item, "b"),
        "generators": [image.generator for image in images],
        "dimensions": {key: _votes(pair) for key, pair in votes.items()},
        "item": str(item.id),
        "key": item.key,
        "settled": item.settled,
    }


def _votes(pair: Pair | None) -> dict[str, Any] | None:
    if pair is None:
        return None
    return {
        "shares": list(pair.votes.soft) if pair.votes.soft else None,
        "counts": dict(pair.votes.counts),
        "winner": None if pair.winner is None else int(pair.winner == pair.second),
    }


MPS = Format(
    name="mps",
    version="1",
    title="Pairs in several dimensions with vote shares (JSONL)",
    use="Training of your own in the manner of MPS, and MPS's evaluation script as published.",
    why_not=why_not,
    write=write,
    about=about,
    common=(
        Common.DIMENSION,
        Common.AGGREGATION,
        Common.PARTIAL,
        Common.SPLIT,
        Common.IMAGES,
        Common.ENCODING,
    ),
    dimensions=PREFERENCE,
)
