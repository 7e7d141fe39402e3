"""Means of what comes in clusters (several images of one prompt), with Student's interval."""

import math
from dataclasses import dataclass, replace
from statistics import NormalDist


@dataclass(frozen=True, slots=True)
class Mean:
    """``value`` with its standard deviation ``sd`` over single values and its ``interval``.

    What cannot be had is None; ``why`` then says why, in words.
    """

    value: float | None
    sd: float | None = None
    interval: tuple[float, float] | None = None
    why: str = ""

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
        return Mean(None, why="no image has a value")
    mean = total / n
    if n < 2:
        return Mean(mean, why="one image has no spread")
    sd = math.sqrt(max(squares - total * mean, 0.0) / (n - 1))
    if clusters < 2:
        return Mean(mean, sd, why="all images are of one prompt")
    scatter = cluster_squares - 2 * mean * cluster_products + mean * mean * cluster_sizes
    error = math.sqrt(max(scatter, 0.0) * clusters / (clusters - 1)) / n
    half = student_quantile((1 + confidence) / 2, clusters - 1) * error
    return Mean(mean, sd, (mean - half, mean + half))


def student_quantile(probability: float, degrees: int) -> float:
    """The t below which Student's distribution has this probability, in (0.5, 1).

    By Hill's expansion (Algorithm 396, CACM 1970), exact for 1 and 2 degrees of freedom, else to
    1e-5 relative. Raises ValueError for other probabilities and for no degree of freedom.
    """
    if not 0.5 < probability < 1 or degrees < 1:
        raise ValueError(f"no quantile of t: {probability}, {degrees} degrees of freedom")
    tails = 2 * (1 - probability)
    if degrees == 1:
        return 1 / math.tan(tails * math.pi / 2)
    if degrees == 2:
        return math.sqrt(2 / (tails * (2 - tails)) - 2)
    return _hill(tails, float(degrees))


def _hill(tails: float, n: float) -> float:
    a = 1 / (n - 0.5)
    b = 48 / (a * a)
    c = ((20700 * a / b - 98) * a - 16) * a + 96.36
    d = ((94.5 / (b + c) - 3) / b + 1) * math.sqrt(a * math.pi / 2) * n
    y = (d * tails) ** (2 / n)
    if y <= a + 0.05:
        far = 1 / (((n + 6) / (n * y) - 0.089 * d - 0.822) * (n + 2) * 3)
        y = ((far + 0.5 / (n + 4)) * y - 1) * (n + 1) / (n + 2) + 1 / y
        return math.sqrt(n * y)
    x = NormalDist().inv_cdf(tails / 2)
    y = x * x
    if n < 5:
        c += 0.3 * (n - 4.5) * (x + 0.6)
    c = (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b + c
    y = (((((0.4 * y + 6.3) * y + 36) * y + 94.5) / c - y - 3) / b + 1) * x
    return math.sqrt(n * math.expm1(a * y * y))
