"""One metric held against people in one dimension: both numbers of every unit that has both."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from annotator.core.reasons import Code, Reason
from annotator.items.models import Image, Item
from annotator.items.selectors import file_url, thumbnail_url
from annotator.projects.models import Project
from annotator.reports.metrics.judged import Dimension, JudgedImages, dimensions_of
from annotator.reports.metrics.kept import Basis
from annotator.reports.metrics.measured import MeasuredMetric, capped
from annotator.reports.metrics.report import check_metric, dimension_called, metrics_of, x_of
from scoring.arrays import Flags, Floats, Ints


@dataclass(frozen=True, slots=True)
class Comparison:
    """A metric's and people's numbers, unit by unit; ``empty`` says why there are none.

    ``unit`` numbers images, or items where the dimension is of pairs; ``x`` is as measured (of
    pairs a minus b), ``y`` what people said. ``value`` is (images,) of the metric, ``mean``
    (images,) or (items,) of people, NaN where there is none. ``infinite`` (images,): the metric's
    cap stands in ``value`` for ∞.
    """

    dimension: Dimension
    metric: str
    measured: MeasuredMetric | None
    shown: JudgedImages
    unit: Ints
    x: Floats
    y: Floats
    value: Floats
    mean: Floats
    infinite: Flags
    empty: Reason | None

    @property
    def direction(self) -> str:
        """Which way of the metric is better."""
        return self.measured.direction if self.measured else ""


def compare(project: Project, *, dimension: str, metric: str) -> Comparison:
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
    infinite = np.zeros(len(shown.images), np.bool_)
    if measured is not None:
        infinite = np.isposinf(basis.values(measured))
        value = capped(basis.values(measured), measured)
    x = x_of(asked, value, shown)
    unit = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    return Comparison(
        dimension=asked,
        metric=metric,
        measured=measured,
        shown=shown,
        unit=unit,
        x=x[unit],
        y=y[unit],
        value=value,
        mean=y,
        infinite=infinite,
        empty=_why_empty(metric, shown, y, unit),
    )


def _why_empty(metric: str, shown: JudgedImages, mean: Floats, unit: Ints) -> Reason | None:
    if not len(shown.items):
        return Reason(Code.NOTHING_SETTLED)
    if not np.isfinite(mean).any():
        return Reason(Code.NO_ANSWERS_TO_QUESTION)
    if len(unit):
        return None
    if metric:
        return Reason(Code.NO_VALUES_OF_METRIC, metric=metric)
    return Reason(Code.NO_JUDGED_VALUES)


@dataclass(frozen=True, slots=True)
class ComparedImage:
    """An image behind the numbers, as a manager may know it."""

    id: UUID
    letter: str
    generator: str
    url: str
    thumbnail_url: str


def compared_image(image: Image, letter: str) -> ComparedImage:
    """The image with the places where it can be fetched."""
    return ComparedImage(
        image.pk, letter, image.generator, file_url(image.pk), thumbnail_url(image.pk)
    )


def texts_of(ids: Iterable[UUID]) -> Mapping[UUID, tuple[str, str]]:
    """item id → key, prompt (1 query)."""
    rows = Item.objects.filter(pk__in=set(ids)).values_list("pk", "key", "prompt")
    return {pk: (key, prompt) for pk, key, prompt in rows}
