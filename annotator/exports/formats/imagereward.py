"""`imagereward`: the three JSON lists that ImageReward's training reads, images beside.

Source: THUDM/ImageReward, train/src/rank_pair_dataset.py and make_dataset.py, data/test.json. The
trainer makes pairs of every two different ranks, opens every image before the first step, and
needs all three files.
"""

from collections import Counter

from annotator.exports.facts import Facts
from annotator.exports.formats.common import Common
from annotator.exports.formats.options import Options
from annotator.exports.formats.types import About, Format, Summary
from annotator.exports.images import image_name
from annotator.exports.pairs import (
    KINDS_WITH_PAIRS,
    aggregation_of,
    asked_about,
    why_no_pairs,
)
from annotator.exports.ranks import ranked
from annotator.exports.shard import Shard
from annotator.exports.splits import SPLITS

SCHEMA = {
    "{train,valid,test}.json": {
        "id": "the item's id",
        "prompt": "what the images were made from",
        "generations": "the images, from this folder",
        "ranking": "their ranks, 1 is best, equal numbers are ties",
    }
}
README = [
    "# ImageReward's lists",
    "",
    "```python",
    "import itertools, json",
    "row = json.load(open('THIS_FOLDER/train.json', encoding='utf-8'))[0]",
    "ranked = list(zip(row['ranking'], row['generations']))",
    "pairs = [sorted(p) for p in itertools.combinations(ranked, 2) if p[0][0] != p[1][0]]",
    "print(row['prompt'], *[f'{better} > {worse}' for (_, better), (_, worse) in pairs])",
    "```",
    "",
    "ImageReward's configuration: data_base and image_base are both THIS_FOLDER. Its training",
    "holds every image in memory: keep exports small, or store the pairs once with",
    "make_dataset.py.",
]


def write(shard: Shard, options: Options) -> Summary:
    """One element an item that says something; the three lists are always there."""
    [question] = asked_about(shard.questions, options)
    lists = {split: shard.list(f"{split}.json") for split in SPLITS}
    left_out: Counter[str] = Counter()
    splits: Counter[str] = Counter()
    for item in shard.items:
        found = ranked(item, question, options, left_out)
        if found is None:
            continue
        if not found.strict:
            left_out["tie"] += 1
            continue
        split = shard.split_of(item.prompt)
        images = [item.image(letter) for letter in found.letters]
        if options.wants("images"):
            for image in images:
                shard.image(image)
        lists[split].write_row(
            {
                "id": str(item.id),
                "prompt": item.prompt,
                "generations": [image_name(p.sha256, shard.encoding) for p in images],
                "ranking": list(found.ranks),
            }
        )
        splits[split] += 1
    return Summary(
        rows=splits.total(),
        items=splits.total(),
        left_out={"dimensions": {question.key: left_out}},
        counts={"splits": splits},
    )


def about(options: Options, facts: Facts, total: Summary) -> About:
    """How rankings and votes became one order."""
    return About(
        aggregation={
            **aggregation_of(options),
            "ranks": "rankings by the mean of everybody's ranks, as whole numbers from 1",
            "ties": "kept between images; items with nothing but ties left out and counted",
        },
        schema=SCHEMA,
        readme=README,
    )


IMAGEREWARD = Format(
    name="imagereward",
    version="1",
    title="ImageReward's rankings (JSON)",
    use="ImageReward's training and its test, as published: data_base and image_base are this.",
    why_not=why_no_pairs,
    write=write,
    about=about,
    common=(
        Common.ONE_DIMENSION,
        Common.AGGREGATION,
        Common.PARTIAL,
        Common.SPLIT,
        Common.IMAGES,
        Common.ENCODING,
    ),
    dimensions=KINDS_WITH_PAIRS,
)
