"""Fleiss' and quadratic weighted kappa against published numbers, and what must hold for any."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from scoring.agreement import krippendorff_alpha
from scoring.kappa import fleiss_kappa, quadratic_kappa
from scoring.reasons import Code, Reason

R = [(5, 5, 4), (4, 4, 4), (3, 2, 3), (2, 2, 1), (1, 1, 1), (4, 3, 5)]
SCALE = [1, 2, 3, 4, 5]


def two(first, second):
    """What two people gave, item by item."""
    return [{"A": a, "B": b} for a, b in zip(first, second, strict=True)]


def test_fleiss_kappa_of_three_people_on_six_items() -> None:
    """quality.md C13: fleiss_R."""
    estimate = fleiss_kappa(R)

    assert (estimate.value, estimate.n) == (pytest.approx(0.367188, abs=1e-6), 6)
    assert estimate.interval is not None
    low, high = estimate.interval
    assert low < 0.367188 < high
    assert fleiss_kappa(R) == estimate
    assert fleiss_kappa(R, seed=1).interval != estimate.interval


def test_fleiss_kappa_of_his_kind_of_table_is_the_published_one() -> None:
    """quality.md C4: ten subjects, five categories, 14 raters."""
    table = [
        [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
        [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
    ]  # fmt: skip
    units = [np.repeat(SCALE, counts).tolist() for counts in table]

    assert fleiss_kappa(units).value == pytest.approx(0.209931, abs=1e-6)


names = st.sampled_from("abc")


@given(st.lists(st.tuples(names, names, names), min_size=2, max_size=12))
def test_fleiss_kappa_lies_below_alpha_by_the_known_difference(units) -> None:
    """α = κ + (1 − κ) / (N k), whoever is named first."""
    assume(len({name for unit in units for name in unit}) > 1)
    alpha = krippendorff_alpha(units, level="nominal").value

    kappa = fleiss_kappa(units).value

    assert kappa is not None
    assert alpha == pytest.approx(kappa + (1 - kappa) / (3 * len(units)), abs=1e-9)
    assert fleiss_kappa([unit[::-1] for unit in units[::-1]]).value == pytest.approx(kappa)


def test_units_of_unequal_numbers_of_people_count_alike() -> None:
    # Observed (1 + 1/3 + 0) / 3; shares of a (1 + 2/3 + 1/2) / 3 = 13/18, of b 5/18.
    units = [("a", "a"), ("a", "a", "b"), ("b", "a"), ("b", None)]
    chance = (13 / 18) ** 2 + (5 / 18) ** 2

    estimate = fleiss_kappa(units)

    assert (estimate.value, estimate.n) == (pytest.approx((4 / 9 - chance) / (1 - chance)), 3)
    assert (estimate.interval, estimate.no_interval) == (
        None,
        Reason(Code.TOO_FEW_POINTS, n=3, least=6),
    )


def test_units_of_one_cluster_are_drawn_together() -> None:
    units = [("a", "a"), ("a", "b"), ("b", "b")] * 12

    alone = fleiss_kappa(units).interval
    together = fleiss_kappa(units, clusters=[place // 3 for place in range(36)]).interval

    assert alone is not None
    assert together is not None
    assert together[1] - together[0] == pytest.approx(0.0)
    assert alone[1] - alone[0] > 0.2


@pytest.mark.parametrize(
    ("units", "n", "why"),
    [
        ([], 0, Code.NO_SECOND_ANSWER),
        ([("a", None), ("b",)], 0, Code.NO_SECOND_ANSWER),
        ([("a", "a"), ("a", "a"), ("b",)], 2, Code.NO_VARIATION),
    ],
)
def test_undefined_fleiss_kappa_says_why(units, n, why) -> None:
    estimate = fleiss_kappa(units)

    assert (estimate.value, estimate.n, estimate.undefined) == (None, n, Reason(why))


def test_quadratic_kappa_is_that_of_all_labels_that_there_are() -> None:
    """quality.md C13: qwk labels_given, and not labels_omitted_wrong: nobody gave a 3."""
    units = two((5, 4, 2, 2, 1, 4), (5, 4, 2, 1, 1, 5))

    estimate = quadratic_kappa(units, labels=SCALE)

    assert (estimate.value, estimate.n) == (pytest.approx(0.933333, abs=1e-6), 6)
    assert estimate.interval is not None
    assert estimate.interval[0] < 0.933333 <= estimate.interval[1]
    omitted = quadratic_kappa(units, labels=[1, 2, 4, 5]).value
    assert omitted == pytest.approx(0.866667, abs=1e-6)


def test_quadratic_kappa_of_the_second_pair() -> None:
    """quality.md C13: qwk second_pair."""
    units = two((5, 4, 3, 2, 1, 4, 3, 5), (5, 3, 3, 2, 2, 4, 4, 4))

    assert quadratic_kappa(units, labels=SCALE).value == pytest.approx(0.816092, abs=1e-6)


def test_of_two_labels_it_is_cohens_kappa() -> None:
    """quality.md C13: paradox_118_7_0 cohen."""
    units = two(["yes"] * 118 + ["yes"] * 5 + ["no"] * 2, ["yes"] * 118 + ["no"] * 5 + ["yes"] * 2)

    estimate = quadratic_kappa(units, labels=["no", "yes"])

    assert estimate.value == pytest.approx(-0.023392, abs=1e-6)


grade = st.sampled_from(SCALE)


@given(st.lists(st.tuples(grade, grade), min_size=6, max_size=30))
def test_quadratic_kappa_is_that_of_the_table_of_two_people(pairs) -> None:
    first, second = zip(*pairs, strict=True)
    table = np.zeros((5, 5))
    np.add.at(table, (np.array(first) - 1, np.array(second) - 1), 1 / len(pairs))
    weights = np.subtract.outer(np.arange(5), np.arange(5)) ** 2
    expected = (np.outer(table.sum(axis=1), table.sum(axis=0)) * weights).sum()
    assume(expected > 1e-9)

    found = quadratic_kappa(two(first, second), labels=SCALE).value

    assert found == pytest.approx(1 - (table * weights).sum() / expected, abs=1e-9)
    turned = quadratic_kappa(two(second, first)[::-1], labels=SCALE).value
    assert turned == pytest.approx(found, abs=1e-9)


def test_of_several_people_it_is_the_mean_over_pairs_that_share_enough() -> None:
    columns = list(zip(*R, strict=True))
    units = [dict(zip("ABC", unit, strict=True)) for unit in R]
    # D has but five in common with each of them, and is no part of it.
    units[1:] = [{**unit, "D": 1} for unit in units[1:]]
    each = [
        quadratic_kappa(two(columns[i], columns[j]), labels=SCALE).value
        for i, j in ((0, 1), (0, 2), (1, 2))
    ]
    assert None not in each

    estimate = quadratic_kappa(units, labels=SCALE)

    assert (estimate.value, estimate.n) == (pytest.approx(math.fsum(each) / 3), 6)
    wider = quadratic_kappa(units, labels=SCALE, shared=5).value
    assert wider == pytest.approx(math.fsum(each) / 6)


def test_items_of_one_cluster_are_drawn_together() -> None:
    units = two((1, 3, 5, 4) * 10, (1, 4, 5, 2) * 10)
    clusters = [place // 4 for place in range(40)]

    alone = quadratic_kappa(units, labels=SCALE).interval
    together = quadratic_kappa(units, labels=SCALE, clusters=clusters).interval
    few = quadratic_kappa(units, labels=SCALE, clusters=[place // 8 for place in range(40)])

    assert alone is not None
    assert together is not None
    assert together[1] - together[0] == pytest.approx(0.0)
    assert alone[1] - alone[0] > 0.05
    assert few.no_interval == Reason(Code.TOO_FEW_POINTS, n=5, least=6)


@pytest.mark.parametrize(
    ("units", "n", "why"),
    [
        ([], 0, Reason(Code.NO_SECOND_ANSWER)),
        ([{"A": 1}, {"B": 2}], 0, Reason(Code.NO_SECOND_ANSWER)),
        (two([1] * 5, [2] * 5), 0, Reason(Code.FEW_SHARED, least=6)),
        (two([3] * 6, [3] * 6), 6, Reason(Code.NO_VARIATION)),
    ],
)
def test_undefined_quadratic_kappa_says_why(units, n, why) -> None:
    estimate = quadratic_kappa(units, labels=SCALE)

    assert (estimate.value, estimate.n, estimate.undefined) == (None, n, why)


def test_a_label_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="6 is none of the labels"):
        quadratic_kappa([{"A": 1, "B": 6}], labels=SCALE)
