"""What an acceptance rule lets pass, against published plans and SciPy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from scoring.statistics.acceptance import (
    allowed_for,
    errors_that_pass,
    operating_curve,
    pass_probability,
)
from tests.scoring.goldens import golden


@pytest.mark.parametrize(("given_", "expected"), golden("acceptance"))
def test_a_plan_passes_batches_as_published(
    given_: tuple[float, int, int], expected: float
) -> None:
    errors, reviewed, allowed = given_

    passes = pass_probability(errors, reviewed=reviewed, allowed=allowed)

    assert passes == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize(("allowed", "errors"), [(7, 0.0924), (3, 0.0527)])
def test_the_quality_that_passes_once_in_ten_is_the_published_one(
    allowed: int, errors: float
) -> None:
    assert errors_that_pass(0.1, reviewed=125, allowed=allowed) == pytest.approx(errors, abs=1e-4)


@given(
    st.integers(1, 400).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n - 1))),
    st.floats(0, 1),
)
def test_the_chance_is_the_binomial_distributions(plan: tuple[int, int], errors: float) -> None:
    reviewed, allowed = plan

    passes = pass_probability(errors, reviewed=reviewed, allowed=allowed)

    assert passes == pytest.approx(stats.binom.cdf(allowed, reviewed, errors), abs=1e-9)


def test_a_curve_falls_with_the_errors() -> None:
    shares = [place / 200 for place in range(41)]

    curve = list(operating_curve(shares, reviewed=125, allowed=7))

    assert [errors for errors, _ in curve] == shares
    chances = [passes for _, passes in curve]
    assert chances[0] == 1.0
    assert chances == sorted(chances, reverse=True)


@pytest.mark.parametrize(
    ("reviewed", "allowed"), [(0, 0), (1, 1), (80, 5), (125, 7), (200, 10), (315, 14)]
)
def test_the_default_rule_allows_what_the_published_plan_allows(
    reviewed: int, allowed: int
) -> None:
    assert allowed_for(reviewed) == allowed


def test_a_rule_that_allows_all_keeps_nothing_out() -> None:
    assert pass_probability(1.0, reviewed=0, allowed=0) == 1.0
    assert errors_that_pass(0.1, reviewed=2, allowed=2) == 1.0


def test_no_share_and_no_rule_are_refused() -> None:
    with pytest.raises(ValueError, match=r"1\.2 is no share"):
        pass_probability(1.2, reviewed=10, allowed=1)
    with pytest.raises(ValueError, match="-1 of 10 is no rule"):
        pass_probability(0.1, reviewed=10, allowed=-1)


@pytest.mark.parametrize(
    ("errors", "passes", "n"),
    [(0.05, 0.05, 59), (0.05, 0.1, 45), (0.1, 0.05, 29), (0.02, 0.05, 149), (0.01, 0.05, 299)],
)
def test_so_many_without_an_error_tell_that_there_are_few(
    errors: float, passes: float, n: int
) -> None:
    """quality.md C13: acceptance n_zero_fail, p5_95 p5_90 p10_95 p2_95 p1_95."""
    assert pass_probability(errors, reviewed=n, allowed=0) <= passes
    assert pass_probability(errors, reviewed=n - 1, allowed=0) > passes


@pytest.mark.parametrize(("reviewed", "most"), [(10, 0.2589), (20, 0.1391), (59, 0.0495)])
def test_where_no_error_is_found_so_many_may_be_there(reviewed: int, most: float) -> None:
    """quality.md C13: acceptance ub_0_of."""
    assert errors_that_pass(0.05, reviewed=reviewed, allowed=0) == pytest.approx(most, abs=5e-5)


def test_the_exact_limits_of_2_of_40_are_clopper_and_pearsons() -> None:
    """quality.md C13: acceptance clopper_2_40."""
    low = errors_that_pass(0.975, reviewed=40, allowed=1)
    high = errors_that_pass(0.025, reviewed=40, allowed=2)

    assert (low, high) == pytest.approx((0.006114, 0.169197), abs=1e-6)
