"""Intervals over prompts: how wide, when none, and whether they cover what was planted."""

import numpy as np
import pytest
from scipy import stats

from scoring.davidson import SidedStrengths, davidson
from scoring.reasons import Code, Reason
from scoring.statistics.cluster_bootstrap import (
    cluster_ratios,
    clusters_of,
    expanded_interval,
    places,
    sums_by_group,
    too_few_prompts,
)
from scoring.statistics.resampling import tail_of
from tests.scoring.planted import (
    GENERATORS,
    population,
    simulated,
    simulated_rankings,
    win_rates,
)


def test_the_tails_of_few_clusters_lie_farther_out() -> None:
    # Hesterberg (2015), the expanded percentile interval.
    assert tail_of(5) == pytest.approx(stats.norm.cdf(-np.sqrt(5 / 4) * stats.t.ppf(0.975, 4)))
    assert tail_of(10) == pytest.approx(0.0086, abs=1e-4)
    assert tail_of(20) == pytest.approx(0.0159, abs=1e-4)
    assert tail_of(100) == pytest.approx(0.0231, abs=1e-4)


def test_three_votes_of_an_item_stay_together() -> None:
    # 200 items of three votes that agree: the error is that of 200, not of 600.
    share = np.repeat(np.arange(200) % 2, 3)
    items = np.repeat(np.arange(200), 3)
    one = np.zeros(600, np.int64)

    def half(names: np.ndarray) -> float:
        clusters = clusters_of(names)
        sums = (sums_by_group(clusters, one, 1, each) for each in (share, 1))
        [found] = cluster_ratios(*sums, clusters).shares()
        assert found.interval is not None
        return (found.interval[1] - found.interval[0]) / 2

    assert half(items) == pytest.approx(1.96 * (0.25 / 200) ** 0.5, rel=0.03)
    assert half(items) / half(np.arange(600)) == pytest.approx(3**0.5, rel=0.02)


def test_a_share_of_all_or_nothing_still_has_an_interval() -> None:
    clusters = clusters_of(np.arange(20))

    [found] = cluster_ratios(np.ones((20, 1)), np.ones((20, 1)), clusters).shares()

    assert found.value == 1.0
    # Wilson's of 20 of 20.
    assert found.interval == pytest.approx((0.838875, 1.0), abs=1e-6)


def test_under_six_clusters_there_is_no_interval_and_a_reason() -> None:
    clusters = clusters_of(["a", "b", "a", "c"])

    [found] = cluster_ratios(
        np.array([[1.0], [2.0], [0.0]]), np.full((3, 1), 2.0), clusters
    ).means()

    assert (found.value, found.n, found.interval) == (0.5, 6, None)
    assert found.no_interval == Reason(Code.TOO_FEW_PROMPTS, n=3, least=6)
    assert expanded_interval(np.arange(1000.0), 5) is None
    assert (too_few_prompts(5), too_few_prompts(6)) == (
        Reason(Code.TOO_FEW_PROMPTS, n=5, least=6),
        None,
    )


def test_many_clusters_go_into_groups_and_none_is_torn_apart() -> None:
    names = np.repeat(np.arange(5000), 2)

    clusters = clusters_of(names, at_most=500)

    assert (clusters.n, clusters.groups) == (5000, 500)
    assert (clusters.group[::2] == clusters.group[1::2]).all()
    assert set(np.bincount(clusters.group)) == {20}


def test_ranks_have_intervals_and_a_share_of_first_places() -> None:
    draws = np.array([[3.0, 2.0, 1.0]] * 80 + [[2.0, 3.0, 1.0]] * 20)

    first, second, third = places(np.array([3.0, 2.0, 1.0]), draws, clusters=400)

    assert (first.rank, first.interval, first.first) == (1, (1, 2), 0.8)
    assert (second.rank, second.interval, second.first) == (2, (1, 2), 0.2)
    assert (third.rank, third.interval, third.first) == (3, (3, 3), 0.0)


def test_equal_values_share_a_rank() -> None:
    assert [place.rank for place in places(np.array([1.0, 2.0, 1.0]), np.zeros((0, 3)), 400)] == [
        2, 1, 2,
    ]  # fmt: skip


PROJECTS = 200
# Of 200 projects, two-sided at 0.1 % by the binomial: a true 95 % covers between 178 and 199 times.
LEAST, MOST = (int(stats.binom.ppf(p, PROJECTS, 0.95)) for p in (0.0005, 0.9995))


@pytest.mark.parametrize("prompts", [8, 40])
def test_intervals_cover_the_planted_values_as_often_as_they_promise(prompts: int) -> None:
    truth = population(np.random.default_rng(7))
    rates = np.zeros(GENERATORS, int)
    strengths, ranks = np.zeros((2, GENERATORS), int)
    side = 0
    for seed in range(PROJECTS):
        project = simulated(np.random.default_rng([8, prompts, seed]), prompts)
        found = davidson(project.votes)
        assert isinstance(found, SidedStrengths)
        for i, (share, place) in enumerate(
            zip(win_rates(project).shares(), found.strengths.places(), strict=True)
        ):
            rates[i] += covers(share.interval, truth.rates[i])
            strengths[i] += covers(found.strengths.interval(i), truth.theta[i])
            ranks[i] += covers(place.interval, i + 1)
        side += covers(found.side.interval, truth.side)

    assert ((rates >= LEAST) & (rates <= MOST)).all(), rates
    assert ((strengths >= LEAST) & (strengths <= MOST)).all(), strengths
    assert LEAST <= side <= MOST
    # Ranks are whole numbers: their intervals cover at least as often.
    assert (ranks >= LEAST).all(), ranks


@pytest.mark.parametrize("prompts", [8, 40])
def test_intervals_of_rankings_cover_the_planted_strengths(prompts: int) -> None:
    truth = simulated_rankings(np.random.default_rng(10), 40_000).theta
    covered = np.zeros(GENERATORS, int)
    for seed in range(PROJECTS):
        found = simulated_rankings(np.random.default_rng([11, prompts, seed]), prompts)
        covered += [covers(found.interval(i), truth[i]) for i in range(GENERATORS)]

    assert ((covered >= LEAST) & (covered <= MOST)).all(), covered


def covers(interval: tuple[float, float] | None, value: float) -> bool:
    assert interval is not None
    return interval[0] <= value <= interval[1]


def test_the_order_of_planted_generators_is_found() -> None:
    found = davidson(simulated(np.random.default_rng(9), 400).votes)

    assert isinstance(found, SidedStrengths)
    assert [place.rank for place in found.strengths.places()] == [1, 2, 3, 4, 5]
