"""Whether people mark the same places of an image, beside whether they mark it at all."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from annotator.questions.types import ItemSpec, Piece
from scoring.places import place_agreement
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
    images: list[list[list[Point]]] = []
    items: list[UUID] = []
    more = False
    for pk in sorted(answers):
        for image in _marked(specs[pk], answers[pk].values()):
            more = len(images) == IMAGES
            if more:
                break
            images.append(image)
            items.append(pk)
    found = place_agreement(images, items, resamples=RESAMPLES)
    return MarkedPlaces(found.loo_cc, found.corrected, more)


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
