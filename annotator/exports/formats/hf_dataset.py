"""`hf-dataset`: one row an item, its images and what people say together, for `datasets`.

Parquet with the metadata by which datasets 5.2 decodes images, and a dataset card that names the
splits and columns: the folder can be opened as it is, or uploaded to a hub.
"""

from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from annotator.exports.aggregate.answers import answers_of, columns_of, meanings_of
from annotator.exports.aggregate.votes import Questions
from annotator.exports.formats import options
from annotator.exports.formats.format import (
    HUB_SPLITS,
    Format,
    Group,
    WholeExport,
    asks_anything,
    configs_of,
    front_matter,
)
from annotator.exports.formats.options import Options
from annotator.exports.formats.shard import Shard
from annotator.exports.read.items import ExportedItem
from annotator.exports.store.features import card_features, described, images_type
from annotator.exports.store.outputs import Parquet
from annotator.exports.store.rows import ExportRow, Figure, picked
from annotator.exports.store.text import json_text

TEXTS = pa.list_(pa.string())
SNIPPET = """\
from datasets import load_dataset
for split, rows in load_dataset("THIS_FOLDER").items():
    print(split, rows[0]["prompt"], rows[0]["images"], rows[0]["answers"])"""


def schema_of(questions: Questions, chosen: Options, *, beside: bool) -> pa.Schema:
    """The columns, from the project's questions; `beside`: items show something beside."""
    images = images_type(inside=chosen.wants("images"))
    return described(
        [
            ("item", pa.string()),
            ("key", pa.string()),
            ("prompt", pa.string()),
            ("tokens", TEXTS),
            ("settled", pa.bool_()),
            ("images", images),
            ("letters", TEXTS),
            ("generators", TEXTS),
            ("meta", TEXTS),
            ("item_meta", pa.string()),
            ("sha256", TEXTS),
            ("answers", columns_of(questions)),
            *([("beside", images), ("beside_roles", TEXTS)] if beside else []),
        ]
    )


def rows(shard: Shard) -> Iterator[ExportRow]:
    """One row an item."""
    schema = schema_of(shard.questions, shard.options, beside=shard.facts.shows_beside)
    for item in shard.items:
        split = HUB_SPLITS[shard.split_of(item.prompt)]
        sample = sample_of(shard, item)
        # A table's columns have one type for all rows, which what came with them has not.
        texts = {
            "meta": [json_text(meta) for meta in sample["meta"]],
            "item_meta": json_text(sample["item_meta"]),
        }
        row = {**sample, **texts, "images": shard.inside(item.images)}
        if shard.facts.shows_beside:
            row["beside"] = shard.inside([one.image for one in item.beside])
        yield ExportRow(
            to=(Parquet(f"data/{split}", schema),),
            value=row,
            items=(item,),
            counts={("splits", split): 1},
            figures=tuple(Figure(image.letter, image) for image in item.images),
            facts=picked(row, "settled", "generators", "answers"),
        )


def meanings(whole: WholeExport) -> dict[str, str]:
    """The columns in words."""
    return {
        "item, key, prompt": "the item's id, the uploader's name for it, its prompt",
        "tokens": "the prompt's words",
        "settled": "false: partial, fewer answers than asked for, or not all accepted yet",
        "images": "its images; without images their names by content",
        "letters, generators, sha256": "of the images, in their order",
        "meta": "what came with each image (seed, step …) as JSON",
        "item_meta": "what came with the item (category …) as JSON",
        "answers": "by question, null where nobody answered",
        **(
            {"beside, beside_roles": "what stood beside them: source, mask, reference"}
            if whole.facts.shows_beside
            else {}
        ),
        **meanings_of(whole.facts.questions),
    }


def readme(whole: WholeExport) -> list[str]:
    """The same as a table."""
    texts = ((name, text.replace("|", "\\|")) for name, text in meanings(whole).items())
    return ["| column | meaning |", "|---|---|", *(f"| {name} | {text} |" for name, text in texts)]


def card(whole: WholeExport) -> list[str]:
    """The head of its README.md: files, features and counts."""
    counted = whole.total.counts["splits"]
    splits = [name for name in HUB_SPLITS.values() if counted.get(name)]
    files = {name: f"data/{name}-*" for name in splits}
    sizes = {name: whole.written[f"data/{name}"].in_memory for name in splits}
    counts = [
        {"name": name, "num_bytes": sizes[name], "num_examples": counted[name]} for name in splits
    ]
    beside = whole.facts.shows_beside
    schema = schema_of(whole.facts.questions, whole.options, beside=beside)
    info = {
        "features": card_features(schema),
        "splits": counts,
        "dataset_size": sum(sizes.values()),
    }
    return front_matter(configs=configs_of({"default": files}), dataset_info=info)


def sample_of(shard: Shard, item: ExportedItem) -> dict[str, Any]:
    """An item with what people say together, without its images."""
    return {
        "item": item.id,
        "key": item.key,
        "prompt": item.prompt,
        "tokens": list(item.tokens),
        "settled": item.settled,
        "letters": [image.letter for image in item.images],
        "generators": [image.generator for image in item.images],
        "meta": [image.meta for image in item.images],
        "item_meta": item.meta,
        "sha256": [image.sha256 for image in item.images],
        "answers": answers_of(item, shard.questions),
        **({"beside_roles": [one.role for one in item.beside]} if shard.facts.shows_beside else {}),
    }


HF_DATASET = Format(
    name="hf-dataset",
    version="2",
    group=Group.DATASETS,
    misfit=asks_anything,
    options=(options.PARTIAL, *options.SPLIT, options.IMAGES, options.ENCODING),
    rows=rows,
    aggregation={"rule": "counts, means and shares of all answers that stand, as `schema` has"},
    schema=lambda whole: {"data/{train,validation,test}-*.parquet": meanings(whole)},
    snippet=SNIPPET,
    readme=readme,
    card=card,
    counts={"splits": {}},
    splits=HUB_SPLITS,
    shard_items=500,
)
