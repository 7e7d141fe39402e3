"""Kendall's W against known numbers."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.concordance import kendall_w
from scoring.reasons import Code, Reason

RANKINGS = [[1, 2, 3, 4], [1, 3, 2, 4], [2, 1, 3, 4]]
TIED = [[1, 2, 2, 4], [1, 3, 2, 4], [1, 1, 3, 4]]


def test_w_of_three_rankings_without_ties() -> None:
    """quality.md C13: kendall_w no_ties."""
    estimate = kendall_w([RANKINGS])

    assert (estimate.value, estimate.n) == (pytest.approx(0.777778, abs=1e-6), 1)
    assert estimate.no_interval == Reason(Code.TOO_FEW_POINTS, n=1, least=6)


def test_w_of_three_rankings_with_ties_is_corrected_for_them() -> None:
    """quality.md C13: kendall_w ties, and not ties_uncorrected_wrong, 0.811111."""
    assert kendall_w([TIED]).value == pytest.approx(0.869048, abs=1e-6)


def test_of_several_items_it_is_their_mean_with_an_interval_over_them() -> None:
    estimate = kendall_w([RANKINGS, TIED] * 10)

    assert (estimate.value, estimate.n) == (pytest.approx((0.777778 + 0.869048) / 2, abs=1e-6), 20)
    assert estimate.interval is not None
    low, high = estimate.interval
    assert 0.777778 < low < estimate.value < high < 0.869048
    assert kendall_w([RANKINGS, TIED] * 10) == estimate


@given(
    st.permutations(range(4)),
    st.lists(st.lists(st.integers(0, 3), min_size=4, max_size=4), min_size=2, max_size=5),
)
def test_neither_the_order_of_people_nor_of_things_matters(order, rankings) -> None:
    shuffled = [[ranking[place] for place in order] for ranking in rankings[::-1]]

    value = kendall_w([rankings]).value

    other = kendall_w([shuffled]).value
    assert other == (None if value is None else pytest.approx(value, abs=1e-9))
    assert value is None or -1e-9 <= value <= 1 + 1e-9


def test_one_order_is_1_and_all_orders_together_are_chance() -> None:
    orders = [[1, 2, 3], [1, 3, 2], [2, 1, 3], [2, 3, 1], [3, 1, 2], [3, 2, 1]]
    every_two = [[first, second] for first in orders for second in orders]

    assert kendall_w([[[3, 1, 2]] * 3]).value == pytest.approx(1.0)
    assert kendall_w([orders]).value == pytest.approx(0.0)
    assert math.isclose(kendall_w(every_two).value or 0, 1 / 2)


def test_what_says_nothing_is_dropped() -> None:
    estimate = kendall_w([RANKINGS, [[1, 2, 3]], [[1], [1]], [[1, 1], [2, 2]], []])

    assert (estimate.value, estimate.n) == (pytest.approx(0.777778, abs=1e-6), 1)


@pytest.mark.parametrize(
    ("items", "n", "why"),
    [
        ([], 0, Code.NO_SECOND_ANSWER),
        ([[[1, 2]], [[1], [1]]], 0, Code.NO_SECOND_ANSWER),
        ([[[1, 1], [1, 1]]], 1, Code.NO_VARIATION),
    ],
)
def test_undefined_w_says_why(items, n, why) -> None:
    estimate = kendall_w(items)

    assert (estimate.value, estimate.n, estimate.undefined) == (None, n, Reason(why))


def test_rankings_of_different_numbers_of_things_are_refused() -> None:
    with pytest.raises(ValueError, match=r"shape|length"):
        kendall_w([[[1, 2], [1, 2, 3]]])
