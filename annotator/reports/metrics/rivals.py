"""Two metrics held against the same people on the same items: which of them agrees better.

Their intervals overlap more often than not, and that decides nothing: both are of the same images
and the same people, so the difference has tests of its own. Williams' takes points as independent;
the paired bootstrap draws whole prompts and is the one to trust where prompts have several images.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from django.core.cache import cache

from annotator.annotations.selectors import WhichAnswers
from annotator.core.errors import Invalid
from annotator.core.reasons import Code, Reason
from annotator.projects.models import Project
from annotator.reports.metrics.judged import Dimension, dimensions_of
from annotator.reports.metrics.kept import KEPT_SECONDS, Basis, Human
from annotator.reports.metrics.measured import MeasuredMetric, capped
from annotator.reports.metrics.report import (
    FEWEST,
    check_metric,
    dimension_called,
    metrics_of,
    x_of,
)
from scoring.arrays import Floats, Ints
from scoring.statistics.comparison import paired_bootstrap, williams
from scoring.statistics.correlation import Coefficient, correlate, plcc, srcc
from scoring.statistics.estimate import Estimate

RESAMPLES = 1000


class Correlation(StrEnum):
    """By which coefficient two metrics are compared: ranks first, then the numbers themselves."""

    SRCC = "srcc"
    PLCC = "plcc"


@dataclass(frozen=True, slots=True)
class WilliamsTest:
    """Williams's t for two correlations with the same people, its degrees of freedom, p."""

    t: float
    degrees: int
    p: float


@dataclass(frozen=True, slots=True)
class RivalCorrelations:
    """Both metrics' correlation with people, with each other, and whether the first two differ.

    ``difference`` is the first less the second, its interval and two-sided ``p`` by a bootstrap
    that draws the same prompts for both. ``williams`` is null where it is undefined.
    """

    coefficient: Correlation
    first: Estimate
    second: Estimate
    mutual: Estimate
    difference: Estimate
    p: float | None
    williams: WilliamsTest | None


@dataclass(frozen=True, slots=True)
class RivalMetrics:
    """Two metrics in one dimension, over the images (or pairs) that have both values.

    Metrics that are better when lower are negated first. ``empty`` says why nothing is compared.
    """

    dimension: str
    title: str
    kind: str
    first: str
    second: str
    n: int
    n_items: int
    n_prompts: int
    correlations: list[RivalCorrelations]
    empty: Reason | None
    answers: WhichAnswers = WhichAnswers.ACCEPTED


def rivals_of(project: Project, *, dimension: str, first: str, second: str) -> RivalMetrics:
    """The first dimension, and the first metrics with values, where none is named.

    Kept until an answer settles or a measurement comes. Raises Invalid for names there are not, or
    the same metric twice.
    """
    check_rivals(project, dimension=dimension, first=first, second=second)
    dimensions = dimensions_of(project)
    asked = dimension_called(dimensions, dimension or (dimensions[0].key if dimensions else ""))
    basis = Basis(project)
    measured = {each.metric: each for each in metrics_of(basis)}
    first = first or next((name for name in measured if name != second), "")
    second = second or next((name for name in measured if name != first), "")
    for name in (first, second):
        if name not in measured:
            return _nothing(asked, first, second, Reason(Code.NO_VALUES_OF_METRIC_YET, metric=name))
    key = basis.key("rivals", asked, measured[first], measured[second], *basis.state)
    found: RivalMetrics | None = cache.get(key)
    if found is None:
        found = _compared(basis, asked, measured[first], measured[second])
        cache.set(key, found, KEPT_SECONDS)
    return found


def check_rivals(project: Project, *, dimension: str, first: str, second: str) -> None:
    """Raises Invalid for names there are not ("" is none), or the same metric twice."""
    if dimension:
        dimension_called(dimensions_of(project), dimension)
    check_metric(first)
    check_metric(second)
    if first and first == second:
        raise Invalid(fields={"second": Reason(Code.SAME_METRIC, metric=first)})


def _nothing(dimension: Dimension, first: str, second: str, why: Reason) -> RivalMetrics:
    return RivalMetrics(
        dimension.key, dimension.title, dimension.kind, first, second, 0, 0, 0, [], why
    )


def _compared(
    basis: Basis, dimension: Dimension, first: MeasuredMetric, second: MeasuredMetric
) -> RivalMetrics:
    human = basis.human(dimension)
    x, z = (_values(basis, dimension, each) for each in (first, second))
    there = np.isfinite(x) & np.isfinite(z) & np.isfinite(human.y)
    units = np.flatnonzero(there)
    items = len(np.unique(human.item[there[human.unit]])) if len(units) else 0
    if items < FEWEST:
        both = f"{first.metric} / {second.metric}"
        why = Reason(Code.FEW_SETTLED_ITEMS, least=FEWEST, metric=both, n=items)
        return replace(_nothing(dimension, first.metric, second.metric, why), n_items=items)
    return RivalMetrics(
        dimension=dimension.key,
        title=dimension.title,
        kind=dimension.kind,
        first=first.metric,
        second=second.metric,
        n=len(units),
        n_items=items,
        n_prompts=len(np.unique(human.cluster[units])),
        correlations=_correlations(human, x[units], z[units], units),
        empty=None,
    )


def _values(basis: Basis, dimension: Dimension, measured: MeasuredMetric) -> Floats:
    value = measured.sign * capped(basis.values(measured), measured)
    return x_of(dimension, value, basis.shown)


def _correlations(human: Human, x: Floats, z: Floats, units: Ints) -> list[RivalCorrelations]:
    n, y, clusters = len(units), human.y[units], human.cluster[units]
    if human.dimension.of_pairs:
        # Both ways round, as everywhere: it does not matter which image was called a.
        x, z, y = (np.concatenate([each, -each]) for each in (x, z, y))
        clusters = np.tile(clusters, 2)
    whole = correlate(x, y, clusters), correlate(z, y, clusters)
    found = []
    for coefficient in Correlation:
        first, second = (replace(getattr(each, coefficient), n=n) for each in whole)
        mutual = replace((srcc if coefficient is Correlation.SRCC else plcc)(x, z), n=n)
        named: Coefficient = "srcc" if coefficient is Correlation.SRCC else "plcc"
        difference = paired_bootstrap(y, x, z, clusters, coefficient=named, resamples=RESAMPLES)
        found.append(
            RivalCorrelations(
                coefficient=coefficient,
                first=first,
                second=second,
                mutual=mutual,
                difference=replace(difference.estimate, n=n),
                p=difference.p,
                williams=_williams(first, second, mutual, n),
            )
        )
    return found


def _williams(first: Estimate, second: Estimate, mutual: Estimate, n: int) -> WilliamsTest | None:
    if first.value is None or second.value is None or mutual.value is None or mutual.value >= 1:
        return None
    try:
        test = williams(first.value, second.value, mutual.value, n)
    except ValueError:
        return None
    # Infinite where people and metrics lie on one line; JSON has no word for it.
    return (
        WilliamsTest(test.statistic, test.degrees, test.p) if np.isfinite(test.statistic) else None
    )
