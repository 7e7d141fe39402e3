"""Items on which people and a metric differ: what to look at first."""

from dataclasses import dataclass, field
from uuid import UUID

import numpy as np

from annotator.core.reasons import Code, Reason
from annotator.items.models import LETTERS
from annotator.items.selectors import places_of
from annotator.projects.models import Project
from annotator.reports.metrics.compared import (
    ComparedImage,
    Comparison,
    compare,
    compared_image,
    texts_of,
)
from scoring.arrays import Floats, Ints
from scoring.statistics.ranks import midranks

# A queue of what to look at first: nobody looks at more.
MOST = 480
# Median absolute deviation to standard deviation, of a normal distribution.
MAD_TO_SD = 1.4826


@dataclass(frozen=True, slots=True)
class DisagreedImage:
    """An image with what people and the metric say of it; null where they don't, or say ∞.

    ``human`` is of a pair the share of people who prefer that image, ties half.
    """

    image: ComparedImage
    human: float | None
    metric: float | None
    infinite: bool = field(metadata={"help": "The metric says ∞: JSON has no word for it."})


@dataclass(frozen=True, slots=True)
class Disagreement:
    """An item on which people and metric differ by ``disagreement``, above 0; ``reason`` says how.

    Of images: how far apart the item's most different image stands in people's order and in the
    metric's, each from 0 to 1 over all judged images of the project. Of pairs: the metric's
    difference in robust standard deviations times the margin of people's votes, where they prefer
    different images.
    """

    item: UUID
    key: str
    prompt: str
    disagreement: float
    reason: Reason
    images: tuple[DisagreedImage, ...]


@dataclass(frozen=True, slots=True)
class Disagreements:
    """The first 480, most different first; ``empty`` says why there are none at all."""

    results: list[Disagreement]
    kind: str
    empty: Reason | None


def disagreements_of(project: Project, *, dimension: str, metric: str) -> Disagreements:
    """Items on which people and metric disagree at all, 480 at most."""
    found = compare(project, dimension=dimension, metric=metric)
    amount = _amounts(found)
    some = np.flatnonzero(amount > 0)
    # Ids are numbered in their order, so equal amounts stand in the order of ids.
    order = some[np.lexsort((some, -amount[some]))]
    return Disagreements(
        results=_rows(found, amount, order[:MOST]),
        kind=found.dimension.kind,
        empty=found.empty,
    )


def _amounts(found: Comparison) -> Floats:
    """(items,), 0 where there is nothing to disagree on."""
    amount = np.zeros(len(found.shown.items))
    if not len(found.unit):
        return amount
    better = -found.x if found.direction == "lower" else found.x
    if found.dimension.of_pairs:
        spread = MAD_TO_SD * float(np.median(np.abs(better)))
        amount[found.unit] = np.maximum(0.0, -better / (spread or 1.0) * found.y)
        return amount
    gap = np.abs(_standing(found))
    by_image = np.append(np.zeros(len(found.shown.images)), 0.0)
    by_image[found.unit] = gap
    largest: Floats = by_image[found.shown.places].max(axis=1)
    return largest


def _standing(found: Comparison) -> Floats:
    """(units,): place in the metric's order minus place in people's, each from 0 to 1."""
    better = -found.x if found.direction == "lower" else found.x
    most = max(len(found.unit) - 1, 1)
    standing: Floats = (midranks(better) - midranks(found.y)) / most
    return standing


def _rows(found: Comparison, amount: Floats, page: Ints) -> list[Disagreement]:
    """These items with their images (2 queries)."""
    ids = [found.shown.items[int(item)] for item in page]
    texts, places = texts_of(ids), places_of(ids)
    numbers = found.shown.places[page]
    standing = np.full(len(found.shown.images) + 1, np.nan)
    if not found.dimension.of_pairs and len(found.unit):
        standing[found.unit] = _standing(found)
    rows = []
    for item, pk, row in zip(page, ids, numbers, strict=True):
        images = tuple(
            DisagreedImage(
                compared_image(place.image, LETTERS[place.place]),
                human=_of_people(found, int(item), place.place),
                metric=_metric(found, int(row[place.place])),
                infinite=bool(found.infinite[row[place.place]]),
            )
            for place in places[pk]
        )
        reason = (
            _reason_of_pair(found, int(item))
            if found.dimension.of_pairs
            else _reason_of_image(found, row, standing[row])
        )
        key, prompt = texts[pk]
        rows.append(Disagreement(pk, key, prompt, float(amount[item]), reason, images))
    return rows


def _of_people(found: Comparison, item: int, place: int) -> float | None:
    """An image's mean; of a pair, the share of people who prefer that image, ties half."""
    if not found.dimension.of_pairs:
        return _finite(found.mean[found.shown.places[item, place]])
    margin = _finite(found.mean[item])
    if margin is None:
        return None
    return (1 + margin) / 2 if place == 0 else (1 - margin) / 2


def _metric(found: Comparison, image: int) -> float | None:
    return None if found.infinite[image] else _finite(found.value[image])


def _finite(number: float) -> float | None:
    return float(number) if np.isfinite(number) else None


def _reason_of_pair(found: Comparison, item: int) -> Reason:
    preferred, other = ("a", "b") if found.mean[item] > 0 else ("b", "a")
    return Reason(
        Code.PEOPLE_PREFER_ANOTHER,
        preferred=preferred,
        percent=round(50 * (1 + abs(float(found.mean[item])))),
        metric=found.metric,
        other=other,
    )


def _reason_of_image(found: Comparison, row: Ints, standing: Floats) -> Reason:
    place = int(np.nanargmax(np.where(row >= 0, np.abs(standing), np.nan)))
    letter, percent = LETTERS[place], round(100 * abs(float(standing[place])))
    if standing[place] > 0:
        return Reason(Code.METRIC_RANKS_HIGHER, metric=found.metric, letter=letter, percent=percent)
    return Reason(Code.METRIC_RANKS_LOWER, metric=found.metric, letter=letter, percent=percent)
