"""`heatmaps`: where people saw flaws, one map an image and flaw, and the points behind it.

Within one person the maximum, over people the mean, people who saw no flaw included; nothing is
normalised. Maps are drawn in their own square frame (scoring.heatmap has the convention), so that
sigma is the same along both axes of the map. Empty maps are written too: all zero is an answer.
"""

import os
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Literal, cast

import numpy as np
from PIL import Image

from annotator.exports.facts import Facts
from annotator.exports.formats.common import Common
from annotator.exports.formats.options import ChoiceOption, NumberOption, Option, Options
from annotator.exports.formats.types import About, Format, Questions, Summary
from annotator.exports.outputs import Rows
from annotator.exports.pictures import picture_name
from annotator.exports.rows import Answer, ItemRow, Picture
from annotator.exports.shard import Shard
from annotator.questions.types import Piece
from scoring.heatmap import (
    FloatMap,
    Kind,
    disk_radius_px,
    marks_to_heatmap,
    preset_sigma_px,
    quantise,
)

MAPS, POINTS = "heatmaps.jsonl", "points.jsonl"
IN_PIXELS = "px"
# The quickest level: maps are mostly flat, and writing PNG is what heatmap exports wait for.
PNG_LEVEL = 1
THREADS = min(4, os.cpu_count() or 1)
AHEAD = 4 * THREADS

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
    if any(question.kind == "marks" for question in questions):
        return None
    return "This project asks for no marks on the images."


def options(questions: Questions) -> tuple[Option, ...]:
    """Shape and size."""
    return (
        ChoiceOption(
            "kind",
            "gaussian",
            ("gaussian", "disk"),
            "A mark as a Gaussian, or as a disk of radius size / 20 (RichHF-18K).",
        ),
        ChoiceOption(
            "sigma",
            "equal_moment",
            ("equal_moment", "half_height", IN_PIXELS),
            "Of the Gaussian: size / 40, one half at size / 20, or sigma_px.",
        ),
        NumberOption("sigma_px", 12.8, 0.1, 1024, "Pixels of the map, where sigma is px."),
        NumberOption("size", 512, 16, 4096, "Width and height of the maps.", whole=True),
    )


@dataclass(frozen=True, slots=True)
class Drawing:
    """How marks become a map."""

    kind: Kind
    size: int
    sigma_px: float | None
    radius_px: float | None

    def map_of(self, people: Sequence[Sequence[tuple[float, float]]]) -> FloatMap:
        """float32 (size, size) in [0, 1]."""
        return marks_to_heatmap(
            people,
            size=(self.size, self.size),
            kind=self.kind,
            sigma_px=self.sigma_px,
            radius_px=self.radius_px,
        )


