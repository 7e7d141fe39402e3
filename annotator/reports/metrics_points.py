"""The single points behind a metric's agreement with people: for the plot, and what to look at."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from annotator.core.errors import Invalid
from annotator.items.models import LETTERS, Image, Item
from annotator.items.selectors import places_of
from annotator.projects.models import Project
from annotator.reports.metrics import check_metric, dimension_called, metrics_of, x_of
from annotator.reports.metrics_judged import Dimension, Shown, dimensions_of
from annotator.reports.metrics_kept import Basis
from annotator.reports.metrics_measured import Measured
from scoring.arrays import Floats, Ints
from scoring.statistics.ranks import midranks

DRAWN = 2000
PAGE = 24
# Median absolute deviation to standard deviation, of a normal distribution.
MAD_TO_SD = 1.4826


@dataclass(frozen=True, slots=True)
class Held:
    """A metric held against people in one dimension: both numbers of every unit that has both.

    ``unit`` numbers images, or items where the dimension is of pairs; ``x`` is as measured (of
    pairs a minus b), ``y`` what people said. ``value`` is (images,) of the metric, ``mean``
    (images,) or (items,) of people, NaN where there is none.
    """

    dimension: Dimension
    metric: str
    measured: Measured | None
    shown: Shown
    unit: Ints
    x: Floats
    y: Floats
    value: Floats
    mean: Floats
    note: str

    @property
    def direction(self) -> str:
        """Which way of the metric is better."""
        return self.measured.direction if self.measured else ""


def held(project: Project, *, dimension: str, metric: str) -> Held:
    """The first dimension or metric if none is named. Raises Invalid for one that there is not."""
    check_metric(metric)
    dimensions = dimensions_of(project)
    asked = dimension_called(dimensions, dimension or (dimensions[0].key if dimensions else ""))
    basis = Basis(project)
    shown, y = basis.shown, basis.human(asked).y
    there_are = metrics_of(basis)
    metric = metric or (there_are[0].metric if there_are else "")
    measured = {each.metric: each for each in there_are}.get(metric)
    value = np.full(len(shown.images), np.nan)
    if measured is not None:
        value = basis.values(measured)
    x = x_of(asked, value, shown)
    unit = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    return Held(
        dimension=asked,
        metric=metric,
        measured=measured,
        shown=shown,
        unit=unit,
        x=x[unit],
        y=y[unit],
        value=value,
        mean=y,
        note=_note(metric, shown, y, unit),
    )


def _note(metric: str, shown: Shown, mean: Floats, unit: Ints) -> str:
    if not len(shown.items):
        return "No item is settled yet."
    if not np.isfinite(mean).any():
        return "Nobody has answered this question in a settled item."
    if not len(unit):
        return f"No image that people judged has a value of {metric or 'any metric'}."
    return ""


@dataclass(frozen=True, slots=True)
class Point:
    """One image, or one item of two, with both its numbers."""

    item: UUID
    images: tuple[Image, ...]
    letters: str
    prompt: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Points:
    """At most 2,000 of ``total``, drawn by the hash of their ids."""

    held: Held
    points: list[Point]

    @property
    def total(self) -> int:
        return len(self.held.unit)


def points_of(project: Project, *, dimension: str, metric: str) -> Points:
    """What the plot draws."""
    found = held(project, dimension=dimension, metric=metric)
    of = found.shown.items if found.dimension.of_pairs else found.shown.images
    drawn = np.arange(len(found.unit))
    if len(drawn) > DRAWN:
        keys = [hashlib.blake2b(of[int(u)].bytes, digest_size=8).digest() for u in found.unit]
        drawn = np.array(sorted(drawn, key=keys.__getitem__)[:DRAWN])
    items = found.unit if found.dimension.of_pairs else found.shown.item_of[found.unit]
    rows = _images_of(found, drawn)
    texts = _texts(found.shown.items[int(items[place])] for place in drawn)
    points = [
        Point(
            item=found.shown.items[int(items[place])],
            images=images,
            letters=_letters(found, int(found.unit[place])),
            prompt=texts[found.shown.items[int(items[place])]][1],
            x=float(found.x[place]),
            y=float(found.y[place]),
        )
        for place, images in zip(drawn, rows, strict=True)
    ]
    return Points(found, points)


def _images_of(found: Held, drawn: Ints) -> list[tuple[Image, ...]]:
    """Each point's image, or the two of a pair (1 query)."""
    unit = found.unit[drawn]
    numbers = found.shown.places[unit, :2] if found.dimension.of_pairs else unit[:, None]
    ids = [[found.shown.images[int(number)] for number in row] for row in numbers]
    images = Image.objects.in_bulk([pk for row in ids for pk in row])
    return [tuple(images[pk] for pk in row) for row in ids]


def _letters(found: Held, unit: int) -> str:
    if found.dimension.of_pairs:
        return LETTERS[:2]
    row = found.shown.places[found.shown.item_of[unit]]
    return LETTERS[int(np.flatnonzero(row == unit)[0])]


