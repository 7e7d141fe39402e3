"""`heatmaps`: where people saw flaws, one map an image and question, and what is behind it.

Within one person the maximum, over people the mean, people who saw no flaw included; nothing is
normalised. Marks are drawn as disks or Gaussians, regions as they were drawn. Maps have their own
square frame (scoring.heatmap has the convention), so that sigma is the same along both axes of the
map; or the grid of the image's latents. Empty maps are written too: all zero is an answer.
"""

from collections.abc import Iterator
from functools import partial
from io import BytesIO
from typing import Any

import numpy as np
import pyarrow as pa

from annotator.exports.aggregate.maps import Seen, marks_of, places_asked, png_of, seen_on
from annotator.exports.aggregate.regions import regions_asked
from annotator.exports.aggregate.votes import Questions
from annotator.exports.formats import options
from annotator.exports.formats.format import (
    Format,
    Found,
    Group,
    WholeExport,
    asks_for_marks,
)
from annotator.exports.formats.image_table import FILE, card_of, image_table
from annotator.exports.formats.options import Options
from annotator.exports.formats.shard import Shard
from annotator.exports.read.items import ExportedAnnotation, ExportedImage, ExportedItem
from annotator.exports.store.outputs import Lines
from annotator.exports.store.rows import ExportRow, Figure, Skip, Skipped, picked
from annotator.questions.regions import drawn_on, shape_of
from annotator.questions.types import QuestionSpec
from scoring.heatmap import FloatMap

