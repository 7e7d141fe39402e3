"""Strengths from rankings: the known answer, ties, and that a ranking is one observation."""

from typing import Any

import numpy as np
import pytest

from scoring.arrays import Floats, Ints
from scoring.plackett_luce import above_table, plackett_luce
from scoring.ranking import NotComparable, Strengths
from scoring.reasons import Code, Reason
from scoring.statistics.cluster_bootstrap import clusters_of
from tests.scoring.goldens import golden


def fit(rankings: list[tuple[list[int], list[float]]], n: int) -> Strengths | NotComparable:
    """Of (members, tiers)."""
    members = np.array([who for who, _ in rankings])
    tiers = np.array([places for _, places in rankings], np.float64)
    return plackett_luce(members, tiers, clusters_of(np.zeros(len(members))), n)


def strengths(fitted: Strengths | NotComparable) -> Strengths:
    assert isinstance(fitted, Strengths)
    return fitted


@pytest.mark.parametrize(("given_", "expected"), golden("rankings"))
def test_strengths_have_the_known_values(given_: dict[str, Any], expected: dict[str, Any]) -> None:
    rankings = [
        ([0, 1, 2, 3], [float(order.index(str(image))) for image in range(4)])
        for order, times in given_["rankings"]
        for _ in range(times)
    ]

    found = strengths(fit(rankings, 4))

    assert found.theta == pytest.approx(expected["theta"], abs=1e-4)
    assert found.log_likelihood == pytest.approx(expected["log_likelihood"], abs=1e-4)
    left = np.cumsum(np.exp(found.theta)[::-1])[::-1]
    assert np.prod(np.exp(found.theta) / left) == pytest.approx(expected["p_0123"], abs=1e-5)


def test_two_images_a_ranking_are_bradley_terrys_votes() -> None:
    # x beats y 7-3, y z 6-4, x z 8-2.
    met = [(0, 1, 7), (1, 0, 3), (1, 2, 6), (2, 1, 4), (0, 2, 8), (2, 0, 2)]
    rankings = [([better, worse], [0.0, 1.0]) for better, worse, n in met for _ in range(n)]

    found = strengths(fit(rankings, 3))

    assert found.theta == pytest.approx([0.740570, -0.149102, -0.591467], abs=1e-5)


def test_a_tie_of_all_says_that_all_are_alike() -> None:
    found = strengths(fit([([0, 1, 2], [0.0, 0.0, 0.0])] * 3, 3))

    assert found.theta == pytest.approx([0, 0, 0])


def test_a_tie_lies_between_the_two_orders_that_it_may_hide() -> None:
    sure = [([0, 1, 2], [0.0, 1.0, 2.0]), ([2, 1, 0], [0.0, 1.0, 2.0])]

    one, tied, other = (
        strengths(fit([*sure, ([0, 1, 2], tiers)], 3)).theta
        for tiers in ([0.0, 1.0, 2.0], [0.0, 0.0, 1.0], [1.0, 0.0, 2.0])
    )

    assert other[0] < tied[0] < one[0]
    assert one[1] < tied[1] < other[1]


def planted(rng: np.random.Generator, n: int, theta: Floats) -> tuple[Ints, Floats]:
    """n rankings of three of the competitors, by arrival times (Plackett-Luce)."""
    members = np.argsort(rng.random((n, len(theta))), axis=1)[:, :3]
    return members, np.argsort(
        np.argsort(-(theta[members] + rng.gumbel(size=members.shape)), axis=1), axis=1
    ).astype(np.float64)


def test_planted_strengths_are_found_among_images_that_are_not_all_there() -> None:
    theta = np.array([1.0, 0.3, -0.2, -1.1])
    members, tiers = planted(np.random.default_rng(4), 4000, theta)
    wider = np.pad(members, ((0, 0), (0, 2)), constant_values=-1)

    found = strengths(
        plackett_luce(wider, np.pad(tiers, ((0, 0), (0, 2))), clusters_of(np.arange(4000) // 20), 4)
    )

    assert found.theta == pytest.approx(theta, abs=0.08)
    for i in range(4):
        interval = found.interval(i)
        assert interval is not None
        assert interval[0] < theta[i] < interval[1]
    assert [place.interval for place in found.places()] == [(1, 1), (2, 2), (3, 3), (4, 4)]


def test_who_is_always_first_is_not_given_a_number() -> None:
    found = fit([([0, 1, 2], [0.0, 1.0, 2.0]), ([0, 2, 1], [0.0, 1.0, 2.0])], 3)

    assert isinstance(found, NotComparable)
    assert (found.reason, found.groups) == (Reason(Code.NEVER_LOST), ((0,), (1, 2)))


def test_the_table_counts_who_was_above_whom_and_level() -> None:
    above, level = above_table(
        np.array([[0, 1, 2], [2, 0, -1]]), np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 0.0]]), 3
    )

    assert above.tolist() == [[0, 0, 1], [0, 0, 1], [1, 0, 0]]
    assert level.tolist() == [[0, 1, 0], [1, 0, 0], [0, 0, 0]]
