"""Which pairs are drawn next, how likely, and what their weights make of a mean."""

import numpy as np
import pytest
from scipy.special import expit

from scoring.arrays import Floats
from scoring.designs import PRIOR_SD, chances, drawn, gains, posterior, weights


def test_the_prior_is_what_is_known_without_votes() -> None:
    found = posterior(np.zeros((3, 3)))

    assert found.mode == pytest.approx([0, 0, 0])
    assert found.covariance == pytest.approx(PRIOR_SD**2 * np.eye(3))


def test_many_votes_give_bradley_and_terrys_strengths() -> None:
    # quality.md C13: bt of the same table, here a hundred times as often.
    won = np.array([[0, 4, 6], [2, 0, 4], [1, 3, 0]], float)
    found = posterior(10_000 * won)
    apart = found.difference()

    assert (won.sum(axis=1) - ((won + won.T) * expit(apart)).sum(axis=1)) == pytest.approx(
        [0, 0, 0], abs=1e-3
    )


def test_the_variance_of_a_difference_is_that_of_its_votes() -> None:
    won = np.array([[0.0, 500.0], [500.0, 0.0]])

    # 1 / (1000 · ¼), a little less by the prior.
    assert posterior(won).variance()[0, 1] == pytest.approx(0.004, rel=0.01)


def test_a_vote_is_worth_most_between_groups_that_nothing_connects() -> None:
    won = np.zeros((4, 4))
    won[0, 1] = won[1, 0] = won[2, 3] = won[3, 2] = 5

    worth = gains(posterior(won))

    assert worth[:2, 2:].min() > 2 * max(worth[0, 1], worth[2, 3])


def test_a_vote_is_worth_little_where_all_is_clear() -> None:
    won = np.array([[0.0, 20.0, 40.0], [20.0, 0.0, 40.0], [0.0, 0.0, 0.0]])

    worth = gains(posterior(won))

    assert worth[0, 1] > 10 * worth[0, 2]
    assert np.diag(worth).tolist() == [0, 0, 0]


def test_chances_add_up_and_none_is_0_or_above_1() -> None:
    gain = np.array([0.0, 1.0, 2.0, 50.0, 100.0, 0.5, 0.5])

    chance = chances(gain, 4)

    assert chance.sum() == pytest.approx(4)
    assert chance.max() == 1
    assert chance.min() > 0


def test_without_gain_or_by_the_uniform_design_all_are_equally_likely() -> None:
    assert chances(np.zeros(8), 2) == pytest.approx(np.full(8, 0.25))
    assert chances(np.arange(8.0), 2, floor=1) == pytest.approx(np.full(8, 0.25))
    assert chances(np.arange(8.0), 8) == pytest.approx(np.ones(8))


def test_each_is_drawn_as_often_as_its_chance_says() -> None:
    chance = chances(np.random.default_rng(1).exponential(size=20) ** 3, 6)
    rng = np.random.default_rng(2)

    times = np.zeros(20)
    for _ in range(20_000):
        there = drawn(chance, rng)
        assert len(set(there.tolist())) == 6
        times[there] += 1

    error = np.sqrt(chance * (1 - chance) / 20_000)
    assert (np.abs(times / 20_000 - chance) <= 4 * error + 1e-12).all()


def _drawn_in_rounds(
    worth: Floats, value: Floats, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Values and weights of three rounds of 40, each out of what is left."""
    left = np.arange(len(value))
    values, chance, rounds = [], [], []
    for number in (1, 2, 3):
        likely = chances(worth[left], 40)
        there = drawn(likely, rng)
        values.append(value[left[there]])
        chance.append(likely[there])
        rounds.append(np.full(40, number))
        left = np.delete(left, there)
    weighed = weights(np.concatenate(chance), np.concatenate(rounds), 3)
    return np.concatenate(values), weighed


def test_a_weighed_mean_is_the_pools_where_the_raw_one_is_not() -> None:
    rng = np.random.default_rng(3)
    # Pairs that are drawn seldom are those that one side always wins.
    worth = rng.exponential(size=600)
    value = (rng.random(600) < expit(2 - 2 * worth)).astype(float)

    raw, weighed = [], []
    for _ in range(2000):
        values, weight = _drawn_in_rounds(worth, value, rng)
        raw.append(values.mean())
        weighed.append((weight * values).sum() / weight.sum())

    assert np.mean(weighed) == pytest.approx(value.mean(), abs=0.01)
    assert abs(np.mean(raw) - value.mean()) > 0.1


def test_what_was_there_before_a_round_is_known_to_it() -> None:
    assert weights(np.array([1, 0.1, 0.5]), np.array([0, 1, 2]), 2).tolist() == [2, 11, 2]
