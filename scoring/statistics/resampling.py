"""How far a number may be off: intervals by resampling whole clusters, never single votes.

A cluster is a prompt (or an item) with everything that was said of it: two images of one prompt
are not two independent looks. The same seed gives the same interval.

Percentiles of a bootstrap over few clusters are too narrow. The tails are therefore taken farther
out, at Φ(-√(K / (K - 1)) t) of K clusters with Student's t at K - 1 degrees of freedom (the
expanded percentile interval, Hesterberg 2015); of several hundred clusters that is the plain one.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, stdtrit

from scoring.arrays import Floats, Ints
from scoring.statistics.estimate import Estimate, Interval, too_few_points

RESAMPLES = 200
CONFIDENCE = 0.95


def dense(names: ArrayLike) -> Ints:
    """Each name's number, 0 … K - 1, equal names sharing one, in the order of the names."""
    given = np.asarray(names)
    if given.dtype == np.int64 and len(given) and 0 <= given.min() <= given.max() < len(given):
        # Small numbers need no sorting, whether or not some are missing between them.
        there = np.bincount(given) > 0
        return given if there.all() else (np.cumsum(there) - 1)[given]
    return np.unique(given, return_inverse=True)[1].astype(np.int64).reshape(-1)


def tail_of(clusters: int, *, confidence: float = CONFIDENCE) -> float:
    """The share of draws that the expanded percentile interval leaves out at each end."""
    t = float(stdtrit(clusters - 1, (1 + confidence) / 2))
    return float(ndtr(-math.sqrt(clusters / (clusters - 1)) * t))


def estimate_over(value: float, n: int, clusters: int, draws: Callable[[], Floats]) -> Estimate:
    """The value with its interval by ``draws`` over so many clusters; of few of them there is none,
    and why.
    """
    if few := too_few_points(clusters):
        return Estimate(value, n, no_interval=few)
    return Estimate(value, n, interval=percentiles(draws(), clusters))


def percentiles(
    values: Floats, clusters: int, *, confidence: float = CONFIDENCE
) -> Interval | None:
    """The expanded percentile interval of values resampled over so many clusters.

    None when half of them are undefined (NaN).
    """
    defined = values[np.isfinite(values)]
    if 2 * len(defined) <= len(values):
        return None
    tail = tail_of(clusters, confidence=confidence)
    low, high = np.quantile(defined, [tail, 1 - tail])
    return float(low), float(high)


def resampled_ratios(
    above: ArrayLike, below: ArrayLike, *, resamples: int = RESAMPLES, seed: int = 0
) -> Floats:
    """(resamples,) of Σ above / Σ below over clusters drawn with replacement; NaN where 0 / 0.

    ``above`` and ``below`` are (clusters,) sums within each cluster: matches and pairs, say.
    """
    table = np.stack([np.asarray(above, np.float64), np.asarray(below, np.float64)], axis=1)
    sums = resampled_sums(table, resamples=resamples, seed=seed)
    return quotient(sums[:, 0], sums[:, 1])


def resampled_sums(table: Floats, *, resamples: int, seed: int) -> Floats:
    """(resamples, columns): the column sums of ``table`` (clusters, columns), rows drawn anew."""
    rng = np.random.default_rng(seed)
    n = len(table)
    drawn = (np.bincount(rng.integers(n, size=n), minlength=n) for _ in range(resamples))
    return np.array([counts.astype(np.float64) @ table for counts in drawn])


def quotient(above: Floats, below: Floats) -> Floats:
    """above / below, NaN where ``below`` is not positive."""
    found = np.full(np.shape(below), np.nan)
    np.divide(above, below, out=found, where=below > 0)
    return found


@dataclass(frozen=True, slots=True)
class Draw:
    """The points that take part in a bootstrap and how often each is drawn in each resample.

    ``points`` are indices; ``weights`` is (resamples, points). ``shrink`` narrows the deviations
    seen in a subsample of m of n ``clusters`` to those of all n: √(m / n).
    """

    points: Ints
    weights: Floats
    shrink: float
    clusters: int


def draw(clusters: Ints, *, resamples: int, seed: int, at_most: int) -> Draw:
    """Whole clusters with replacement, from at most about ``at_most`` points.

    Of more points a random part of the clusters takes part (bootstrap of m out of n), and of
    clusters that are too large for that a random part of each.
    """
    rng = np.random.default_rng(seed)
    n, k = len(clusters), int(clusters.max()) + 1
    shuffled = rng.permutation(n)
    order = shuffled[np.argsort(clusters[shuffled], kind="stable")]
    starts = np.searchsorted(clusters[order], np.arange(k))
    within = np.arange(n) - starts[clusters[order]]
    order = order[within < max(1, at_most // min(k, 200))]
    sizes = np.bincount(clusters[order], minlength=k)
    chosen = rng.permutation(k)
    m = max(1, int(np.searchsorted(np.cumsum(sizes[chosen]), at_most, side="right")))
    place = np.full(k, -1)
    place[chosen[:m]] = np.arange(len(chosen[:m]))
    points = np.sort(order[place[clusters[order]] >= 0])
    m = min(m, k)
    drawn = rng.multinomial(m, np.full(m, 1 / m), size=resamples).astype(np.float64)
    return Draw(points, drawn[:, place[clusters[points]]], float(np.sqrt(m / k)), k)


def around(
    value: float,
    sample: float,
    resampled: Floats,
    *,
    shrink: float,
    clusters: int,
    within: Interval,
) -> Interval | None:
    """The interval of ``value`` from resamples of a sample whose own value is ``sample``."""
    found = percentiles(value + shrink * (resampled - sample), clusters)
    if found is None:
        return None
    return max(within[0], found[0]), min(within[1], found[1])
