"""Metrics' values of judged images, in the newest version that gave some."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np
from django.db.models import Max, QuerySet

from annotator.jobs.models import JobState
from annotator.measurements.models import Measurement
from annotator.projects.models import Project
from annotator.reports.reading import every_row
from scoring.arrays import Floats
from scoring.catalog import Direction, find


@dataclass(frozen=True, slots=True)
class MeasuredMetric:
    """A metric, the version of its values that counts, and which way is better ("" if neither)."""

    metric: str
    version: str

    @property
    def direction(self) -> str:
        """higher, lower, or "" for a metric that only describes."""
        entry = find(self.metric)
        return entry.direction.value if entry and entry.direction else ""

    @property
    def sign(self) -> float:
        """What makes larger numbers better."""
        return -1.0 if self.direction == Direction.LOWER.value else 1.0


def measured_of(project: Project) -> list[MeasuredMetric]:
    """Metrics with numbers for some image, by name, each in its newest version (1 query).

    The newest is the catalog's own if it has values, else that of the last value.
    """
    rows = _numbers(project).values_list("metric", "version").annotate(last=Max("at"))
    newest: dict[str, tuple[bool, datetime, str]] = {}
    for metric, version, last in rows.order_by():
        entry = find(metric)
        rank = (entry is not None and entry.version == version, last, version)
        if metric not in newest or rank > newest[metric]:
            newest[metric] = rank
    return [MeasuredMetric(metric, newest[metric][2]) for metric in sorted(newest)]


def values_of(project: Project, measured: MeasuredMetric, images: Sequence[UUID]) -> Floats:
    """(images,) of the metric's values, as measured; NaN where there is none (1 query).

    What is infinite stays so: see `capped`.
    """
    numbers = {image_id: number for number, image_id in enumerate(images)}
    rows = _numbers(project).filter(metric=measured.metric, version=measured.version)
    at, values = array("q"), array("d")
    for image_id, value in every_row(rows.values_list("image_id", "value")):
        if image_id in numbers and value is not None:
            at.append(numbers[image_id])
            values.append(value)
    found = np.full(len(images), np.nan)
    found[np.array(at, np.int64)] = values
    return found


def capped(values: Floats, measured: MeasuredMetric) -> Floats:
    """The same, finite: in place of ∞ the metric's cap, or the least that is above all others.

    So what is infinite ranks above everything, and weighs in sums what the metric's cap says.
    """
    infinite = np.isposinf(values)
    if not infinite.any():
        return values
    entry = find(measured.metric)
    cap = entry.cap if entry and entry.cap is not None else 0.0
    finite = values[np.isfinite(values)]
    top = max(cap, float(np.nextafter(finite.max(), np.inf))) if len(finite) else cap
    return np.where(infinite, top, values)


def _numbers(project: Project) -> QuerySet[Measurement]:
    return Measurement.objects.filter(
        project=project, current=True, state=JobState.DONE, value__isnull=False
    )
