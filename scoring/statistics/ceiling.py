"""How well people agree with people: what no metric can be expected to pass.

A correlation with the mean of several people can't exceed the square root of that mean's
reliability; a metric's pairwise accuracy is held against that of one person judged by the others.
"""

import numpy as np
from numpy.typing import ArrayLike

from scoring.arrays import Floats
from scoring.reasons import Code, Reason
from scoring.statistics.estimate import Estimate
from scoring.statistics.intraclass import of_mean, sums_of_squares
from scoring.statistics.resampling import (
    RESAMPLES,
    dense,
    estimate_over,
    resampled_sums,
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
    table = sums_of_squares(at, answers, None if clusters is None else dense(clusters))
    value = float(_ceilings(table.sum(axis=0)[None])[0])
    if not np.isfinite(value):
        return Estimate(None, len(n), undefined=Reason(Code.ONE_MEAN_OF_ALL))
    if resamples < 1:
        return Estimate(value, len(n))
    return estimate_over(
        value,
        len(n),
        len(table),
        lambda: _ceilings(resampled_sums(table, resamples=resamples, seed=seed)),
    )


def _ceilings(sums: Floats) -> Floats:
    """(n,) of rows of ``sums_of_squares``; NaN if undefined."""
    return np.sqrt(np.clip(of_mean(sums), 0.0, 1.0))


def means_of_the_others(units: ArrayLike, values: ArrayLike) -> Floats:
    """For each value the mean of what the others said of the same unit; NaN if nobody did."""
    answers, at = np.asarray(values, np.float64), dense(units)
    totals, n = np.bincount(at, answers), np.bincount(at)
    found = np.full(len(answers), np.nan)
    others = n[at] - 1
    np.divide(totals[at] - answers, others, out=found, where=others > 0)
    return found
