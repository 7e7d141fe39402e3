"""`heatmaps`: where people saw flaws, one map an image and flaw, and the points behind it.

Within one person the maximum, over people the mean, people who saw no flaw included; nothing is
normalised. Maps are drawn in their own square frame (scoring.heatmap has the convention), so that
sigma is the same along both axes of the map. Empty maps are written too: all zero is an answer.
"""

from collections import Counter
from io import BytesIO
from typing import Any

import numpy as np

from annotator.exports.facts import Facts
from annotator.exports.formats.common import Common
from annotator.exports.formats.options import Option, Options
from annotator.exports.formats.types import About, Format, Questions, Summary
from annotator.exports.images import image_name
from annotator.exports.maps import (
    NO_MARKS,
    Wanted,
    drawing,
    drawing_options,
    flaws_of,
    made_ahead,
    png_of,
    wanted_maps,
)
from annotator.exports.outputs import Rows
from annotator.exports.rows import ItemRow
from annotator.exports.shard import Shard

MAPS, POINTS = "heatmaps.jsonl", "points.jsonl"

SCHEMA = {
    MAPS: {
        "item, key, prompt": "the item's id, the uploader's name for it, its prompt",
        "letter, image, sha256, generator, width, height": "the image; width and height in pixels",
        "flaw": "the marks question",
        "npy": "float32 (size, size), rows from the top, from 0 to 1: nothing is normalised",
        "png": "8-bit grey, floor(255 v + 0.5) of the same map",
        "people, marked, marks": "who answered, who of them marked anything, how many marks in all",
        "settled": "false: partial, fewer answers than asked for, or not all accepted yet",
    },
    POINTS: {
        "item, letter, sha256, flaw": "as above",
        "annotator": "pseudonym",
        "marks": "x and y as fractions of the image from the top left corner; []: saw no flaw",
    },
}


def why_not(questions: Questions) -> str | None:
    """It needs marks."""
    return None if flaws_of(questions) else NO_MARKS


def options(questions: Questions) -> tuple[Option, ...]:
    """Shape and size."""
    return drawing_options("gaussian")


def write(shard: Shard, options: Options) -> Summary:
    """Two files a map, a line for it in heatmaps.jsonl, a line a person in points.jsonl."""
    draw = drawing(options)
    left_out: Counter[str] = Counter(maps_nobody_answered=0)
    counts: Counter[str] = Counter()
    items = 0
    last: ItemRow | None = None
    maps, points = shard.lines(MAPS), shard.lines(POINTS)

    def drawn(wanted: Wanted) -> tuple[bytes, bytes]:
        heatmap = draw.map_of(wanted.marks)
        npy = BytesIO()
        np.save(npy, heatmap, allow_pickle=False)
        return npy.getvalue(), png_of(heatmap)

    wanted_ones = wanted_maps(shard.items, flaws_of(shard.questions), left_out)
    for wanted, (npy, png) in made_ahead(wanted_ones, drawn):
        name = name_of(wanted)
        shard.file(f"{name}.npy", npy)
        shard.file(f"{name}.png", png)
        _write_points(shard, wanted, points)
        maps.write_row(_row(wanted, options))
        if options.wants("images"):
            shard.image(wanted.image)
        counts[wanted.flaw] += 1
        items += wanted.item is not last
        last = wanted.item
    return Summary(
        rows=counts.total(), items=items, left_out=left_out, counts={"dimensions": counts}
    )


def name_of(wanted: Wanted) -> str:
    """Of a map's files, without what kind they are."""
    pk = str(wanted.item.id)
    return f"maps/{wanted.flaw}/{pk[:2]}/{pk}_{wanted.image.letter}"


def about(options: Options, facts: Facts, total: Summary) -> About:
    """How marks became maps."""
    return About(aggregation=drawing(options).describe(), schema=SCHEMA)


def bytes_an_image(options: Options, questions: Questions) -> int:
    """A float map of each flaw; PNGs are small beside it."""
    return 4 * options.whole("size") ** 2 * len(flaws_of(questions))


def _about(wanted: Wanted) -> dict[str, Any]:
    return {
        "item": str(wanted.item.id),
        "letter": wanted.image.letter,
        "sha256": wanted.image.sha256,
        "flaw": wanted.flaw,
    }


def _write_points(shard: Shard, wanted: Wanted, points: Rows) -> None:
    about = _about(wanted)
    for answer, marks in wanted.people:
        person = shard.annotator(answer.said.annotator_id)
        clicked = [{"x": x, "y": y} for x, y in marks]
        points.write_row({**about, "annotator": person, "marks": clicked})


def _row(wanted: Wanted, options: Options) -> dict[str, Any]:
    item, image = wanted.item, wanted.image
    marks = wanted.marks
    return {
        **_about(wanted),
        "key": item.key,
        "prompt": item.prompt,
        "image": image_name(image.sha256, options.choice("encoding")),
        "generator": image.generator,
        "width": image.width,
        "height": image.height,
        "npy": f"{name_of(wanted)}.npy",
        "png": f"{name_of(wanted)}.png",
        "people": len(marks),
        "marked": sum(bool(one) for one in marks),
        "marks": sum(len(one) for one in marks),
        "settled": item.settled,
    }


HEATMAPS = Format(
    name="heatmaps",
    version="2",
    title="A map of marks for each image and flaw (npy, PNG, JSONL)",
    use="Detectors of flaws, inpainting and weighting of losses: np.load a map, or open its PNG.",
    why_not=why_not,
    write=write,
    about=about,
    options=options,
    common=(Common.PARTIAL, Common.IMAGES_ASKED, Common.ENCODING),
    bytes_an_image=bytes_an_image,
    shard_items=500,
)
