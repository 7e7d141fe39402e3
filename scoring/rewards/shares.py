"""How often somebody or something is right about votes, and that with its interval over prompts."""

import numpy as np

from scoring.arrays import Floats, Ints
from scoring.statistics.estimate import Estimate
from scoring.statistics.resampling import estimate_over, resampled_ratios


def hits_of(difference: Floats, side: Floats) -> Floats:
    """1 where a difference has the side's sign, 0 where the other's; a half where it has none."""
    return np.where(np.isnan(difference), np.nan, (1 + np.sign(difference) * side) / 2)


def share_of(hits: Floats, n: Floats, prompts: Ints) -> Estimate:
    """The mean of hits, n times each, over prompts; what is NaN was not told."""
    told = np.isfinite(hits)
    sums = sums_of(hits[told], n[told], prompts[told])
    there = sums[sums[:, 1] > 0]
    if not len(there):
        return Estimate(None, 0)
    return estimate_over(
        float(there[:, 0].sum() / there[:, 1].sum()),
        round(float(there[:, 1].sum())),
        len(there),
        lambda: resampled_ratios(*there.T),
    )


def sums_of(hits: Floats, n: Floats, prompts: Ints) -> Floats:
    """(prompts, 2): Σ hits n and Σ n of each."""
    size = int(prompts.max(initial=-1)) + 1
    return np.stack([np.bincount(prompts, hits * n, size), np.bincount(prompts, n, size)], axis=1)
