"""An interval that may be looked at after every vote, and the first place that rides on it."""

import numpy as np
import pytest
from scipy.special import expit

from scoring.arrays import Floats
from scoring.designs import posterior
from scoring.stopping import Foretold, anytime_half_width, first_place, foretold


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

    assert (found.best, found.settled) == (0, True)
    assert foretold(posterior(won)) == Foretold(0, 0, 0)
    assert found.probability > 0.999


def test_a_first_place_by_little_names_how_much_more_it_takes() -> None:
    won = np.array([[0.0, 60.0], [40.0, 0.0]])

    found = first_place(posterior(won))

    assert not found.settled
    assert found.probability == pytest.approx(0.977, abs=0.01)
    more = foretold(posterior(won))
    assert more.likely is not None
    assert more.fewest is not None
    assert more.fewest < more.likely < (more.most or np.inf)
    assert first_place(posterior(won * (1 + more.likely + 0.05))).settled
    assert not first_place(posterior(won * (1 + 0.8 * more.likely))).settled


def test_of_two_that_are_level_nothing_is_foretold() -> None:
    level = posterior(np.array([[0.0, 50.0], [50.0, 0.0]]))

    assert not first_place(level).settled
    more = foretold(level)
    assert (more.likely, more.most) == (None, None)
    # One may well be better yet.
    assert more.fewest is not None
    assert more.fewest > 1


def test_what_it_may_take_holds_of_planted_worlds_as_often_as_it_says() -> None:
    """Eight of ten lie within, more where the end is beyond what is foretold; few end before."""
    rng = np.random.default_rng(9)
    within, before, told = 0, 0, 0
    for world in range(80):
        n = 2 + world % 4
        won, truth = np.zeros((n, n)), rng.normal(0, 1.5, n)
        ask(won, truth, 25, rng)
        found = foretold(posterior(won))
        if not found.likely or found.fewest is None:
            continue
        told += 1
        ask(won, truth, round(25 * found.fewest), rng)
        early = first_place(posterior(won)).settled
        if found.most is not None:
            ask(won, truth, round(25 * (found.most - found.fewest)) + 1, rng)
        before += early
        within += not early and (found.most is None or first_place(posterior(won)).settled)

    assert told >= 40
    assert within / told >= 0.8
    assert before / told <= 0.15


def ask(won: Floats, truth: Floats, votes: int, rng: np.random.Generator) -> None:
    """So many votes of each pair."""
    i, j = np.triu_indices(len(truth), 1)
    first = rng.binomial(votes, expit(truth[i] - truth[j]))
    won[i, j] += first
    won[j, i] += votes - first


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
