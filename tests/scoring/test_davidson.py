"""Strengths from votes between two sides: known answers, planted ones, and honest refusals."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import ArrayLike

from scoring.davidson import SidedStrengths, davidson, sided_votes
from scoring.ranking import NotComparable, elo
from scoring.reasons import Code, Reason
from scoring.statistics.cluster_bootstrap import clusters_of
from tests.scoring.goldens import golden


def fit(wins: ArrayLike, ties: ArrayLike | None = None) -> SidedStrengths | NotComparable:
    """Of tables: each pair stood half of the time one way round, half the other."""
    won = np.asarray(wins, np.float64)
    level = np.zeros_like(won) if ties is None else np.asarray(ties, np.float64)
    i, j = np.nonzero(~np.eye(len(won), dtype=bool))
    counts = np.stack([won[i, j], won[j, i], level[i, j]], axis=1) / 2
    return davidson(sided_votes(i, j, counts, clusters_of(np.zeros(len(i))), len(won)))


def strengths(fitted: SidedStrengths | NotComparable) -> SidedStrengths:
    assert isinstance(fitted, SidedStrengths)
    return fitted


@pytest.mark.parametrize(("given_", "expected"), golden("strengths"))
def test_strengths_have_the_known_values(given_: dict[str, Any], expected: dict[str, Any]) -> None:
    found = strengths(fit(given_["wins"], given_["ties"]))

    assert found.strengths.theta == pytest.approx(expected["theta"], abs=1e-4)
    assert found.nu == pytest.approx(expected["nu"], abs=1e-4)
    assert found.side.value == pytest.approx(0, abs=1e-9)
    if "log_likelihood" in expected:
        assert found.strengths.log_likelihood == pytest.approx(expected["log_likelihood"], abs=1e-5)
    if "elo" in expected:
        points = [elo(float(theta)) for theta in found.strengths.theta]
        assert points == pytest.approx(expected["elo"], abs=0.01)


def test_the_stronger_of_two_wins_as_often_as_known() -> None:
    """quality.md C13: bt p_x_z."""
    theta = strengths(fit([[0, 7, 8], [3, 0, 6], [2, 4, 0]])).strengths.theta

    assert 1 / (1 + np.exp(theta[2] - theta[0])) == pytest.approx(0.791177, abs=1e-6)


def test_relabelling_the_generators_relabels_the_strengths() -> None:
    wins, order = np.array([[0, 7, 8], [3, 0, 6], [2, 4, 0]]), [2, 0, 1]

    plain, shuffled = (strengths(fit(table)) for table in (wins, wins[np.ix_(order, order)]))

    assert shuffled.strengths.theta == pytest.approx(plain.strengths.theta[order])


def sides(rng: np.random.Generator, n: int, theta: ArrayLike, side: float) -> tuple[Any, ...]:
    """n votes: who stood left, who right, and (left won, right won, tied) by Davidson's model."""
    strength = np.asarray(theta)
    left = rng.integers(len(strength), size=n)
    right = (left + rng.integers(1, len(strength), size=n)) % len(strength)
    half = (strength[left] - strength[right] + side) / 2
    weights = np.stack([np.exp(half), np.exp(-half), np.full(n, 0.5)], axis=1)
    chance = np.cumsum(weights / weights.sum(axis=1, keepdims=True), axis=1)
    outcome = (rng.random(n)[:, None] > chance[:, :2]).sum(axis=1)
    return left, right, np.eye(3)[outcome]


def test_a_planted_side_effect_is_found_and_leaves_strengths_alone() -> None:
    theta = [0.8, 0.1, -0.3, -0.6]
    left, right, counts = sides(np.random.default_rng(1), 20_000, theta, 0.5)

    votes = sided_votes(left, right, counts, clusters_of(np.arange(20_000) // 50), 4)
    found = strengths(davidson(votes))

    assert found.strengths.theta == pytest.approx(theta, abs=0.06)
    assert found.nu == pytest.approx(0.5, abs=0.03)
    assert found.side.value == pytest.approx(0.5, abs=0.05)
    assert found.side.interval is not None
    assert found.side.interval[0] < 0.5 < found.side.interval[1]
    assert [place.rank for place in found.strengths.places()] == [1, 2, 3, 4]
    # Who stood left in all votes is another matter: swapped, only the side turns round.
    swapped = sided_votes(right, left, counts[:, [1, 0, 2]], votes.clusters, 4)
    turned = strengths(davidson(swapped))
    assert turned.strengths.theta == pytest.approx(found.strengths.theta)
    assert turned.side.value == pytest.approx(-found.side.value)


def test_one_step_resamples_spread_as_full_refits_do() -> None:
    left, right, counts = sides(np.random.default_rng(2), 3000, [0.5, 0.0, -0.5], 0.3)
    group = np.arange(3000) // 30
    found = strengths(davidson(sided_votes(left, right, counts, clusters_of(group), 3)))

    rng, refits = np.random.default_rng(3), []
    for _ in range(200):
        drawn = np.concatenate([np.flatnonzero(group == g) for g in rng.integers(100, size=100)])
        again = sided_votes(left[drawn], right[drawn], counts[drawn], clusters_of(drawn * 0), 3)
        refits.append(strengths(davidson(again)).strengths.theta)

    spread = found.strengths.draws.std(axis=0)
    assert spread == pytest.approx(np.array(refits).std(axis=0), rel=0.2)


def test_a_generator_that_never_loses_is_not_given_a_number() -> None:
    found = fit([[0, 5, 5], [0, 0, 3], [0, 2, 0]])

    assert isinstance(found, NotComparable)
    assert found.groups == ((0,), (1, 2))
    assert found.reason == Reason(Code.NEVER_LOST)


def test_generators_never_compared_fall_into_groups() -> None:
    found = fit([[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 2], [0, 0, 1, 0]])

    assert isinstance(found, NotComparable)
    assert found.groups == ((0, 1), (2, 3))
    assert found.reason == Reason(Code.NEVER_COMPARED)


def test_ties_alone_leave_strengths_undefined() -> None:
    found = fit(np.zeros((2, 2)), [[0, 4], [4, 0]])

    assert isinstance(found, NotComparable)
    assert found.reason == Reason(Code.EVERY_COMPARISON_TIED)


def test_where_nobody_changed_sides_no_side_effect_is_told() -> None:
    counts = np.array([[6.0, 3.0, 1.0]])

    only = sided_votes(np.array([0]), np.array([1]), counts, clusters_of(np.zeros(1)), 2)
    found = strengths(davidson(only))

    assert found.side.undefined == Reason(Code.SIDES_NOT_VARIED)
    assert found.strengths.theta[0] - found.strengths.theta[1] == pytest.approx(np.log(2))


def test_where_the_left_one_always_won_it_is_said_instead_of_an_endless_effect() -> None:
    counts = np.array([[5.0, 0.0, 0.0], [5.0, 0.0, 0.0]])

    both = sided_votes(np.array([0, 1]), np.array([1, 0]), counts, clusters_of(np.zeros(2)), 2)
    found = strengths(davidson(both))

    assert found.side.undefined == Reason(Code.ONE_SIDE_ALWAYS)
    assert found.strengths.theta == pytest.approx([0, 0])
