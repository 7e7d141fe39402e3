"""How few votes decide who is first: the fewest found without which somebody else is.

Votes between the same two, on the same sides and with the same outcome, count alike, so what is
removed is so many votes of each such type. Which ones, an influence function says (drop those that
hold the difference of two strengths up the most: Huang, Shen, Wei and Broderick 2025, arXiv
2508.11847); that they do decide, **the model fitted anew without them**. An approximation alone is
never reported.

The fewest of all may be fewer still. Against all subsets of the votes of planted boards with some
dozen votes (tests/scoring/test_fragility.py) the number found is never smaller than the fewest,
which would be a fault; it is equal on 30 of 30 boards of two competitors and on 27 of 30 of three,
and one vote more on the other three.
"""

import math
from dataclasses import dataclass

import numpy as np

from scoring.arrays import Floats, Ints
from scoring.davidson import Maximum, SidedVotes, influences, maximum
from scoring.ranking import NotComparable
from scoring.statistics.cluster_bootstrap import Clusters

# What is tried: so large a share of all votes, of small boards so many.
MOST_SHARE, LEAST_TRIED = 0.1, 10
# Of those below, as many are tried: those that the approximation thinks nearest.
RIVALS = 3
# Where a single vote is removed, so many of the most influential types are tried.
TYPES = 6
# Strengths that differ by rounding alone are level.
LEVEL = 1e-7


@dataclass(frozen=True, slots=True)
class Decisive:
    """Votes without which ``next`` is first: ``removed`` (3, n, n), so many of each type.

    A type is a vote for the left side, for the right one, or a tie; by who stood left and right.
    """

    next: int
    removed: Ints

    @property
    def votes(self) -> int:
        return int(self.removed.sum())


@dataclass(frozen=True, slots=True)
class Fragility:
    """``first`` is first by strength. ``decisive``: without which it is not; None where no
    ``tried`` votes were found that decide.
    """

    first: int
    decisive: Decisive | None
    tried: int


def fragility_of(votes: SidedVotes, *, tried: int | None = None) -> Fragility | None:
    """The fewest votes found whose removal puts somebody above who is first.

    At most ``tried``, by default a tenth of all. Strictly above: level is not yet above, and where
    a board without these votes has no strengths, nobody is first on it. None where this one has
    none, or one competitor.
    """
    table = np.stack([each.sum(axis=0) for each in (votes.left_won, votes.right_won, votes.tied)])
    found, n = _fitted(table), table.shape[1]
    if found is None or n < 2:
        return None
    most = tried or max(LEAST_TRIED, math.floor(MOST_SHARE * table.sum()))
    first = _first(found)
    best: Decisive | None = None
    for rival in _nearest(table, found, first):
        for path in (_at_once, _step_by_step):
            limit = most if best is None else best.votes - 1
            best = path(table, found, (first, rival), limit) or best
    return Fragility(first, best, most)


def _sided(table: Floats) -> SidedVotes:
    left, right, tied = table[:, None]
    return SidedVotes(left, right, tied, Clusters(np.zeros(1, np.int64), 1, 1))


def _fitted(table: Floats) -> Maximum | None:
    found = maximum(_sided(table))
    return None if isinstance(found, NotComparable) else found


def _first(fitted: Maximum) -> int:
    """Of those that are level the one of the lowest number."""
    theta = fitted.at[:-2]
    return int(np.flatnonzero(theta >= theta.max() - LEVEL)[0])


def _overtaking(fitted: Maximum | None, first: int) -> int | None:
    """Who is first in its place; None where it is still, or nobody is."""
    if fitted is None:
        return None
    theta = fitted.at[:-2]
    top = int(np.argmax(theta))
    return top if theta[top] - theta[first] > LEVEL else None


def _nearest(table: Floats, found: Maximum, first: int) -> list[int]:
    """Those that the approximation thinks to need the fewest votes."""
    others = [i for i in range(table.shape[1]) if i != first]
    return sorted(others, key=lambda each: _about(table, found, (first, each)))[:RIVALS]


