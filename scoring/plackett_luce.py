"""Rankings of several images, to strengths: Plackett and Luce's model, ties allowed.

The best is chosen of all, then the best of the rest, and so on: each with π_i / Σ π of those that
are left, π = e^θ. **A ranking is one observation**: broken into pairs it would count k (k - 1) / 2
times and give other strengths. Images of one tier were chosen one after the other in an order
that nobody told: Efron's (1977) approximation of the likelihood over all orders, as for ties in
Cox regression. When the j-th of m level images is chosen, each of them is still there by
(m - j + 1) / m.
"""

import numpy as np

from scoring.arrays import Floats, Ints
from scoring.newton import maximised, resampled_maxima
from scoring.ranking import NotComparable, Strengths, separation
from scoring.reasons import Code, Reason
from scoring.statistics.cluster_bootstrap import RESAMPLES, Clusters, cluster_weights

# Rows at a time: their stages are a table of images by images each.
ROWS = 20_000


def above_table(members: Ints, tiers: Floats, n: int) -> tuple[Floats, Floats]:
    """(n, n) of how often each was ranked above each, and level with each.

    ``members`` (rankings, k) are competitors, -1 where there is no image; ``tiers`` (rankings, k)
    their places, smaller is better.
    """
    above, level = np.zeros((2, n, n))
    for i in range(members.shape[1]):
        for j in range(members.shape[1]):
            both = (members[:, i] >= 0) & (members[:, j] >= 0) & (members[:, i] != members[:, j])
            cell = members[both, i] * n + members[both, j]
            lower = tiers[both, i] < tiers[both, j]
            equal = tiers[both, i] == tiers[both, j]
            above += np.bincount(cell[lower], minlength=n * n).reshape(n, n)
            level += np.bincount(cell[equal], minlength=n * n).reshape(n, n)
    return above, level


def plackett_luce(
    members: Ints, tiers: Floats, clusters: Clusters, n: int, *, resamples: int = RESAMPLES
) -> Strengths | NotComparable:
    """Strengths of n competitors from rankings (see ``above_table``), resampled over clusters."""
    above, level = above_table(members, tiers, n)
    problem = separation(above + level)
    if problem is not None:
        return problem

    one = np.zeros(len(members), np.int64)

    def whole(at: Floats) -> tuple[float, Floats, Floats]:
        value, gradient, curvature = _derivatives(members, tiers, one, 1, at)
        return value, gradient[0], curvature[0]

    found = maximised(np.zeros(n), whole, n)
    if found is None:
        return NotComparable(Reason(Code.NEVER_LOST), tuple((i,) for i in range(n)))
    value, gradients, curvatures = _derivatives(
        members, tiers, clusters.group, clusters.groups, found
    )
    weights = cluster_weights(clusters.groups, resamples=resamples)
    draws = np.zeros((0, n))
    if len(weights):
        draws = resampled_maxima(found, gradients, curvatures, weights, n)
    draws = draws - draws.mean(axis=1, keepdims=True)
    return Strengths(found - found.mean(), draws, clusters.n, value)


def _derivatives(
    members: Ints, tiers: Floats, group: Ints, groups: int, at: Floats
) -> tuple[float, Floats, Floats]:
    """The log-likelihood; each group's gradient (g, n) and curvature (g, n, n)."""
    n, value = len(at), 0.0
    gradient, curvature = np.zeros(groups * n), np.zeros(groups * n * n)
    for start in range(0, len(members), ROWS):
        rows = slice(start, start + ROWS)
        of = members[rows]
        part, first, second = _of_rows(of, tiers[rows], at)
        value += part
        # Images that are not there add nothing, wherever that is put.
        of = np.maximum(of, 0) + group[rows, None] * n
        gradient += np.bincount(of.reshape(-1), first.reshape(-1), groups * n)
        cell = of[:, :, None] * n + np.maximum(members[rows], 0)[:, None, :]
        curvature += np.bincount(cell.reshape(-1), second.reshape(-1), groups * n * n)
    return value, gradient.reshape(groups, n), curvature.reshape(groups, n, n)


def _of_rows(members: Ints, tiers: Floats, at: Floats) -> tuple[float, Floats, Floats]:
    """Log-likelihood of all rows; each row's gradient (r, k) and curvature (r, k, k) by image.

    A stage for each image: ``there[r, j, i]`` is by how much i is still there when j is chosen.
    """
    present = members >= 0
    both = present[:, :, None] & present[:, None, :]
    same = both & (tiers[:, :, None] == tiers[:, None, :])
    later = both & (tiers[:, None, :] > tiers[:, :, None])
    gone = (same & np.tri(members.shape[1], k=-1, dtype=bool)).sum(axis=2)
    there = later + same * (1 - gone / np.maximum(same.sum(axis=2), 1))[:, :, None]
    theta = np.where(present, at[np.maximum(members, 0)], 0.0)
    weight = np.exp(theta) * present
    of_all = np.einsum("rji,ri->rj", there, weight)
    value = float(theta.sum() - np.log(np.where(present, of_all, 1.0)).sum())
    share = there * weight[:, None, :] / np.where(present, of_all, 1.0)[:, :, None]
    chosen = share.sum(axis=1)
    curvature = -np.einsum("rji,rjk->rik", share, share)
    images = np.arange(members.shape[1])
    curvature[:, images, images] += chosen
    return value, present - chosen, curvature
