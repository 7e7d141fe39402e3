"""`imagereward`: the three JSON lists that ImageReward's training reads, images beside.

Source: THUDM/ImageReward, train/src/rank_pair_dataset.py and make_dataset.py, data/test.json. The
trainer makes pairs of every two different ranks, opens every image before the first step, and
needs all three files.
"""

from collections.abc import Iterator

from annotator.exports.aggregate.ranks import RankedImages, strict_ranks_of
from annotator.exports.formats import options, pairs
from annotator.exports.formats.format import OWN_SPLITS, Format, Group
from annotator.exports.formats.shard import Shard
from annotator.exports.read.draws import SPLITS
from annotator.exports.read.items import ExportedItem
from annotator.exports.store.outputs import JsonList
from annotator.exports.store.rows import ExportRow, Figure, Skip, picked

SCHEMA = {
    "{train,valid,test}.json": {
        "id": "the item's id",
        "prompt": "what the images were made from",
        "generations": "the images, from this folder",
        "ranking": "their ranks, 1 is best, equal numbers are ties",
    }
}
SNIPPET = """\
import itertools, json
row = json.load(open("THIS_FOLDER/train.json", encoding="utf-8"))[0]
ranked = list(zip(row["ranking"], row["generations"]))
pairs = [sorted(p) for p in itertools.combinations(ranked, 2) if p[0][0] != p[1][0]]
print(row["prompt"], *[f"{better} > {worse}" for (_, better), (_, worse) in pairs])"""
README = [
    "ImageReward's configuration: data_base and image_base are both THIS_FOLDER. Its training",
    "holds every image in memory: keep exports small, or store the pairs once with",
    "make_dataset.py.",
]


def rows(shard: Shard) -> Iterator[ExportRow | Skip]:
    """One element an item that says something."""
    [question] = shard.asked
    rules = pairs.rules_of(shard.options, shard.facts)
    for item in shard.items:
        ranked = strict_ranks_of(item, question, rules)
        yield ranked if isinstance(ranked, Skip) else _row(shard, item, ranked)


def _row(shard: Shard, item: ExportedItem, ranked: RankedImages) -> ExportRow:
    split = shard.split_of(item.prompt)
    images = [item.image(letter) for letter in ranked.letters]
    row = {
        "id": item.id,
        "prompt": item.prompt,
        "generations": [shard.name_of(image) for image in images],
        "ranking": list(ranked.ranks),
    }
    figures = zip(images, ranked.ranks, strict=True)
    return ExportRow(
        to=(JsonList(f"{split}.json"),),
        value=row,
        items=(item,),
        counts={("splits", split): 1},
        copies=shard.copies(*images),
        figures=tuple(Figure("generations", image, rank=rank) for image, rank in figures),
        facts=picked(row, "ranking"),
    )


IMAGEREWARD = Format(
    name="imagereward",
    version="1",
    group=Group.RANKINGS,
    misfit=pairs.compares,
    options=(
        pairs.one_dimension,
        pairs.AGGREGATION,
        options.PARTIAL,
        *options.SPLIT,
        options.IMAGES,
        options.ENCODING,
    ),
    asked=pairs.asked_about,
    outputs=lambda shard: [JsonList(f"{split}.json") for split in SPLITS],
    rows=rows,
    aggregation=pairs.rules_and(
        ranks="rankings by the mean of everybody's ranks, as whole numbers from 1",
        ties="kept between images; items with nothing but ties left out and counted",
    ),
    schema=SCHEMA,
    snippet=SNIPPET,
    readme=README,
    counts={"splits": {}},
    splits=OWN_SPLITS,
)
