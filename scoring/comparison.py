"""Whether one metric agrees with people better than another: tests on the same images.

Two metrics' correlations with the same people are not independent, so two intervals that overlap
decide nothing; the difference has a test of its own.
"""

import math
from dataclasses import dataclass
from itertools import permutations, product

import numpy as np
from numpy.typing import ArrayLike

from scoring.agreement import Estimate
from scoring.correlation import Coefficient, correlate_resampled
from scoring.ranks import midranks
from scoring.resampling import percentiles

# 2^16 sign patterns are all looked at; of more pairs, so many are drawn.
EXACT_PAIRS = 16
DRAWN = 20_000
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
    return Test(t, n - 3, student_p(t, n - 3))


def student_p(t: float, degrees: int) -> float:
    """Two-sided p of Student's t: I_x(ν/2, 1/2) at x = ν / (ν + t²)."""
    return _regularised_beta(degrees / (degrees + t * t), degrees / 2, 0.5)


def _regularised_beta(x: float, a: float, b: float) -> float:
    if x <= 0 or x >= 1:
        return min(max(x, 0.0), 1.0)
    if x > (a + 1) / (a + b + 2):
        return 1 - _regularised_beta(1 - x, b, a)
    front = a * math.log(x) + b * math.log1p(-x) + math.lgamma(a + b)
    front -= math.lgamma(a) + math.lgamma(b) + math.log(a)
    return math.exp(front) / _continued_fraction(x, a, b)


def _continued_fraction(x: float, a: float, b: float) -> float:
    """The denominator's fraction 1 + d1 / (1 + d2 / (1 + …)), from the far end back."""
    value = 1.0
    for i in range(400, 0, -1):
        m = i // 2
        if i % 2:
            d = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            d = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        value = 1 + d / value
    return value


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
    return Difference(Estimate(value, n, interval=percentiles(around)), p)


def permutation_p(first: ArrayLike, second: ArrayLike, *, seed: int = 0) -> float:
    """One-sided p that ``first`` is larger than ``second`` on the same items, by swapping sides.

    Exact for up to 16 items, else of 20,000 random swaps. Sums are compared with a tolerance:
    0.6 + 0.6 + 0.6 + 0.6 + 0.6 depends on the order in which it is added.
    """
    differences = np.asarray(first, np.float64) - np.asarray(second, np.float64)
    n = len(differences)
    if n == 0:
        raise ValueError("no items, no test")
    if n <= EXACT_PAIRS:
        signs = np.array(list(product((1, -1), repeat=n)))
    else:
        signs = np.random.default_rng(seed).choice((1, -1), size=(DRAWN - 1, n))
        signs = np.concatenate([np.ones((1, n), signs.dtype), signs])
    tolerance = ROUNDING * float(np.abs(differences).sum())
    return float((signs @ differences >= differences.sum() - tolerance).mean())


# Of more systems, all orders are too many to look at.
EXACT_SYSTEMS = 7


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


def soft_pairwise_accuracy(human: ArrayLike, metric: ArrayLike, *, seed: int = 0) -> Estimate:
    """How alike people and metric are sure which of two systems is better (Thompson 2024).

    Both are (systems, items) of the same items: 1 - |p_human - p_metric| of ``permutation_p``,
    averaged over the pairs of systems; ``n`` counts the pairs.
    """
    people, machine = np.asarray(human, np.float64), np.asarray(metric, np.float64)
    if people.shape != machine.shape or people.ndim != 2:
        raise ValueError("two tables of the same systems and items")
    first, second = np.triu_indices(len(people), 1)
    if not len(first):
        return Estimate(None, 0, undefined="there are no two systems")
    alike = [
        1
        - abs(
            permutation_p(people[i], people[j], seed=seed)
            - permutation_p(machine[i], machine[j], seed=seed)
        )
        for i, j in zip(first, second, strict=True)
    ]
    return Estimate(float(np.mean(alike)), len(first))
