"""Votes and a metric in one interval: exact variances, honest weights."""

from dataclasses import replace

import numpy as np
import pytest

from scoring.arrays import Floats
from scoring.reasons import Code, Reason
from scoring.statistics.powered import Powered, Predictions, powered_share, squashed
from tests.scoring.planted_powered import ERRORS, by_rounds, holds, powered, rates, simulated

# field.md, section 5: effective votes by the metric's accuracy, at so many machine pairs a vote.
EFFECTIVE = {
    3: {0.65: 1.07, 0.70: 1.14, 0.75: 1.23, 0.80: 1.37, 0.85: 1.58, 0.90: 1.92},
    10: {0.65: 1.09, 0.70: 1.17, 0.75: 1.29, 0.80: 1.49, 0.85: 1.80, 0.90: 2.39},
    1000: {0.65: 1.10, 0.70: 1.19, 0.75: 1.33, 0.80: 1.56, 0.85: 1.96, 0.90: 2.78},
}
VOTES = 2000


def told(f: Floats, first: int = 0, stratum: int = 0) -> Predictions:
    """Each pair of a prompt of its own."""
    n = len(f)
    return Predictions(f, np.full(n, stratum), first + np.arange(n))


def fair(accuracy: float, machine: int) -> Powered:
    """Half of the votes for each side, the metric right in exactly so many of each half."""
    half, right = VOTES // 2, round(accuracy * VOTES / 2)
    y = np.repeat([1.0, 0.0], half)
    for_first = np.arange(half) < right
    f = np.concatenate([for_first, ~for_first]).astype(float)
    others = np.tile([1.0, 0.0], machine * half)
    return powered_share(y, told(f), told(others, first=VOTES))


@pytest.mark.parametrize(
    ("machine", "accuracy", "expected"),
    [(k, a, votes) for k, row in EFFECTIVE.items() for a, votes in row.items()],
)
def test_a_fair_vote_is_worth_as_many_as_the_table_says(
    machine: int, accuracy: float, expected: float
) -> None:
    found = fair(accuracy, machine)

    # A degree of freedom goes to λ, 1000 are not unlimited, and the table has two digits.
    assert found.ratio == pytest.approx(expected, abs=0.01)
    rho = 2 * accuracy - 1
    exact = 1 / (1 - rho**2 * machine / (machine + 1))
    assert found.ratio == pytest.approx(exact * (VOTES - 2) / (VOTES - 1), rel=1e-4)
    assert found.weight == pytest.approx(rho * machine / (machine + 1), rel=0.02)
    assert found.more == machine * VOTES


def test_the_mean_moves_by_what_the_metric_says_of_the_others() -> None:
    """By hand: f is y of 24 pairs, and of 8 others 0.75 on the mean."""
    y = np.repeat([1.0, 0.0], 12)
    others = told(np.repeat([1.0, 0.0], [6, 2]), first=24)

    found = powered_share(y, told(y), others)

    # Least squares: (24 · ¼ / 24²) / (24 · ¼ / 24² + 1.5 / 8²) = 4 / 13, which explains 1 / 312 of
    # 1 / 96 over 22 degrees of freedom; the rest a degree is chance.
    chance = (1 / 96 - 1 / 312) / 22 * 312
    assert found.weight == pytest.approx(4 / 13 * (1 - chance))
    assert found.alone.value == 0.5
    assert found.powered.value == pytest.approx(0.5 + found.weight * 0.25)


def test_of_few_prompts_nothing_is_moved() -> None:
    y = np.repeat([1.0, 0.0], [10, 9])

    found = powered_share(y, told(y), told(np.ones(40), first=19))

    assert (found.weight, found.ratio) == (0.0, 1.0)
    assert found.powered == found.alone


def test_what_is_never_lost_has_wilsons_interval_over_prompts() -> None:
    found = powered_share(np.ones(20), told(np.ones(20)), told(np.ones(40), first=20))

    # quality.md C13, wilson_20_20_low.
    assert found.alone.interval == pytest.approx((0.838875, 1), abs=1e-6)
    assert found.powered == found.alone


def test_strata_weigh_as_they_do_among_the_judged() -> None:
    """The others are nearly all of the second stratum, where f is high: nothing moves for that."""
    y = np.tile([1.0, 0], 12)
    f = np.repeat([0.0, 0.8], 12) + 0.2 * y
    stratum = np.repeat([0, 1], 12)
    judged = Predictions(f, stratum, np.arange(24))
    others = Predictions(
        np.array([0.0, 0.2] + [0.8, 1.0] * 50), np.repeat([0, 1], [2, 100]), 24 + np.arange(102)
    )

    found = powered_share(y, judged, others)

    assert found.powered.value == pytest.approx(0.5)
    assert found.weight > 1


