"""Votes between two sides, to strengths: Davidson's model of wins and ties, with a side effect.

Of i shown left of j, with π = e^θ and s = e^δ:

    P(i) : P(tie) : P(j)  =  √s π_i  :  ν √(π_i π_j)  :  π_j / √s

Davidson (1970) with the order effect of Davidson and Beaver (1977), which leaves θ comparable
whoever stood where. Without ties ν is 0 and the model is that of Bradley and Terry (1952).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from scoring.arrays import Flags, Floats, Ints
from scoring.newton import maximised, resampled_maxima
from scoring.ranking import NotComparable, Strengths, separation
from scoring.reasons import Code, Reason
from scoring.statistics.cluster_bootstrap import (
    MOST_GROUPS,
    RESAMPLES,
    Clusters,
    cluster_weights,
    expanded_interval,
    too_few_prompts,
)
from scoring.statistics.estimate import Estimate


@dataclass(frozen=True, slots=True)
class SidedVotes:
    """(groups, n, n) counts by who stood left and who right, in each group of clusters."""

    left_won: Floats
    right_won: Floats
    tied: Floats
    clusters: Clusters

    @property
    def shown(self) -> Floats:
        return self.left_won + self.right_won + self.tied


def sided_votes(
    left: Ints,
    right: Ints,
    counts: Floats,
    clusters: Clusters,
    n: int,
) -> SidedVotes:
    """Of rows with who stood ``left`` and ``right`` and ``counts`` (rows, 3) of left won, right
    won, tied. Rows with one competitor on both sides say nothing.
    """
    apart = left != right
    cell = (clusters.group * n + left) * n + right
    size = clusters.groups * n * n
    left_won, right_won, tied = (
        np.bincount(cell[apart], column, size).astype(np.float64).reshape(-1, n, n)
        for column in counts[apart].T
    )
    return SidedVotes(left_won, right_won, tied, clusters)


def most_groups(n: int) -> int:
    """Into how many groups clusters go, so that n competitors' derivatives stay small."""
    return int(np.clip(4_000_000 // (n + 2) ** 2, 200, MOST_GROUPS))


@dataclass(frozen=True, slots=True)
class SidedStrengths:
    """``nu`` is the tie parameter; ``side`` δ, how much the left side is worth (0: nothing)."""

    strengths: Strengths
    nu: float
    side: Estimate


@dataclass(frozen=True, slots=True)
class Maximum:
    """Where the likelihood is largest: ``at`` (n + 2,) is θ_1 … θ_n, ln ν, δ, of which ``free``
    were fitted; ``no_side`` says why δ was not.
    """

    at: Floats
    free: Flags
    no_side: Reason | None


def maximum(votes: SidedVotes) -> Maximum | NotComparable:
    """The fit alone, without resamples."""
    wins = votes.left_won.sum(axis=0) + votes.right_won.sum(axis=0).T
    ties = votes.tied.sum(axis=0)
    problem = separation(wins + ties + ties.T)
    if problem is not None:
        return problem
    if not wins.any():
        everyone = tuple((i,) for i in range(len(wins)))
        return NotComparable(Reason(Code.EVERY_COMPARISON_TIED), everyone)
    n, shown = len(wins), votes.shown.sum(axis=0)
    free = np.ones(n + 2, bool)
    free[n] = ties.any()
    free[n + 1] = _sides_vary(shown)
    no_side = None if free[n + 1] else Reason(Code.SIDES_NOT_VARIED)
    fitted = _fitted(votes, free)
    if fitted is None and free[n + 1]:
        free[n + 1] = False
        no_side = Reason(Code.ONE_SIDE_ALWAYS)
        fitted = _fitted(votes, free)
    if fitted is None:
        return NotComparable(Reason(Code.NEVER_LOST), tuple((i,) for i in range(n)))
    return Maximum(fitted, free, no_side)


def davidson(votes: SidedVotes, *, resamples: int = RESAMPLES) -> SidedStrengths | NotComparable:
    """Strengths of all competitors with their resamples over clusters, the side effect with its
    interval. Where sides did not vary, or one was always chosen, none is estimated, and it says so.
    """
    found = maximum(votes)
    return found if isinstance(found, NotComparable) else _told(votes, found, resamples)


def influences(votes: SidedVotes, found: Maximum, above: int, below: int) -> Floats:
    """(3, n, n): by how much θ_above - θ_below would rise by one vote more, to first order.

    Of a vote for the left side, for the right one, or of a tie, by who stands left and right; what
    is removed lowers it by as much. That is H⁻¹ times the vote's own gradient, H the curvature of
    all votes at their maximum (an influence function; Broderick, Giordano and Meager 2020).
    """
    n = len(found.at) - 2
    contrast = np.zeros(n + 2)
    contrast[above], contrast[below] = 1, -1
    _, _, curvatures = _derivatives(votes, found.at)
    curvature = curvatures.sum(axis=0)
    curvature[:n, :n] += 1
    worth = np.zeros(n + 2)
    free = np.flatnonzero(found.free)
    worth[free] = np.linalg.solve(curvature[np.ix_(free, free)], contrast[free])
    left, tie, right = _chances(found.at)
    along = worth[:n, None] - worth[None, :n] + worth[n + 1]
    mean = (left - right) / 2 * along + tie * worth[n]
    told: Floats = np.stack([along / 2 - mean, -along / 2 - mean, worth[n] - mean])
    return told


def _told(votes: SidedVotes, found: Maximum, resamples: int) -> SidedStrengths:
    at, free, no_side = found.at, found.free, found.no_side
    n, clusters = votes.shown.shape[1], votes.clusters
    value, gradients, curvatures = _derivatives(votes, at)
    weights = cluster_weights(clusters.groups, resamples=resamples)
    chosen = np.flatnonzero(free)
    draws = np.tile(at, (len(weights), 1))
    if len(weights):
        draws[:, chosen] = resampled_maxima(
            at[chosen], gradients[:, chosen], curvatures[:, chosen][:, :, chosen], weights, n
        )
    theta = draws[:, :n] - draws[:, :n].mean(axis=1, keepdims=True)
    strengths = Strengths(at[:n] - at[:n].mean(), theta, clusters.n, float(value.sum()))
    answers = round(float(votes.shown.sum()))
    side = Estimate(None, answers, undefined=no_side)
    if no_side is None:
        interval = expanded_interval(draws[:, n + 1], clusters.n)
        few = too_few_prompts(clusters.n)
        side = Estimate(float(at[n + 1]), answers, interval=interval, no_interval=few)
    return SidedStrengths(strengths, float(np.exp(at[n])) if free[n] else 0.0, side)


def _sides_vary(shown: Floats) -> bool:
    """Whether a side's worth can be told from the strengths of those who stood there."""
    left, right = np.nonzero(shown)
    design = np.zeros((len(left), len(shown)))
    rows = np.arange(len(left))
    design[rows, left] += 1
    design[rows, right] -= 1
    ones = np.ones(len(left))
    residue = ones - design @ np.linalg.lstsq(design, ones, rcond=None)[0]
    return bool(np.abs(residue).max(initial=0.0) > 1e-6)


def _fitted(votes: SidedVotes, free: Flags) -> Floats | None:
    whole = SidedVotes(
        votes.left_won.sum(axis=0, keepdims=True),
        votes.right_won.sum(axis=0, keepdims=True),
        votes.tied.sum(axis=0, keepdims=True),
        votes.clusters,
    )
    n = votes.shown.shape[1]
    start = np.zeros(n + 2)
    if not free[n]:
        start[n] = -np.inf
    found = maximised(start[free], _of_free(whole, start, free), n)
    if found is None:
        return None
    start[free] = found
    return start


def _of_free(
    whole: SidedVotes, fixed: Floats, free: Flags
) -> Callable[[Floats], tuple[float, Floats, Floats]]:
    def derivatives(some: Floats) -> tuple[float, Floats, Floats]:
        at = fixed.copy()
        at[free] = some
        value, gradient, curvature = _derivatives(whole, at)
        return float(value[0]), gradient[0, free], curvature[0][np.ix_(free, free)]

    return derivatives


def _derivatives(votes: SidedVotes, at: Floats) -> tuple[Floats, Floats, Floats]:
    """Each group's log-likelihood (g,), gradient (g, n + 2) and curvature (g, n + 2, n + 2).

    In the parameters (θ_1 … θ_n, ln ν, δ). With d = θ_l - θ_r + δ the three outcomes have the
    logits d / 2, ln ν, -d / 2: their statistics are ½, 0, -½ in d and 0, 1, 0 in ln ν.
    """
    n = len(at) - 2
    half, top = _logits(at)
    left, tie, right = _chances(at)
    whole = np.exp(half - top) + np.exp(at[n] - top) + np.exp(-half - top)
    mean = (left - right) / 2
    shown = votes.shown
    decided = (votes.left_won - votes.right_won) / 2
    value = 2 * (decided * half).sum(axis=(1, 2)) - (shown * (top + np.log(whole))).sum(axis=(1, 2))
    if np.isfinite(at[n]):
        value += votes.tied.sum(axis=(1, 2)) * at[n]
    beyond = decided - shown * mean
    groups = len(shown)
    gradient = np.zeros((groups, n + 2))
    gradient[:, :n] = beyond.sum(axis=2) - beyond.sum(axis=1)
    gradient[:, n] = (votes.tied - shown * tie).sum(axis=(1, 2))
    gradient[:, n + 1] = beyond.sum(axis=(1, 2))
    spread = shown * ((left + right) / 4 - mean**2)
    with_tie = shown * (-tie * mean)
    curvature = np.zeros((groups, n + 2, n + 2))
    curvature[:, :n, :n] = -spread - spread.transpose(0, 2, 1)
    diagonal = np.arange(n)
    curvature[:, diagonal, diagonal] += spread.sum(axis=2) + spread.sum(axis=1)
    for place, cells in ((n, with_tie), (n + 1, spread)):
        curvature[:, :n, place] = cells.sum(axis=2) - cells.sum(axis=1)
        curvature[:, place, :n] = curvature[:, :n, place]
    curvature[:, n, n] = (shown * (tie * (1 - tie))).sum(axis=(1, 2))
    curvature[:, n + 1, n + 1] = spread.sum(axis=(1, 2))
    curvature[:, n, n + 1] = curvature[:, n + 1, n] = with_tie.sum(axis=(1, 2))
    return value, gradient, curvature


def _logits(at: Floats) -> tuple[Floats, Floats]:
    """(n, n) each: d / 2 of i left of j, and the largest of the three outcomes' logits."""
    n = len(at) - 2
    half = (at[:n, None] - at[None, :n] + at[n + 1]) / 2
    return half, np.maximum(np.abs(half), at[n])


def _chances(at: Floats) -> tuple[Floats, Floats, Floats]:
    """(n, n) each: of i left of j, that left wins, that it is a tie, that right wins."""
    half, top = _logits(at)
    left, tie, right = np.exp(half - top), np.exp(at[-2] - top), np.exp(-half - top)
    whole = left + tie + right
    return left / whole, tie / whole, right / whole