FLOAT32, FLOAT16, NO_ARRAYS = "float32", "float16", "no_arrays"
SQUARE, LATENT = "square", "latent"
# A latent stands for so many pixels along each side, in the autoencoders of diffusion models.
LATENT_PIXELS = 8
MAPS, POINTS = (Lines(name, typed=False) for name in ("heatmaps.jsonl", "points.jsonl"))
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
        "flaw": "the question that asks for marks or regions",
        "npy": "float32 or float16 (height, width), rows from the top, from 0 to 1: nothing is "
        "normalised; null: left out",
        "variance": "of regions, if asked for: the same of people's yes and no, from 0 to 1/4; "
        "else null",
        "png": "8-bit grey, floor(255 v + 0.5) of the same map",
        "people, marked, marks": "who answered, who of them marked anything, how many marks or "
        "regions in all",
        "settled": "false: partial, fewer answers than asked for, or not all accepted yet",
    },
    POINTS.name: {
        "item, letter, sha256, flaw": "as above",
        "annotator": "pseudonym",
        "marks": "x and y as fractions of the image from the top left corner; []: saw no flaw",
        "regions": "in its place where the question asks for regions: flaw, and box or strokes",
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
    for item in shard.items:
        for image in item.images:
            for question in places_asked(shard.questions):
                yield partial(_rows, shard, item, image, question)


def aggregation(whole: WholeExport) -> dict[str, Any]:
    """How marks and regions became maps."""
    chosen = whole.options
    found = {"grid": chosen.text("grid"), **options.drawing_of(chosen).describe()}
    if chosen.text("grid") == LATENT:
        found["latent"] = (
            f"width and height are the image's by {LATENT_PIXELS}, rounded down, in place of size; "
            "sigma by size, and the disk's radius, go by that height"
        )
    if regions_asked(whole.facts.questions):
        found["regions"] = "a pixel is inside if its centre is; the mean over people, and p (1 - p)"
    return found


def bytes_an_image(chosen: Options, questions: Questions) -> int:
    """A float map of each flaw; PNGs are small beside it."""
    bytes_a_pixel = {FLOAT32: 4, FLOAT16: 2}.get(chosen.text("arrays"), 0)
    maps = len(places_asked(questions))
    if chosen.wants("variance"):
        maps += len(regions_asked(questions))
    # A latent grid is smaller than the largest map.
    return bytes_a_pixel * chosen.whole("size") ** 2 * maps


def map_name(item: ExportedItem, image: ExportedImage, flaw: str) -> str:
    """Of a map's files, without what form they have."""
    pk = item.id
    return f"maps/{flaw}/{pk[:2]}/{pk}_{image.letter}"


def _seen(
    shard: Shard, item: ExportedItem, image: ExportedImage, question: QuestionSpec
) -> Seen | None:
    if shard.options.text("grid") != LATENT:
        return seen_on(item, image, question, options.drawing_of(shard.options))
    width, height = (max(1, side // LATENT_PIXELS) for side in (image.width, image.height))
    drawing = options.drawing_of(shard.options, height)
    return seen_on(item, image, question, drawing, (width, height))


def _rows(
    shard: Shard, item: ExportedItem, image: ExportedImage, question: QuestionSpec
) -> list[ExportRow | Skip]:
    flaw, seen = question.key, _seen(shard, item, image, question)
    if seen is None:
        return [Skip(Skipped.MAPS_NOBODY_ANSWERED)]
    png, name = png_of(seen.mean), map_name(item, image, flaw)
    kind = shard.options.text("arrays")
    array, variance = _array(seen.mean, kind), b""
    if shard.options.wants("variance") and seen.variance is not None:
        variance = _array(seen.variance, kind)
    arrays = {f"{name}.npy": array, f"{name}_variance.npy": variance}
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
        "variance": f"{name}_variance.npy" if variance else None,
        "png": f"{name}.png",
        "people": len(seen.people),
        "marked": sum(bool(marks) for _, marks in seen.people),
        "marks": sum(marks for _, marks in seen.people),
        "settled": item.settled,
    }
    of_map = ExportRow(
        to=(MAPS, table),
        value=row,
        items=(item,),
        counts={("dimensions", flaw): 1},
        copies=copies,
        files={f"{name}.png": png} | {file: data for file, data in arrays.items() if data},
        figures=(Figure(flaw, image, map=png),),
        facts=picked(
            row, "flaw", "generator", "meta", "item_meta", "people", "marked", "marks", "settled"
        ),
    )
    points = [
        {
            **which,
            "annotator": shard.facts.annotator(annotation.annotator_id),
            **_places(annotation, question, image),
        }
        for annotation, _ in seen.people
    ]
    return [of_map, *(_of_person(item, image, one) for one in points)]


def _places(
    annotation: ExportedAnnotation, question: QuestionSpec, image: ExportedImage
) -> dict[str, Any]:
    """What this person set or drew on the image, as it was answered."""
    if question.kind == "marks":
        marks = marks_of(annotation, question.key, image.letter) or []
        return {"marks": [{"x": x, "y": y} for x, y in marks]}
    drawn = drawn_on(annotation.pieces[question.key], image.letter) or []
    return {"regions": [{"flaw": piece.choice, **shape_of(piece)} for piece in drawn]}


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
        facts={
            name: row[name] for name in ("flaw", "annotator", "marks", "regions") if name in row
        },
    )


HEATMAPS = Format(
    name="heatmaps",
    version="5",
    group=Group.MARKS,
    misfit=asks_for_marks,
    options=(
        options.PARTIAL,
        options.IMAGES_ASKED,
        options.ENCODING,
        options.choice("arrays", (FLOAT32, FLOAT16, NO_ARRAYS)),
        options.choice("grid", (SQUARE, LATENT), rare=True),
        lambda questions: (
            (options.switch("variance", default=False),) if regions_asked(questions) else ()
        ),
        *options.drawing(options.GAUSSIAN),
    ),
    outputs=lambda shard: (MAPS, POINTS),
    rows=rows,
    aggregation=aggregation,
    schema=SCHEMA,
    snippet=SNIPPET,
    readme=README,
    card=card_of(FILE, "maps/**", "images/*"),
    counts={"dimensions": {}},
    skipped={Skipped.MAPS_NOBODY_ANSWERED: 0},
    bytes_an_image=bytes_an_image,
    shard_items=500,
)