def test_what_nobody_else_met_or_was_not_measured_is_by_votes_alone() -> None:
    y = np.array([1.0, 0, 1, 0, 1, 1])
    judged = Predictions(np.full(6, np.nan), np.zeros(6, int), np.arange(6))

    for others in (told(np.ones(5), first=6), told(np.ones(0)), told(np.ones(5), 6, stratum=1)):
        found = powered_share(y, judged, others)

        assert (found.weight, found.ratio, found.more) == (0.0, 1.0, 0)
        assert found.powered.value == found.alone.value == pytest.approx(4 / 6)


def test_a_coin_saves_nothing_and_of_few_prompts_there_is_no_interval() -> None:
    rng = np.random.default_rng(0)
    y, f, others = (rng.integers(0, 2, n).astype(float) for n in (400, 400, 4000))

    coin = powered_share(y, told(f), told(others, first=400))

    assert abs(coin.weight) < 0.05
    assert coin.ratio == pytest.approx(1, abs=0.01)
    few = powered_share(y[:5], told(f[:5]), told(others, first=5))
    assert few.powered.no_interval == Reason(Code.TOO_FEW_PROMPTS, n=5, least=6)
    assert powered_share(y[:0], told(f[:0]), told(others)).powered.undefined == Reason(
        Code.NO_VALUE
    )


def test_a_judged_pair_weighs_as_many_as_it_speaks_for() -> None:
    """By hand: of 20 pairs one way and 20 the other, the first speak for three each."""
    y = np.tile([1.0, 0.0, 1.0, 1.0], 10)
    weight = np.tile([3.0, 3.0, 1.0, 1.0], 10)

    found = powered_share(y, told(y), told(np.repeat([1.0, 0.0], [50, 30]), 40), weight)

    assert found.alone.value == pytest.approx(50 / 80)
    assert found.alone.n == 40
    # The pool is as the judged ones say that it is, so the metric moves nothing, but narrows.
    assert found.powered.value == pytest.approx(50 / 80)
    assert found.weight > 0.5
    assert found.ratio > 1.5
    same = powered_share(y, told(y), told(np.ones(9), 40), np.full(40, 7.0))
    assert same == powered_share(y, told(y), told(np.ones(9), 40))


def test_after_an_adaptive_round_weighed_intervals_hold_what_raw_ones_do_not() -> None:
    """Pairs of near generators are drawn most, so raw rates drift towards one half."""
    truth = rates(simulated(np.random.default_rng(5), 20_000, ERRORS["good"]))
    raw, alone, moved = 0, 0, 0
    for seed in range(60):
        rng = np.random.default_rng([8, seed])
        project = by_rounds(simulated(rng, 200, ERRORS["good"]), rng)
        for found, bare, rate in zip(
            powered(project), powered(replace(project, weight=None)), truth, strict=True
        ):
            raw += holds(bare.alone, rate)
            alone += holds(found.alone, rate)
            moved += holds(found.powered, rate)

    assert raw / 300 < 0.8
    assert 0.90 <= alone / 300 <= 0.99
    assert 0.90 <= moved / 300 <= 0.99


def test_intervals_hold_the_truth_and_a_good_metric_narrows_them() -> None:
    """bench/powered.py says it of more projects: here 60 of 80 prompts, 300 intervals."""
    truth = rates(simulated(np.random.default_rng(5), 20_000, ERRORS["good"]))
    held, off = 0, np.zeros(2)
    for seed in range(60):
        project = simulated(np.random.default_rng([7, seed]), 80, ERRORS["good"])
        for found, rate in zip(powered(project), truth, strict=True):
            held += holds(found.powered, rate)
            values = np.array([found.alone.value, found.powered.value], np.float64)
            off += (values - rate) ** 2

    # Of 300 intervals at 0.95, dependent within a project, three standard errors at most.
    assert 0.90 <= held / 300 <= 0.99
    assert off[1] < off[0]


def test_predictions_are_between_minus_one_and_one_whatever_the_metrics_unit() -> None:
    differences = np.array([-4.0, 0.0, 2.0, np.nan])

    assert squashed(differences, 2.0) == pytest.approx(
        [-np.tanh(2), 0, np.tanh(1), np.nan], nan_ok=True
    )
    assert squashed(differences * 1000, 2000.0) == pytest.approx(
        squashed(differences, 2.0), nan_ok=True
    )
