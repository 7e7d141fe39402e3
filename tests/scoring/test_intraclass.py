"""Intraclass correlations against Shrout and Fleiss's numbers, and by the analysis of variance."""

import numpy as np
import pytest

from scoring.reasons import Code, Reason
from scoring.statistics.intraclass import intraclass, one_way

SHROUT_FLEISS = [
    [9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7],
]  # fmt: skip
R = [[5, 4, 3, 2, 1, 4], [5, 4, 2, 2, 1, 3], [4, 4, 3, 1, 1, 5]]


def test_the_six_coefficients_are_shrout_and_fleisss() -> None:
    found = intraclass(SHROUT_FLEISS)

    assert found.single == pytest.approx((0.1657, 0.2898, 0.7148), abs=1e-4)
    assert found.mean == pytest.approx((0.4428, 0.6201, 0.9093), abs=1e-4)


def test_the_coefficients_of_three_annotators_are_the_published_ones() -> None:
    found = intraclass(np.array(R).T)

    assert found.single == pytest.approx((0.8585, 0.8578, 0.8458), abs=1e-4)
    assert found.mean == pytest.approx((0.9479, 0.9476, 0.9427), abs=1e-4)


def test_one_way_is_that_of_shrout_and_fleiss() -> None:
    """quality.md C13: icc_shrout_fleiss c11 and c1k."""
    found = one_way(np.repeat(np.arange(6), 4), np.array(SHROUT_FLEISS).reshape(-1))

    assert found.single.value == pytest.approx(0.1657, abs=1e-4)
    assert found.mean.value == pytest.approx(0.4428, abs=1e-4)
    assert found.single.n == found.mean.n == 6


def test_one_way_of_three_people_on_six_items() -> None:
    """quality.md C13: icc_R."""
    found = one_way(np.tile(np.arange(6), 3), np.array(R).reshape(-1))

    assert found.single.value == pytest.approx(0.8585, abs=1e-4)
    assert found.mean.value == pytest.approx(0.9479, abs=1e-4)
    for estimate in (found.single, found.mean):
        assert estimate.interval is not None
        assert estimate.interval[0] < (estimate.value or 0) < estimate.interval[1]
    assert one_way(np.tile(np.arange(6), 3), np.array(R).reshape(-1)) == found


def test_units_of_unequal_numbers_have_the_k_of_the_analysis_of_variance() -> None:
    # Means 1.5, 4, 5 of 2, 3 and 2 ratings; the fourth unit has one rating and is no part.
    units, values = [0, 0, 1, 1, 1, 2, 2, 3], [1, 2, 3, 4, 5, 5, 5, 1]
    grand = 25 / 7
    between = (2 * (1.5 - grand) ** 2 + 3 * (4 - grand) ** 2 + 2 * (5 - grand) ** 2) / 2
    within = (0.5 + 2 + 0) / 4
    k = (7 - (4 + 9 + 4) / 7) / 2

    found = one_way(units, values)

    assert found.single.value == pytest.approx((between - within) / (between + (k - 1) * within))
    assert found.mean.value == pytest.approx(1 - within / between)
    assert found.single.no_interval == Reason(Code.TOO_FEW_POINTS, n=3, least=6)


def test_neither_the_order_of_ratings_nor_the_scale_matters() -> None:
    rng = np.random.default_rng(0)
    units, values = rng.integers(0, 20, 70), rng.integers(1, 6, 70)
    order = rng.permutation(70)

    found = one_way(units, values).single.value

    again = one_way(units[order] * 5, values[order] * 10 - 3).single.value
    assert again == pytest.approx(found, abs=1e-12)


def test_units_of_one_cluster_are_drawn_together() -> None:
    units = np.repeat(np.arange(30), 2)
    values = [1, 2, 3, 5, 4, 4] * 10

    alone = one_way(units, values).single.interval
    together = one_way(units, values, units // 3).single.interval

    assert alone is not None
    assert together is not None
    assert alone[1] - alone[0] > 0.1
    # Every cluster is the same: only the degrees of freedom of what is drawn are left, and they
    # are always those of 30 units.
    assert together[1] - together[0] == pytest.approx(0.0)


def test_people_less_alike_on_a_unit_than_across_are_below_0() -> None:
    found = one_way([1, 1, 2, 2], [1, 5, 5, 1])

    assert found.single.value == pytest.approx(-1.0)
    assert (found.mean.value, found.mean.undefined) == (None, Reason(Code.ONE_MEAN_OF_ALL))


@pytest.mark.parametrize(
    ("units", "values", "n", "why"),
    [
        ([], [], 0, Code.NO_SECOND_ANSWER),
        ([1, 2, 3], [1, 2, 3], 0, Code.NO_SECOND_ANSWER),
        ([1, 1, 2], [1, 2, 5], 1, Code.FEWER_THAN_TWO_POINTS),
        ([1, 1, 2, 2], [3, 3, 3, 3], 2, Code.NO_VARIATION),
    ],
)
def test_undefined_coefficients_say_why(units, values, n, why) -> None:
    found = one_way(units, values)

    for estimate in (found.single, found.mean):
        assert (estimate.value, estimate.n, estimate.undefined) == (None, n, Reason(why))


def test_what_is_no_table_is_refused() -> None:
    for table in ([1, 2, 3], [[1, 2]], [[1, np.nan], [2, 3]], [[1, 1], [1, 1]]):
        with pytest.raises(ValueError, match="complete table"):
            intraclass(table)
