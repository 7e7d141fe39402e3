"""`hpdv3`: pairs with vote counts as HPSv3's loader reads them.

Source: the published package hpsv3 1.0.0, hpsv3/dataset/pairwise_dataset.py. `path1` is always the
preferred one; the loader sorts `choice_dist`, so it can't say otherwise. `confidence` has to be a
number, and a threshold (0.95 in the published configuration) drops rows below it.
"""

from collections import Counter
from typing import Any

from annotator.exports.facts import Facts
from annotator.exports.formats.common import Common
from annotator.exports.formats.options import Options
from annotator.exports.formats.types import About, Format, Summary
from annotator.exports.images import image_name
from annotator.exports.pairs import (
    KINDS_WITH_PAIRS,
    Pair,
    aggregation_of,
    asked_about,
    decided_pairs,
    rankings_option,
    why_no_pairs,
)
from annotator.exports.rows import ItemRow
from annotator.exports.shard import Shard
from annotator.exports.splits import SPLITS

SCHEMA = {
    "{train,valid,test}.json": {
        "prompt": "what the images were made from",
        "path1, path2": "the preferred image and the other, from this folder",
        "confidence": "share of path1 among all that judged, a tie half to each, from 0.5 to 1",
        "choice_dist": "votes for path1 and for path2, ties not among them",
        "model1, model2": "their generators",
    }
}
README = [
    "# HPDv3's pairs",
    "",
    "```python",
    "import json, os",
    "os.chdir('THIS_FOLDER')",
    "row = json.load(open('train.json', encoding='utf-8'))[0]",
    "print(row['prompt'], row['path1'], 'is better than', row['path2'], row['choice_dist'])",
    "```",
    "",
    "HPSv3 opens the paths as they stand: start its training in this folder, with",
    "`train_json_list: [train.json]`. **Its published configuration has confidence_threshold",
    "0.95:** a pair that two of three people decided has confidence 0.67 and is dropped, one",
    "that all agree on stays. Lower the threshold to keep them, or set soft_label to learn from",
    "the votes.",
]


def write(shard: Shard, options: Options) -> Summary:
    """One element a strictly decided pair; the three lists are always there."""
    [question] = asked_about(shard.questions, options)
    lists = {split: shard.list(f"{split}.json") for split in SPLITS}
    left_out: Counter[str] = Counter()
    splits: Counter[str] = Counter()
    items = 0
    for item in shard.items:
        split = shard.split_of(item.prompt)
        before = splits.total()
        for pair in decided_pairs(item, question, options, left_out):
            votes = _votes(pair)
            if votes[0] <= votes[1]:
                # Where people are weighed, fewer votes can decide: the loader would turn it over.
                left_out["decided_against_the_votes"] += 1
                continue
            lists[split].write_row(_row(shard, item, pair, votes, options))
            splits[split] += 1
        items += splits.total() > before
    return Summary(
        rows=splits.total(),
        items=items,
        left_out={"dimensions": {question.key: left_out}},
        counts={"splits": splits},
    )


def about(options: Options, facts: Facts, total: Summary) -> About:
    """How votes became pairs, and the trap in the published configuration."""
    return About(
        aggregation={**aggregation_of(options), "ties": "left out and counted"},
        schema=SCHEMA,
        readme=README,
    )


def _votes(pair: Pair) -> tuple[int, int]:
    first, second = pair.votes.counts["a"], pair.votes.counts["b"]
    return (first, second) if pair.chosen == pair.first else (second, first)


def _row(
    shard: Shard, item: ItemRow, pair: Pair, votes: tuple[int, int], options: Options
) -> dict[str, Any]:
    chosen, rejected = item.image(pair.chosen), item.image(pair.rejected)
    if options.wants("images"):
        shard.image(chosen)
        shard.image(rejected)
    return {
        "prompt": item.prompt,
        "path1": image_name(chosen.sha256, shard.encoding),
        "path2": image_name(rejected.sha256, shard.encoding),
        "confidence": max(pair.shares),
        "choice_dist": list(votes),
        "model1": chosen.generator,
        "model2": rejected.generator,
    }


HPDV3 = Format(
    name="hpdv3",
    version="1",
    title="HPDv3's pairs with vote counts (JSON)",
    use="HPSv3's training, hard or with soft labels, started in the export's folder.",
    why_not=why_no_pairs,
    write=write,
    about=about,
    options=rankings_option,
    common=(
        Common.ONE_DIMENSION,
        Common.AGGREGATION,
        Common.MIN_MARGIN,
        Common.PARTIAL,
        Common.SPLIT,
        Common.IMAGES,
        Common.ENCODING,
    ),
    dimensions=KINDS_WITH_PAIRS,
)
