"""`heatmaps`: where people saw flaws, one map an image and flaw, and the points behind it.

Within one person the maximum, over people the mean, people who saw no flaw included; nothing is
normalised. Maps are drawn in their own square frame (scoring.heatmap has the convention), so that
sigma is the same along both axes of the map. Empty maps are written too: all zero is an answer.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Literal, cast

import numpy as np
from PIL import Image

from annotator.exports.folder import Folder, HashedFile, picture_name
from annotator.exports.formats.types import (
    BoolOption,
    ChoiceOption,
    Format,
    NumberOption,
    Option,
    Options,
    Questions,
    Summary,
)
from annotator.exports.reading import Answer, ItemRow, Picture, Scope, Source
from annotator.questions.types import Piece, QuestionSpec
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
    """Shape, size, partial items, pictures."""
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
        BoolOption("partial", default=False, help="Also items not settled yet, marked as such."),
        BoolOption("images", default=False, help="Copy the pictures into images/."),
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
class _Desk:
    """What one export writes with."""

    source: Source
    folder: Folder
    draw: Drawing
    maps: HashedFile
    points: HashedFile


def write(source: Source, folder: Folder, options: Options) -> Summary:
    """Two files a map, a line for it in heatmaps.jsonl, a line a person in points.jsonl."""
    scope = Scope.STANDING if options.wants("partial") else Scope.SETTLED
    flaws = [question for question in source.questions if question.kind == "marks"]
    rows = items = unanswered = 0
    draw = drawing(options)
    with ExitStack() as open_files:
        maps = open_files.enter_context(folder.open(MAPS))
        points = open_files.enter_context(folder.open(POINTS))
        desk = _Desk(source, folder, draw, maps, points)
        for item in source.items(scope):
            drawn = _write_item(desk, item, flaws, wants_images=options.wants("images"))
            rows += drawn
            items += drawn > 0
            unanswered += len(flaws) * len(item.pictures) - drawn
    unsettled = source.count(Scope.STANDING) - source.count(Scope.SETTLED)
    return Summary(
        rows=rows,
        items=items,
        aggregation=_aggregation(draw),
        schema=SCHEMA,
        left_out={
            "maps_nobody_answered": unanswered,
            "items_not_settled": 0 if options.wants("partial") else unsettled,
        },
    )


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


def _write_item(
    desk: _Desk, item: ItemRow, flaws: Sequence[QuestionSpec], *, wants_images: bool
) -> int:
    drawn = 0
    for picture in item.pictures:
        for flaw in flaws:
            drawn += _write_map(desk, item, picture, flaw)
        if wants_images:
            desk.folder.add_picture(desk.source.path_of(picture), picture.sha256)
    return drawn


def _write_map(desk: _Desk, item: ItemRow, picture: Picture, flaw: QuestionSpec) -> int:
    """1 for a map, 0 where nobody answered."""
    people = [
        (answer, marks)
        for answer in item.standing
        if (marks := _marks(answer, flaw.key, picture.letter)) is not None
    ]
    if not people:
        return 0
    heatmap = desk.draw.map_of([marks for _, marks in people])
    pk = str(item.id)
    name = f"maps/{flaw.key}/{pk[:2]}/{pk}_{picture.letter}"
    with desk.folder.open(f"{name}.npy") as out:
        np.save(out, heatmap, allow_pickle=False)
    desk.folder.add(f"{name}.png", png_of(heatmap))
    about = {"item": pk, "letter": picture.letter, "sha256": picture.sha256, "flaw": flaw.key}
    for answer, marks in people:
        person = desk.source.annotator(answer.said.annotator_id)
        points = [{"x": x, "y": y} for x, y in marks]
        desk.points.write_row({**about, "annotator": person, "marks": points})
    desk.maps.write_row(
        {
            **about,
            "key": item.key,
            "prompt": item.prompt,
            "image": picture_name(picture.sha256),
            "generator": picture.generator,
            "width": picture.width,
            "height": picture.height,
            "npy": f"{name}.npy",
            "png": f"{name}.png",
            "people": len(people),
            "marked": sum(bool(marks) for _, marks in people),
            "marks": sum(len(marks) for _, marks in people),
            "settled": item.settled,
        }
    )
    return 1


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
    why_not=why_not,
    options=options,
    write=write,
)
