"""The single points behind a metric's agreement with people, for a plot."""

import hashlib
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from annotator.core.reasons import Reason
from annotator.items.models import LETTERS, Image
from annotator.projects.models import Project
from annotator.reports.metrics.compared import (
    ComparedImage,
    Comparison,
    compare,
    compared_image,
    texts_of,
)
from annotator.reports.metrics.judged import HumanUnit
from scoring.arrays import Ints

DRAWN = 2000


@dataclass(frozen=True, slots=True)
class MetricPoint:
    """One image, or an item of two, with both its numbers.

    ``x`` is as measured, never negated; of a pair it is a's minus b's. ``infinite``: it is ∞ (or
    -∞, by its sign), and the metric's cap stands for it.
    """

    item: UUID
    prompt: str
    x: float
    infinite: bool
    y: float
    images: tuple[ComparedImage, ...]


@dataclass(frozen=True, slots=True)
class MetricPoints:
    """``drawn`` of ``total`` points, at most 2,000, drawn by the hash of their ids.

    ``x`` is the metric, "" where none is measured; ``direction`` says which way of it is better.
    ``y`` is the dimension. ``empty`` says why there are no points.
    """

    x: str
    y: str
    kind: str
    human_unit: HumanUnit
    direction: str
    empty: Reason | None
    total: int
    drawn: int
    results: list[MetricPoint]


def points_of(project: Project, *, dimension: str, metric: str) -> MetricPoints:
    """What the plot draws."""
    found = compare(project, dimension=dimension, metric=metric)
    drawn = _drawn(found)
    results = _points(found, drawn)
    return MetricPoints(
        x=found.metric,
        y=found.dimension.key,
        kind=found.dimension.kind,
        human_unit=found.dimension.human_unit,
        direction=found.direction,
        empty=found.empty,
        total=len(found.unit),
        drawn=len(results),
        results=results,
    )


def _drawn(found: Comparison) -> Ints:
    """Places among the units of those that are drawn."""
    everything = np.arange(len(found.unit))
    if len(everything) <= DRAWN:
        return everything
    of = found.shown.items if found.dimension.of_pairs else found.shown.images
    keys = [hashlib.blake2b(of[int(u)].bytes, digest_size=8).digest() for u in found.unit]
    return np.array(sorted(everything, key=keys.__getitem__)[:DRAWN])


def _points(found: Comparison, drawn: Ints) -> list[MetricPoint]:
    """The drawn units with their images and prompts (2 queries)."""
    items = found.unit if found.dimension.of_pairs else found.shown.item_of[found.unit]
    texts = texts_of(found.shown.items[int(items[place])] for place in drawn)
    points = []
    for place, images in zip(drawn, _images_of(found, drawn), strict=True):
        item = found.shown.items[int(items[place])]
        letters = _letters(found, int(found.unit[place]))
        points.append(
            MetricPoint(
                item=item,
                prompt=texts[item][1],
                x=float(found.x[place]),
                infinite=_is_infinite(found, int(found.unit[place])),
                y=float(found.y[place]),
                images=tuple(
                    compared_image(image, letter)
                    for image, letter in zip(images, letters, strict=True)
                ),
            )
        )
    return points


def _is_infinite(found: Comparison, unit: int) -> bool:
    """Of a pair: one of the two is; where both are, neither is above the other."""
    if found.dimension.of_pairs:
        a, b = found.infinite[found.shown.places[unit, :2]]
        return bool(a != b)
    return bool(found.infinite[unit])


def _images_of(found: Comparison, drawn: Ints) -> list[tuple[Image, ...]]:
    """Each point's image, or the two of a pair (1 query)."""
    unit = found.unit[drawn]
    numbers = found.shown.places[unit, :2] if found.dimension.of_pairs else unit[:, None]
    ids = [[found.shown.images[int(number)] for number in row] for row in numbers]
    images = Image.objects.in_bulk([pk for row in ids for pk in row])
    return [tuple(images[pk] for pk in row) for row in ids]


def _letters(found: Comparison, unit: int) -> str:
    if found.dimension.of_pairs:
        return LETTERS[:2]
    row = found.shown.places[found.shown.item_of[unit]]
    return LETTERS[int(np.flatnonzero(row == unit)[0])]