def _about(table: Floats, found: Maximum, pair: tuple[int, int]) -> int:
    """How many votes the approximation thinks to decide."""
    first, rival = pair
    order, worth = _most_influential(table, found, pair)
    counts = table.reshape(-1)[order]
    lowered = np.cumsum(counts * worth)
    missing = found.at[first] - found.at[rival]
    place = int(np.searchsorted(lowered, missing))
    if place == len(order):
        return round(float(table.sum())) + 1
    before = lowered[place - 1] if place else 0.0
    return math.ceil(float(counts[:place].sum() + (missing - before) / worth[place]))


def _most_influential(table: Floats, found: Maximum, pair: tuple[int, int]) -> tuple[Ints, Floats]:
    """Types of votes that hold the first above the other, the most influential first."""
    worth = influences(_sided(table), found, *pair).reshape(-1)
    order = np.argsort(-worth, kind="stable")
    order = order[(worth[order] > 0) & (table.reshape(-1)[order] > 0)]
    return order, worth[order]


def _at_once(table: Floats, found: Maximum, pair: tuple[int, int], limit: int) -> Decisive | None:
    """By the influences on all votes: the fewest that do, halving the interval."""
    order, _ = _most_influential(table, found, pair)

    def without(k: int) -> Decisive | None:
        return _decisive(table, _first_votes(table, order, k), pair[0])

    few, many = 0, min(_about(table, found, pair), limit)
    while many >= 1 and without(many) is None:
        if many == limit:
            return None
        few, many = many, min(2 * many, limit)
    while many - few > 1:
        middle = (few + many) // 2
        few, many = (few, middle) if without(middle) is not None else (middle, many)
    return without(many) if many >= 1 else None


def _first_votes(table: Floats, order: Ints, k: int) -> Ints:
    """(3, n, n): the first k votes of an order of types."""
    counts = table.reshape(-1)[order]
    before = np.cumsum(counts) - counts
    removed = np.zeros(table.size, np.int64)
    removed[order] = np.clip(k - before, 0, counts).astype(np.int64)
    return removed.reshape(table.shape)


def _decisive(table: Floats, removed: Ints, first: int) -> Decisive | None:
    """The votes, if the model without them has another first."""
    other = _overtaking(_fitted(table - removed), first)
    return None if other is None else Decisive(other, removed)


def _step_by_step(
    table: Floats, found: Maximum, pair: tuple[int, int], limit: int
) -> Decisive | None:
    """The most influential votes, again and again, the model fitted anew in between.

    An eighth of what seems to be missing at a time; single votes, where only those are missing, as
    the fits say themselves.
    """
    first, rival = pair
    removed, fitted = np.zeros(table.shape, np.int64), found
    while (left := limit - int(removed.sum())) > 0:
        rest = table - removed
        order, worth = _most_influential(rest, fitted, pair)
        if not len(order):
            return None
        missing = (fitted.at[first] - fitted.at[rival]) / worth[0]
        some = min(left, max(1, int(missing / 8)), int(rest.reshape(-1)[order[0]]))
        best, after = _best_step(rest, order[: TYPES if some == 1 else 1], some, first)
        if after is None:
            return None
        removed.reshape(-1)[best] += some
        other = _overtaking(after, first)
        if other is not None:
            return Decisive(other, removed)
        fitted = after
    return None


def _best_step(rest: Floats, types: Ints, some: int, first: int) -> tuple[int, Maximum | None]:
    """Of some types the one so many votes of which lower the first most, and the fit without."""
    least, best, after = math.inf, 0, None
    for each in types:
        without = rest.copy()
        without.reshape(-1)[each] -= some
        fitted = _fitted(without)
        if fitted is None:
            continue
        theta = fitted.at[:-2]
        lead = float(theta[first] - np.delete(theta, first).max())
        if lead < least:
            least, best, after = lead, int(each), fitted
    return best, after
