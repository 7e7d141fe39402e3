"""Reward up, people down: by hand, planted runs, and how often it is a false alarm."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import ttest_rel

from scoring.arrays import Floats
from scoring.divergence import Series, StepMeans, divergence
from scoring.reasons import Code, Reason
from scoring.statistics.proportions import score_interval

STEPS = 4


def series(values: Floats) -> Series:
    """(steps, prompts) of them, the same prompts at each step."""
    steps, prompts = values.shape
    return Series(
        values.reshape(-1),
        np.repeat(np.arange(steps), prompts),
        np.tile(np.arange(prompts), steps),
        steps,
    )


def run(seed: int, per_step: float, *, prompts: int = 40, noise: float = 0.3) -> Series:
    """A run whose judgement moves by so much a step; prompts differ from one another, too."""
    rng = np.random.default_rng(seed)
    luck = rng.normal(0, 1, prompts)
    return series(
        per_step * np.arange(STEPS)[:, None] + luck + rng.normal(0, noise, (STEPS, prompts))
    )


def test_means_and_changes_are_those_of_students_t() -> None:
    """By hand: 0 … 5 have the mean 2.5, s = 1.870829; t of 5 degrees is 2.570582."""
    values = np.array([[0.0, 1, 2, 3, 4, 5], [1.0, 1, 4, 3, 7, 5]])

    found = StepMeans(series(values))

    first, second = found.means()
    assert (first.value, first.n, second.value) == (2.5, 6, 3.5)
    reach = 2.570582 * 1.870829 / 6**0.5
    assert first.interval == pytest.approx((2.5 - reach, 2.5 + reach), abs=1e-6)
    paired = ttest_rel(values[1], values[0]).confidence_interval()
    assert found.change(0, 1).interval == pytest.approx((paired.low, paired.high))
    assert found.change(0, 1).value == 1.0


def test_shares_lie_within_wilsons_interval() -> None:
    """Of 2 of 15 and of none of 15, by z = t of 14 degrees, 2.144787, where Wilson's has 1.96."""
    values = np.zeros((2, 15))
    values[0, :2] = 1

    some, none = StepMeans(replace(series(values), shares=True)).means()

    # p (1 - p) / s² is 14 trials: s² / 15 = p (1 - p) / 14.
    assert some.value == pytest.approx(2 / 15)
    assert some.interval == pytest.approx(score_interval(2 / 15, 14, 2.144787), abs=1e-6)
    assert (none.value, none.interval and none.interval[0]) == (0.0, 0.0)
    # z² / (n + z²).
    assert none.interval == pytest.approx((0, 4.600111 / 19.600111), abs=1e-6)


def test_of_few_prompts_there_is_no_interval_and_no_alarm() -> None:
    falling, rising = (series(np.array([[a] * 5, [b] * 5])) for a, b in ((1.0, 0.0), (0.0, 1.0)))

    [first, _] = StepMeans(falling).means()

    assert (first.value, first.no_interval) == (1.0, Reason(Code.TOO_FEW_PROMPTS, n=5, least=6))
    assert divergence(falling, rising) is None


def test_a_step_without_values_has_no_mean() -> None:
    found = StepMeans(Series(np.ones(6), np.zeros(6, int), np.arange(6), 2))

    assert found.means()[1].undefined == Reason(Code.NO_VALUE)
    assert found.change(0, 1).undefined == Reason(Code.NO_VALUE)


def test_an_alarm_is_raised_where_the_metric_rises_and_people_fall() -> None:
    found = divergence(people=run(1, -0.3), metric=run(2, 0.3))

    assert found is not None
    assert found.earlier == 0
    assert found.people.value == pytest.approx(-0.9, abs=0.2)
    assert found.metric.value == pytest.approx(0.9, abs=0.2)


def test_what_fell_after_it_had_risen_is_told_since_its_best_step() -> None:
    people = np.array([0.0, 0.5, 1.0, 0.4])[:, None] + run(3, 0.0).value.reshape(STEPS, -1)

    found = divergence(series(people), run(4, 0.3))

    assert found is not None
    assert found.earlier == 2


@pytest.mark.parametrize(("people", "metric"), [(0.3, 0.3), (-0.3, -0.3), (0.3, -0.3)])
def test_no_alarm_is_raised_where_they_go_together_or_people_alone_rise(
    people: float, metric: float
) -> None:
    assert divergence(run(5, people), run(6, metric)) is None


def test_while_either_stays_as_it_is_an_alarm_is_rare() -> None:
    runs, noisy, quiet, flat = 1000, 0, 0, 0
    for seed in range(runs):
        people = run(1000 + seed, 0.0, prompts=20)
        noisy += divergence(people, run(9000 + seed, 1.0, prompts=20)) is not None
        unmoved = run(5000 + seed, 0.0, prompts=20)
        quiet += divergence(people, unmoved) is not None
        flat += divergence(run(2000 + seed, -1.0, prompts=20), unmoved) is not None

    # At most 0.025, and three standard errors of 1,000.
    assert noisy / runs <= 0.025 + 0.015
    assert flat / runs <= 0.025 + 0.015
    assert quiet / runs <= 0.005
