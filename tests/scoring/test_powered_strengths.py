"""Strengths with a metric: by hand, on planted worlds, and where nothing can be told."""

import math

import numpy as np
import pytest
from scipy.special import expit

from scoring.arrays import Floats, Ints
from scoring.reasons import Code
from scoring.statistics.powered_strengths import MetPairs, moved_strengths, powered_strengths

N = 4
THETA = np.array([0.9, 0.2, -0.3, -0.8])
PAIRS = np.array([(i, j) for i in range(N) for j in range(i + 1, N)])
TOLD = 60


def pairs(ends: Ints, f: Floats, prompt: Ints) -> MetPairs:
    return MetPairs(ends[:, 0], ends[:, 1], f, prompt)


def world(seed: int, prompts: int = 200, judged: int = 2, error: float = 0.3) -> tuple[Floats, ...]:
    """Every prompt has all pairs, of which some are judged; the metric sees how far apart."""
    rng = np.random.default_rng(seed)
    ends = np.tile(PAIRS, (prompts, 1))
    prompt = np.repeat(np.arange(prompts), len(PAIRS))
    apart = THETA[ends[:, 0]] - THETA[ends[:, 1]] + rng.normal(0, 1.6, len(ends))
    f = np.tanh(apart + rng.normal(0, error, len(ends)))
    y = rng.binomial(3, expit(apart)) / 3
    asked = (rng.random((prompts, len(PAIRS))).argsort(axis=1) < judged).reshape(-1)
    return ends, f, prompt, y, asked


def told(seed: int, error: float = 0.3) -> list[tuple[float, float, bool, bool]]:
    """Of each generator both values off the truth, and whether the intervals hold it."""
    ends, f, prompt, y, asked = world(seed, error=error)
    found = powered_strengths(
        y[asked], pairs(ends[asked], f[asked], prompt[asked]), pairs(ends, f, prompt), N
    )
    rows = []
    for one, truth in zip(found, TRUTH, strict=True):
        row = []
        for estimate in (one.alone, one.powered):
            assert estimate.value is not None
            assert estimate.interval is not None
            low, high = estimate.interval
            row.append((estimate.value - truth, low <= truth <= high))
        (off, holds), (off_with, holds_with) = row
        rows.append((off, off_with, holds, holds_with))
    return rows


def _truth() -> Floats:
    """Of very many votes: luck makes people less sure than strengths would have it."""
    luck = np.random.default_rng(1).normal(0, 1.6, 400_000)
    y = np.array([expit(THETA[i] - THETA[j] + luck).mean() for i, j in PAIRS])
    many = 2000
    ends, nothing = np.repeat(PAIRS, many, axis=0), np.full(many * len(PAIRS), np.nan)
    met = pairs(ends, nothing, np.zeros(len(ends), np.int64))
    return moved_strengths(np.repeat(y, many), met, met, N)


TRUTH = _truth()


def test_two_generators_stand_as_far_apart_as_the_moved_share_says() -> None:
    # Judged: 200 of which 150 are won; the metric is right of each, and of 200 more 50 are won.
    won = np.r_[np.ones(150), np.zeros(50), np.ones(50), np.zeros(150)]
    ends = np.tile([1, 0], (400, 1))
    prompt = np.arange(400)
    judged = pairs(ends[:200], won[:200], prompt[:200])

    found = powered_strengths(won[:200], judged, pairs(ends, won, prompt), 2)

    # Of all 400 the first has won 200: level. Alone 150 of 200, the prior as good as nothing.
    assert found[1].powered.value == pytest.approx(0, abs=0.01)
    assert found[1].alone.value == pytest.approx(math.log(3) / 2, abs=0.01)
    assert found[0].alone.value == -found[1].alone.value
    # 1 / (200 · 3/4 · 1/4) by 1 / (400 · 1/2 · 1/2).
    assert found[1].ratio == pytest.approx(8 / 3, rel=0.2)


def test_on_planted_worlds_a_good_metric_is_worth_votes_and_intervals_hold() -> None:
    rows = np.array([row for seed in range(TOLD) for row in told(seed)])

    off, off_with, holds, holds_with = rows.T
    assert (off_with**2).mean() < 0.85 * (off**2).mean()
    # 240 of which about 12 miss; four of a world go together.
    assert 0.9 <= holds.mean() <= 0.99
    assert 0.9 <= holds_with.mean() <= 0.99


def test_a_coin_moves_nothing_much() -> None:
    rows = np.array([row for seed in range(20) for row in told(seed, error=1000.0)])

    off, off_with, *_ = rows.T
    assert (off_with**2).mean() == pytest.approx((off**2).mean(), rel=0.05)


def test_the_order_of_a_pair_says_nothing() -> None:
    ends, f, prompt, y, asked = world(3)
    swapped = np.random.default_rng(4).random(len(f)) < 0.5
    turned = np.where(swapped[:, None], ends[:, ::-1], ends)
    turned_f = np.where(swapped, -f, f)
    turned_y = np.where(swapped, 1 - y, y)

    one = moved_strengths(
        y[asked], pairs(ends[asked], f[asked], prompt[asked]), pairs(ends, f, prompt), N
    )
    other = moved_strengths(
        turned_y[asked], pairs(turned[asked], turned_f[asked], prompt[asked]),
        pairs(turned, turned_f, prompt), N,
    )  # fmt: skip

    assert one == pytest.approx(other)


def test_generators_that_nobody_compared_have_no_strengths() -> None:
    ends = np.tile([[0, 1], [2, 3]], (30, 1))
    met = pairs(ends, np.full(60, np.nan), np.repeat(np.arange(30), 2))

    found = powered_strengths(np.tile([1.0, 0.0], 30), met, met, N)

    assert {one.alone.undefined.code for one in found if one.alone.undefined} == {
        Code.NEVER_COMPARED
    }
    assert [one.powered.value for one in found] == [None] * N


def test_few_prompts_are_moved_by_nothing() -> None:
    ends, f, prompt, y, asked = world(5, prompts=12)
    found = powered_strengths(
        y[asked], pairs(ends[asked], f[asked], prompt[asked]), pairs(ends, f, prompt), N
    )

    assert [one.powered.value for one in found] == [one.alone.value for one in found]
