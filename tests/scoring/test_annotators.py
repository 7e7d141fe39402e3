"""What answers show of annotators, against published numbers and tables made by hand."""

import math

import numpy as np
import pytest

from scoring.annotators.agreement import coins_of, evidence_of
from scoring.annotators.answers import (
    Answers,
    Asked,
    Choices,
    Comparisons,
    Ratings,
    Sets,
    ordered_pairs,
)
from scoring.annotators.consistency import accuracy_of_repeats, self_consistency
from scoring.annotators.copying import pairs_of
from scoring.annotators.habits import (
    circles_of,
    dimensions_of,
    entropy_bits,
    halo_of,
    straight_lines,
)
from scoring.annotators.holm import holm
from scoring.annotators.intervals import fisher, shares, wilson
from scoring.annotators.portrait import portraits_of
from scoring.annotators.reliability import one_coin_map
from scoring.annotators.sides import longest_runs, run_p, sides_of
from scoring.annotators.times import medians, speed_z
from scoring.annotators.tiring import minutes_of_session, tiring_of
from scoring.statistics.proportions import fair_coin_p


def given(annotator, item, *, at=None, ms=None, verdict=None, leftmost=None) -> Answers:
    n = len(annotator)
    return Answers(
        annotator=np.array(annotator),
        item=np.array(item),
        at=np.arange(n, dtype=float) if at is None else np.array(at, float),
        active_ms=np.full(n, np.nan) if ms is None else np.array(ms, float),
        verdict=np.full(n, -1) if verdict is None else np.array(verdict),
        leftmost=np.zeros(n, np.int64) if leftmost is None else np.array(leftmost),
        people=max(annotator) + 1,
        items=max(item) + 1,
    )


def chosen(answers: Answers, label, *, labels=2, sides=False) -> Choices:
    return Choices(np.arange(len(answers)), answers.item, np.array(label), labels, sides)


def test_speed_is_told_by_a_robust_z_of_the_logarithm() -> None:
    # quality.md C13 speed_z: -11.9368.
    z = speed_z([22, 25, 19, 31, 28, 24, 4, 27, 23, 26])

    assert z[6] == pytest.approx(-11.9368, abs=1e-4)
    assert math.exp(np.median(np.log([22, 25, 19, 31, 28, 24, 4, 27, 23, 26]))) == pytest.approx(
        24.49, abs=5e-3
    )


@pytest.mark.parametrize(("left", "n", "p"), [(60, 100, 0.056888), (61, 100, 0.0352)])
def test_a_left_share_is_tested_exactly(left: int, n: int, p: float) -> None:
    # quality.md C13 position.
    assert fair_coin_p(left, n) == pytest.approx(p, abs=1e-6)


@pytest.mark.parametrize(
    ("run", "n", "p"),
    # Ten and twenty alike of a hundred, quality.md C7; three of three and of four by counting.
    [(10, 100, 0.087), (20, 100, 7.8e-5), (3, 3, 0.25), (3, 4, 0.375), (1, 1, 1.0), (2, 1, 0.0)],
)
def test_a_run_of_one_side_has_an_exact_chance(run: int, n: int, p: float) -> None:
    assert run_p(run, n) == pytest.approx(p, rel=0.02)


def test_runs_follow_the_time_of_the_answers_not_their_place() -> None:
    person, at = np.array([0, 0, 0, 0, 1, 1]), np.array([4.0, 1.0, 2.0, 3.0, 1.0, 2.0])
    value = np.array([1, 1, 1, -1, -1, 1])

    assert longest_runs(person, at, value, people=3).tolist() == [2, 1, 0]


def test_an_answer_leans_to_the_side_that_more_of_its_questions_prefer() -> None:
    answers = given([0, 0, 0], [0, 1, 2], leftmost=[0, 1, 0])
    one = chosen(answers, [0, 1, 1], labels=3, sides=True)
    two = chosen(answers, [0, 2, 0], labels=3, sides=True)

    found = sides_of(answers, [one, two])

    # Left twice; left once and a tie; right and left: neither.
    assert found.leaning.tolist() == [1, 1, 0]
    assert (found.n.tolist(), found.left.tolist(), found.run.tolist()) == ([2], [2], [2])


def test_one_coin_without_a_prior_finds_who_is_against_all() -> None:
    # quality.md C5: A perfect, B .75, C .25, which overrules two majorities.
    votes = ["aab", "bba", "aaa", "bba", "abb", "bbb", "aab", "baa"]
    unit = np.repeat(np.arange(8), 3)
    person = np.tile(np.arange(3), 8)
    label = np.array(["ab".index(vote) for said in votes for vote in said])

    coin = one_coin_map(unit, person, label, people=3, labels=2, base=0, right=0)

    assert coin.skill == pytest.approx([1.0, 0.75, 0.25], abs=0.01)
    assert "".join("ab"[k] for k in coin.posterior.argmax(axis=1)) == "ababab" + "ab"


def test_the_prior_is_five_sixths_for_who_has_said_nothing() -> None:
    unit, person, label = np.array([0, 0]), np.array([0, 1]), np.array([0, 0])

    coin = one_coin_map(unit, person, label, people=3, labels=2)

    assert coin.skill[2] == pytest.approx(5 / 6)
    assert coin.skill[0] > 5 / 6


