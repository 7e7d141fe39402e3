"""Maps of what people marked: who marked what, and how it is drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from annotator.exports.aggregate.regions import drawn_by, mask_of
from annotator.exports.aggregate.votes import Questions
from annotator.exports.read.items import ExportedAnnotation, ExportedImage, ExportedItem
from annotator.questions.types import QuestionSpec
from scoring.heatmap import (
    FloatMap,
    disk_radius_px,
    marks_to_heatmap,
    preset_sigma_px,
    quantise,
)
from scoring.png import grey_png
from scoring.regions import Size, mean_map, variance_map

Point = tuple[float, float]


def flaws_of(questions: Questions) -> list[str]:
    """The keys of the questions that ask for marks."""
    return [question.key for question in questions if question.kind == "marks"]


def places_asked(questions: Questions) -> list[QuestionSpec]:
    """The questions that ask for marks or regions."""
    return [question for question in questions if question.kind in ("marks", "regions")]


@dataclass(frozen=True, slots=True)
class Drawing:
    """How marks become a map: Gaussians with a sigma, or disks with a radius."""

    kind: Literal["gaussian", "disk"]
    size: int
    sigma_px: float | None = None
    radius_px: float | None = None

    @staticmethod
    def disk(size: int) -> "Drawing":
        """Disks of radius size / 20, as RichHF-18K's."""
        return Drawing("disk", size, radius_px=disk_radius_px(size))

    @staticmethod
    def gaussian(size: int, sigma: float | Literal["equal_moment", "half_height"]) -> "Drawing":
        """`sigma`: in pixels of the map, or a rule by its size."""
        if not isinstance(sigma, str):
            return Drawing("gaussian", size, sigma_px=sigma)
        return Drawing("gaussian", size, sigma_px=preset_sigma_px(sigma, size))

    def map_of(self, people: Sequence[Sequence[Point]], size: Size | None = None) -> FloatMap:
        """float32 (height, width) in [0, 1]; square unless another `size` is told."""
        return marks_to_heatmap(
            people,
            size=size or (self.size, self.size),
            kind=self.kind,
            sigma_px=self.sigma_px,
            radius_px=self.radius_px,
        )

    def describe(self) -> dict[str, Any]:
        """For the manifest: everything that a map's numbers depend on."""
        return {
            "rule": "maximum within a person, mean over people, people without marks included",
            "kind": self.kind,
            "size": self.size,
            "sigma_px": self.sigma_px,
            "radius_px": self.radius_px,
            "frame": "drawn in the map, not on the image: sigma is the same along both axes of "
            "the map",
            "convention": "pixel centres at (i + 0.5) / size; x_px = x * size - 0.5, y_px likewise",
            "quantised": "once, at the end: floor(255 v + 0.5)",
            "normalised": False,
        }


def people_of(
    item: ExportedItem, flaw: str, letter: str
) -> list[tuple[ExportedAnnotation, list[Point]]]:
    """Everybody whose answer counts, with their marks on one image; [] for none seen."""
    return [
        (annotation, marks)
        for annotation in item.counting
        if (marks := marks_of(annotation, flaw, letter)) is not None
    ]


def marks_of(annotation: ExportedAnnotation, flaw: str, letter: str) -> list[Point] | None:
    """This person's marks on one image; [] for none seen, None for no answer."""
    pieces = [piece for piece in annotation.pieces.get(flaw, ()) if piece.letter == letter]
    points = ((piece.x, piece.y) for piece in pieces if piece.type == "point")
    return [(x, y) for x, y in points if x is not None and y is not None] if pieces else None


@dataclass(frozen=True, slots=True)
class Seen:
    """What people saw on one image by one question: whose answers, how many places of each.

    `mean` is in [0, 1]; `variance` of regions that of yes and no over people, None of marks.
    """

    people: Sequence[tuple[ExportedAnnotation, int]]
    mean: FloatMap
    variance: FloatMap | None = None


def seen_on(
    item: ExportedItem,
    image: ExportedImage,
    question: QuestionSpec,
    drawing: Drawing,
    size: Size | None = None,
) -> Seen | None:
    """Everybody's marks or regions as a map; None where nobody was asked."""
    if question.kind == "marks":
        marked = people_of(item, question.key, image.letter)
        if not marked:
            return None
        heatmap = drawing.map_of([marks for _, marks in marked], size)
        return Seen([(one, len(marks)) for one, marks in marked], heatmap)
    drawn = drawn_by(item, question.key, image.letter)
    if not drawn:
        return None
    frame = size or (drawing.size, drawing.size)
    masks = [mask_of(pieces, image, frame) for _, pieces in drawn]
    counts = [(one, len(pieces)) for one, pieces in drawn]
    return Seen(counts, mean_map(masks), variance_map(masks))


def png_of(heatmap: FloatMap) -> bytes:
    """The map as 8-bit grey PNG, quantised once."""
    return grey_png(quantise(heatmap))
