"""Gwet's AC1 against known values."""

import pytest

from scoring.gwet import gwet_ac1
from scoring.reasons import Code, Reason

# quality.md C13: R, ac1_R and paradox_118_7_0.
R = [(5, 5, 4), (4, 4, 4), (3, 2, 3), (2, 2, 1), (1, 1, 1), (4, 3, 5)]


def test_ac1_of_three_people_on_six_items() -> None:
    estimate = gwet_ac1(R, categories=[1, 2, 3, 4, 5])

    assert (estimate.value, estimate.n) == (pytest.approx(0.376923, abs=1e-6), 6)
    assert estimate.interval is not None
    low, high = estimate.interval
    assert low < 0.376923 < high


def test_near_agreement_on_one_category_is_not_below_chance() -> None:
    units = [("accept", "accept")] * 118 + [("accept", "reject")] * 5 + [("reject", "accept")] * 2

    estimate = gwet_ac1(units, categories=["accept", "reject"])

    assert estimate.value == pytest.approx(0.940776, abs=1e-6)
    assert gwet_ac1(units[:118], categories=["accept", "reject"]).value == 1.0


def test_answers_of_one_item_are_drawn_together() -> None:
    units = [("a", "a"), ("a", "b")] * 20
    alone = gwet_ac1(units, categories=["a", "b"]).interval
    together = gwet_ac1(units, categories=["a", "b"], clusters=[n // 2 for n in range(40)]).interval

    assert alone is not None
    assert together is not None
    assert together[1] - together[0] == pytest.approx(0.0)
    assert alone[1] - alone[0] > 0.2


def test_a_few_units_have_no_interval() -> None:
    estimate = gwet_ac1([("a", "b")] * 5, categories=["a", "b"])

    assert (estimate.value, estimate.interval) == (-1.0, None)
    assert estimate.no_interval == Reason(Code.TOO_FEW_POINTS, n=5, least=6)


def test_without_a_second_answer_there_is_none() -> None:
    estimate = gwet_ac1([("a", None)], categories=["a", "b"])

    assert estimate.value is None
    assert estimate.undefined == Reason(Code.NO_SECOND_ANSWER)
