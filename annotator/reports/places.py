"""Whether people mark the same places of an image, beside whether they mark it at all."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from annotator.questions.regions import drawn_on, shape_of
from annotator.questions.types import ItemSpec, Piece
from scoring.masks import Mask
from scoring.places import SIZE, place_agreement, region_agreement
from scoring.regions import rasterise
from scoring.statistics.estimate import Estimate

# Maps are drawn of at most so many images: a second of work.
IMAGES = 400
RESAMPLES = 200

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class MarkedPlaces:
    """How alike the marked places are, of images that two people or more marked.

    `loo_cc`: each person's heatmap against the mean of the others', Pearson's correlation over
    pixels. `corrected`: every two people's, 0 what marks of other images agree by themselves, 1 the
    same places. `sampled`: of some of those images, drawn by their items' random ids.
    """

    loo_cc: Estimate
    corrected: Estimate
    sampled: bool


def marked_places(
    specs: Mapping[UUID, ItemSpec], answers: Mapping[UUID, Mapping[Any, Sequence[Piece]]]
) -> MarkedPlaces:
    """Of item → answer → pieces of a question that asks for points."""
    images, items, more = _some(_marked, specs, answers)
    found = place_agreement(images, items, resamples=RESAMPLES)
    return MarkedPlaces(found.loo_cc, found.corrected, more)


@dataclass(frozen=True, slots=True)
class DrawnRegions:
    """How alike the regions are, of images that two people or more drew on; whatever their flaws.

    `iou`: of every two people, what both drew by what either drew. `corrected`: 0 what regions of
    other images agree by themselves, 1 the same regions. `sampled`: as of marks.
    """

    iou: Estimate
    corrected: Estimate
    sampled: bool


def drawn_regions(
    specs: Mapping[UUID, ItemSpec], answers: Mapping[UUID, Mapping[Any, Sequence[Piece]]]
) -> DrawnRegions:
    """Of item → answer → pieces of a question that asks for regions."""
    images, items, more = _some(_drawn, specs, answers)
    found = region_agreement(images, items, resamples=RESAMPLES)
    return DrawnRegions(found.iou, found.corrected, more)


T = TypeVar("T")


def _some(
    told: Callable[[ItemSpec, Iterable[Sequence[Piece]]], Iterator[list[T]]],
    specs: Mapping[UUID, ItemSpec],
    answers: Mapping[UUID, Mapping[Any, Sequence[Piece]]],
) -> tuple[list[list[T]], list[UUID], bool]:
    """The first IMAGES images, each with what its people said, their items, and are there more."""
    images: list[list[T]] = []
    items: list[UUID] = []
    more = False
    for pk in sorted(answers):
        for image in told(specs[pk], answers[pk].values()):
            more = len(images) == IMAGES
            if more:
                break
            images.append(image)
            items.append(pk)
    return images, items, more


def _marked(item: ItemSpec, people: Iterable[Sequence[Piece]]) -> Iterator[list[list[Point]]]:
    """Of each image that two people or more marked, everybody's marks."""
    answers = list(people)
    for letter in item.letters:
        marks = [
            [(p.x, p.y) for p in one if p.letter == letter and p.x is not None and p.y is not None]
            for one in answers
        ]
        marked = [points for points in marks if points]
        if len(marked) > 1:
            yield marked


def _drawn(item: ItemSpec, people: Iterable[Sequence[Piece]]) -> Iterator[list[Mask]]:
    """Of each image that two people or more drew on, everybody's regions in a square frame."""
    answers = list(people)
    for letter, (width, height) in zip(item.letters, item.sizes, strict=True):
        regions = [drawn_on(one, letter) for one in answers]
        masks = [
            rasterise([shape_of(piece) for piece in own], (SIZE, SIZE), aspect=width / height)
            for own in regions
            if own
        ]
        if len(masks) > 1:
            yield masks
