"""Intervals and tests of shares against published values and SciPy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from scoring.statistics.proportions import fair_coin_p, wilson_interval
from tests.scoring.goldens import golden


@pytest.mark.parametrize(
    ("successes", "trials", "p"),
    [(60, 100, 0.056888), (61, 100, 0.035200), (540, 1000, 0.012444)],
)
def test_known_splits_have_their_known_chance(successes: int, trials: int, p: float) -> None:
    assert fair_coin_p(successes, trials) == pytest.approx(p, abs=1e-6)


def test_12_flips_one_way_and_28_the_other_are_no_chance() -> None:
    """quality.md C13: position mcnemar_12_28."""
    assert fair_coin_p(12, 40) == pytest.approx(0.016589, abs=1e-6)


@given(st.integers(0, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_chance_is_the_reference_packages(split: tuple[int, int]) -> None:
    successes, trials = split
    if trials == 0:
        assert fair_coin_p(successes, trials) is None
        return
    expected = stats.binomtest(successes, trials).pvalue
    assert fair_coin_p(successes, trials) == pytest.approx(expected, rel=1e-9)


def test_a_million_trials_neither_overflow_nor_vanish() -> None:
    expected = stats.binomtest(501_000, 1_000_000).pvalue
    assert fair_coin_p(501_000, 1_000_000) == pytest.approx(expected, rel=1e-6)


def test_more_successes_than_trials_are_refused() -> None:
    with pytest.raises(ValueError, match="3 of 2 is no proportion"):
        fair_coin_p(3, 2)
    with pytest.raises(ValueError, match="3 of 2 is no proportion"):
        wilson_interval(3, 2)


@pytest.mark.parametrize(("given_", "expected"), golden("wilson"))
def test_wilson_has_the_known_limits(given_: list[int], expected: list[float]) -> None:
    assert wilson_interval(*given_) == pytest.approx(expected, abs=5e-5)


def test_no_trials_have_no_interval() -> None:
    assert wilson_interval(0, 0) is None
