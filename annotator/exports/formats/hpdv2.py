"""`hpdv2`: HPDv2's JSON lists and folders, as HPSv2's training and evaluation read them.

Source: tgxs002/HPSv2, hpsv2 1.2.0 (src/training/data.py, evaluation.py). Training reads pairs,
also to validate: so valid.json has train.json's shape. Evaluation reads ranks. The loader takes the
columns from the first row and hides every row that fails, so all rows have the same keys and types.
"""

from collections import Counter
from typing import Any

from annotator.exports.facts import Facts
from annotator.exports.formats.common import Common
from annotator.exports.formats.options import Options
from annotator.exports.formats.types import About, Format, Summary
from annotator.exports.images import image_name
from annotator.exports.outputs import Rows
from annotator.exports.pairs import (
    KINDS_WITH_PAIRS,
    aggregation_of,
    asked_about,
    decided_pairs,
    rankings_option,
    why_no_pairs,
)
from annotator.exports.ranks import Ranked, ranked
from annotator.exports.rows import ExportedImage, ItemRow
from annotator.exports.shard import Shard
from annotator.exports.splits import SPLITS
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
README = [
    "# HPDv2's lists",
    "",
    "```python",
    "import json",
    "row = json.load(open('THIS_FOLDER/train.json', encoding='utf-8'))[0]",
    "better = row['file_path'][row['human_preference'].index(1)]",
    "print(row['prompt'], 'THIS_FOLDER/train/' + better)",
    "```",
    "",
    "HPSv2: train-data THIS_FOLDER/train.json with train-folder THIS_FOLDER/train, val-data",
    "THIS_FOLDER/valid.json with val-folder THIS_FOLDER/valid, dataset-type HPD; evaluate with",
    "data-path THIS_FOLDER. Its loader hides images that are missing: copy the folder whole.",
]


def write(shard: Shard, options: Options) -> Summary:
    """Pairs for train and valid, ranks for test; the three lists are always there."""
    [question] = asked_about(shard.questions, options)
    lists = {split: shard.list(f"{split}.json") for split in SPLITS}
    left_out: Counter[str] = Counter()
    splits: Counter[str] = Counter()
    items = 0
    for item in shard.items:
        split = shard.split_of(item.prompt)
        write_item = _write_ranks if split == TEST else _write_pairs
        rows = write_item(shard, item, question, options, lists[split], left_out)
        splits[split] += rows
        items += rows > 0
    return Summary(
        rows=splits.total(),
        items=items,
        left_out={"dimensions": {question.key: left_out}},
        counts={"splits": splits},
    )


def about(options: Options, facts: Facts, total: Summary) -> About:
    """How votes became pairs and ranks."""
    return About(
        aggregation={
            **aggregation_of(options),
            "ranks": "of the mean ranks, or of the decided pair",
            "ties": "left out and counted; in test.json only items with nothing but ties",
        },
        schema=SCHEMA,
        readme=README,
    )


def _write_pairs(
    shard: Shard,
    item: ItemRow,
    question: QuestionSpec,
    options: Options,
    out: Rows,
    left_out: Counter[str],
) -> int:
    rows = 0
    split = shard.split_of(item.prompt)
    for pair in decided_pairs(item, question, options, left_out):
        first = int(pair.chosen == pair.first)
        letters = (pair.first, pair.second)
        out.write_row(
            {
                "human_preference": [first, 1 - first],
                "prompt": item.prompt,
                "file_path": [_file(shard, item.image(x), split, options) for x in letters],
            }
        )
        rows += 1
    return rows


def _write_ranks(
    shard: Shard,
    item: ItemRow,
    question: QuestionSpec,
    options: Options,
    out: Rows,
    left_out: Counter[str],
) -> int:
    found = ranked(item, question, options, left_out)
    if found is None:
        return 0
    if not found.strict:
        left_out["tie"] += 1
        return 0
    out.write_row(
        {
            "prompt": item.prompt,
            "image_path": [_file(shard, item.image(x), TEST, options) for x in found.letters],
            "rank": list(found.ranks),
            "raw_annotations": raw_annotations(shard, found),
        }
    )
    return 1


def raw_annotations(shard: Shard, found: Ranked) -> list[dict[str, Any]]:
    """What each person said, under their pseudonym."""
    return [{"rank": list(ranks), "user_hash": shard.annotator(who)} for who, ranks in found.people]


def _file(shard: Shard, image: ExportedImage, split: str, options: Options) -> str:
    """The image's name in the split's folder."""
    if options.wants("images"):
        shard.image(image, folder=split)
    return image_name(image.sha256, shard.encoding, folder=split).partition("/")[2]


HPDV2 = Format(
    name="hpdv2",
    version="1",
    title="HPDv2's preferences and ranks (JSON)",
    use="HPSv2's training (pairs) and evaluation (ranks), with `hpsv2` as it is published.",
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
