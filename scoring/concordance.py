"""How alike people ranked the same things: Kendall's coefficient of concordance."""

from collections.abc import Sequence

import numpy as np

from scoring.arrays import Floats
from scoring.reasons import Code, Reason
from scoring.statistics.estimate import Estimate
from scoring.statistics.ranks import midranks
from scoring.statistics.resampling import RESAMPLES, estimate_over, resampled_ratios

Ranking = Sequence[float]
"""One person's place of each thing, or any number that rises with it; equal ones are ties."""


def kendall_w(
    items: Sequence[Sequence[Ranking]], *, resamples: int = RESAMPLES, seed: int = 0
) -> Estimate:
    """Kendall's W with its correction for ties (1945), the mean over items; in [0, 1].

    ``items`` holds each item's rankings, one a person, all of the same things in the same order.
    1 is one order; m people who rank by chance come to 1 / m and not to 0. Items with fewer than
    two rankings or things, or in which everybody ties everything, say nothing and are dropped. The
    interval is a percentile bootstrap over items, none for fewer than six; ``n`` counts items.
    Raises ValueError where people ranked different numbers of things.
    """
    ranked = [item for item in items if len(item) >= 2 and len(item[0]) >= 2]
    if not ranked:
        return Estimate(None, 0, undefined=Reason(Code.NO_SECOND_ANSWER))
    each = [_w(np.array([midranks(ranking) for ranking in item])) for item in ranked]
    values = [value for value in each if value is not None]
    if not values:
        return Estimate(None, len(ranked), undefined=Reason(Code.NO_VARIATION))
    value, n = float(np.mean(values)), len(values)
    return estimate_over(
        value, n, n, lambda: resampled_ratios(values, np.ones(n), resamples=resamples, seed=seed)
    )


def _w(ranks: Floats) -> float | None:
    """Of (people, things) mid-ranks: 12 S / (m² (n³ − n) − m Σ (t³ − t)); None if all is tied."""
    m, n = ranks.shape
    sizes = (np.unique(row, return_counts=True)[1] for row in ranks)
    ties = sum(int((size**3 - size).sum()) for size in sizes)
    below = m * m * (n**3 - n) - m * ties
    if below == 0:
        return None
    totals = ranks.sum(axis=0)
    return float(12 * ((totals - totals.mean()) ** 2).sum() / below)
