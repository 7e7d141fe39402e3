"""How often a metric prefers, of two images, the one that people prefer; ties calibrated.

Pairwise accuracy with ties (Deutsch, Foster and Freitag 2023): a pair is right if metric and
people order it alike or both call it a tie. A metric of many digits never ties by itself, so
differences of at most ε are called ties, ε being what makes the accuracy largest, chosen on pairs
that it is then not judged on. Unlike Kendall's tau-b it can't be gained by tying, and a constant
metric has a value.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scoring.arrays import Floats, Ints
from scoring.reasons import Code, Reason
from scoring.statistics.estimate import Estimate, too_few_points
from scoring.statistics.resampling import (
    RESAMPLES,
    around,
    dense,
    draw,
    estimate_over,
    quotient,
    resampled_ratios,
)

# Differences that are nearer to each other than this share of the largest are one difference:
# 0.35 - 0.30 and 0.70 - 0.65 are not the same float.
TOLERANCE = 1e-9
PAIRS = 1_000_000


@dataclass(frozen=True, slots=True)
class Pairs:
    """Indices of the two sides; ``sampled``: there are more pairs than were drawn."""

    first: Ints
    second: Ints
    sampled: bool


def pairs_within(groups: ArrayLike, *, at_most: int = PAIRS, seed: int = 0) -> Pairs:
    """Every pair of two members of one group, or ``at_most`` drawn at random if there are more."""
    at = dense(groups)
    order = np.argsort(at, kind="stable")
    sizes = np.bincount(at) if len(at) else np.zeros(0, np.int64)
    starts = np.cumsum(sizes) - sizes
    pairs = sizes * (sizes - 1) // 2
    if pairs.sum() > at_most:
        rng = np.random.default_rng(seed)
        group = rng.choice(len(sizes), size=at_most, p=pairs / pairs.sum())
        first = rng.integers(sizes[group])
        second = (first + 1 + rng.integers(sizes[group] - 1)) % sizes[group]
        return Pairs(order[starts[group] + first], order[starts[group] + second], sampled=True)
    ends = np.repeat(starts + sizes, sizes)
    active = np.arange(len(at))
    firsts, seconds = [], []
    step = 1
    while len(active := active[active + step < ends[active]]):
        firsts.append(order[active])
        seconds.append(order[active + step])
        step += 1
    none = [np.zeros(0, np.int64)]
    return Pairs(np.concatenate(firsts or none), np.concatenate(seconds or none), sampled=False)


def matches(human: ArrayLike, metric: ArrayLike, *, epsilon: float = 0.0) -> NDArray[np.bool_]:
    """For each pair whether both differences have one sign; |metric| ≤ ε is a tie.

    Differences within rounding of nothing, or of ε, are taken as such.
    """
    people, machine = np.asarray(human, np.float64), np.asarray(metric, np.float64)
    same: NDArray[np.bool_] = _signs(people) == np.where(
        np.abs(machine) <= epsilon + _rounding(machine), 0, np.sign(machine)
    )
    return same


def tie_threshold(human: ArrayLike, metric: ArrayLike) -> float:
    """The ε that makes most pairs right: 0, or one of the metric's own differences; least if equal.

    Differences are (pairs,). Raises ValueError for no pairs.
    """
    people, machine = _signs(np.asarray(human, np.float64)), np.asarray(metric, np.float64)
    if not len(machine):
        raise ValueError("no pairs, no threshold")
    size = np.abs(machine)
    order = np.argsort(size, kind="stable")
    size, signs, people = size[order], np.sign(machine[order]), people[order]
    # Going up in ε, a pair stops to be right in its order and starts to be right as a tie.
    gains = (people == 0).astype(np.int64) - (people == signs)
    zero = size <= _rounding(machine)
    gains[zero] = 0
    last = np.append(np.diff(size) > _rounding(machine), True)
    gained = np.cumsum(gains)[last]
    candidates = size[last]
    best = int(np.argmax(gained))
    return float(candidates[best]) if gained[best] > 0 else 0.0


def clustered_accuracy(
    right: ArrayLike, clusters: ArrayLike, *, resamples: int = RESAMPLES, seed: int = 0
) -> Estimate:
    """The share of pairs that are right, its interval over the clusters that pairs lie in."""
    hits, at = np.asarray(right, np.float64), dense(clusters)
    if not len(hits):
        return Estimate(None, 0, undefined=Reason(Code.NO_PAIRS))
    value, clusters = float(hits.mean()), int(at.max()) + 1
    if resamples < 1:
        return Estimate(value, len(hits), no_interval=too_few_points(clusters))
    sums = np.bincount(at, hits), np.bincount(at)
    return estimate_over(
        value,
        len(hits),
        clusters,
        lambda: resampled_ratios(*sums, resamples=resamples, seed=seed),
    )


def pooled_accuracy(
    human: ArrayLike,
    metric: ArrayLike,
    pairs: Pairs,
    clusters: ArrayLike,
    *,
    epsilon: float = 0.0,
    resamples: int = RESAMPLES,
    seed: int = 0,
    at_most: int = 1000,
) -> Estimate:
    """The share of ``pairs`` of points (n,) that are right, across clusters (n,).

    The interval is of all pairs of the points that a bootstrap of at most about ``at_most`` of
    them draws (``resampling.draw``).
    """
    people, machine = np.asarray(human, np.float64), np.asarray(metric, np.float64)
    if not len(pairs.first):
        return Estimate(None, 0, undefined=Reason(Code.NO_PAIRS))
    right = matches(
        people[pairs.first] - people[pairs.second],
        machine[pairs.first] - machine[pairs.second],
        epsilon=epsilon,
    )
    value, at = float(right.mean()), dense(clusters)
    few = too_few_points(int(at.max()) + 1)
    if resamples < 1 or few:
        return Estimate(value, len(right), no_interval=few)
    drawn = draw(at, resamples=resamples, seed=seed, at_most=at_most)
    some = people[drawn.points], machine[drawn.points]
    table = matches(*(np.subtract.outer(each, each) for each in some), epsilon=epsilon)
    table = table.astype(np.float32)
    np.fill_diagonal(table, 0)

    def share(weights: Floats) -> Floats:
        hits = (weights.astype(np.float32) @ table * weights).sum(axis=1, dtype=np.float64)
        return quotient(hits, weights.sum(axis=1) ** 2 - (weights**2).sum(axis=1))

    sample = float(share(np.ones((1, len(drawn.points))))[0])
    interval = around(
        value,
        sample,
        share(drawn.weights),
        shrink=drawn.shrink,
        clusters=drawn.clusters,
        within=(0.0, 1.0),
    )
    return Estimate(value, len(right), interval=interval)


def halves(clusters: ArrayLike, *, seed: int = 0) -> NDArray[np.bool_]:
    """For each pair whether its cluster fell into the half on which ε is chosen."""
    at = dense(clusters)
    n = int(at.max()) + 1 if len(at) else 0
    drawn = np.zeros(n, bool)
    drawn[np.random.default_rng(seed).permutation(n)[: n // 2]] = True
    return drawn[at]


def _signs(human: Floats) -> Floats:
    return np.where(np.abs(human) <= _rounding(human), 0.0, np.sign(human))


def _rounding(differences: Floats) -> float:
    return TOLERANCE * float(np.abs(differences).max(initial=0.0))
