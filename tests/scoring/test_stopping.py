"""An interval that may be looked at after every vote, and the first place that rides on it."""

import numpy as np
import pytest

from scoring.designs import posterior
from scoring.stopping import anytime_half_width, first_place


def test_looked_at_after_every_vote_it_leaves_the_truth_in_one_stream_of_twenty_at_most() -> None:
    votes = np.arange(1, 1001)
    # Votes of 0 or 1 are sub-normal with a variance of ¼ (Hoeffding).
    half = np.array([anytime_half_width(0.25 / n, 0.05) for n in votes])
    for truth in (0.5, 0.8):
        streams = np.random.default_rng(1).random((1000, 1000)) < truth
        means = streams.cumsum(axis=1) / votes

        left = (np.abs(means - truth) > half).any(axis=1)

        assert left.mean() <= 0.05


def test_the_usual_interval_would_leave_it_far_more_often() -> None:
    votes = np.arange(1, 1001)
    streams = np.random.default_rng(1).random((1000, 1000)) < 0.5
    means = streams.cumsum(axis=1) / votes

    left = (np.abs(means - 0.5) > 1.96 * np.sqrt(0.25 / votes)).any(axis=1)

    assert left.mean() > 0.2


def test_robbins_width_is_his_formula() -> None:
    # √(v (1 + v/τ²) ln((1 + τ²/v) / α²)) at v = 0.01, τ = 1: √(0.0101 · ln(101 / 0.0025)).
    assert anytime_half_width(0.01, 1.0) == pytest.approx(0.327303, abs=1e-5)


def test_a_clear_first_place_is_settled_and_needs_no_more() -> None:
    won = np.array([[0, 180, 190], [20, 0, 100], [10, 100, 0]], float)

    found = first_place(posterior(won))

    assert (found.best, found.settled, found.more) == (0, True, 0.0)
    assert found.probability > 0.999


def test_a_first_place_by_little_names_how_much_more_it_takes() -> None:
    won = np.array([[0.0, 60.0], [40.0, 0.0]])

    found = first_place(posterior(won))

    assert not found.settled
    assert found.probability == pytest.approx(0.977, abs=0.01)
    assert found.more is not None
    assert first_place(posterior(won * (1 + found.more + 0.05))).settled
    assert not first_place(posterior(won * (1 + 0.8 * found.more))).settled


def test_of_two_that_are_level_nothing_is_foretold() -> None:
    found = first_place(posterior(np.array([[0.0, 50.0], [50.0, 0.0]])))

    assert (found.settled, found.more) == (False, None)


def test_a_wrong_first_place_is_settled_in_one_world_of_twenty_at_most() -> None:
    rng = np.random.default_rng(4)
    wrong = 0
    for _ in range(200):
        won = np.zeros((3, 3))
        for _ in range(30):
            for i, j in ((0, 1), (0, 2), (1, 2)):
                first = rng.binomial(5, 0.5)
                won[i, j] += first
                won[j, i] += 5 - first
            # All are level: whoever is settled to be first is so by chance alone.
            if first_place(posterior(won)).settled:
                wrong += 1
                break
    assert wrong / 200 <= 0.05
