"""How far a metric orders the images of one prompt as people do, averaged over prompts.

A group (a prompt) in which people or metric never differ defines no correlation.
"""

import numpy as np
from numpy.typing import ArrayLike

from scoring.arrays import Floats, Ints
from scoring.reasons import Code, Reason
from scoring.statistics.correlation import Correlations
from scoring.statistics.estimate import Estimate, too_few_points
from scoring.statistics.ranks import kendall, midranks, paired
from scoring.statistics.resampling import (
    RESAMPLES,
    dense,
    percentiles,
    quotient,
    resampled_sums,
)


def correlate_within(
    x: ArrayLike,
    y: ArrayLike,
    groups: ArrayLike,
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Correlations:
    """The mean over groups of each group's own correlation; intervals over groups.

    A group in which people or metric never differ defines nothing and is left out. ``n`` counts
    the groups that took part.
    """
    a, b = paired(x, y)
    at = dense(groups)
    if not len(at):
        nothing = Estimate(None, 0, undefined=Reason(Code.NO_PROMPT_VARIES))
        return Correlations(nothing, nothing, nothing)
    each = (
        _pearson_within(a, b, at),
        _pearson_within(midranks(a, at), midranks(b, at), at),
        _tau_b_within(a, b, at),
    )
    table = np.stack([side for values in each for side in _defined(values)], axis=1)
    sums = resampled_sums(table, resamples=resamples, seed=seed)
    means = [
        _mean(values, sums[:, 2 * place], sums[:, 2 * place + 1])
        if resamples > 0
        else _mean(values, np.zeros(0), np.zeros(0))
        for place, values in enumerate(each)
    ]
    return Correlations(means[0], means[1], means[2], groups=means[1].n)


def _defined(values: Floats) -> tuple[Floats, Floats]:
    """What each group adds to the sum, and whether it counts."""
    there = np.isfinite(values)
    return np.where(there, values, 0.0), there.astype(np.float64)


def _mean(values: Floats, sums: Floats, counts: Floats) -> Estimate:
    there = values[np.isfinite(values)]
    if not len(there):
        return Estimate(None, 0, undefined=Reason(Code.NO_PROMPT_VARIES))
    if not len(sums):
        return Estimate(float(there.mean()), len(there))
    few = too_few_points(len(there))
    interval = None if few else percentiles(quotient(sums, counts), len(there))
    return Estimate(float(there.mean()), len(there), interval=interval, no_interval=few)


def _pearson_within(a: Floats, b: Floats, at: Ints) -> Floats:
    """(groups,) of Pearson's correlation, NaN where undefined."""
    n = np.bincount(at)
    # Asked of the values themselves: centred, equal ones leave rounding errors behind, not zeros.
    varies = (_spread(a, at) > 0) & (_spread(b, at) > 0)
    a, b = (each - (np.bincount(at, each) / n)[at] for each in (a, b))
    aa, bb, ab = (np.bincount(at, product).astype(np.float64) for product in (a * a, b * b, a * b))
    scale = np.sqrt(aa) * np.sqrt(bb)
    return np.clip(quotient(ab, np.where(varies, scale, 0.0)), -1, 1)


def _spread(values: Floats, at: Ints) -> Floats:
    """Largest minus smallest value of each group."""
    order = np.argsort(at, kind="stable")
    starts = np.searchsorted(at[order], np.arange(int(at.max()) + 1))
    sorted_values = values[order]
    spread: Floats = np.maximum.reduceat(sorted_values, starts) - np.minimum.reduceat(
        sorted_values, starts
    )
    return spread


def _tau_b_within(a: Floats, b: Floats, at: Ints) -> Floats:
    order = np.argsort(at, kind="stable")
    bounds = np.append(np.searchsorted(at[order], np.arange(int(at.max()) + 1)), len(at))
    sizes = np.diff(bounds)
    found = np.full(len(sizes), np.nan)
    # Groups of one size together: a table (groups, size) of which all pairs are taken at once.
    for size in np.unique(sizes):
        chosen = np.flatnonzero(sizes == size)
        rows = order[bounds[chosen][:, None] + np.arange(size)]
        if size < 2:
            continue
        if size <= 64:
            found[chosen] = _tau_b_of_rows(a[rows], b[rows])
        else:
            values = [kendall(a[row], b[row]).tau_b.value for row in rows]
            found[chosen] = [np.nan if value is None else value for value in values]
    return found


def _tau_b_of_rows(a: Floats, b: Floats) -> Floats:
    """(rows,) of tau-b of each row of two (rows, size) tables."""
    above, below_x, below_y = np.zeros((3, len(a)))
    for step in range(1, a.shape[1]):
        x = np.sign(a[:, step:] - a[:, :-step])
        y = np.sign(b[:, step:] - b[:, :-step])
        above += (x * y).sum(axis=1)
        below_x += np.abs(x).sum(axis=1)
        below_y += np.abs(y).sum(axis=1)
    return np.clip(quotient(above, np.sqrt(below_x) * np.sqrt(below_y)), -1, 1)
