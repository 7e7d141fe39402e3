"""How well people agree with people: what no metric can be expected to pass.

A correlation with the mean of several people can't exceed the square root of that mean's
reliability; a metric's pairwise accuracy is held against that of one person judged by the others.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scoring.arrays import Floats, Ints
from scoring.reasons import Code, Reason
from scoring.statistics.estimate import Estimate, too_few_points
from scoring.statistics.resampling import (
    RESAMPLES,
    dense,
    percentiles,
    quotient,
    resampled_sums,
)


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


def human_ceiling(
    units: ArrayLike,
    values: ArrayLike,
    clusters: ArrayLike | None = None,
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Estimate:
    """√ reliability of people's means, the largest correlation with them, in [0, 1].

    ``units`` (n,) names what each answer of ``values`` (n,) is about; ``clusters`` (n,) the prompts
    that are resampled. The reliability is ICC(1, k) of the one-way analysis of variance, which
    takes annotators that rotate and units with unequal numbers of them. 0 where people agree no
    better than chance; ``n`` counts units.
    """
    answers, at = np.asarray(values, np.float64), dense(units)
    if not len(answers):
        return Estimate(None, 0, undefined=Reason(Code.NOBODY_TWICE))
    n = np.bincount(at)
    if n.max() < 2 or len(n) < 2:
        return Estimate(None, len(n), undefined=Reason(Code.NOBODY_TWICE))
    if np.ptp(answers) == 0:
        return Estimate(None, len(n), undefined=Reason(Code.ONE_ANSWER_OF_ALL))
    answers = answers - answers.mean()
    totals = np.bincount(at, answers)
    of_unit = np.stack(
        [np.ones(len(n)), n, totals, totals**2 / n, np.bincount(at, answers**2)], axis=1
    )
    value = float(_ceilings(of_unit.sum(axis=0)[None])[0])
    if not np.isfinite(value):
        return Estimate(None, len(n), undefined=Reason(Code.ONE_MEAN_OF_ALL))
    if resamples < 1:
        return Estimate(value, len(n))
    table = of_unit if clusters is None else _by_cluster(of_unit, at, dense(clusters))
    if few := too_few_points(len(table)):
        return Estimate(value, len(n), no_interval=few)
    sums = resampled_sums(table, resamples=resamples, seed=seed)
    return Estimate(value, len(n), interval=percentiles(_ceilings(sums)))


def _by_cluster(of_unit: Floats, at: Ints, clusters: Ints) -> Floats:
    cluster = np.zeros(len(of_unit), np.int64)
    cluster[at] = clusters
    columns = [np.bincount(cluster, column) for column in of_unit.T]
    return np.stack(columns, axis=1)


def _ceilings(sums: Floats) -> Floats:
    """(n,) of rows (units, values, Σ, Σ of squared totals / n, Σ of squares); NaN if undefined."""
    units, n, total, explained, squares = sums.T
    between = quotient(explained - quotient(total**2, n), units - 1)
    within = quotient(squares - explained, n - units)
    # What equal means leave behind is rounding.
    some = between > 1e-15 * quotient(squares, n)
    reliability = 1 - quotient(within, np.where(some, between, 0.0))
    return np.sqrt(np.clip(reliability, 0.0, 1.0))


def means_of_the_others(units: ArrayLike, values: ArrayLike) -> Floats:
    """For each value the mean of what the others said of the same unit; NaN if nobody did."""
    answers, at = np.asarray(values, np.float64), dense(units)
    totals, n = np.bincount(at, answers), np.bincount(at)
    found = np.full(len(answers), np.nan)
    others = n[at] - 1
    np.divide(totals[at] - answers, others, out=found, where=others > 0)
    return found
