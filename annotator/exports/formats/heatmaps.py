"""`heatmaps`: where people saw flaws, one map an image and flaw, and the points behind it.

Within one person the maximum, over people the mean, people who saw no flaw included; nothing is
normalised. Maps are drawn in their own square frame (scoring.heatmap has the convention), so that
sigma is the same along both axes of the map. Empty maps are written too: all zero is an answer.
"""

from collections.abc import Iterator
from functools import partial
from io import BytesIO
from typing import Any

import numpy as np
import pyarrow as pa

from annotator.exports.aggregate.maps import Drawing, flaws_of, people_of, png_of
from annotator.exports.aggregate.votes import Questions
from annotator.exports.formats import options
from annotator.exports.formats.format import Format, Found, Group, asks_for_marks
from annotator.exports.formats.image_table import FILE, card_of, image_table
from annotator.exports.formats.options import Options
from annotator.exports.formats.shard import Shard
from annotator.exports.read.items import ExportedImage, ExportedItem
from annotator.exports.store.outputs import Lines
from annotator.exports.store.rows import ExportRow, Figure, Skip, Skipped, picked
from scoring.heatmap import FloatMap

FLOAT32, FLOAT16, NO_ARRAYS = "float32", "float16", "no_arrays"
MAPS, POINTS = Lines("heatmaps.jsonl"), Lines("points.jsonl")
COLUMNS = (
    *((name, pa.string()) for name in ("flaw", "prompt", "item", "key", "letter", "generator")),
    *((name, pa.string()) for name in ("meta", "item_meta")),
    *((name, pa.int32()) for name in ("people", "marked", "marks")),
    ("settled", pa.bool_()),
)
SCHEMA = {
    MAPS.name: {
        "item, key, prompt": "the item's id, the uploader's name for it, its prompt",
        "letter, image, sha256, generator, width, height": "the image (null: not in this "
        "folder); width and height in pixels",
        "meta, item_meta": "what came with the image (seed, step …) and the item (category …)",
        "flaw": "the marks question",
        "npy": "float32 or float16 (size, size), rows from the top, from 0 to 1: nothing is "
        "normalised; null: left out",
        "png": "8-bit grey, floor(255 v + 0.5) of the same map",
        "people, marked, marks": "who answered, who of them marked anything, how many marks in all",
        "settled": "false: partial, fewer answers than asked for, or not all accepted yet",
    },
    POINTS.name: {
        "item, letter, sha256, flaw": "as above",
        "annotator": "pseudonym",
        "marks": "x and y as fractions of the image from the top left corner; []: saw no flaw",
    },
    FILE: "heatmaps.jsonl for `datasets`: png, and image if images were asked for, decoded",
}
SNIPPET = """\
import json
import numpy as np
from PIL import Image
rows = [json.loads(line) for line in open("THIS_FOLDER/heatmaps.jsonl", encoding="utf-8")]
heatmap = np.asarray(Image.open("THIS_FOLDER/" + rows[0]["png"])) / 255
print(rows[0]["flaw"], rows[0]["prompt"], heatmap.shape, heatmap.max())"""

README = [
    "The arrays hold the maps unrounded: `np.load` of a row's `npy`, unless they were left out.",
    "`datasets.load_dataset` decodes the maps, and the images if they were asked for.",
]


def rows(shard: Shard) -> Iterator[Found]:
    """Two files a map and a line for it, and a line a person."""
    drawing = options.drawing_of(shard.options)
    for item in shard.items:
        for image in item.images:
            for flaw in flaws_of(shard.questions):
                if people_of(item, flaw, image.letter):
                    yield partial(_rows, shard, item, image, flaw, drawing)
                else:
                    yield Skip(Skipped.MAPS_NOBODY_ANSWERED)


def bytes_an_image(chosen: Options, questions: Questions) -> int:
    """A float map of each flaw; PNGs are small beside it."""
    bytes_a_pixel = {FLOAT32: 4, FLOAT16: 2}.get(chosen.text("arrays"), 0)
    return bytes_a_pixel * chosen.whole("size") ** 2 * len(flaws_of(questions))


def map_name(item: ExportedItem, image: ExportedImage, flaw: str) -> str:
    """Of a map's files, without what form they have."""
    pk = item.id
    return f"maps/{flaw}/{pk[:2]}/{pk}_{image.letter}"


def _rows(
    shard: Shard, item: ExportedItem, image: ExportedImage, flaw: str, drawing: Drawing
) -> list[ExportRow]:
    people = people_of(item, flaw, image.letter)
    heatmap = drawing.map_of([marks for _, marks in people])
    png, name = png_of(heatmap), map_name(item, image, flaw)
    array = _array(heatmap, shard.options.text("arrays"))
    copies = shard.copies(image)
    table = image_table(("png", "image") if copies else ("png",), COLUMNS)
    which = {
        "item": item.id,
        "letter": image.letter,
        "sha256": image.sha256,
        "flaw": flaw,
    }
    row: dict[str, Any] = {
        **which,
        "key": item.key,
        "prompt": item.prompt,
        "image": shard.name_of(image) if copies else None,
        "generator": image.generator,
        "meta": image.meta,
        "item_meta": item.meta,
        "width": image.width,
        "height": image.height,
        "npy": f"{name}.npy" if array else None,
        "png": f"{name}.png",
        "people": len(people),
        "marked": sum(bool(marks) for _, marks in people),
        "marks": sum(len(marks) for _, marks in people),
        "settled": item.settled,
    }
    of_map = ExportRow(
        to=(MAPS, table),
        value=row,
        items=(item,),
        counts={("dimensions", flaw): 1},
        copies=copies,
        files={f"{name}.png": png} | ({f"{name}.npy": array} if array else {}),
        figures=(Figure(flaw, image, map=png),),
        facts=picked(
            row, "flaw", "generator", "meta", "item_meta", "people", "marked", "marks", "settled"
        ),
    )
    points = [
        {
            **which,
            "annotator": shard.facts.annotator(annotation.annotator_id),
            "marks": [{"x": x, "y": y} for x, y in marks],
        }
        for annotation, marks in people
    ]
    return [of_map, *(_of_person(item, image, one) for one in points)]


def _array(heatmap: FloatMap, kind: str) -> bytes:
    """The map as a .npy file; nothing where none is wanted."""
    if kind == NO_ARRAYS:
        return b""
    out = BytesIO()
    np.save(out, heatmap.astype(kind), allow_pickle=False)
    return out.getvalue()


def _of_person(item: ExportedItem, image: ExportedImage, row: dict[str, Any]) -> ExportRow:
    return ExportRow(
        to=(POINTS,),
        value=row,
        items=(item,),
        rows=0,
        figures=(Figure("sha256", image),),
        facts=picked(row, "flaw", "annotator", "marks"),
    )


HEATMAPS = Format(
    name="heatmaps",
    version="4",
    group=Group.MARKS,
    misfit=asks_for_marks,
    options=(
        options.PARTIAL,
        options.IMAGES_ASKED,
        options.ENCODING,
        options.choice("arrays", (FLOAT32, FLOAT16, NO_ARRAYS)),
        *options.drawing(options.GAUSSIAN),
    ),
    outputs=lambda shard: (MAPS, POINTS),
    rows=rows,
    aggregation=lambda whole: options.drawing_of(whole.options).describe(),
    schema=SCHEMA,
    snippet=SNIPPET,
    readme=README,
    card=card_of(FILE, "maps/**", "images/*"),
    counts={"dimensions": {}},
    skipped={Skipped.MAPS_NOBODY_ANSWERED: 0},
    bytes_an_image=bytes_an_image,
    shard_items=500,
)