def _texts(ids: Iterable[UUID]) -> Mapping[UUID, tuple[str, str]]:
    """item id → key, prompt (1 query)."""
    rows = Item.objects.filter(pk__in=set(ids)).values_list("pk", "key", "prompt")
    return {pk: (key, prompt) for pk, key, prompt in rows}


@dataclass(frozen=True, slots=True)
class Side:
    """An image of an item with what people and the metric say of it; None where they don't."""

    letter: str
    image: Image
    human: float | None
    metric: float | None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """An item on which people and metric differ by ``amount``; ``said`` tells it in words."""

    item: UUID
    key: str
    prompt: str
    amount: float
    said: str
    sides: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class Disagreements:
    """A page, most different first; ``next`` is the cursor of the following one."""

    held: Held
    rows: list[Disagreement]
    next: str | None


def disagreements_of(
    project: Project, *, dimension: str, metric: str, cursor: str = ""
) -> Disagreements:
    """Items on which people and metric disagree at all, a page of 24.

    Of images: how far apart the image stands in people's order and in the metric's, both from 0 to
    1 over all judged images of the project; an item counts with its most different image. Of
    pairs: where the metric prefers the other image than people, the metric's difference in robust
    standard deviations times the margin of people's votes.
    """
    found = held(project, dimension=dimension, metric=metric)
    amount = _amounts(found)
    some = np.flatnonzero(amount > 0)
    # Ids are numbered in their order, so equal amounts stand in the order of ids.
    order = some[np.lexsort((some, -amount[some]))]
    start = _start(found, amount, order, cursor)
    page = order[start : start + PAGE]
    more = start + PAGE < len(order)
    return Disagreements(
        found, _rows(found, amount, page), _cursor(found, amount, page) if more else None
    )


def _amounts(found: Held) -> Floats:
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


def _standing(found: Held) -> Floats:
    """(units,): place in the metric's order minus place in people's, each from 0 to 1."""
    better = -found.x if found.direction == "lower" else found.x
    most = max(len(found.unit) - 1, 1)
    standing: Floats = (midranks(better) - midranks(found.y)) / most
    return standing


def _cursor(found: Held, amount: Floats, page: Ints) -> str:
    last = int(page[-1])
    return f"{float(amount[last])!r}_{found.shown.items[last]}"


def _start(found: Held, amount: Floats, order: Ints, cursor: str) -> int:
    """Where the page begins: after everything that is as different as the cursor, or more."""
    if not cursor:
        return 0
    number, _, item = cursor.partition("_")
    try:
        after = (-float(number), UUID(item))
    except ValueError as error:
        raise Invalid(fields={"cursor": ["Is no cursor of ours."]}) from error
    low, high = 0, len(order)
    while low < high:
        middle = (low + high) // 2
        at = int(order[middle])
        if (-float(amount[at]), found.shown.items[at]) <= after:
            low = middle + 1
        else:
            high = middle
    return low


def _rows(found: Held, amount: Floats, page: Ints) -> list[Disagreement]:
    """The page's items with their images (2 queries)."""
    ids = [found.shown.items[int(item)] for item in page]
    texts, places = _texts(ids), places_of(ids)
    numbers = found.shown.places[page]
    standing = np.full(len(found.shown.images) + 1, np.nan)
    if not found.dimension.of_pairs and len(found.unit):
        standing[found.unit] = _standing(found)
    rows = []
    for item, pk, row in zip(page, ids, numbers, strict=True):
        sides = tuple(
            Side(
                LETTERS[place.place],
                place.image,
                human=_of_people(found, int(item), place.place),
                metric=_finite(found.value[row[place.place]]),
            )
            for place in places[pk]
        )
        said = (
            _said_of_pair(found, int(item))
            if found.dimension.of_pairs
            else _said_of_image(found, row, standing[row])
        )
        key, prompt = texts[pk]
        rows.append(Disagreement(pk, key, prompt, float(amount[item]), said, sides))
    return rows


def _of_people(found: Held, item: int, place: int) -> float | None:
    """An image's mean; of a pair, the share of people who prefer that image, ties half."""
    if not found.dimension.of_pairs:
        return _finite(found.mean[found.shown.places[item, place]])
    margin = _finite(found.mean[item])
    if margin is None:
        return None
    return (1 + margin) / 2 if place == 0 else (1 - margin) / 2


def _finite(number: float) -> float | None:
    return float(number) if np.isfinite(number) else None


def _said_of_pair(found: Held, item: int) -> str:
    preferred, other = ("a", "b") if found.mean[item] > 0 else ("b", "a")
    share = (1 + abs(float(found.mean[item]))) / 2
    return f"People prefer {preferred} ({share:.0%}); {found.metric} prefers {other}."


def _said_of_image(found: Held, row: Ints, standing: Floats) -> str:
    place = int(np.nanargmax(np.where(row >= 0, np.abs(standing), np.nan)))
    higher = "higher" if standing[place] > 0 else "lower"
    return (
        f"{found.metric} puts {LETTERS[place]} {abs(float(standing[place])):.0%} of all images"
        f" {higher} than people do."
    )
