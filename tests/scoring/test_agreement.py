"""Agreement against published numbers and against the `krippendorff` package."""

from typing import Any

import krippendorff
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from scoring.agreement import Level, krippendorff_alpha
from scoring.reasons import Code, Reason
from tests.scoring.goldens import golden

R = [(5, 5, 4), (4, 4, 4), (3, 2, 3), (2, 2, 1), (1, 1, 1), (4, 3, 5)]
LEVELS: list[Level] = ["nominal", "ordinal", "interval"]


@pytest.mark.parametrize(("given_", "expected"), golden("alpha"))
def test_alpha_has_the_known_value(given_: dict[str, Any], expected: float) -> None:
    estimate = krippendorff_alpha(given_["units"], level=given_["level"])

    assert estimate.value == pytest.approx(expected, abs=1e-6)
    assert estimate.undefined is None


@pytest.mark.parametrize("level", LEVELS)
@given(
    table=st.lists(st.tuples(*[st.sampled_from([1, 2, 3, 5, None])] * 3), min_size=2, max_size=12)
)
def test_alpha_equals_the_reference_package(
    level: Level, table: list[tuple[int | None, ...]]
) -> None:
    paired = [unit for unit in table if sum(v is not None for v in unit) >= 2]
    assume(len({v for unit in paired for v in unit if v is not None}) >= 2)
    matrix = np.array([[np.nan if v is None else v for v in unit] for unit in paired]).T

    estimate = krippendorff_alpha(table, level=level)

    expected = krippendorff.alpha(reliability_data=matrix, level_of_measurement=level)
    assert estimate.value == pytest.approx(expected, abs=1e-9)
    assert estimate.n == len(paired)


def test_the_order_of_people_and_items_does_not_matter() -> None:
    forward = krippendorff_alpha(R, level="ordinal")
    backward = krippendorff_alpha([unit[::-1] for unit in R[::-1]], level="ordinal")

    assert forward.value == pytest.approx(backward.value)


@pytest.mark.parametrize(
    ("units", "why"),
    [
        ([], Code.NO_SECOND_ANSWER),
        ([(1, None, None), (2,)], Code.NO_SECOND_ANSWER),
        ([(3, 3, 3), (3, 3)], Code.NO_VARIATION),
    ],
)
def test_undefined_alpha_comes_with_its_reason(units: list[Any], why: Code) -> None:
    estimate = krippendorff_alpha(units, level="interval", resamples=50)

    assert estimate.value is None
    assert estimate.interval is None
    assert estimate.undefined == Reason(why)


def test_names_are_refused_where_numbers_are_meant() -> None:
    with pytest.raises(ValueError, match="'a' is no number"):
        krippendorff_alpha([("a", "b")], level="ordinal")


def test_the_bootstrap_interval_repeats_with_its_seed_and_holds_the_value() -> None:
    rng = np.random.default_rng(1)
    truth = rng.integers(1, 6, 80)
    units = [tuple(np.clip(t + rng.integers(-1, 2, 3), 1, 5).tolist()) for t in truth]

    once = krippendorff_alpha(units, level="ordinal", resamples=200, seed=7)
    again = krippendorff_alpha(units, level="ordinal", resamples=200, seed=7)
    other = krippendorff_alpha(units, level="ordinal", resamples=200, seed=8)

    assert once == again
    assert other.interval != once.interval
    assert once.value is not None
    assert once.interval is not None
    assert once.interval[0] < once.value < once.interval[1]


@pytest.mark.parametrize("n", [2, 5, 6])
def test_under_six_items_there_is_a_value_and_no_interval(n: int) -> None:
    units = [(1, 1, 1), (0, 0, 1), (1, 0, 1), (0, 0, 0), (1, 1, 0), (0, 1, 0)][:n]

    found = krippendorff_alpha(units, level="nominal", resamples=100)

    assert found.value == krippendorff_alpha(units, level="nominal").value
    assert (found.interval is None) == (n < 6)
    few = Reason(Code.TOO_FEW_POINTS, n=n, least=6)
    assert found.no_interval == (few if n < 6 else None)


def test_resampling_items_is_as_wide_as_three_times_fewer_independent_items() -> None:
    # Three identical votes are one observation: thrice the votes must not narrow the interval.
    rng = np.random.default_rng(2)
    pairs = [tuple(rng.integers(0, 2, 2).tolist()) for _ in range(60)]

    single = krippendorff_alpha(pairs, level="nominal", resamples=400, seed=1).interval
    tripled = krippendorff_alpha(
        [pair * 3 for pair in pairs], level="nominal", resamples=400, seed=1
    ).interval

    assert single is not None
    assert tripled is not None
    assert tripled[1] - tripled[0] > 0.4 * (single[1] - single[0])


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
