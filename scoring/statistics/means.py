"""Means of what comes in clusters (several images of one prompt), with Student's interval."""

import math
from dataclasses import dataclass, replace

from scipy.special import stdtrit

from scoring.reasons import Code, Reason


@dataclass(frozen=True, slots=True)
class Mean:
    """``value`` with its standard deviation ``sd`` over single values and its ``interval``.

    What cannot be had is None; ``why`` then says why.
    """

    value: float | None
    sd: float | None = None
    interval: tuple[float, float] | None = None
    why: Reason | None = None

    def within(self, low: float | None, high: float | None) -> "Mean":
        """The same, its interval cut to the values that there can be; None is unbounded."""
        if self.interval is None:
            return self
        least, most = self.interval
        least = least if low is None else max(least, low)
        most = most if high is None else min(most, high)
        return replace(self, interval=(least, most))


def cluster_mean(
    n: int,
    clusters: int,
    total: float,
    squares: float,
    cluster_squares: float,
    cluster_products: float,
    cluster_sizes: float,
    *,
    confidence: float = 0.95,
) -> Mean:
    """The mean of ``n`` values in so many clusters, from their sums alone.

    ``total`` Σx and ``squares`` Σx² over values; ``cluster_squares`` Σt², ``cluster_products`` Σtm
    and ``cluster_sizes`` Σm² over clusters of m values that add up to t. Values of one cluster are
    alike, so the interval is that of the ratio Σt / Σm over clusters (Cochran 1977, 6.5), with
    Student's t at one degree of freedom less than there are clusters.
    """
    if n < 1:
        return Mean(None, why=Reason(Code.NO_VALUE))
    mean = total / n
    if n < 2:
        return Mean(mean, why=Reason(Code.ONE_VALUE))
    sd = math.sqrt(max(squares - total * mean, 0.0) / (n - 1))
    if clusters < 2:
        return Mean(mean, sd, why=Reason(Code.ONE_PROMPT))
    scatter = cluster_squares - 2 * mean * cluster_products + mean * mean * cluster_sizes
    error = math.sqrt(max(scatter, 0.0) * clusters / (clusters - 1)) / n
    half = float(stdtrit(clusters - 1, (1 + confidence) / 2)) * error
    return Mean(mean, sd, (mean - half, mean + half))
