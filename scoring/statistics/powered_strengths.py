"""Strengths by votes, made surer by what a metric says of many more pairs.

Of every two generators that met, the share that one of them won is moved by what the metric says
of all their pairs less what it says of those that people judged, as far as it has been worth it
(PPI++, see ``powered``). The strengths are Bradley and Terry's of the moved shares, a tie being
half a vote for each side. Rounds draw the pairs of two generators all alike, so within two
generators nothing has to be weighed, however often each two were asked about.
"""

import math
from dataclasses import dataclass

import numpy as np

from scoring.arrays import Floats, Ints
from scoring.davidson import most_groups
from scoring.designs import posterior
from scoring.ranking import separation
from scoring.reasons import Reason
from scoring.statistics.cluster_bootstrap import (
    cluster_weights,
    clusters_of,
    expanded_interval,
    too_few_prompts,
)
from scoring.statistics.estimate import Estimate
from scoring.statistics.powered import FEWEST_PROMPTS, shrunk_slope
from scoring.statistics.resampling import quotient

RESAMPLES = 300
# What is added up of each two generators: of judged pairs how many, the outcomes; of those with a
# prediction how many, y, f, y², y f, f²; of the pool how many, f.
_N, _Y, _TOLD, _TOLD_Y, _F, _YY, _YF, _FF, _POOL, _POOL_F = range(10)


@dataclass(frozen=True, slots=True)
class MetPairs:
    """Pairs (n,) of generators ``first`` and ``second``, of a ``prompt``; all are small numbers.

    ``f``: what a metric says of the first over the second, NaN where nothing.
    """

    first: Ints
    second: Ints
    f: Floats
    prompt: Ints


@dataclass(frozen=True, slots=True)
class PoweredStrength:
    """A generator's strength by the votes ``alone`` and with the metric, ``powered``.

    Natural logarithms of the odds, 0 on the mean of all. ``ratio``: about how many times as many
    votes would have had to be given for the same certainty; 1 where the metric saves nothing.
    """

    alone: Estimate
    powered: Estimate
    ratio: float


def powered_strengths(y: Floats, judged: MetPairs, pool: MetPairs, n: int) -> list[PoweredStrength]:
    """Of ``n`` generators, from outcomes ``y`` (pairs,) in [0, 1] for the first of judged pairs.

    Intervals are of 95 %, over prompts. Under FEWEST_PROMPTS the metric moves nothing. Without any
    chain of comparisons between all generators nothing is told, and why.
    """
    prompt = np.concatenate([judged.prompt, pool.prompt])
    clusters = clusters_of(prompt, at_most=most_groups(n))
    sums = _sums(y, judged, pool, clusters.group, (clusters.groups, n * n))
    met = sums[:, :, _N].sum(axis=0).reshape(n, n)
    apart = separation(met + met.T)
    prompts = len(np.unique(judged.prompt))
    if apart is not None:
        return [_untold(round(float((met + met.T)[i].sum())), apart.reason) for i in range(n)]
    # What is drawn again are prompts that people judged, with their part of the pool.
    drawn = cluster_weights(clusters.groups, resamples=RESAMPLES)
    tables = [sums.sum(axis=0), *np.tensordot(drawn, sums, axes=1)]
    alone, powered = (
        np.stack([_strengths(table, n, moved=moved) for table in tables])
        for moved in (False, prompts >= FEWEST_PROMPTS)
    )
    counts = np.rint((met + met.T).sum(axis=1)).astype(int).tolist()
    return [
        _told(alone[:, i], powered[:, i], counts[i], min(prompts, clusters.groups))
        for i in range(n)
    ]


def moved_strengths(y: Floats, judged: MetPairs, pool: MetPairs, n: int) -> Floats:
    """(n,) with the metric and without intervals, of generators compared with others or not."""
    together = np.zeros(len(judged.f) + len(pool.f), np.int64)
    return _strengths(_sums(y, judged, pool, together, (1, n * n))[0], n, moved=True)


def _sums(
    y: Floats, judged: MetPairs, pool: MetPairs, group: Ints, size: tuple[int, int]
) -> Floats:
    """(groups, n², 10): what is added up, by who met whom, the lower number first."""
    n = math.isqrt(size[1])
    found = np.zeros((10, size[0] * size[1]))
    of_judged, of_pool = np.split(group, [len(judged.f)])
    for pairs, there, first in ((judged, of_judged, _N), (pool, of_pool, _POOL)):
        swapped = pairs.first > pairs.second
        low, high = np.minimum(pairs.first, pairs.second), np.maximum(pairs.first, pairs.second)
        cell = (there * n + low) * n + high
        f = np.where(swapped, -pairs.f, pairs.f)
        told = np.isfinite(f) & (low != high)
        if first == _POOL:
            columns = {_POOL: np.ones(len(f)), _POOL_F: f}
        else:
            share = np.where(swapped, 1 - y, y)
            apart = low != high
            found[_N] += np.bincount(cell[apart], minlength=found.shape[1])
            found[_Y] += np.bincount(cell[apart], share[apart], found.shape[1])
            columns = {
                _TOLD: np.ones(len(f)), _TOLD_Y: share, _F: f,
                _YY: share * share, _YF: share * f, _FF: f * f,
            }  # fmt: skip
        for place, column in columns.items():
            found[place] += np.bincount(cell[told], column[told], found.shape[1])
    return np.moveaxis(found.reshape(10, *size), 0, -1)


def _strengths(table: Floats, n: int, *, moved: bool) -> Floats:
    """(n,) of sums (n², 10)."""
    shown = table[:, _N]
    share = np.nan_to_num(quotient(table[:, _Y], shown))
    if moved:
        here = (table[:, _TOLD] > 0) & (table[:, _POOL] > 0)
        shift = quotient(table[:, _POOL_F], table[:, _POOL]) - quotient(
            table[:, _F], table[:, _TOLD]
        )
        share = share + _tuned(table[here]) * np.where(here, shift, 0.0)
    won = (shown * share).reshape(n, n) + (shown * (1 - share)).reshape(n, n).T
    at = posterior(won).mode
    strengths: Floats = at - at.mean()
    return strengths


def _tuned(table: Floats) -> float:
    """λ within two generators each."""
    told, y, f = table[:, _TOLD], table[:, _TOLD_Y], table[:, _F]
    yy, yf, ff = (
        float((table[:, cross] - one * other / told).sum())
        for cross, one, other in ((_YY, y, y), (_YF, y, f), (_FF, f, f))
    )
    return shrunk_slope(yy, yf, ff, free=float(told.sum()) - len(table) - 1)


def _told(alone: Floats, powered: Floats, count: int, prompts: int) -> PoweredStrength:
    """Of a value and its draws, each first in its row."""
    first, second = (
        Estimate(
            float(row[0]),
            count,
            interval=expanded_interval(row[1:], prompts),
            no_interval=too_few_prompts(prompts),
        )
        for row in (alone, powered)
    )
    before, after = (float(row[1:].var()) if len(row) > 1 else 0.0 for row in (alone, powered))
    return PoweredStrength(first, second, before / after if 0 < after < before else 1.0)


def _untold(count: int, why: Reason) -> PoweredStrength:
    nothing = Estimate(None, count, undefined=why)
    return PoweredStrength(nothing, nothing, 1.0)
