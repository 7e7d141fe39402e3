"""`masks`: where to paint anew, an image and a mask of equal size for each flawed image."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
from PIL import Image as Pillow

from annotator.exports.aggregate.maps import Drawing, Point, people_of, places_asked
from annotator.exports.aggregate.regions import Drawn, drawn_by, mask_of, regions_asked
from annotator.exports.aggregate.votes import Questions
from annotator.exports.formats import options, pairs
from annotator.exports.formats.format import Format, Found, Group, WholeExport, asks_for_marks
from annotator.exports.formats.image_table import FILE, card_of, image_table
from annotator.exports.formats.shard import Shard
from annotator.exports.read.items import ExportedImage, ExportedItem
from annotator.exports.store.outputs import Lines
from annotator.exports.store.rows import ExportRow, Figure, Skip, Skipped, picked
from annotator.questions.types import Piece
from scoring.heatmap import FloatMap
from scoring.masks import Mask, heatmap_to_mask
from scoring.png import grey_png
from scoring.regions import layers

LINES = Lines("masks.jsonl", typed=False)
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
OF_REGIONS = (options.whole("votes", 2, 1, 9), options.switch("each_person", default=False))
SCHEMA = {
    LINES.name: {
        "image": "the image, in images/",
        "mask": "PNG, 8-bit grey, of the image's size: 255 is to be painted anew, 0 to be kept",
        "prompt": "what the image was made from, for the inpainting model",
        "share": "of the image that is masked, from 0 to 1",
        "flaws": "which questions the mask joins",
        "peak": "the highest value of the map of marks before the threshold; of regions the "
        "largest share of people who drew the same pixel",
        "each": "where asked for: of each person who drew regions the pseudonym and the mask",
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
    """An image, each person's marks and regions by question, how many were asked and marked any."""

    item: ExportedItem
    image: ExportedImage
    flaws: Mapping[str, Sequence[Sequence[Point]]]
    regions: Mapping[str, Sequence[Drawn]]
    people: int
    marked: int


def rows(shard: Shard) -> Iterator[Found]:
    """A mask, its image and a line for each image."""
    drawing, chosen = options.drawing_of(shard.options), shard.options.text("flaw")
    asked = [one for one in places_asked(shard.questions) if chosen in (pairs.ALL, one.key)]
    for item in shard.items:
        for image in item.images:
            marked = _marked(item, image, asked)
            if marked.flaws or marked.regions:
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
        **({"votes": whole.options.whole("votes")} if regions_asked(whole.facts.questions) else {}),
        "stretched": "from the square map to the image, bilinear, inside from one half on",
    }


def joined_map(marked: MarkedImage, drawing: Drawing) -> FloatMap:
    """float32 (size, size): the maximum over the flaws, each the mean over its people."""
    maps = [drawing.map_of(marks) for marks in marked.flaws.values()]
    maps = maps or [np.zeros((drawing.size, drawing.size), np.float32)]
    joined: FloatMap = np.maximum.reduce(maps)
    return joined


def stretched(mask: Mask, image: ExportedImage) -> Mask:
    """The mask at the image's size: bool (height, width)."""
    square = Pillow.fromarray(mask.astype(np.uint8) * INSIDE)
    resized = square.resize((image.width, image.height), Pillow.Resampling.BILINEAR)
    inside: Mask = np.asarray(resized) >= 128
    return inside


def drawn_shares(marked: MarkedImage, votes: int) -> tuple[Mask, float]:
    """Where `votes` people at least drew a region of one question, and the largest share of people.

    A person's regions are one; at the image's size.
    """
    image = marked.image
    inside, largest = np.zeros((image.height, image.width), np.bool_), 0.0
    for people in marked.regions.values():
        drew = layers([mask_of(pieces, image) for _, pieces in people])
        if votes <= len(drew):
            inside |= drew[votes - 1]
        largest = max(largest, sum(bool(layer.any()) for layer in drew) / len(people))
    return inside, largest


def _marked(item: ExportedItem, image: ExportedImage, asked: Questions) -> MarkedImage:
    marks = {
        one.key: people_of(item, one.key, image.letter) for one in asked if one.kind == "marks"
    }
    regions = {one.key: drawn_by(item, one.key, image.letter) for one in regions_asked(asked)}
    answered = [(one.id, bool(places)) for each in marks.values() for one, places in each]
    answered += [(one.id, bool(drawn)) for each in regions.values() for one, drawn in each]
    return MarkedImage(
        item,
        image,
        {key: [marks for _, marks in each] for key, each in marks.items() if each},
        {key: each for key, each in regions.items() if each},
        len({one for one, _ in answered}),
        len({one for one, places in answered if places}),
    )


def _rows(shard: Shard, marked: MarkedImage, drawing: Drawing) -> list[ExportRow | Skip]:
    chosen, item, image = shard.options, marked.item, marked.image
    heatmap = joined_map(marked, drawing)
    threshold, margin_px = chosen.number("threshold"), chosen.number("margin_px")
    mask = stretched(heatmap_to_mask(heatmap, threshold=threshold, margin_px=margin_px), image)
    drawn, share = drawn_shares(marked, max(1, chosen.whole("votes")))
    mask |= drawn
    each = _each(shard, marked) if chosen.wants("each_person") else {}
    if not mask.any() and not chosen.wants("empty"):
        return [Skip(Skipped.NOTHING_MASKED)]
    name, png = f"masks/{item.id}_{image.letter}.png", grey_png(mask.astype(np.uint8) * INSIDE)
    row: dict[str, Any] = {
        "image": shard.name_of(image),
        "mask": name,
        "prompt": item.prompt,
        "share": float(mask.mean()),
        "flaws": [*marked.flaws, *marked.regions],
        "peak": max(float(heatmap.max()), share),
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
    if chosen.wants("each_person"):
        row["each"] = [{"annotator": whose, "mask": file} for whose, (file, _) in each.items()]
    return [
        ExportRow(
            to=(LINES, TABLE),
            value=row,
            items=(item,),
            copies=shard.needed(image),
            files={name: png, **dict(each.values())},
            figures=(Figure("mask", image, map=png),),
            facts=picked(row, "share", "flaws", "peak", "generator", "people", "marked", "settled"),
        )
    ]


def _each(shard: Shard, marked: MarkedImage) -> dict[str, tuple[str, bytes]]:
    """Of each person who answered by regions the pseudonym: a file's name and the mask as PNG."""
    drawn: defaultdict[str, list[Piece]] = defaultdict(list)
    for people in marked.regions.values():
        for annotation, pieces in people:
            drawn[shard.facts.annotator(annotation.annotator_id)] += pieces
    image, stem = marked.image, f"masks/{marked.item.id}_{marked.image.letter}"
    return {
        whose: (f"{stem}_{whose}.png", grey_png(mask_of(own, image).astype(np.uint8) * INSIDE))
        for whose, own in drawn.items()
    }


MASKS = Format(
    name="masks",
    version="4",
    group=Group.MARKS,
    misfit=asks_for_marks,
    options=(
        options.PARTIAL,
        options.ENCODING,
        lambda questions: (
            options.question("flaw", (pairs.ALL, *(one.key for one in places_asked(questions)))),
        ),
        lambda questions: OF_REGIONS if regions_asked(questions) else (),
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
