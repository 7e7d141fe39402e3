"""Maps of what people marked: who marked what, how it is drawn, and many drawn at once."""

import os
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, cast

from annotator.exports.formats.options import ChoiceOption, NumberOption, Option, Options
from annotator.exports.rows import Answer, ExportedImage, ItemRow
from annotator.questions.types import Piece, QuestionSpec
from scoring.heatmap import (
    FloatMap,
    Kind,
    disk_radius_px,
    marks_to_heatmap,
    preset_sigma_px,
    quantise,
)
from scoring.png import grey_png

IN_PIXELS = "px"
THREADS = min(4, os.cpu_count() or 1)
AHEAD = 4 * THREADS
NO_MARKS = "This project asks for no marks on the images."

Point = tuple[float, float]
One = TypeVar("One")
Made = TypeVar("Made")


def flaws_of(questions: Sequence[QuestionSpec]) -> list[str]:
    """The keys of the questions that ask for marks."""
    return [question.key for question in questions if question.kind == "marks"]


def drawing_options(kind: Kind, size: int = 512) -> tuple[Option, ...]:
    """Shape and size of the maps; `kind` and `size` are the defaults."""
    return (
        ChoiceOption(
            "kind",
            kind,
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
        NumberOption("size", size, 16, 4096, "Width and height of the maps.", whole=True),
    )


@dataclass(frozen=True, slots=True)
class Drawing:
    """How marks become a map."""

    kind: Kind
    size: int
    sigma_px: float | None
    radius_px: float | None

    def map_of(self, people: Sequence[Sequence[Point]]) -> FloatMap:
        """float32 (size, size) in [0, 1]."""
        return marks_to_heatmap(
            people,
            size=(self.size, self.size),
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
    image: ExportedImage
    flaw: str
    people: Sequence[tuple[Answer, Sequence[Point]]]

    @property
    def marks(self) -> list[Sequence[Point]]:
        """Each person's marks; empty for who saw no flaw."""
        return [marks for _, marks in self.people]


def wanted_maps(
    items: Iterable[ItemRow], flaws: Sequence[str], left_out: Counter[str]
) -> Iterator[Wanted]:
    """The maps of all items in order; those that nobody answered are counted instead."""
    for item in items:
        for image in item.images:
            for flaw in flaws:
                people = people_of(item, flaw, image.letter)
                if people:
                    yield Wanted(item, image, flaw, people)
                else:
                    left_out["maps_nobody_answered"] += 1


def people_of(item: ItemRow, flaw: str, letter: str) -> list[tuple[Answer, list[Point]]]:
    """Everybody whose answer counts, with their marks on one image; [] for none seen."""
    return [
        (answer, marks)
        for answer in item.standing
        if (marks := marks_of(answer, flaw, letter)) is not None
    ]


def marks_of(answer: Answer, flaw: str, letter: str) -> list[Point] | None:
    """This person's marks on one image; [] for none seen, None for no answer."""
    pieces = [piece for piece in answer.pieces.get(flaw, ()) if piece.letter == letter]
    return [_point(piece) for piece in pieces if piece.type == "point"] if pieces else None


def made_ahead(wanted: Iterable[One], make: Callable[[One], Made]) -> Iterator[tuple[One, Made]]:
    """Each with what `make` makes of it, in the order given, a few made ahead by threads.

    NumPy and zlib let go of the interpreter's lock, so drawing and compressing go on beside the
    reading, hashing and writing of the others.
    """
    ahead: deque[tuple[One, Future[Made]]] = deque()
    with ThreadPoolExecutor(THREADS, thread_name_prefix="maps") as threads:
        for one in wanted:
            ahead.append((one, threads.submit(make, one)))
            if len(ahead) > AHEAD:
                first, future = ahead.popleft()
                yield first, future.result()
        for first, future in ahead:
            yield first, future.result()


def png_of(heatmap: FloatMap) -> bytes:
    """The map as 8-bit grey PNG, quantised once."""
    return grey_png(quantise(heatmap))


def _point(piece: Piece) -> Point:
    if piece.x is None or piece.y is None:
        raise ValueError("the database keeps points without coordinates out")
    return piece.x, piece.y