def test_the_others_of_a_vote_are_all_but_itself() -> None:
    unit, person, label = np.array([0, 0, 0]), np.array([0, 1, 2]), np.array([0, 0, 1])

    coin = one_coin_map(unit, person, label, people=3, labels=2)

    # The third's others both say 0; the first's are one of each, of unequal weight.
    assert coin.others[2, 0] > 0.9
    assert coin.others[0, 0] > 0.5


def test_agreement_leaves_the_person_out() -> None:
    answers = given([0, 1, 2, 0, 1, 2, 0], [0, 0, 0, 1, 1, 1, 2])
    votes = chosen(answers, [0, 0, 1, 1, 1, 1, 0])
    asked = Asked([votes])
    shown = evidence_of(answers, asked, coins_of(answers, asked))

    found = shares(answers, shown.alike, shown.compared)

    # 0: half of the others, then both; alone with an item it is compared with nobody.
    assert [estimate.value for estimate in found] == [0.75, 0.75, 0.5]
    assert [estimate.n for estimate in found] == [2, 2, 2]


def test_an_interval_keeps_an_answers_votes_together() -> None:
    # Four questions that always agree among themselves are one look, not four.
    rng = np.random.default_rng(0)
    hit = (rng.random(50) < 0.6).astype(float)
    answers = given([0] * 50, list(range(50)))

    [apart] = shares(answers, hit, np.ones(50))
    [together] = shares(answers, 4 * hit, np.full(50, 4.0))

    assert together.interval == pytest.approx(apart.interval, abs=1e-3)
    assert apart.interval == pytest.approx(wilson(hit.mean(), 50), abs=5e-3)


def test_wilson_is_the_published_interval() -> None:
    assert wilson(2 / 40, 40) == pytest.approx((0.013821, 0.165034), abs=1e-5)
    assert wilson(1.0, 20)[0] == pytest.approx(0.838875, abs=1e-6)


def test_fisher_gives_the_published_interval_and_none_of_five_points() -> None:
    assert fisher(0.6, 100) == pytest.approx((0.4575, 0.7125), abs=1e-4)
    assert fisher(0.6, 5) is None


