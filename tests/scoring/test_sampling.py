"""What samples of finite wholes tell: known values, and whether intervals hold the truth."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from scoring.statistics.proportions import wilson_interval
from scoring.statistics.sampling import limits_of_bad, sampled_share


def test_ten_of_200_from_1000_have_the_known_standard_error() -> None:
    found = sampled_share([1] * 10 + [0] * 190, [1] * 200, [0.2] * 200)

    assert found is not None
    # √((1 - n / N) p (1 - p) / (n - 1)), Cochran 1977; without the correction 0.015450.
    assert found.standard_error == pytest.approx(0.013819, abs=1e-6)
    assert (found.value, found.n, found.clusters) == (0.05, 200, 200)
    assert found.design_effect == pytest.approx(1.0)


def test_ten_of_200_from_1000_have_the_known_exact_limits() -> None:
    assert limits_of_bad(10, 200, 1000) == (30, 79)
    assert limits_of_bad(0, 20, 100) == (0, 12)


@pytest.mark.parametrize(
    ("whole", "bad", "sample", "miss"),
    [(100, 5, 20, 0.3193), (100, 10, 20, 0.0951), (50, 5, 10, 0.3106)],
)
def test_a_sample_misses_all_that_is_bad_as_often_as_counted(
    whole: int, bad: int, sample: int, miss: float
) -> None:
    """quality.md C13: acceptance miss_100_5_20, miss_100_10_20 and miss_50_5_10.

    So many bad ones are within the limits as long as missing them is no rarer than they ask.
    """
    _, asked_less = limits_of_bad(0, sample, whole, confidence=1 - (miss - 5e-5))
    _, asked_more = limits_of_bad(0, sample, whole, confidence=1 - (miss + 5e-5))

    assert (asked_less, asked_more) == (bad, bad - 1)


@given(
    st.integers(1, 60).flatmap(
        lambda whole: st.integers(0, whole).flatmap(
            lambda n: st.tuples(st.integers(0, n), st.just(n), st.just(whole))
        )
    )
)
def test_exact_limits_are_those_counted_in_whole_numbers(counts: tuple[int, int, int]) -> None:
    bad, sample, whole = counts
    there = range(bad, whole - (sample - bad) + 1)
    of = math.comb(whole, sample)

    def ways(d: int, seen: range) -> int:
        return sum(math.comb(d, j) * math.comb(whole - d, sample - j) for j in seen)

    likely_low = [d for d in there if 20 * ways(d, range(bad, sample + 1)) > of]
    likely_high = [d for d in there if 20 * ways(d, range(bad + 1)) > of]

    assert limits_of_bad(bad, sample, whole) == (likely_low[0], likely_high[-1])


def test_a_lot_seen_whole_leaves_nothing_unsure() -> None:
    found = sampled_share([3, 0, 1], [3, 3, 3], [1.0] * 3)

    assert found is not None
    assert found.interval == (found.value, found.value) == (4 / 9, 4 / 9)
    assert found.standard_error == 0.0
    assert limits_of_bad(2, 9, 9) == (2, 2)


def test_answers_that_go_wrong_together_count_as_one() -> None:
    together = sampled_share([3] * 4 + [0] * 16, [3] * 20, [1e-9] * 20)
    apart = sampled_share([1] * 12 + [0] * 48, [1] * 60, [1e-9] * 60)

    assert together is not None
    assert apart is not None
    assert together.value == apart.value == 0.2
    assert (together.design_effect, apart.design_effect) == pytest.approx((3.0, 1.0), rel=0.06)
    low, high = together.interval
    assert low < apart.interval[0] < apart.interval[1] < high


def test_where_nothing_is_wrong_the_interval_is_that_of_so_many_items() -> None:
    found = sampled_share([0] * 100, [3] * 100, [1e-9] * 100)

    assert found is not None
    assert found.value == 0.0
    # Wilson's of 0 of 100 with Student's t of 99 degrees: t² / (100 + t²).
    t2 = stats.t.ppf(0.975, 99) ** 2
    assert found.interval == pytest.approx((0.0, t2 / (100 + t2)))


def test_strata_are_weighed_by_their_probability_of_being_drawn() -> None:
    # Of 100 items one in ten was drawn, half of them wrong; of 20 more all, none wrong.
    found = sampled_share([1] * 5 + [0] * 5 + [0] * 20, [1] * 30, [0.1] * 10 + [1.0] * 20)

    assert found is not None
    assert found.value == pytest.approx(50 / 120)


def test_a_single_item_says_hardly_anything() -> None:
    found = sampled_share([1], [3], [0.2])

    assert found is not None
    assert found.interval[0] < 0.05
    assert found.interval[1] > 0.85


def test_no_sample_has_no_share_and_impossible_counts_are_refused() -> None:
    assert sampled_share([], [], []) is None
    for wrong in (([4], [3], [0.5]), ([0], [0], [0.5]), ([0], [1], [0.0]), ([0], [1], [1.5])):
        with pytest.raises(ValueError, match="of each cluster"):
            sampled_share(*wrong)
    with pytest.raises(ValueError, match="can't be"):
        limits_of_bad(3, 2, 10)


@pytest.mark.parametrize(("rate", "alike"), [(0.05, 0.3), (0.1, 0.3), (0.2, 0.5), (0.1, 0.0)])
@pytest.mark.parametrize(("whole", "drawn"), [(100, 20), (200, 40), (1000, 200)])
def test_intervals_hold_the_lots_true_rate_as_often_as_they_say(
    rate: float, alike: float, whole: int, drawn: int
) -> None:
    """600 planted lots of three answers an item: those of an item are alike by so much."""
    rng = np.random.default_rng(whole + int(1000 * rate))
    held = []
    for _ in range(600):
        spread = 1 / alike - 1 if alike else 0
        of_item = rng.beta(rate * spread, (1 - rate) * spread, whole) if alike else rate
        bad = rng.binomial(3, np.broadcast_to(of_item, whole))
        sample = rng.choice(whole, drawn, replace=False)
        found = sampled_share(bad[sample].tolist(), [3] * drawn, [drawn / whole] * drawn)
        assert found is not None
        held.append(found.interval[0] <= bad.mean() / 3 <= found.interval[1])

    # 0.95 less three standard errors of 600; small samples of rare errors err to the safe side.
    assert 0.92 < float(np.mean(held)) <= 1.0


def test_a_shares_interval_is_wilsons_where_things_are_drawn_alone_from_many() -> None:
    many = 2000
    found = sampled_share([1] * 300 + [0] * (many - 300), [1] * many, [1e-9] * many)

    assert found is not None
    assert found.interval == pytest.approx(wilson_interval(300, many), abs=1e-4)
    assert math.isclose(found.value, 0.15)
