"""Orders with ties: mid-ranks, and Kendall's counts of pairs, exact at any size in O(n log n)."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scoring.arrays import Floats, Ints
from scoring.reasons import Code, Reason
from scoring.statistics.estimate import Estimate
from scoring.statistics.resampling import dense


def midranks(x: ArrayLike, groups: ArrayLike | None = None) -> Floats:
    """Each value's rank, 1 the smallest, tied ones sharing their mean; within ``groups`` if given.

    ``groups`` are (n,) numbers of what each value belongs to.
    """
    values = np.asarray(x, np.float64)
    at = np.zeros(len(values), np.int64) if groups is None else np.asarray(groups, np.int64)
    order = np.argsort(values) if groups is None else np.lexsort((values, at))
    new_group = np.ones(len(values), bool)
    new_group[1:] = at[order][1:] != at[order][:-1]
    new_value = new_group.copy()
    new_value[1:] |= values[order][1:] != values[order][:-1]
    runs = np.flatnonzero(new_value)
    ends = np.append(runs[1:], len(values))
    middle = np.repeat((runs + ends - 1) / 2, ends - runs)
    first = np.maximum.accumulate(np.where(new_group, np.arange(len(values)), 0))
    ranks = np.empty(len(values))
    ranks[order] = middle - first + 1
    return ranks


@dataclass(frozen=True, slots=True)
class Kendall:
    """Pairs of points by how the two orders relate; ties in one order only, or in both."""

    n: int
    concordant: int
    discordant: int
    ties_x: int
    ties_y: int
    ties_both: int

    @property
    def pairs(self) -> int:
        return self.n * (self.n - 1) // 2

    @property
    def tau_b(self) -> Estimate:
        """(C - D) / √(pairs not tied in x · pairs not tied in y)."""
        untied = self.concordant + self.discordant
        below = math.sqrt(untied + self.ties_y) * math.sqrt(untied + self.ties_x)
        if below <= 0:
            return Estimate(None, self.n, undefined=Reason(Code.CONSTANT_SIDE))
        value = (self.concordant - self.discordant) / below
        return Estimate(min(1.0, max(-1.0, value)), self.n)


def kendall(x: ArrayLike, y: ArrayLike) -> Kendall:
    """The counts of which Kendall's coefficients are made."""
    a, b = paired(x, y)
    n = len(a)
    across, up = dense(a), dense(b)
    order = np.lexsort((up, across))
    discordant = _inversions(up[order])
    both = _tied_pairs(across * (n + 1) + up)
    only_x, only_y = _tied_pairs(across) - both, _tied_pairs(up) - both
    concordant = n * (n - 1) // 2 - discordant - only_x - only_y - both
    return Kendall(n, concordant, discordant, only_x, only_y, both)


def _inversions(ranks: Ints) -> int:
    """Pairs i < j with ranks[i] > ranks[j]: bit by bit from the top, each level a stable partition.

    Two ranks are told apart by the highest bit in which they differ; at that bit's level both lie
    in one group of equal higher bits, still in their first order.
    """
    found = 0
    now = ranks
    places = np.arange(len(ranks))
    for bit in reversed(range(int(ranks.max()).bit_length() if len(ranks) else 0)):
        group, ones = now >> (bit + 1), (now >> bit) & 1
        new = np.ones(len(now), bool)
        new[1:] = group[1:] != group[:-1]
        start = np.maximum.accumulate(np.where(new, places, 0))
        ones_before = np.cumsum(ones) - ones
        ones_here = ones_before - ones_before[start]
        zeros_here = places - start - ones_here
        found += int(ones_here[ones == 0].sum())
        size_of = np.diff(np.append(np.flatnonzero(new), len(now)))
        zeros_in = np.add.reduceat(1 - ones, np.flatnonzero(new))
        to = start + np.where(ones == 1, np.repeat(zeros_in, size_of) + ones_here, zeros_here)
        moved = np.empty_like(now)
        moved[to] = now
        now = moved
    return found


def _tied_pairs(names: Ints) -> int:
    sizes = np.unique(names, return_counts=True)[1]
    return int((sizes * (sizes - 1) // 2).sum())


def paired(x: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
    a, b = np.asarray(x, np.float64), np.asarray(y, np.float64)
    if a.ndim != 1 or a.shape != b.shape:
        raise ValueError("two rows of numbers of one length are correlated")
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        raise ValueError("only finite numbers are correlated")
    return a, b