def test_ratings_tell_how_much_higher_somebody_rates() -> None:
    answers = given([0, 1, 2] * 4, [k // 3 for k in range(12)])
    value = np.array([4, 2, 3, 5, 3, 4, 3, 1, 2, 4, 2, 3], float)
    asked = Asked(ratings=[Ratings(np.arange(12), answers.item * 9, value)])

    high, low, middle = portraits_of(answers, asked)

    # Each is 1.5 above or below the mean of the other two, always.
    assert (high.rating_bias.value, low.rating_bias.value) == (1.5, -1.5)
    assert (middle.rating_bias.value, middle.rating_spread.value) == (0.0, 0.0)


def test_sets_count_the_silent_things_too() -> None:
    # Three people, five words; 1 and 4, 1, 1 and 2: as quality.md C4's words.
    answers = given([0, 1, 2], [0, 0, 0])
    sets = Sets(
        answer=np.arange(3),
        group=np.zeros(3, np.int64),
        size=np.full(3, 5),
        row=np.array([0, 0, 1, 2, 2]),
        thing=np.array([1, 4, 1, 1, 2]),
    )
    shown = evidence_of(answers, Asked(sets=[sets]), [])

    # The first differs in word 4 from both, in 2 from one: 5 - (2 + 1) / 2 words of 5.
    assert shown.alike.tolist() == [3.5, 4.0, 3.5]


def test_rankings_become_pairs_of_one_unit_for_all() -> None:
    # Two answers to one item of three images: 0 < 1 < 2, and 0 = 1 < 2.
    answer = np.array([0, 0, 0, 1, 1, 1])
    unit = np.array([0, 1, 2, 0, 1, 2])

    pairs = ordered_pairs(Ratings(answer, unit, np.array([0, 1, 2, 0, 0, 1], float)))

    by_answer = {
        k: dict(zip(pairs.unit[pairs.answer == k], pairs.label[pairs.answer == k], strict=True))
        for k in (0, 1)
    }
    assert by_answer[0].keys() == by_answer[1].keys()
    assert sorted(by_answer[0].values()) == [0, 0, 0]
    assert sorted(by_answer[1].values()) == [0, 0, 2]


def test_a_straight_line_is_one_answer_to_three_questions() -> None:
    answers = given([0, 0, 0], [0, 1, 2])
    questions = [
        chosen(answers, labels_, labels=3, sides=True)
        for labels_ in ([0, 0, 2], [0, 1, 2], [0, 0, 2])
    ]

    alike, compared = straight_lines(dimensions_of(answers, questions, []))

    assert (alike.tolist(), compared.tolist()) == ([1, 0, 1], [1, 1, 1])
    assert straight_lines(dimensions_of(answers, questions[:2], []))[1].tolist() == [0, 0, 0]


def test_halo_is_the_correlation_between_questions() -> None:
    answers = given([0] * 4 + [1] * 4, list(range(8)))
    one = chosen(answers, [0, 1, 0, 1, 0, 1, 0, 1], sides=True)
    two = chosen(answers, [0, 1, 0, 1, 0, 0, 1, 1], sides=True)

    found = halo_of(answers, dimensions_of(answers, [one, two], []))

    assert found.correlation.tolist() == pytest.approx([1.0, 0.0])


def test_circles_are_counted_once_and_the_straight_triples_too() -> None:
    # a > b > c > a is a circle; d > e > f with d > f is none.
    answers = given([0] * 6, list(range(6)))
    better, worse = np.array([0, 1, 2, 3, 4, 3]), np.array([1, 2, 0, 4, 5, 5])

    found = circles_of(answers, Comparisons(np.arange(6), better, worse))

    assert (found.circular.tolist(), found.triples.tolist()) == ([1], [2])


def test_random_comparisons_go_in_a_circle_a_quarter_of_the_time() -> None:
    rng = np.random.default_rng(3)
    pairs = np.array(
        [(3 * k + i, 3 * k + j) for k in range(4000) for i, j in ((0, 1), (1, 2), (0, 2))]
    )
    swap = rng.random(len(pairs)) < 0.5
    answers = given([0] * len(pairs), list(range(len(pairs))))
    first, second = pairs[:, 0], pairs[:, 1]

    found = circles_of(
        answers,
        Comparisons(
            np.arange(len(pairs)), np.where(swap, second, first), np.where(swap, first, second)
        ),
    )

    assert found.triples.tolist() == [4000]
    assert found.circular[0] / 4000 == pytest.approx(0.25, abs=0.02)


def test_entropy_is_in_bits() -> None:
    # quality.md C7: eighteen "3" and two "4".
    assert entropy_bits(np.array([[0.0, 18, 2]]))[0] == pytest.approx(0.4690, abs=1e-4)


def test_repeats_tell_an_accuracy() -> None:
    # quality.md C7: a² + (1 - a)².
    assert accuracy_of_repeats(0.82) == pytest.approx(0.9)
    assert accuracy_of_repeats(0.68) == pytest.approx(0.8)
    assert accuracy_of_repeats(0.4) is None
    found = self_consistency(alike=45, repeats=50)
    assert (found.value, found.n) == (0.9, 50)
    assert self_consistency(alike=0, repeats=0).value is None


def test_holm_steps_down_and_never_falls() -> None:
    # Holm 1979's rule by hand: 0.01 · 4, 0.02 · 3, then no smaller, 0.04 · 1.
    assert holm([0.02, 0.01, 0.03, 0.04]) == pytest.approx([0.06, 0.04, 0.06, 0.06])


def test_sessions_end_with_a_break_of_more_than_twenty_minutes() -> None:
    person = np.array([0, 0, 0, 1])
    at = np.array([0.0, 600.0, 600.0 + 21 * 60, 50.0])

    assert minutes_of_session(person, at).tolist() == [0.0, 10.0, 0.0, 0.0]


def test_medians_are_of_each_person_and_unknown_where_no_time_is() -> None:
    answers = given([0, 0, 0, 0, 1], [0, 1, 2, 3, 0], ms=[1000, 9000, 2000, 4000, np.nan])

    found = medians(answers)

    assert found[0] == 3000
    assert np.isnan(found[1])


def test_a_steep_fall_within_the_session_is_seen() -> None:
    rng = np.random.default_rng(1)
    n = 300
    minute = np.linspace(0, 60, n)
    worth = np.where(rng.random(n) < 0.95 - 0.45 * minute / 60, 1.0, -1.0)
    answers = given([0] * n, list(range(n)), at=60 * minute)

    found = tiring_of(answers, worth, np.ones(n))

    assert found.p[0] < 1e-4
    assert found.fresh[0] == pytest.approx(0.9, abs=0.15)
    assert found.late[0] < 0.3


def test_a_copier_is_found_and_named_as_who_comes_second() -> None:
    rng = np.random.default_rng(2)
    items, people = 300, 6
    truth = rng.integers(2, size=items)
    rows = [(i, p) for i in range(items) for p in [0, 1, *(rng.permutation(4)[:1] + 2)]]
    item, person = (np.array(column) for column in zip(*rows, strict=True))
    right = rng.random(len(rows)) < 0.8
    choice = np.where(right, truth[item], 1 - truth[item])
    choice[person == 1] = choice[person == 0]
    at = item * 100.0 + person * 10
    answers = given(person.tolist(), item.tolist(), at=at)
    # The others meet among themselves as well.
    found = pairs_of(answers, choice[None])

    first = int(np.argmin(found.p))
    assert (found.later[first], found.earlier[first]) == (1, 0)
    assert (found.shared[first], found.alike[first], found.after[first]) == (300, 300, 1.0)
    assert found.p[first] < 0.01
    assert people == answers.people


def test_of_three_people_nobody_is_said_to_copy() -> None:
    answers = given([0, 1, 2] * 60, [k // 3 for k in range(180)])

    assert len(pairs_of(answers, np.zeros((1, 180), np.int64)).p) == 0
