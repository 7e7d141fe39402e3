"""What a sample without replacement tells of the finite whole that it was drawn from.

Answers to one item go wrong together (it is hard, or unclear), so the item is the unit that was
drawn, and three answers to it are fewer than three looks. The more of it all is in the sample, the
less is left to be unsure of: of a census nothing is.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from scipy.special import gammaln, stdtrit

from scoring.arrays import Floats, Ints
from scoring.statistics.estimate import Interval
from scoring.statistics.proportions import score_interval

# Chances that are nearer than this are equal.
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class SampledShare:
    """The ``value`` of a share in the whole with its ``standard_error`` and ``interval``.

    Of ``n`` things in ``clusters``; ``design_effect`` is how many of them tell as much as one that
    was drawn alone: 1 if those of a cluster have nothing in common, their number if they are alike.
    """

    value: float
    n: int
    clusters: int
    standard_error: float
    design_effect: float
    interval: Interval


def sampled_share(
    bad: Sequence[int],
    sizes: Sequence[int],
    inclusion: Sequence[float],
    *,
    confidence: float = 0.95,
) -> SampledShare | None:
    """The share of bad ones in all, of clusters with ``bad`` of ``sizes``; None for no sample.

    ``inclusion`` is each cluster's probability to be in the sample, by which it is weighed: the
    ratio estimator over clusters with the finite population's correction (Cochran 1977, 6.3, 9.3).
    The interval is Wilson's at the effective number of things, with Student's t of the clusters
    (Korn and Graubard 1998). The design effect is held between those of clusters that have nothing
    and everything in common; where none or all are bad nothing can be learnt about it, and it is
    the latter: the interval is that of so many clusters. Raises ValueError for impossible counts.
    """
    y, m, p = (np.asarray(row, np.float64) for row in (bad, sizes, inclusion))
    if ((y < 0) | (y > m) | (m < 1) | (p <= 0) | (p > 1)).any():
        raise ValueError("of each cluster 0 … size are bad, and 0 < inclusion <= 1")
    if not len(m):
        return None
    weight, n, k = p.min() / p, float(m.sum()), len(m)
    total = float((weight * m).sum())
    share = min(1.0, float((weight * y).sum()) / total)
    squares = (weight * (y - share * m)) ** 2
    spread = float(squares.sum()) * k / max(k - 1, 1) / total**2
    alike = n * float(((weight * m) ** 2).sum()) / total**2
    apart = n * float((weight**2 * m).sum()) / total**2
    uneven = spread > 0 and k > 1
    effect = min(max(spread * n / (share * (1 - share)), apart), alike) if uneven else alike
    left = _correction(squares if uneven else (weight * m) ** 2, p)
    effective = n / effect / left if left > 0 else math.inf
    return SampledShare(
        value=share,
        n=int(n),
        clusters=k,
        standard_error=math.sqrt(spread * left),
        design_effect=effect,
        interval=score_interval(share, effective, _reach(k, confidence)),
    )


def _correction(squares: Floats, inclusion: Floats) -> float:
    """The finite population's correction: which part of the variance sampling leaves, 0 to 1."""
    return float(((1 - inclusion) * squares).sum() / squares.sum())


def _reach(clusters: int, confidence: float) -> float:
    """Standard errors on each side: Student's; of one cluster, which has none, the normal's."""
    tail = (1 + confidence) / 2
    if clusters < 2:
        return NormalDist().inv_cdf(tail)
    return float(stdtrit(clusters - 1, tail))


def limits_of_bad(
    bad: int, sample: int, whole: int, *, confidence: float = 0.95
) -> tuple[int, int]:
    """Exact limits of how many of the whole are bad, each one-sided at ``confidence``.

    Below the first, or above the second, so many bad ones in such a sample (or so few) would be
    rarer than 1 - confidence. Both at 0.975 are an interval of 95 %. Raises ValueError for counts
    that can't be.
    """
    if not 0 <= bad <= sample <= whole:
        raise ValueError(f"{bad} bad in {sample} of {whole} can't be")
    rare = 1 - confidence + ROUNDING
    fewest, most = bad, whole - (sample - bad)
    low = _first(fewest, most, lambda there: 1 - _at_most(bad - 1, sample, there, whole) > rare)
    high = _first(fewest, most, lambda there: _at_most(bad, sample, there, whole) <= rare)
    return low, high - 1 if _at_most(bad, sample, most, whole) <= rare else most


def _first(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """The first number of low … high from which on it holds; high if it never does before."""
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low


def _at_most(bad: int, sample: int, there: int, whole: int) -> float:
    """The chance of at most so many bad ones in the sample (hypergeometric)."""
    if bad < 0:
        return 0.0
    found = np.arange(max(0, sample - (whole - there)), min(bad, there, sample) + 1)
    logs = (
        _choose(there, found)
        + _choose(whole - there, sample - found)
        - _choose(whole, np.array([sample]))
    )
    return min(1.0, float(np.exp(logs).sum()))


def _choose(n: int, k: Ints) -> Floats:
    """Logarithms of binomial coefficients."""
    found: Floats = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
    return found
