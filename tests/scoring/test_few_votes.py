"""Strengths from a few votes: against planted truth, and against what is known in closed form."""

import numpy as np
import pytest

from scoring import few_votes
from scoring.arrays import Floats


def pairs(n: int, votes: int) -> Floats:
    """Everybody prefers the lower number, each pair so often."""
    return np.triu(np.full((n, n), float(votes)), 1)


def test_no_votes_leave_the_prior_as_it_is() -> None:
    found = few_votes.from_pairs(np.zeros((4, 4)), np.zeros((4, 4)))

    # Of four independent normals, less their mean.
    wide = 1.96 * few_votes.PRIOR * np.sqrt(1 - 1 / 4)
    assert found.theta.tolist() == [0, 0, 0, 0]
    for low, high in found.intervals:
        assert low == pytest.approx(-wide, rel=0.06)
        assert high == pytest.approx(wide, rel=0.06)
    assert found.first == pytest.approx([0.25] * 4, abs=0.03)


def test_unanimous_people_give_their_order_with_finite_strengths() -> None:
    found = few_votes.from_pairs(pairs(5, 3), np.zeros((5, 5)))

    assert found.order == (0, 1, 2, 3, 4)
    assert np.all(np.diff(found.theta) < 0)
    assert np.abs(found.theta).max() < 5
    assert found.theta.sum() == pytest.approx(0, abs=1e-4)
    assert int(found.first.argmax()) == 0


def test_the_mode_of_two_candidates_solves_its_equation() -> None:
    wins = np.array([[0.0, 3.0], [0.0, 0.0]])
    found = few_votes.from_pairs(wins, np.zeros((2, 2)))

    # With d the difference, each strength ± d / 2, and ν at its own mode: slopes are 0.
    d = float(found.theta[0] - found.theta[1])

    def slopes(log_nu: float) -> tuple[float, float]:
        parts = np.exp([d / 2, log_nu, -d / 2])
        left, tie, right = parts / parts.sum()
        of_difference = 3 * (0.5 - (left - right) / 2) - d / 2 / few_votes.PRIOR**2
        of_ties = -3 * tie - (log_nu + 1)
        return of_difference, of_ties

    log_nu = min(np.linspace(-3, 1, 400_001), key=lambda at: abs(slopes(at)[1]))
    assert slopes(log_nu)[0] == pytest.approx(0, abs=1e-3)


def test_more_votes_narrow_an_interval() -> None:
    def width(votes: int) -> float:
        wins = np.full((3, 3), float(votes)) - votes * np.eye(3)
        low, high = few_votes.from_pairs(wins, np.zeros((3, 3))).intervals[0]
        return high - low

    assert width(1) > width(4) > width(16)
    # Of many votes the prior says nothing any more: errors go with the root of their number.
    assert width(400) / width(1600) == pytest.approx(2, rel=0.1)


def test_rankings_give_their_order() -> None:
    members = np.array([[0, 1, 2, 3]] * 3)
    tiers = np.array([[2.0, 0.0, 3.0, 1.0]] * 3)

    assert few_votes.from_rankings(members, tiers, 4).order == (1, 3, 0, 2)


def test_a_pick_says_nothing_of_those_that_were_not_picked() -> None:
    members = np.array([[0, 1, 2]] * 3)
    tiers = np.array([[1.0, 0.0, 1.0]] * 3)
    found = few_votes.from_rankings(members, tiers, 3, told=tiers == 0)

    assert found.order[0] == 1
    assert found.theta[0] == found.theta[2] == pytest.approx(-found.theta[1] / 2, abs=1e-5)


@pytest.mark.parametrize("kind", ["pairs", "rankings"])
def test_an_interval_holds_the_truth_in_nineteen_of_twenty_worlds(kind: str) -> None:
    rng = np.random.default_rng(20261130)
    n, worlds, held = 4, 250, 0
    for _ in range(worlds):
        truth = rng.normal(0, few_votes.PRIOR, n)
        if kind == "pairs":
            found = few_votes.from_pairs(*_voted(truth, rng))
        else:
            orders = [np.argsort(-(truth + rng.gumbel(size=n))) for _ in range(3)]
            tiers = np.argsort(orders, axis=1).astype(np.float64)
            found = few_votes.from_rankings(np.tile(np.arange(n), (3, 1)), tiers, n)
        centred = truth - truth.mean()
        held += sum(
            low <= at <= high for at, (low, high) in zip(centred, found.intervals, strict=True)
        )

    assert 0.93 <= held / (worlds * n) <= 0.97


def _voted(truth: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Three votes a pair by Davidson's model."""
    n = len(truth)
    nu = np.exp(rng.normal(few_votes.TIE_PRIOR_MEAN, few_votes.TIE_PRIOR_SD))
    wins, ties = np.zeros((n, n)), np.zeros((n, n))
    for i in range(n):
        for j in range(i + 1, n):
            half = (truth[i] - truth[j]) / 2
            share = np.array([np.exp(half), nu, np.exp(-half)])
            won, level, lost = rng.multinomial(3, share / share.sum())
            wins[i, j], ties[i, j], wins[j, i] = won, level, lost
    return wins, ties
