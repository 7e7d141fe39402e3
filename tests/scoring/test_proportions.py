"""The exact binomial test against published values and SciPy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from scoring.agreement import krippendorff_alpha
from scoring.proportions import fair_coin_p


@pytest.mark.parametrize(
    ("successes", "trials", "p"),
    [(60, 100, 0.056888), (61, 100, 0.035200), (540, 1000, 0.012444)],
)
def test_known_splits_have_their_known_chance(successes: int, trials: int, p: float) -> None:
    assert fair_coin_p(successes, trials) == pytest.approx(p, abs=1e-6)


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
    with pytest.raises(ValueError, match="no proportion"):
        fair_coin_p(3, 2)


def test_clusters_change_the_interval_and_not_the_value() -> None:
    # Two items of three words each, five times over; words of an item agree or disagree together.
    units = [(1, 1, 1), (0, 0, 0), (1, 1, 1), (1, 0, 1), (0, 1, 0), (0, 0, 1)] * 5
    clusters = [place // 3 for place in range(len(units))]

    plain = krippendorff_alpha(units, level="nominal", resamples=400, seed=1)
    clustered = krippendorff_alpha(units, level="nominal", clusters=clusters, resamples=400, seed=1)

    assert clustered.value == pytest.approx(plain.value)
    assert (plain.n, clustered.n) == (30, 10)
    assert plain.interval is not None
    assert clustered.interval is not None
    wider = (clustered.interval[1] - clustered.interval[0]) / (
        plain.interval[1] - plain.interval[0]
    )
    assert wider > 1.2
