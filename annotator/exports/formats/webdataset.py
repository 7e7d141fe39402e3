"""`webdataset`: tar shards, one sample an item: its JSON and its images under one key.

Source: webdataset 1.0.2. A sample is a run of files that agree up to the first dot of their name,
so keys have none; USTAR headers hold nothing but names and sizes, so the same data gives the same
bytes.
"""

from collections.abc import Iterator
from typing import Any

from annotator.exports.aggregate.answers import meanings_of
from annotator.exports.formats import options
from annotator.exports.formats.format import HUB_SPLITS, Format, Group, WholeExport, asks_anything
from annotator.exports.formats.hf_dataset import sample_of
from annotator.exports.formats.shard import Shard
from annotator.exports.store.images import SUFFIXES
from annotator.exports.store.outputs import Tar
from annotator.exports.store.rows import ExportRow, Figure, picked
from annotator.exports.store.text import json_bytes

SNIPPET = """\
import glob
import webdataset
tars = sorted(glob.glob("THIS_FOLDER/data/train-*.tar"))
for sample in webdataset.WebDataset(tars, shardshuffle=False).decode("pil"):
    print(sample["json"]["prompt"], sample["json"]["answers"], sample["a.SUFFIX"].size)"""


def schema(whole: WholeExport) -> dict[str, Any]:
    """The parts of a sample."""
    suffix = SUFFIXES[whole.options.text("encoding")]
    return {
        "data/{train,validation,test}-*.tar": {
            "KEY.json": "item, key, prompt, tokens, settled, and of the images by letter: "
            "letters, generators, meta, sha256; item_meta; answers by question, null where nobody "
            "answered",
            f"KEY.a.{suffix}, KEY.b.{suffix} …": "the images",
            **(
                {
                    f"KEY.source0.{suffix}, KEY.reference1.{suffix} …": "what stood beside them, "
                    "by the places of `beside_roles`"
                }
                if whole.facts.shows_beside
                else {}
            ),
            **meanings_of(whole.facts.questions),
        }
    }


def rows(shard: Shard) -> Iterator[ExportRow]:
    """One sample an item, in the tars of its prompt's split."""
    suffix = SUFFIXES[shard.encoding]
    for item in shard.items:
        split = HUB_SPLITS[shard.split_of(item.prompt)]
        sample = sample_of(shard, item)
        images = {
            f"{item.digits}.{image.letter}.{suffix}": shard.image_bytes(image)
            for image in item.images
        } | {
            f"{item.digits}.{one.role}{place}.{suffix}": shard.image_bytes(one.image)
            for place, one in enumerate(item.beside)
        }
        yield ExportRow(
            to=(Tar(f"data/{split}"),),
            value={f"{item.digits}.json": json_bytes(sample), **images},
            items=(item,),
            counts={("splits", split): 1},
            figures=tuple(Figure(image.letter, image) for image in item.images),
            facts=picked(sample, "settled", "generators", "answers"),
        )


WEBDATASET = Format(
    name="webdataset",
    version="2",
    group=Group.DATASETS,
    misfit=asks_anything,
    options=(options.PARTIAL, *options.SPLIT, options.ENCODING),
    rows=rows,
    aggregation={"rule": "counts, means and shares of all answers that stand, as `schema` has"},
    schema=schema,
    snippet=SNIPPET,
    readme=[
        "The images are a, b … by letter. With more loader workers than tars pass",
        "`empty_check=False`.",
    ],
    counts={"splits": {}},
    splits=HUB_SPLITS,
    inside=True,
    shard_items=500,
)