def drawing(options: Options) -> Drawing:
    """The options as arithmetic takes them."""
    size = options.whole("size")
    if options.choice("kind") == "disk":
        return Drawing("disk", size, None, disk_radius_px(size))
    preset = options.choice("sigma")
    if preset == IN_PIXELS:
        return Drawing("gaussian", size, options.number("sigma_px"), None)
    sigma = preset_sigma_px(cast(Literal["equal_moment", "half_height"], preset), size)
    return Drawing("gaussian", size, sigma, None)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A map to be drawn: of one image and flaw, by the people who answered, with their marks."""

    item: ItemRow
    picture: Picture
    flaw: str
    people: Sequence[tuple[Answer, Sequence[tuple[float, float]]]]

    @property
    def name(self) -> str:
        """Of its files, without what kind they are."""
        pk = str(self.item.id)
        return f"maps/{self.flaw}/{pk[:2]}/{pk}_{self.picture.letter}"


def write(shard: Shard, options: Options) -> Summary:
    """Two files a map, a line for it in heatmaps.jsonl, a line a person in points.jsonl."""
    flaws = [question.key for question in shard.questions if question.kind == "marks"]
    draw = drawing(options)
    left_out: Counter[str] = Counter(maps_nobody_answered=0)
    counts: Counter[str] = Counter()
    items = 0
    last: ItemRow | None = None
    maps, points = shard.lines(MAPS), shard.lines(POINTS)
    for wanted, heatmap, png in _drawn(_wanted(shard.items, flaws, left_out), draw):
        npy = BytesIO()
        np.save(npy, heatmap, allow_pickle=False)
        shard.file(f"{wanted.name}.npy", npy.getvalue())
        shard.file(f"{wanted.name}.png", png)
        _write_points(shard, wanted, points)
        maps.write_row(_row(wanted, options))
        if options.wants("images"):
            shard.picture(wanted.picture)
        counts[wanted.flaw] += 1
        items += wanted.item is not last
        last = wanted.item
    return Summary(
        rows=counts.total(), items=items, left_out=left_out, counts={"dimensions": counts}
    )


def about(options: Options, facts: Facts, total: Summary) -> About:
    """How marks became maps."""
    return About(aggregation=_aggregation(drawing(options)), schema=SCHEMA)


def bytes_a_picture(options: Options, questions: Questions) -> int:
    """A float map of each flaw; PNGs are small beside it."""
    return 4 * options.whole("size") ** 2 * sum(q.kind == "marks" for q in questions)


def _aggregation(draw: Drawing) -> dict[str, Any]:
    return {
        "rule": "maximum within a person, mean over people, people without marks included",
        "kind": draw.kind,
        "size": draw.size,
        "sigma_px": draw.sigma_px,
        "radius_px": draw.radius_px,
        "frame": "drawn in the map, not on the image: sigma is the same along both axes of the map",
        "convention": "pixel centres at (i + 0.5) / size; x_px = x * size - 0.5, y_px likewise",
        "quantised": "once, at the end: floor(255 v + 0.5)",
        "normalised": False,
    }


def _wanted(
    items: Iterable[ItemRow], flaws: Sequence[str], left_out: Counter[str]
) -> Iterator[Wanted]:
    """The maps of all items in order; those that nobody answered are counted instead."""
    for item in items:
        for picture in item.pictures:
            for flaw in flaws:
                people = [
                    (answer, marks)
                    for answer in item.standing
                    if (marks := _marks(answer, flaw, picture.letter)) is not None
                ]
                if people:
                    yield Wanted(item, picture, flaw, people)
                else:
                    left_out["maps_nobody_answered"] += 1


def _drawn(wanted: Iterable[Wanted], draw: Drawing) -> Iterator[tuple[Wanted, FloatMap, bytes]]:
    """Each map with its PNG, in the order given, a few drawn ahead by threads.

    NumPy and Pillow let go of the interpreter's lock, so drawing and compressing go on beside the
    reading, hashing and writing of the others.
    """
    ahead: deque[tuple[Wanted, Future[tuple[FloatMap, bytes]]]] = deque()
    with ThreadPoolExecutor(THREADS, thread_name_prefix="heatmaps") as threads:
        for one in wanted:
            ahead.append((one, threads.submit(_draw, one, draw)))
            if len(ahead) > AHEAD:
                first, future = ahead.popleft()
                yield first, *future.result()
        for first, future in ahead:
            yield first, *future.result()


def _draw(wanted: Wanted, draw: Drawing) -> tuple[FloatMap, bytes]:
    heatmap = draw.map_of([marks for _, marks in wanted.people])
    return heatmap, png_of(heatmap)


def _about(wanted: Wanted) -> dict[str, Any]:
    return {
        "item": str(wanted.item.id),
        "letter": wanted.picture.letter,
        "sha256": wanted.picture.sha256,
        "flaw": wanted.flaw,
    }


def _write_points(shard: Shard, wanted: Wanted, points: Rows) -> None:
    about = _about(wanted)
    for answer, marks in wanted.people:
        person = shard.annotator(answer.said.annotator_id)
        clicked = [{"x": x, "y": y} for x, y in marks]
        points.write_row({**about, "annotator": person, "marks": clicked})


def _row(wanted: Wanted, options: Options) -> dict[str, Any]:
    item, picture = wanted.item, wanted.picture
    marks = [marks for _, marks in wanted.people]
    return {
        **_about(wanted),
        "key": item.key,
        "prompt": item.prompt,
        "image": picture_name(picture.sha256, options.choice("encoding")),
        "generator": picture.generator,
        "width": picture.width,
        "height": picture.height,
        "npy": f"{wanted.name}.npy",
        "png": f"{wanted.name}.png",
        "people": len(marks),
        "marked": sum(bool(one) for one in marks),
        "marks": sum(len(one) for one in marks),
        "settled": item.settled,
    }


def _marks(answer: Answer, flaw: str, letter: str) -> list[tuple[float, float]] | None:
    """This person's marks on one image; [] for none seen, None for no answer."""
    pieces = [piece for piece in answer.pieces.get(flaw, ()) if piece.letter == letter]
    return [_point(piece) for piece in pieces if piece.kind == "point"] if pieces else None


def _point(piece: Piece) -> tuple[float, float]:
    if piece.x is None or piece.y is None:
        raise ValueError("the database keeps points without coordinates out")
    return piece.x, piece.y


def png_of(heatmap: FloatMap) -> bytes:
    """The map as 8-bit grey PNG, quantised once."""
    out = BytesIO()
    Image.fromarray(quantise(heatmap)).save(out, format="PNG", compress_level=PNG_LEVEL)
    return out.getvalue()


HEATMAPS = Format(
    name="heatmaps",
    version="1",
    title="A map of marks for each image and flaw (npy, PNG, JSONL)",
    use="Detectors of flaws, inpainting and weighting of losses: np.load a map, or open its PNG.",
    why_not=why_not,
    write=write,
    about=about,
    options=options,
    common=(Common.PARTIAL, Common.IMAGES_ASKED, Common.ENCODING),
    bytes_a_picture=bytes_a_picture,
    shard_items=500,
)
