"""`hf-dataset`: one row an item, its images and what people say together, for `datasets`.

Parquet with the metadata by which datasets 5.2 decodes images, and a dataset card that names the
splits and columns: the folder can be opened as it is, or uploaded to a hub.
"""

import json
from collections import Counter
from typing import Any

import pyarrow as pa

from annotator.exports.facts import Facts
from annotator.exports.formats.common import Common
from annotator.exports.formats.options import BoolOption, Option, Options
from annotator.exports.formats.types import About, Format, Questions, Summary
from annotator.exports.hub import IMAGE, card_features, described
from annotator.exports.images import image_name
from annotator.exports.rows import ExportedImage, ItemRow
from annotator.exports.shard import Shard
from annotator.exports.splits import HUB_SPLITS
from annotator.exports.together import columns_of, meanings_of, together

TEXTS = pa.list_(pa.string())


def why_not(questions: Questions) -> str | None:
    """It fits every project that asks anything."""
    return None if questions else "This project asks no questions."


def options(questions: Questions) -> tuple[Option, ...]:
    """Whether the images are in the rows."""
    return (BoolOption("images", default=True, help="Put the images into the rows."),)


def schema_of(questions: Questions, options: Options) -> pa.Schema:
    """The columns, from the project's questions."""
    return described(
        [
            ("item", pa.string()),
            ("key", pa.string()),
            ("prompt", pa.string()),
            ("tokens", TEXTS),
            ("settled", pa.bool_()),
            ("images", pa.list_(IMAGE if options.wants("images") else pa.string())),
            ("letters", TEXTS),
            ("generators", TEXTS),
            ("sha256", TEXTS),
            ("answers", columns_of(questions)),
        ]
    )


def write(shard: Shard, options: Options) -> Summary:
    """One row an item."""
    schema = schema_of(shard.questions, options)
    splits: Counter[str] = Counter()
    for item in shard.items:
        split = HUB_SPLITS[shard.split_of(item.prompt)]
        shard.parquet(f"data/{split}", schema).write_row(_row(shard, item, options))
        splits[split] += 1
    return Summary(rows=splits.total(), items=splits.total(), counts={"splits": splits})


def about(options: Options, facts: Facts, total: Summary) -> About:
    """The columns in words, and the dataset card."""
    schema = {
        "item, key, prompt": "the item's id, the uploader's name for it, its prompt",
        "tokens": "the prompt's words",
        "settled": "false: partial, fewer answers than asked for, or not all accepted yet",
        "images": "its images; without images their names by content",
        "letters, generators, sha256": "of the images, in their order",
        "answers": "by question, null where nobody answered",
        **meanings_of(facts.questions),
    }
    return About(
        aggregation={"rule": "counts, means and shares of all answers that stand, as `schema` has"},
        schema={"data/{train,validation,test}-*.parquet": schema},
        readme=_card(schema_of(facts.questions, options), facts, total, schema),
    )


def _row(shard: Shard, item: ItemRow, options: Options) -> dict[str, Any]:
    return {
        "item": str(item.id),
        "key": item.key,
        "prompt": item.prompt,
        "tokens": list(item.tokens),
        "settled": item.settled,
        "images": [_image(shard, image, options) for image in item.images],
        "letters": [image.letter for image in item.images],
        "generators": [image.generator for image in item.images],
        "sha256": [image.sha256 for image in item.images],
        "answers": together(item, shard.questions),
    }


def _image(shard: Shard, image: ExportedImage, options: Options) -> Any:
    name = image_name(image.sha256, shard.encoding)
    if not options.wants("images"):
        return name
    return {"bytes": shard.image_bytes(image), "path": name}


def _card(schema: pa.Schema, facts: Facts, total: Summary, meanings: dict[str, str]) -> list[str]:
    """A README.md whose head `datasets` reads; what is JSON is YAML too."""
    splits = [name for name in HUB_SPLITS.values() if total.counts["splits"].get(name)]
    files = [{"split": name, "path": f"data/{name}-*"} for name in splits]
    counts = [{"name": name, "num_examples": total.counts["splits"][name]} for name in splits]
    info = {"features": card_features(schema), "splits": counts}
    return [
        "---",
        f"configs: {json.dumps([{'config_name': 'default', 'data_files': files}])}",
        f"dataset_info: {json.dumps(info)}",
        "---",
        "",
        f"# {facts.name}",
        "",
        "```python",
        "from datasets import load_dataset",
        f'rows = load_dataset("THIS_FOLDER", split="{splits[0] if splits else "train"}")',
        'print(rows[0]["prompt"], rows[0]["images"], rows[0]["answers"])',
        "```",
        "",
        "| column | meaning |",
        "|---|---|",
        *(
            f"| {name} | {meaning.replace('|', chr(92) + '|')} |"
            for name, meaning in meanings.items()
        ),
    ]


HF_DATASET = Format(
    name="hf-dataset",
    version="1",
    title="One row an item, with images and answers (parquet)",
    use="Anything in Python: `datasets.load_dataset(FOLDER)` opens it and decodes the images.",
    why_not=why_not,
    write=write,
    about=about,
    options=options,
    common=(Common.PARTIAL, Common.SPLIT, Common.ENCODING),
    shard_items=500,
)
