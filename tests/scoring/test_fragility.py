"""How few votes decide who is first: against all subsets of small boards, and by hand."""

from collections.abc import Iterator
from itertools import combinations_with_replacement

import numpy as np
import pytest

from scoring.arrays import Floats
from scoring.davidson import SidedVotes, maximum
from scoring.fragility import Fragility, fragility_of
from scoring.ranking import NotComparable
from scoring.statistics.cluster_bootstrap import Clusters

BOARDS = 30


def sided(table: Floats) -> SidedVotes:
    left, right, tied = table[:, None].astype(float)
    return SidedVotes(left, right, tied, Clusters(np.zeros(1, np.int64), 1, 1))


def duel(left: int, right: int, tied: int = 0) -> Floats:
    """Two competitors, the first of whom always stood left."""
    table = np.zeros((3, 2, 2))
    table[:, 0, 1] = left, right, tied
    return table


def found(table: Floats, tried: int | None = None) -> Fragility:
    fragility = fragility_of(sided(table), tried=tried)
    assert fragility is not None
    return fragility


def theta_of(table: Floats) -> Floats | None:
    fitted = maximum(sided(table))
    return None if isinstance(fitted, NotComparable) else fitted.at[:-2]


def first_of(table: Floats) -> int | None:
    """Who is strictly first; None where nobody is."""
    theta = theta_of(table)
    if theta is None or np.diff(np.sort(theta))[-1] < 1e-7:
        return None
    return int(np.argmax(theta))


def is_passed(table: Floats, first: int) -> bool:
    """Whether somebody is strictly above."""
    theta = theta_of(table)
    return theta is not None and float(theta.max() - theta[first]) > 1e-7


def fewest(table: Floats, most: int) -> int | None:
    """Over all subsets of votes, the smallest first."""
    first = first_of(table)
    assert first is not None
    types = np.flatnonzero(table.reshape(-1))
    for k in range(1, most + 1):
        for some in combinations_with_replacement(types, k):
            rest = table.reshape(-1) - np.bincount(some, minlength=table.size)
            if (rest >= 0).all() and is_passed(rest.reshape(table.shape), first):
                return k
    return None


def boards(competitors: int) -> Iterator[Floats]:
    """Random small boards with somebody first, whose sides are one way round."""
    rng = np.random.default_rng(competitors)
    made = 0
    while made < BOARDS:
        table = np.zeros((3, competitors, competitors))
        upper = np.triu(np.ones((competitors, competitors)), 1) > 0
        table[:, upper] = rng.integers(0, 6 if competitors == 2 else 4, (3, upper.sum()))
        if first_of(table) is not None:
            made += 1
            yield table


@pytest.mark.parametrize(
    ("table", "votes"),
    [
        # Level is not above: 5 to 5, then 4 to 5.
        (duel(6, 5), 2),
        (duel(5, 6), 2),
        (duel(6, 3), 4),
        (duel(6, 5, tied=9), 2),
    ],
)
def test_a_duel_is_turned_by_as_many_votes_as_it_is_won_by_and_one(
    table: Floats, votes: int
) -> None:
    fragility = found(table)

    assert fragility.decisive is not None
    assert fragility.decisive.votes == votes
    assert fragility.decisive.next == 1 - fragility.first
    # They are votes for who is first.
    assert fragility.decisive.removed[fragility.first, 0, 1] == votes


@pytest.mark.parametrize(("competitors", "exact"), [(2, BOARDS), (3, BOARDS - 3)])
def test_no_fewer_are_told_than_all_subsets_allow_and_mostly_as_few(
    competitors: int, exact: int
) -> None:
    equal = 0
    for table in boards(competitors):
        fragility, least = found(table, tried=4), fewest(table, 4)
        told = fragility.decisive
        if told is None:
            equal += least is None
            continue
        assert is_passed(table - told.removed, fragility.first)
        assert least is not None
        assert least <= told.votes <= least + 1
        equal += told.votes == least

    assert equal >= exact


def test_what_is_far_ahead_is_said_to_need_more_than_were_tried() -> None:
    table = duel(80, 20)

    assert found(table) == Fragility(first=0, decisive=None, tried=10)


def test_many_votes_are_few_fits() -> None:
    """100,000 votes, a lead of 2 %: what is removed does turn it."""
    table = duel(51_000, 49_000)

    fragility = found(table)

    assert fragility.tried == 10_000
    assert fragility.decisive is not None
    assert fragility.decisive.votes == 2001


def test_a_board_without_strengths_has_no_first() -> None:
    assert fragility_of(sided(duel(5, 0))) is None
