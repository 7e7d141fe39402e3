"""Correlations, pairwise accuracy and comparisons against published numbers and against scipy."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from scoring.reasons import Code, Reason
from scoring.statistics.accuracy import (
    clustered_accuracy,
    halves,
    matches,
    pairs_within,
    pooled_accuracy,
    tie_threshold,
)
from scoring.statistics.comparison import (
    paired_bootstrap,
    rank_correlation_p,
    williams,
)
from scoring.statistics.correlation import bonett_wright_interval, correlate, plcc, srcc, tau_b
from scoring.statistics.correlation_within import correlate_within
from scoring.statistics.ranks import kendall, midranks
from tests.scoring.goldens import golden


def pairs_of(values):
    pairs = pairs_within(np.zeros(len(values)))
    array = np.asarray(values, float)
    return array[pairs.first] - array[pairs.second]


@pytest.mark.parametrize(("given_numbers", "expected"), golden("correlation"))
def test_coefficients_are_the_published_ones(given_numbers, expected) -> None:
    human, metric = given_numbers["human"], given_numbers["metric"]

    counts = kendall(human, metric)

    assert plcc(human, metric).value == pytest.approx(expected["plcc"], abs=1e-6)
    assert srcc(human, metric).value == pytest.approx(expected["srcc"], abs=1e-6)
    assert counts.tau_b.value == pytest.approx(expected["tau_b"], abs=1e-6)
    found = (counts.concordant, counts.discordant, counts.ties_x, counts.ties_y, counts.ties_both)
    names = ("concordant", "discordant", "ties_human", "ties_metric", "ties_both")
    assert found == tuple(expected[name] for name in names)
    assert counts.pairs == 28


@pytest.mark.parametrize(("given_numbers", "expected"), golden("correlation"))
def test_ties_are_calibrated_as_published(given_numbers, expected) -> None:
    people, machine = pairs_of(given_numbers["human"]), pairs_of(given_numbers["metric"])

    epsilon = tie_threshold(people, machine)
    calibrated = matches(people, machine, epsilon=epsilon)

    assert matches(people, machine).mean() == pytest.approx(expected["acc_eq"], abs=1e-6)
    assert epsilon == pytest.approx(expected["epsilon"], abs=1e-9)
    assert calibrated.mean() == pytest.approx(expected["acc_star"], abs=1e-6)
    constant = matches(people, np.zeros(28))
    assert constant.mean() == pytest.approx(expected["constant_metric"], abs=1e-6)


def test_differences_that_are_equal_but_for_rounding_are_one_threshold() -> None:
    # 0.35 - 0.30 and 0.70 - 0.65 are 0.05 and 0.04999…: people tie both, so both are ties at once.
    people = np.array([0.0, 0.0, 1.0])
    machine = np.array([0.35 - 0.30, 0.70 - 0.65, 0.5])

    epsilon = tie_threshold(people, machine)

    assert list(matches(people, machine, epsilon=epsilon)) == [True, True, True]
    assert list(matches(people, machine, epsilon=0.70 - 0.65)) == [True, True, True]


def test_grouping_matters() -> None:
    human, metric = [1, 2, 3, 3, 4, 5], [0.90, 0.95, 0.99, 0.1, 0.2, 0.3]

    within = correlate_within(human, metric, [0, 0, 0, 1, 1, 1])

    assert within.tau_b.value == pytest.approx(1.0, abs=1e-9)
    assert within.groups == 2
    assert tau_b(human, metric).value == pytest.approx(-0.138013, abs=1e-6)


def test_a_group_in_which_nothing_varies_is_left_out() -> None:
    within = correlate_within([1, 2, 5, 5, 7], [1, 2, 1, 2, 3], ["p", "p", "q", "q", "r"])

    assert within.srcc.value == pytest.approx(1.0)
    assert within.groups == 1
    nowhere = correlate_within([5, 5], [1, 2], [0, 0]).tau_b
    assert (nowhere.value, nowhere.undefined) == (None, Reason(Code.NO_PROMPT_VARIES))
    assert correlate_within([], [], []).plcc.value is None


def test_the_interval_by_formula_is_the_published_one() -> None:
    assert bonett_wright_interval(0.6, 100) == pytest.approx((0.4438, 0.7208), abs=1e-4)
    assert bonett_wright_interval(1.0, 100) is None
    assert bonett_wright_interval(0.6, 5) is None


def test_four_points_have_a_correlation_and_no_interval() -> None:
    few = Reason(Code.TOO_FEW_POINTS, n=4, least=6)

    pooled = correlate([1, 2, 3, 4], [0.1, 0.2, 0.3, 0.4])
    within = correlate_within([1, 2] * 4, [0.1, 0.2] * 4, np.repeat(np.arange(4), 2))
    share = clustered_accuracy([1, 1, 0, 1], [0, 1, 2, 3])

    for found in (pooled.plcc, pooled.srcc, pooled.tau_b, within.srcc):
        assert (found.value, found.interval) == (pytest.approx(1.0), None)
        assert found.no_interval == few
    assert (share.value, share.interval, share.no_interval) == (0.75, None, few)


def test_williams_is_the_published_one() -> None:
    found = williams(0.70, 0.60, 0.80, 200)

    assert found.statistic == pytest.approx(3.106931, abs=1e-6)
    assert found.p == pytest.approx(0.002170, abs=1e-6)
    assert found.degrees == 197
    assert williams(0.60, 0.70, 0.80, 200).statistic == pytest.approx(-3.106931, abs=1e-6)
    assert williams(0.6, 0.6, 0.8, 200).p == 1.0
    with pytest.raises(ValueError, match="no four points"):
        williams(0.9, -0.9, 0.9, 200)


def test_the_exact_p_of_a_rank_correlation_counts_all_orders() -> None:
    # 5 generators in the same order: 2 of 120 orders are as extreme, either way round.
    assert rank_correlation_p([1, 2, 3, 4, 5], [2, 3, 5, 7, 11]) == pytest.approx(2 / 120)
    assert rank_correlation_p([1, 2], [1, 2]) is None
    assert rank_correlation_p(range(8), range(8)) is None
    assert rank_correlation_p([1, 2, 3], [4, 4, 4]) is None


numbers = st.lists(st.tuples(st.integers(0, 6), st.integers(-3, 3)), min_size=2, max_size=60)


@settings(max_examples=150, deadline=None)
@given(numbers, st.randoms(use_true_random=False))
def test_coefficients_are_scipys_whatever_the_order(rows, shuffler) -> None:
    x, y = zip(*rows, strict=True)
    mixed = list(rows)
    shuffler.shuffle(mixed)
    x2, y2 = zip(*mixed, strict=True)

    if len(set(x)) < 2 or len(set(y)) < 2:
        assert plcc(x, y).value is srcc(x, y).value is tau_b(x, y).value is None
        assert plcc(x, y).undefined == tau_b(x, y).undefined == Reason(Code.CONSTANT_SIDE)
        return
    references = (
        (plcc, stats.pearsonr(x, y).statistic),
        (srcc, stats.spearmanr(x, y).statistic),
        (tau_b, stats.kendalltau(x, y).statistic),
    )
    for ours, expected in references:
        assert ours(x, y).value == pytest.approx(expected, abs=1e-9)
        assert ours(x2, y2).value == pytest.approx(expected, abs=1e-9)
        assert ours(x, [-each for each in y]).value == pytest.approx(-expected, abs=1e-9)
    assert list(midranks(x)) == list(stats.rankdata(x))


@settings(max_examples=80, deadline=None)
@given(numbers)
def test_pairwise_accuracy_is_that_of_the_definition(rows) -> None:
    x, y = (np.array(each, float) for each in zip(*rows, strict=True))
    people, machine = pairs_of(x), pairs_of(y)

    epsilon = tie_threshold(people, machine)

    def by_definition(e: float) -> float:
        right = [
            (a == 0 and abs(b) <= e) or (abs(b) > e and a * b > 0)
            for a, b in zip(people, machine, strict=True)
        ]
        return sum(right) / len(right)

    best = max(by_definition(e) for e in {0.0, *np.abs(machine)})
    assert matches(people, machine).mean() == pytest.approx(by_definition(0.0))
    assert matches(people, machine, epsilon=epsilon).mean() == pytest.approx(best)
    assert 0 <= best <= 1


def test_kendall_is_exact_for_a_hundred_thousand_images() -> None:
    rng = np.random.default_rng(1)
    x = rng.integers(0, 13, 100_000) / 12
    y = np.round(x + rng.normal(size=100_000), 2)

    assert tau_b(x, y).value == pytest.approx(stats.kendalltau(x, y).statistic, abs=1e-12)


def test_correlations_within_are_each_groups_own() -> None:
    rng = np.random.default_rng(2)
    # Of five, of eight, and one of eighty.
    group = np.repeat(np.arange(31), [5] * 15 + [8] * 15 + [80])
    shuffled = rng.permutation(len(group))
    x, y = rng.integers(0, 5, len(group)).astype(float), rng.normal(size=len(group))

    found = correlate_within(x[shuffled], y[shuffled], group[shuffled])

    references = (stats.pearsonr, stats.spearmanr, stats.kendalltau)
    ours = (found.plcc, found.srcc, found.tau_b)
    for estimate, function in zip(ours, references, strict=True):
        each = [function(x[group == g], y[group == g]).statistic for g in range(31)]
        assert estimate.value == pytest.approx(np.mean(each), abs=1e-9)
    assert found.groups == 31


def test_the_bootstrap_agrees_with_the_formulas_where_they_hold() -> None:
    rng = np.random.default_rng(3)
    x = rng.normal(size=400)
    y = 0.75 * x + rng.normal(size=400)

    found = correlate(x, y, resamples=1000)

    by_formula = tuple(stats.pearsonr(x, y).confidence_interval())
    assert found.plcc.interval == pytest.approx(by_formula, abs=0.02)
    by_formula = bonett_wright_interval(found.srcc.value or 0, 400)
    assert found.srcc.interval == pytest.approx(by_formula, abs=0.02)
    tau = found.tau_b
    assert tau.interval is not None
    assert tau.value is not None
    assert tau.interval[0] < tau.value < tau.interval[1]
    assert correlate(x, y, resamples=1000) == found


def test_of_many_points_a_part_is_resampled_and_narrowed_to_the_whole() -> None:
    rng = np.random.default_rng(4)
    x = rng.normal(size=20_000)
    y = 0.75 * x + rng.normal(size=20_000)

    found = correlate(x, y)

    by_formula = stats.pearsonr(x, y).confidence_interval()
    assert found.plcc.interval is not None
    width, expected = (high - low for low, high in (found.plcc.interval, by_formula))
    assert width == pytest.approx(expected, rel=0.25)


def test_clusters_widen_an_interval_whose_images_repeat_their_prompt() -> None:
    rng = np.random.default_rng(5)
    x, y = np.repeat(rng.normal(size=(2, 60)), 6, axis=1)

    alone = correlate(x, y).plcc.interval
    together = correlate(x, y, np.repeat(np.arange(60), 6)).plcc.interval

    assert alone is not None
    assert together is not None
    # Six copies of each point say no more than one: √6 times the width.
    assert (together[1] - together[0]) / (alone[1] - alone[0]) == pytest.approx(6**0.5, rel=0.25)


def test_accuracys_interval_is_over_clusters() -> None:
    right = np.repeat([1, 1, 1, 0], 100)
    clusters = np.arange(400) // 4

    found = clustered_accuracy(right, clusters)

    assert found.value == 0.75
    assert found.n == 400
    # All four pairs of a prompt are alike: √(0.75 · 0.25 / 100) · 1.96 = 0.085.
    assert found.interval == pytest.approx((0.665, 0.835), abs=0.03)
    assert clustered_accuracy([], []).undefined == Reason(Code.NO_PAIRS)


def test_pairs_across_prompts_are_drawn_when_there_are_too_many() -> None:
    rng = np.random.default_rng(6)
    x = rng.normal(size=3000)
    y = x + rng.normal(size=3000)

    drawn = pairs_within(np.zeros(3000), at_most=50_000)
    found = pooled_accuracy(x, y, drawn, np.arange(3000))

    assert drawn.sampled
    assert (drawn.first != drawn.second).all()
    assert found.value == pytest.approx(0.75, abs=0.02)
    assert found.interval is not None
    assert found.interval[0] < 0.75 < found.interval[1]
    # τ = 2 acc - 1 without ties, so the widths are as two to one.
    tau = correlate(x, y).tau_b.interval
    assert tau is not None
    ratio = (tau[1] - tau[0]) / (found.interval[1] - found.interval[0])
    assert ratio == pytest.approx(2, rel=0.1)


def test_pairs_within_are_all_pairs_of_each_group() -> None:
    groups = np.array([7, 3, 7, 7, 3, 9])

    pairs = pairs_within(groups)

    found = {tuple(sorted(pair)) for pair in zip(pairs.first, pairs.second, strict=True)}
    assert found == {(0, 2), (0, 3), (2, 3), (1, 4)}
    assert not pairs.sampled
    assert len(pairs_within(np.zeros(0)).first) == 0


def test_halves_keep_a_prompt_whole() -> None:
    clusters = np.repeat(np.arange(21), 5)

    drawn = halves(clusters)

    assert drawn.reshape(21, 5).std(axis=1).max() == 0
    assert drawn.sum() == 50


def test_two_metrics_are_compared_on_the_same_images() -> None:
    rng = np.random.default_rng(7)
    human = rng.normal(size=300)
    good, bad = human + rng.normal(size=300), human + 3 * rng.normal(size=300)

    found = paired_bootstrap(human, good, bad, coefficient="plcc")
    same = paired_bootstrap(human, good, good)

    r = [plcc(human, each).value or 0 for each in (good, bad)]
    mutual = plcc(good, bad).value or 0
    assert found.estimate.value == pytest.approx(r[0] - r[1])
    assert found.p == 0.001
    assert williams(r[0], r[1], mutual, 300).p < 1e-6
    assert (same.estimate.value, same.p) == (0.0, 1.0)
    nothing = paired_bootstrap(human, good, np.ones(300))
    assert (nothing.estimate.value, nothing.p) == (None, None)
    assert nothing.estimate.undefined == Reason(Code.CONSTANT_SIDE)


def test_what_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        plcc([1, 2], [1, float("nan")])
    with pytest.raises(ValueError, match="one length"):
        srcc([1, 2], [1, 2, 3])
    few = Reason(Code.FEWER_THAN_TWO_POINTS)
    assert plcc([1], [1]).undefined == tau_b([1], [1]).undefined == few
