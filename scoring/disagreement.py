"""How far several people's answers to one thing lie apart: 0 they say the same, 1 nothing alike.

Each is a mean over all pairs of people of a distance from 0 to 1, so it compares across numbers of
people and kinds of answers. It is not corrected for chance: it says what to look at first, not how
well people agree (``agreement``).
"""

from collections.abc import Collection, Hashable, Mapping, Sequence
from itertools import combinations
from statistics import fmean


def names_apart(names: Sequence[Hashable], abstentions: Collection[Hashable] = ()) -> float:
    """The share of pairs that name different things; two who abstain agree on nothing.

    Needs two people, as all of these do.
    """
    return fmean(
        first != second or first in abstentions for first, second in combinations(names, 2)
    )


def sets_apart(sets: Sequence[Collection[Hashable]]) -> float:
    """Mean Jaccard distance, 1 - shared / all that either has; two empty sets are the same."""
    return fmean(
        _jaccard(frozenset(first), frozenset(second)) for first, second in combinations(sets, 2)
    )


def _jaccard(first: frozenset[Hashable], second: frozenset[Hashable]) -> float:
    either = first | second
    return 1 - len(first & second) / len(either) if either else 0.0


def numbers_apart(numbers: Sequence[float], *, length: float) -> float:
    """Mean absolute difference, in lengths of the scale."""
    return fmean(abs(first - second) / length for first, second in combinations(numbers, 2))


def ranks_apart(people: Sequence[Mapping[str, float]]) -> float:
    """Mean Kendall distance: of all pairs of images, the share that two people order differently.

    A pair that only one of the two ties counts half (Fagin et al. 2006, p = 1/2). Nothing to order
    is nothing to differ on.
    """
    return fmean(_kendall(first, second) for first, second in combinations(people, 2))


def _kendall(first: Mapping[str, float], second: Mapping[str, float]) -> float:
    pairs = list(combinations(sorted(first), 2))
    if not pairs:
        return 0.0
    return fmean(
        abs(_order(first[x], first[y]) - _order(second[x], second[y])) / 2 for x, y in pairs
    )


def _order(one: float, other: float) -> int:
    return (one > other) - (one < other)
