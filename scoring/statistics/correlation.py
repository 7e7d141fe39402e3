"""How far a metric orders images as people do: correlations over all images.

Everything takes (n,) numbers in one order. What can't be computed is an Estimate without a value
and with the reason, never NaN. Ranks are mid-ranks: tied values share the mean of their places
(the short formula 1 - 6 Σd² / (n³ - n) is wrong with ties). No logistic curve is fitted before
Pearson's correlation, as image-quality work often does.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from scoring.arrays import Floats
from scoring.reasons import Code, Reason
from scoring.statistics.estimate import FEWEST_POINTS, Estimate, Interval, too_few_points
from scoring.statistics.ranks import kendall, midranks, paired
from scoring.statistics.resampling import (
    RESAMPLES,
    Draw,
    around,
    dense,
    draw,
)
from scoring.statistics.weighted_correlation import (
    weighted_pearson,
    weighted_spearman,
    weighted_tau_b,
)

# Points in a bootstrap of the pooled correlations: its sign table is this number squared.
BOOTSTRAP_POINTS = 1000


def plcc(x: ArrayLike, y: ArrayLike) -> Estimate:
    """Pearson's linear correlation, in [-1, 1]."""
    a, b = paired(x, y)
    if len(a) < 2:
        return Estimate(None, len(a), undefined=Reason(Code.FEWER_THAN_TWO_POINTS))
    if np.ptp(a) == 0 or np.ptp(b) == 0:
        return Estimate(None, len(a), undefined=Reason(Code.CONSTANT_SIDE))
    value = float(weighted_pearson(a, b, np.ones((1, len(a))))[0])
    if math.isnan(value):
        return Estimate(None, len(a), undefined=Reason(Code.ONLY_ROUNDING))
    return Estimate(value, len(a))


def srcc(x: ArrayLike, y: ArrayLike) -> Estimate:
    """Spearman's rank correlation: Pearson's of the mid-ranks."""
    a, b = paired(x, y)
    return plcc(midranks(a), midranks(b))


def tau_b(x: ArrayLike, y: ArrayLike) -> Estimate:
    """Kendall's tau-b, in [-1, 1]."""
    counts = kendall(x, y)
    if counts.n < 2:
        return Estimate(None, counts.n, undefined=Reason(Code.FEWER_THAN_TWO_POINTS))
    return counts.tau_b


@dataclass(frozen=True, slots=True)
class Correlations:
    """The three coefficients. ``groups``: how many define them (0 where they are pooled)."""

    plcc: Estimate
    srcc: Estimate
    tau_b: Estimate
    groups: int = 0


def correlate(
    x: ArrayLike,
    y: ArrayLike,
    clusters: ArrayLike | None = None,
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
    at_most: int = BOOTSTRAP_POINTS,
) -> Correlations:
    """All points pooled, with percentile intervals over clusters (each point its own if None).

    Of more than about ``at_most`` points a random part of the clusters is resampled, and what it
    shows is narrowed to the size of the whole (``resampling.draw``).
    """
    a, b = paired(x, y)
    drawn = _drawn(len(a), clusters, resamples, seed, at_most)
    found = {name: _resampled(a, b, name, drawn).with_interval for name in COEFFICIENTS}
    return Correlations(found["plcc"], found["srcc"], found["tau_b"])


@dataclass(frozen=True, slots=True)
class Resampled:
    """A coefficient of all points, that of the ``draw``'s points, and of each of its resamples."""

    estimate: Estimate
    sample: float
    resampled: Floats
    shrink: float
    clusters: int

    @property
    def with_interval(self) -> Estimate:
        """The estimate with its percentile interval, where there is one."""
        value, n = self.estimate.value, self.estimate.n
        if value is None or not len(self.resampled):
            return self.estimate
        if few := too_few_points(self.clusters):
            return Estimate(value, n, no_interval=few)
        interval = around(
            value,
            self.sample,
            self.resampled,
            shrink=self.shrink,
            clusters=self.clusters,
            within=(-1.0, 1.0),
        )
        return Estimate(value, n, interval=interval)


def correlate_resampled(
    x: ArrayLike,
    y: ArrayLike,
    clusters: ArrayLike | None,
    coefficient: "Coefficient",
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
    at_most: int = BOOTSTRAP_POINTS,
) -> Resampled:
    """One coefficient with its resamples, which depend on seed and clusters, not on the values."""
    a, b = paired(x, y)
    return _resampled(a, b, coefficient, _drawn(len(a), clusters, resamples, seed, at_most))


def _drawn(
    n: int, clusters: ArrayLike | None, resamples: int, seed: int, at_most: int
) -> Draw | None:
    if resamples < 1 or n < 3:
        return None
    named = np.arange(n) if clusters is None else dense(clusters)
    return draw(named, resamples=resamples, seed=seed, at_most=at_most)


def _resampled(a: Floats, b: Floats, coefficient: "Coefficient", drawn: Draw | None) -> Resampled:
    plain, weighted = COEFFICIENTS[coefficient]
    estimate = plain(a, b)
    if drawn is None or estimate.value is None:
        return Resampled(estimate, 0.0, np.zeros(0), 1.0, 0)
    some = a[drawn.points], b[drawn.points]
    once = np.ones((1, len(drawn.points)))
    found = weighted(*some, np.concatenate([once, drawn.weights]))
    return Resampled(estimate, float(found[0]), found[1:], drawn.shrink, drawn.clusters)


Coefficient = Literal["plcc", "srcc", "tau_b"]
_Plain = Callable[[Floats, Floats], Estimate]
_Weighted = Callable[[Floats, Floats, Floats], Floats]
COEFFICIENTS: Mapping[Coefficient, tuple[_Plain, _Weighted]] = {
    "plcc": (plcc, weighted_pearson),
    "srcc": (srcc, weighted_spearman),
    "tau_b": (tau_b, weighted_tau_b),
}


def bonett_wright_interval(r: float, n: int, *, confidence: float = 0.95) -> Interval | None:
    """Of Spearman's correlation: standard error √((1 + r² / 2) / (n - 3)) on Fisher's scale.

    Bonett and Wright (2000). None for |r| = 1, and for fewer points than FEWEST_POINTS.
    """
    if n < FEWEST_POINTS or abs(r) >= 1:
        return None
    half = NormalDist().inv_cdf((1 + confidence) / 2) * math.sqrt((1 + r * r / 2) / (n - 3))
    return math.tanh(math.atanh(r) - half), math.tanh(math.atanh(r) + half)
