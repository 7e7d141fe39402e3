"""Intervals over clusters (prompts): whole ones are drawn anew, with all that belongs to them."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, stdtrit

from scoring.arrays import Floats, Ints
from scoring.reasons import Code, Reason
from scoring.statistics.estimate import FEWEST_POINTS, Estimate, Interval
from scoring.statistics.proportions import wilson_interval
from scoring.statistics.resampling import CONFIDENCE, dense, quotient, tail_of

RESAMPLES = 1000
# More clusters are put together by chance into so many groups, which are as independent.
MOST_GROUPS = 2000


def too_few_prompts(n: int) -> Reason | None:
    """Why there is no interval over n prompts; None where there is one."""
    if n >= FEWEST_POINTS:
        return None
    return Reason(Code.TOO_FEW_PROMPTS, n=n, least=FEWEST_POINTS)


@dataclass(frozen=True, slots=True)
class Clusters:
    """``group`` (units,) numbers what is drawn together, 0 … groups - 1; ``n`` counts clusters."""

    group: Ints
    groups: int
    n: int


def clusters_of(names: ArrayLike, *, at_most: int = MOST_GROUPS, seed: int = 0) -> Clusters:
    """Of each unit's cluster by name; more than ``at_most`` clusters in so many random groups."""
    at = dense(names)
    n = int(at.max()) + 1 if len(at) else 0
    if n <= at_most:
        return Clusters(at, n, n)
    group = np.random.default_rng(seed).permutation(n) % at_most
    return Clusters(group[at], at_most, n)


def cluster_weights(groups: int, *, resamples: int = RESAMPLES, seed: int = 0) -> Floats:
    """(resamples, groups): how often each is drawn; none where there are too few of them."""
    if groups < FEWEST_POINTS:
        return np.zeros((0, groups))
    drawn = np.random.default_rng(seed).integers(groups, size=(resamples, groups))
    drawn += np.arange(resamples)[:, None] * groups
    counts = np.bincount(drawn.reshape(-1), minlength=resamples * groups)
    return counts.reshape(resamples, groups).astype(np.float64)


def expanded_interval(draws: Floats, clusters: int) -> Interval | None:
    """Of (resamples,) draws over so many clusters; None without draws."""
    defined = draws[np.isfinite(draws)]
    if not len(defined) or clusters < FEWEST_POINTS:
        return None
    tail = tail_of(clusters)
    low, high = np.quantile(defined, [tail, 1 - tail])
    return float(low), float(high)


@dataclass(frozen=True, slots=True)
class Place:
    """``rank`` 1 is best; its ``interval``; ``first``: the share of draws in which it is best."""

    rank: int
    interval: tuple[int, int] | None
    first: float | None


def places(values: Floats, draws: Floats, clusters: int) -> list[Place]:
    """Ranks of (n,) values, the largest first, with what (resamples, n) draws say of them."""
    rank = _ranks(values[None])[0]
    usable = draws[np.isfinite(draws).all(axis=1)]
    if not len(usable) or clusters < FEWEST_POINTS:
        return [Place(int(each), None, None) for each in rank]
    drawn, tail = _ranks(usable), tail_of(clusters)
    low, high = np.quantile(drawn, [tail, 1 - tail], axis=0, method="inverted_cdf").astype(int)
    first = (drawn == 1).mean(axis=0)
    return [
        Place(int(rank[i]), (int(low[i]), int(high[i])), float(first[i])) for i in range(len(rank))
    ]


def _ranks(rows: Floats) -> Ints:
    """1 + how many of the row are larger; what differs by rounding alone is level."""
    above = rows[:, None, :] > rows[:, :, None] + 1e-12
    ranks: Ints = 1 + above.sum(axis=2)
    return ranks


@dataclass(frozen=True, slots=True)
class Ratios:
    """Σ above / Σ below of several columns, their standard ``error`` over clusters (Cochran 1977,
    6.5), and the same of each resample (NaN where 0 / 0). ``n`` is Σ below.
    """

    values: Floats
    error: Floats
    draws: Floats
    n: Ints
    clusters: Clusters

    def means(self, low: float = -math.inf, high: float = math.inf) -> list[Estimate]:
        """A column each, with Student's interval at one degree of freedom less than clusters.

        It is cut at ``low`` and ``high``, beyond which no mean can lie.
        """

        def within(i: int) -> Interval:
            lower, upper = self._mean_interval(i)
            return max(low, lower), min(high, upper)

        return [self._estimate(i, within) for i in range(len(self.values))]

    def shares(self) -> list[Estimate]:
        """The same of shares, on the scale of log-odds, so that they stay between 0 and 1.

        Where clusters don't differ at all, Wilson's interval over as many as there are.
        """
        return [self._estimate(i, self._share_interval) for i in range(len(self.values))]

    def places(self, *, larger_is_better: bool = True) -> list[Place]:
        """The columns' ranks."""
        sign = 1 if larger_is_better else -1
        return places(sign * self.values, sign * self.draws, self.clusters.n)

    def _estimate(self, i: int, interval_of: Callable[[int], Interval]) -> Estimate:
        value, n = float(self.values[i]), int(self.n[i])
        if math.isnan(value):
            return Estimate(None, n, undefined=Reason(Code.NO_VALUE))
        few = too_few_prompts(self.clusters.n)
        return Estimate(value, n, interval=None if few else interval_of(i), no_interval=few)

    def _half(self, i: int) -> float:
        t = stdtrit(self.clusters.groups - 1, (1 + CONFIDENCE) / 2)
        return float(t * self.error[i])

    def _mean_interval(self, i: int) -> Interval:
        value, half = float(self.values[i]), self._half(i)
        return value - half, value + half

    def _share_interval(self, i: int) -> Interval:
        value, half = float(self.values[i]), self._half(i)
        if half == 0 or not 0 < value < 1:
            n = self.clusters.n
            return wilson_interval(round(value * n), n) or (0.0, 1.0)
        odds = math.log(value / (1 - value))
        half /= value * (1 - value)
        return float(expit(odds - half)), float(expit(odds + half))


def cluster_ratios(
    above: ArrayLike, below: ArrayLike, clusters: Clusters, *, resamples: int = RESAMPLES
) -> Ratios:
    """Of (groups, columns) sums within each group."""
    over, under = np.asarray(above, np.float64), np.asarray(below, np.float64)
    weights = cluster_weights(clusters.groups, resamples=resamples)
    n, k = under.sum(axis=0), clusters.groups
    values = quotient(over.sum(axis=0), n)
    scatter = np.square(over - np.nan_to_num(values) * under).sum(axis=0)
    return Ratios(
        values=values,
        error=quotient(np.sqrt(scatter * (k / max(k - 1, 1))), n),
        draws=quotient(weights @ over, weights @ under),
        n=np.rint(n).astype(np.int64),
        clusters=clusters,
    )


def sums_by_group(clusters: Clusters, column: Ints, columns: int, values: ArrayLike) -> Floats:
    """(groups, columns) sums of (units,) values, each in its unit's group and ``column``."""
    at = clusters.group * columns + column
    weights = np.broadcast_to(np.asarray(values, np.float64), at.shape)
    size = clusters.groups * columns
    sums = np.bincount(at, weights, size).astype(np.float64)
    return sums.reshape(clusters.groups, columns)
