"""Strengths from wins and ties: known answers, and refusals where there is no finite one."""

from typing import Any

import numpy as np
import pytest

from scoring.ranking import NotComparable, Strengths, bradley_terry
from scoring.reasons import Code, Reason
from tests.scoring.goldens import golden


@pytest.mark.parametrize(("given_", "expected"), golden("strengths"))
def test_strengths_have_the_known_values(given_: dict[str, Any], expected: dict[str, Any]) -> None:
    fit = bradley_terry(given_["wins"], given_["ties"], tie_rule=given_["tie_rule"])

    assert isinstance(fit, Strengths)
    assert fit.theta == pytest.approx(expected["theta"], abs=1e-5)
    assert fit.nu == pytest.approx(expected["nu"], abs=1e-5)
    if "log_likelihood" in expected:
        assert fit.log_likelihood == pytest.approx(expected["log_likelihood"], abs=1e-5)
    if "elo" in expected:
        assert fit.elo() == pytest.approx(expected["elo"], abs=0.01)
        assert fit.win_probability(0, 2) == pytest.approx(expected["p_first_last"], abs=1e-6)


def test_relabelling_the_generators_relabels_the_strengths() -> None:
    wins = np.array([[0, 7, 8], [3, 0, 6], [2, 4, 0]])
    order = [2, 0, 1]

    plain = bradley_terry(wins)
    shuffled = bradley_terry(wins[np.ix_(order, order)])

    assert isinstance(plain, Strengths)
    assert isinstance(shuffled, Strengths)
    assert shuffled.theta == pytest.approx([plain.theta[i] for i in order])


def test_a_generator_that_never_loses_is_not_given_a_number() -> None:
    fit = bradley_terry([[0, 5, 5], [0, 0, 3], [0, 2, 0]])

    assert isinstance(fit, NotComparable)
    assert fit.groups == ((0,), (1, 2))
    assert fit.reason == Reason(Code.NEVER_LOST)


def test_generators_never_compared_fall_into_groups() -> None:
    fit = bradley_terry([[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 2], [0, 0, 1, 0]])

    assert isinstance(fit, NotComparable)
    assert fit.groups == ((0, 1), (2, 3))
    assert fit.reason == Reason(Code.NEVER_COMPARED)


def test_a_tie_is_enough_to_make_the_undefeated_comparable() -> None:
    fit = bradley_terry([[0, 5], [0, 0]], [[0, 1], [1, 0]])

    assert isinstance(fit, Strengths)
    assert fit.theta[0] - fit.theta[1] == pytest.approx(np.log(11))


def test_ties_alone_leave_davidson_undefined_and_half_wins_even() -> None:
    ties = [[0, 4], [4, 0]]

    assert isinstance(bradley_terry(np.zeros((2, 2)), ties, tie_rule="davidson"), NotComparable)
    even = bradley_terry(np.zeros((2, 2)), ties)

    assert isinstance(even, Strengths)
    assert even.theta == pytest.approx((0, 0))


def test_uneven_ties_are_refused() -> None:
    with pytest.raises(ValueError, match="symmetric"):
        bradley_terry([[0, 1], [1, 0]], [[0, 1], [2, 0]])
