"""The alternative annotator test: by hand, on planted people, and how often it errs."""

import numpy as np
import pytest
from scipy.stats import ttest_1samp

from scoring.arrays import Floats
from scoring.reasons import Code, Reason
from scoring.replaceable import (
    Alignment,
    Answers,
    Replaceable,
    discoveries,
    linked,
    replaceable,
)

PROMPTS = 30


def said(people: Floats, metric: Floats, *, per_prompt: int = 1) -> Answers:
    """What (people, units) said of units, so many of which are of one prompt; NaN: no answer."""
    person, unit = np.nonzero(np.isfinite(people))
    return Answers(person, unit, people[person, unit], metric[unit], unit // per_prompt)


def right(rng: np.random.Generator, truth: Floats, share: float) -> Floats:
    return np.where(rng.random(len(truth)) < share, truth, -truth)


def held(people: Floats, metric: Floats, **asked: int) -> Replaceable:
    return replaceable(said(people, metric, **asked), Alignment.ACCURACY)


def test_three_who_agree_and_a_metric_that_errs_once() -> None:
    """By hand: ρ_f = 29/30, ρ_h = 1, s² = 1/30, t = (1/30 - 0.1) / (1/30) = -2 of 29 degrees."""
    metric = np.ones(PROMPTS)
    metric[0] = -1

    found = held(np.ones((3, PROMPTS)), metric)

    for row in found.against:
        assert (row.n, row.prompts, row.own) == (PROMPTS, PROMPTS, 1.0)
        assert row.metric == pytest.approx(29 / 30)
        # Of Student's t; the last of three is held against 0.05 / (1 + 1/2 + 1/3) = 0.02727.
        assert row.p == pytest.approx(0.0274, abs=1e-4)
        assert not row.won
    assert (found.winning_rate, found.passes) == (0.0, False)
    assert found.advantage.value == pytest.approx(29 / 30)


def test_a_metric_that_never_errs_wins_over_all_of_them() -> None:
    metric = np.array([1.0, -1.0] * 15)

    found = held(np.tile(metric, (3, 1)), metric)

    assert (found.winning_rate, found.passes) == (1.0, True)
    assert [row.p for row in found.against] == [0.0] * 3
    assert found.advantage.value == 1.0
    # quality.md C13: Wilson's interval of 30 out of 30 begins at 30 / (30 + 1.96²).
    assert found.advantage.interval == pytest.approx((30 / (30 + 1.959964**2), 1))


def test_where_each_prompt_has_one_answer_it_is_the_papers_t_test() -> None:
    rng = np.random.default_rng(1)
    truth = rng.choice([-1.0, 1.0], 90)
    people = np.array([right(rng, truth, 0.8) for _ in range(3)])
    metric = right(rng, truth, 0.8)

    found = held(people, metric)

    for number, row in enumerate(found.against):
        others = np.delete(people, number, axis=0)
        near, own = ((others == each).mean(axis=0) for each in (metric, people[number]))
        expected = ttest_1samp(1.0 * (own >= near) - (near >= own), 0.1, alternative="less")
        assert row.p == pytest.approx(expected.pvalue)
        assert (row.metric, row.own) == ((near >= own).mean(), (own >= near).mean())


def test_the_same_answers_twice_in_a_prompt_make_nothing_surer() -> None:
    rng = np.random.default_rng(2)
    people, metric = rng.choice([-1.0, 0.0, 1.0], (3, 40)), rng.choice([-1.0, 1.0], 40)

    once = held(people, metric)
    twice = held(np.repeat(people, 2, axis=1), np.repeat(metric, 2), per_prompt=2)

    assert [row.p for row in twice.against] == pytest.approx([row.p for row in once.against])
    assert twice.advantage.interval == pytest.approx(once.advantage.interval)
    assert [(row.n, row.prompts) for row in twice.against] == [(80, 40)] * 3


@pytest.mark.parametrize(
    ("others", "own", "metric", "nearer"),
    [
        # 1 + ½ of either; then ½ of one that is opposite to one and level with the other.
        ((1, 0), 0, 1, "both"),
        ((1, 0), 0, -1, "own"),
        ((1, 1), 0, 1, "metric"),
        ((1, -1), 0, 1, "both"),
        ((0, 0), 1, -1, "both"),
    ],
)
def test_a_tie_is_half_of_either_side(
    others: tuple[float, float], own: float, metric: float, nearer: str
) -> None:
    people = np.repeat([[own], *([other] for other in others)], PROMPTS + 1, axis=1).astype(float)
    # One unit where all say a, so that the metric does not say one thing alone.
    people[:, -1] = 1
    machine = np.append(np.full(PROMPTS, metric), 1.0 if metric != 1 else 0.0)

    row = held(people, machine).against[0]

    whole = round(row.metric * len(machine)), round(row.own * len(machine))
    last = int(metric != 1)
    assert whole == (
        PROMPTS * (nearer != "own") + last,
        PROMPTS * (nearer != "metric") + 1,
    )


def test_of_ratings_the_nearer_by_the_root_of_the_mean_square_has_the_advantage() -> None:
    """By hand: others say 2 and 4; √(((2-2)² + (2-4)²) / 2) = 1.41 is nearer than 5's 2.24."""
    people = np.repeat([[5.0], [2.0], [4.0]], PROMPTS, axis=1)
    metric = np.full(PROMPTS, 2.0)
    metric[0] = 6.0

    first, *_ = replaceable(said(people, metric), Alignment.RMSE).against

    assert (first.metric, first.own) == pytest.approx((29 / 30, 1 / 30))


def test_of_few_people_or_prompts_nothing_is_said() -> None:
    rng = np.random.default_rng(3)
    metric = rng.choice([-1.0, 1.0], PROMPTS)
    people = np.tile(metric, (3, 1))
    why = Reason(Code.FEW_PEOPLE_TO_STAND_IN_FOR, n=2, least=3, prompts=30)

    assert held(people[:2], metric).undefined == why
    people[2, 0] = np.nan
    found = held(people, metric)
    assert (found.undefined, found.winning_rate, found.passes) == (why, None, False)
    assert found.advantage.undefined == why
    # Nobody else judged any of them, or the metric none.
    alone = held(np.where(np.eye(3, 90) > 0, 1, np.nan), np.ones(90) * np.arange(90) % 2)
    assert alone.undefined == Reason(Code.FEW_PEOPLE_TO_STAND_IN_FOR, n=0, least=3, prompts=30)
    assert held(people, np.full(PROMPTS, np.nan)).against == ()


def test_a_metric_that_says_one_thing_of_everything_is_no_stand_in() -> None:
    assert held(np.ones((3, 40)), np.zeros(40)).undefined == Reason(Code.METRIC_SAYS_ONE_THING)


def test_discoveries_are_benjamini_and_yekutielis() -> None:
    """By hand: m = 5, 1 + ½ + ⅓ + ¼ + ⅕ = 2.2833, so steps of 0.05 / 11.4167 = 0.0043796."""
    assert discoveries([0.5, 0.004, 0.02, 0.04, 0.009]).tolist() == [
        False,
        True,
        False,
        False,
        False,
    ]
    # The third of them is within its step, and carries the second, which is not within its own.
    assert discoveries([0.0131, 0.001, 0.009, 0.5, 0.5]).tolist() == [
        True,
        True,
        True,
        False,
        False,
    ]
    assert discoveries([]).tolist() == []


def test_a_value_is_linked_to_the_answer_that_stands_as_high() -> None:
    """By hand: the shares 1/6, 1/2 and 5/6 of six answers are those at places 1, 3 and 5."""
    whole, many = np.zeros(4, int), np.zeros(6, int)

    found = linked([30, 10, np.nan, 20], [5, 1, 5, 2, 1, 5], whole, many)

    assert found == pytest.approx([5, 1, np.nan, 5], nan_ok=True)
    # Within items: the best of three is picked where one is, and ranks become ranks.
    three, three_more = np.repeat([0, 1], 3), np.repeat([0, 1], 6)
    answers = [1, 0, 0, 1, 0, 0, -1, -2, -3, -2, -1, -3]
    within = linked([0.1, 0.9, 0.3, 7.0, 8.0, 6.0], answers, three, three_more)
    assert within.tolist() == [0, 1, 0, -2, -1, -3]


def test_planted_a_metric_as_good_as_a_person_passes_and_a_worse_one_does_not() -> None:
    passed = {"as good": 0, "worse": 0}
    for seed in range(40):
        rng = np.random.default_rng([4, seed])
        truth = rng.choice([-1.0, 1.0], 600)
        people = np.array([right(rng, truth, 0.8) for _ in range(5)])
        # Three people a unit, as the site has it.
        people[np.argsort(rng.random(people.shape), axis=0) >= 3] = np.nan
        for name, share in (("as good", 0.8), ("worse", 0.6)):
            passed[name] += held(people, right(rng, truth, share), per_prompt=2).passes

    assert passed["as good"] >= 36
    assert passed["worse"] == 0


def test_a_metric_worse_by_epsilon_is_taken_as_no_worse_in_five_of_a_hundred() -> None:
    """People agree; whether the metric is right is one chance for two answers of a prompt."""
    rejected, passed, runs = 0, 0, 400
    for seed in range(runs):
        rng = np.random.default_rng([5, seed])
        metric = np.repeat(np.where(rng.random(150) < 0.9, 1.0, -1.0), 2)
        found = held(np.ones((3, 300)), metric, per_prompt=2)
        rejected += found.against[0].p < 0.05
        passed += found.passes

    # Discrete and skewed, so not exactly 0.05: three standard errors of 400 are 0.033.
    assert rejected / runs <= 0.05 + 0.033
    assert passed / runs <= rejected / runs


def test_the_interval_of_the_mean_advantage_holds_the_truth() -> None:
    """Truth: what 40,000 prompts of the same people say."""

    def world(seed: int, prompts: int) -> Replaceable:
        rng = np.random.default_rng([6, seed])
        truth = np.repeat(rng.choice([-1.0, 1.0], prompts), 2)
        people = np.array([right(rng, truth, share) for share in (0.7, 0.8, 0.9)])
        return held(people, right(rng, truth, 0.75), per_prompt=2)

    truth, covered, runs = world(0, 40_000).advantage.value, 0, 300
    assert truth is not None
    for seed in range(1, runs + 1):
        interval = world(seed, 60).advantage.interval
        assert interval is not None
        covered += interval[0] <= truth <= interval[1]

    # Three standard errors of 300 at 0.95.
    assert 0.91 <= covered / runs <= 0.99
