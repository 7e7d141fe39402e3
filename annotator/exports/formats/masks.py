"""`masks`: where to paint anew, an image and a mask of equal size for each flawed image."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
from PIL import Image as Pillow

from annotator.exports.aggregate.maps import Drawing, Point, flaws_of, people_of
from annotator.exports.formats import options, pairs
from annotator.exports.formats.format import Format, Found, Group, WholeExport, asks_for_marks
from annotator.exports.formats.image_table import FILE, card_of, image_table
from annotator.exports.formats.shard import Shard
from annotator.exports.read.items import ExportedImage, ExportedItem
from annotator.exports.store.outputs import Lines
from annotator.exports.store.rows import ExportRow, Figure, Skip, Skipped, picked
from scoring.heatmap import FloatMap
from scoring.masks import Mask, heatmap_to_mask
from scoring.png import grey_png

LINES = Lines("masks.jsonl")
TABLE = image_table(
    ("image", "mask"),
    (
        *((name, pa.string()) for name in ("prompt", "item", "key", "letter", "generator")),
        ("flaws", pa.list_(pa.string())),
        *((name, pa.float64()) for name in ("share", "peak")),
        *((name, pa.string()) for name in ("meta", "item_meta")),
        *((name, pa.int32()) for name in ("people", "marked")),
        ("settled", pa.bool_()),
    ),
)
INSIDE = np.uint8(255)
SCHEMA = {
    LINES.name: {
        "image": "the image, in images/",
        "mask": "PNG, 8-bit grey, of the image's size: 255 is to be painted anew, 0 to be kept",
        "prompt": "what the image was made from, for the inpainting model",
        "share": "of the image that is masked, from 0 to 1",
        "flaws": "which flaws the mask joins",
        "peak": "the highest value of the map before the threshold",
        "item, key, letter, sha256, generator, width, height": "which image this is",
        "meta, item_meta": "what came with the image (seed, step …) and the item (category …)",
        "people, marked": "who answered, and who of them marked anything",
        "settled": "false: partial, fewer answers than asked for, or not all accepted yet",
    },
    TABLE.name: "the same for `datasets`; meta and item_meta as JSON",
}
SNIPPET = """\
import json
from PIL import Image
row = json.loads(open("THIS_FOLDER/masks.jsonl", encoding="utf-8").readline())
image, mask = Image.open("THIS_FOLDER/" + row["image"]), Image.open("THIS_FOLDER/" + row["mask"])
# pipeline(prompt=row["prompt"], image=image, mask_image=mask)"""


@dataclass(frozen=True, slots=True)
class MarkedImage:
    """An image, each person's marks by flaw, how many were asked and how many marked anything."""

    item: ExportedItem
    image: ExportedImage
    flaws: Mapping[str, Sequence[Sequence[Point]]]
    people: int
    marked: int


def rows(shard: Shard) -> Iterator[Found]:
    """A mask, its image and a line for each image."""
    drawing, chosen = options.drawing_of(shard.options), shard.options.text("flaw")
    flaws = [flaw for flaw in flaws_of(shard.questions) if chosen in (pairs.ALL, flaw)]
    for item in shard.items:
        for image in item.images:
            marked = _marked(item, image, flaws)
            if marked.flaws:
                yield partial(_rows, shard, marked, drawing)
            else:
                yield Skip(Skipped.NOBODY_ANSWERED)


def aggregation(whole: WholeExport) -> dict[str, Any]:
    """How marks became masks."""
    return {
        **options.drawing_of(whole.options).describe(),
        "flaws": "the maximum over the maps of the chosen flaws",
        "threshold": whole.options.number("threshold"),
        "margin_px": whole.options.number("margin_px"),
        "stretched": "from the square map to the image, bilinear, inside from one half on",
    }


def joined_map(marked: MarkedImage, drawing: Drawing) -> FloatMap:
    """float32 (size, size): the maximum over the flaws, each the mean over its people."""
    maps = [drawing.map_of(marks) for marks in marked.flaws.values()]
    joined: FloatMap = np.maximum.reduce(maps)
    return joined


def stretched(mask: Mask, image: ExportedImage) -> Mask:
    """The mask at the image's size: bool (height, width)."""
    square = Pillow.fromarray(mask.astype(np.uint8) * INSIDE)
    resized = square.resize((image.width, image.height), Pillow.Resampling.BILINEAR)
    inside: Mask = np.asarray(resized) >= 128
    return inside


def _marked(item: ExportedItem, image: ExportedImage, flaws: Sequence[str]) -> MarkedImage:
    people = {flaw: people_of(item, flaw, image.letter) for flaw in flaws}
    asked = {one.id for each in people.values() for one, _ in each}
    marked = {one.id for each in people.values() for one, marks in each if marks}
    marks = {flaw: [marks for _, marks in each] for flaw, each in people.items() if each}
    return MarkedImage(item, image, marks, len(asked), len(marked))


def _rows(shard: Shard, marked: MarkedImage, drawing: Drawing) -> list[ExportRow | Skip]:
    chosen, item, image = shard.options, marked.item, marked.image
    heatmap = joined_map(marked, drawing)
    threshold, margin_px = chosen.number("threshold"), chosen.number("margin_px")
    mask = stretched(heatmap_to_mask(heatmap, threshold=threshold, margin_px=margin_px), image)
    if not mask.any() and not chosen.wants("empty"):
        return [Skip(Skipped.NOTHING_MASKED)]
    name, png = f"masks/{item.id}_{image.letter}.png", grey_png(mask.astype(np.uint8) * INSIDE)
    row: dict[str, Any] = {
        "image": shard.name_of(image),
        "mask": name,
        "prompt": item.prompt,
        "share": float(mask.mean()),
        "flaws": list(marked.flaws),
        "peak": float(heatmap.max()),
        "item": item.id,
        "key": item.key,
        "letter": image.letter,
        "sha256": image.sha256,
        "generator": image.generator,
        "meta": image.meta,
        "item_meta": item.meta,
        "width": image.width,
        "height": image.height,
        "people": marked.people,
        "marked": marked.marked,
        "settled": item.settled,
    }
    return [
        ExportRow(
            to=(LINES, TABLE),
            value=row,
            items=(item,),
            copies=shard.needed(image),
            files={name: png},
            figures=(Figure("mask", image, map=png),),
            facts=picked(row, "share", "flaws", "peak", "generator", "people", "marked", "settled"),
        )
    ]


MASKS = Format(
    name="masks",
    version="3",
    group=Group.MARKS,
    misfit=asks_for_marks,
    options=(
        options.PARTIAL,
        options.ENCODING,
        lambda questions: (options.question("flaw", (pairs.ALL, *flaws_of(questions))),),
        options.number("threshold", 0.3, 0.001, 1.0),
        options.number("margin_px", 12.0, 0.0, 512.0),
        options.switch("empty", default=False, rare=True),
        *options.drawing(options.GAUSSIAN),
    ),
    outputs=lambda shard: (LINES,),
    rows=rows,
    aggregation=aggregation,
    schema=SCHEMA,
    snippet=SNIPPET,
    readme=["`datasets.load_dataset` decodes `image` and `mask` of each row, too."],
    card=card_of(FILE, "images/*", "masks/*"),
    shard_items=500,
)
