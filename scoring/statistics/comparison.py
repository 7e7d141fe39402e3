"""Whether one metric agrees with people better than another: tests on the same images.

Two metrics' correlations with the same people are not independent, so two intervals that overlap
decide nothing; the difference has a test of its own.
"""

import math
from dataclasses import dataclass
from itertools import permutations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtr

from scoring.statistics.correlation import Coefficient, correlate_resampled
from scoring.statistics.estimate import Estimate, too_few_points
from scoring.statistics.ranks import midranks
from scoring.statistics.resampling import percentiles

# Of more systems, all orders are too many to look at.
EXACT_SYSTEMS = 7
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Test:
    """A test's statistic with its degrees of freedom and two-sided p."""

    __test__ = False  # is no test case for pytest

    statistic: float
    degrees: int
    p: float


def williams(first: float, second: float, mutual: float, n: int) -> Test:
    """Williams's t for r(human, first) against r(human, second), the metrics correlating mutually.

    Two-sided, n - 3 degrees of freedom (Williams 1959; Steiger 1980). Raises ValueError for n < 4
    or three correlations that no data can have.
    """
    determinant = 1 - first**2 - second**2 - mutual**2 + 2 * first * second * mutual
    if n < 4 or determinant < -1e-12 or max(abs(first), abs(second), abs(mutual)) > 1:
        raise ValueError("no four points or more have these three correlations")
    mean = (first + second) / 2
    below = 2 * (n - 1) / (n - 3) * max(determinant, 0.0) + mean**2 * (1 - mutual) ** 3
    if first == second:
        return Test(0.0, n - 3, 1.0)
    if below == 0:
        return Test(math.copysign(math.inf, first - second), n - 3, 0.0)
    t = (first - second) * math.sqrt((n - 1) * (1 + mutual) / below)
    return Test(t, n - 3, 2 * float(stdtr(n - 3, -abs(t))))


@dataclass(frozen=True, slots=True)
class Difference:
    """``estimate`` is the first coefficient minus the second, with the interval; p two-sided."""

    estimate: Estimate
    p: float | None


def paired_bootstrap(
    human: ArrayLike,
    first: ArrayLike,
    second: ArrayLike,
    clusters: ArrayLike | None = None,
    *,
    coefficient: Coefficient = "srcc",
    resamples: int = 1000,
    seed: int = 0,
) -> Difference:
    """Both metrics on the same resamples of the same clusters (each point its own if None).

    p is twice the smaller share of resamples on one side of zero, never below 1 / resamples.
    """
    a = correlate_resampled(human, first, clusters, coefficient, resamples=resamples, seed=seed)
    b = correlate_resampled(human, second, clusters, coefficient, resamples=resamples, seed=seed)
    n = a.estimate.n
    if a.estimate.value is None or b.estimate.value is None:
        why = a.estimate.undefined or b.estimate.undefined
        return Difference(Estimate(None, n, undefined=why), None)
    value = a.estimate.value - b.estimate.value
    around = value + a.shrink * (a.resampled - a.sample - b.resampled + b.sample)
    defined = around[np.isfinite(around)]
    if not len(defined):
        return Difference(Estimate(value, n), None)
    side = min(float((defined <= 0).mean()), float((defined >= 0).mean()))
    p = min(1.0, max(2 * side, 1 / resamples))
    few = too_few_points(a.clusters)
    interval = None if few else percentiles(around, a.clusters)
    return Difference(Estimate(value, n, interval=interval, no_interval=few), p)


def rank_correlation_p(x: ArrayLike, y: ArrayLike) -> float | None:
    """Exact two-sided p of Spearman's correlation, over all orders; None for over 7 or under 3."""
    a, b = midranks(x), midranks(y)
    n = len(a)
    if not 3 <= n <= EXACT_SYSTEMS or np.ptp(a) == 0 or np.ptp(b) == 0:
        return None
    centred = a - a.mean()
    all_orders = np.abs(np.array(list(permutations(b - b.mean()))) @ centred)
    seen = abs(float(centred @ (b - b.mean())))
    return float((all_orders >= seen - ROUNDING * n**3).mean())
