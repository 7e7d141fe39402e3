"""How reliable people's ratings are: the intraclass correlations of Shrout and Fleiss (1979)."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import ArrayLike

from scoring.arrays import Floats, Ints
from scoring.reasons import Code, Reason
from scoring.statistics.estimate import Estimate
from scoring.statistics.resampling import (
    RESAMPLES,
    dense,
    estimate_over,
    quotient,
    resampled_sums,
)

# What equal means leave behind is rounding.
ROUNDING = 1e-15


@dataclass(frozen=True, slots=True)
class OneWay:
    """``single``: ICC(1,1), of one person's rating; ``mean``: ICC(1,k), of a unit's mean."""

    single: Estimate
    mean: Estimate


def one_way(
    units: ArrayLike,
    values: ArrayLike,
    clusters: ArrayLike | None = None,
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> OneWay:
    """ICC(1,1) and ICC(1,k) of ratings whose raters differ by unit; at most 1, 0 is chance.

    ``units`` (n,) names what each rating of ``values`` (n,) is about; ``clusters`` (n,) what is
    resampled, the units unless told. A unit with a single rating is dropped. Units may have unequal
    numbers of ratings: k of the single one is the analysis of variance's k₀ (Donner 1986). Below 0,
    people are less alike on a unit than across units. No interval for fewer than six clusters;
    ``n`` counts units.
    """
    ratings, at = np.asarray(values, np.float64), dense(units)
    twice = np.bincount(at)[at] >= 2 if len(at) else np.zeros(0, bool)
    if not twice.any():
        return _neither(0, Code.NO_SECOND_ANSWER)
    groups = None if clusters is None else dense(np.asarray(clusters)[twice])
    ratings, at = ratings[twice], dense(at[twice])
    n = int(at.max()) + 1
    if n < 2:
        return _neither(n, Code.FEWER_THAN_TWO_POINTS)
    if np.ptp(ratings) == 0:
        return _neither(n, Code.NO_VARIATION)
    table = sums_of_squares(at, ratings, groups)
    whole = table.sum(axis=0)[None]
    resampled = cache(lambda: resampled_sums(table, resamples=resamples, seed=seed))

    def estimate(of: Callable[[Floats], Floats]) -> Estimate:
        value = float(of(whole)[0])
        if not np.isfinite(value):
            return Estimate(None, n, undefined=Reason(Code.ONE_MEAN_OF_ALL))
        return estimate_over(value, n, len(table), lambda: of(resampled()))

    return OneWay(single=estimate(_of_single), mean=estimate(of_mean))


def _neither(n: int, why: Code) -> OneWay:
    nothing = Estimate(None, n, undefined=Reason(why))
    return OneWay(nothing, nothing)


def sums_of_squares(at: Ints, values: Floats, clusters: Ints | None) -> Floats:
    """(clusters, 6) sums over units: 1, values, totals, totals² / values, Σ squares, values².

    ``at`` and ``clusters`` are dense numbers of what each value is about and belongs to; a unit is
    its own cluster unless told. Values are centred, which changes no variance.
    """
    values = values - values.mean()
    n, totals = np.bincount(at), np.bincount(at, values)
    squares = np.bincount(at, values**2)
    of_unit = np.stack([np.ones(len(n)), n, totals, totals**2 / n, squares, n**2], axis=1)
    if clusters is None:
        return of_unit
    cluster = np.zeros(len(of_unit), np.int64)
    cluster[at] = clusters
    return np.stack([np.bincount(cluster, column) for column in of_unit.T], axis=1)


def of_mean(sums: Floats) -> Floats:
    """ICC(1,k), (n,) of rows of ``sums_of_squares``; NaN where units' means are all the same."""
    between, within = _variances(sums)
    return 1 - quotient(within, between)


def _of_single(sums: Floats) -> Floats:
    """ICC(1,1), (n,) of rows of ``sums_of_squares``; NaN where nothing varies."""
    between, within = _variances(sums)
    units, n, squared = sums[:, 0], sums[:, 1], sums[:, 5]
    k = quotient(n - quotient(squared, n), units - 1)
    return quotient(between - within, between + (k - 1) * within)


def _variances(sums: Floats) -> tuple[Floats, Floats]:
    """Mean squares between and within units, (n,) each; between is 0 where rounding is all."""
    units, n, total, explained, squares, _ = sums.T
    between = quotient(explained - quotient(total**2, n), units - 1)
    within = quotient(squares - explained, n - units)
    return np.where(between > ROUNDING * quotient(squares, n), between, 0.0), within


@dataclass(frozen=True, slots=True)
class Intraclass:
    """Shrout and Fleiss's six coefficients: ``single[m]`` and ``mean[m]`` of model m = 1, 2, 3.

    Model 1: each image has raters of its own. 2: the raters are a sample. 3: they are all there
    are.
    """

    single: tuple[float, float, float]
    mean: tuple[float, float, float]


def intraclass(table: ArrayLike) -> Intraclass:
    """Of a complete (images, raters) table. Raises ValueError if anything is missing or constant.

    Shrout and Fleiss (1979).
    """
    x = np.asarray(table, np.float64)
    if x.ndim != 2 or min(x.shape) < 2 or not np.isfinite(x).all() or np.ptp(x) == 0:
        raise ValueError("a complete table of two images and two raters or more, not all the same")
    n, k = x.shape
    grand = x.mean()
    rows = k * float(((x.mean(axis=1) - grand) ** 2).sum())
    columns = n * float(((x.mean(axis=0) - grand) ** 2).sum())
    whole = float(((x - grand) ** 2).sum())
    between, raters = rows / (n - 1), columns / (k - 1)
    within = (whole - rows) / (n * (k - 1))
    error = (whole - rows - columns) / ((n - 1) * (k - 1))
    return Intraclass(
        single=(
            (between - within) / (between + (k - 1) * within),
            (between - error) / (between + (k - 1) * error + k * (raters - error) / n),
            (between - error) / (between + (k - 1) * error),
        ),
        mean=(
            (between - within) / between,
            (between - error) / (between + (raters - error) / n),
            (between - error) / between,
        ),
    )
