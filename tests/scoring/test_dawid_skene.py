"""Weighed votes, on an example of which crowd-kit 1.4.2 gave the labels."""

from functools import cache

import numpy as np
import pytest

from scoring.dawid_skene import NOTHING, Weighed, dawid_skene, one_coin
from scoring.votes import majority
from tests.planted_votes import CHOICES, GOOD, LEFT, PEOPLE, RANDOM, TIE, B, Planted, planted

# t1 … t8 by A, B and C. Majority: a b a b b b a a; Dawid–Skene, one coin and GLAD: a b a b a b a b.
SAID = ["aab", "bba", "aaa", "bba", "abb", "bbb", "aab", "baa"]


def votes(order: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rows = np.array(
        [(i, p, "ab".index(c)) for i, row in enumerate(SAID) for p, c in enumerate(row)]
    )
    rows = rows if order is None else rows[order]
    return rows[:, 0], rows[:, 1], rows[:, 2]


def labels(found: Weighed) -> str:
    return "".join("ab"[k] for k in found.posterior.argmax(axis=1))


def as_in_the_paper(*said: np.ndarray, **sizes: int) -> Weighed:
    """The largest likelihood, nothing known beforehand."""
    return dawid_skene(*said, **sizes, beforehand=NOTHING)


@pytest.mark.parametrize("fit", [as_in_the_paper, one_coin])
def test_the_reliable_one_overrules_the_majority(fit) -> None:
    found = fit(*votes(), items=8, people=3, labels=2)

    assert "".join(majority(row) or "-" for row in SAID) == "ababbbaa"
    assert labels(found) == "abababab"
    # A is perfect, B right in three of four, C in one of four.
    assert found.accuracy == pytest.approx([1.0, 0.75, 0.25], abs=1e-3)
    assert found.votes_a_person.tolist() == [8, 8, 8]
    assert found.converged
    assert found.posterior.sum(axis=1) == pytest.approx(np.ones(8))


def test_the_order_of_the_votes_does_not_matter() -> None:
    order = np.random.default_rng(3).permutation(24)

    found, shuffled = (
        dawid_skene(*votes(rows), items=8, people=3, labels=2) for rows in (None, order)
    )

    assert shuffled.posterior == pytest.approx(found.posterior, abs=1e-12)


def test_the_same_votes_give_the_same_bits() -> None:
    found = [dawid_skene(*votes(), items=8, people=3, labels=2).posterior for _ in range(2)]

    assert found[0].tobytes() == found[1].tobytes()


def test_who_is_alone_is_believed_and_who_was_not_asked_gets_the_prior() -> None:
    one = np.array([0, 1])

    found = as_in_the_paper(one, np.zeros(2, int), np.array([0, 0]), items=3, people=1, labels=2)

    assert found.posterior[:2] == pytest.approx(np.array([[1.0, 0.0]] * 2), abs=1e-9)
    assert found.posterior[2] == pytest.approx(found.prior, abs=1e-9)


def test_planted_reliabilities_are_found_again() -> None:
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 3, 400)
    skills = np.array([0.95, 0.8, 0.6])
    right = rng.random((400, 3)) < skills
    wrong = (truth[:, None] + rng.integers(1, 3, (400, 3))) % 3
    said = np.where(right, truth[:, None], wrong)
    item, person = np.divmod(np.arange(1200), 3)

    found = one_coin(item, person, said.ravel(), items=400, people=3, labels=3)

    assert found.accuracy == pytest.approx(right.mean(axis=0), abs=0.05)
    alone = (said[:, 0] == truth).mean()
    assert (found.posterior.argmax(axis=1) == truth).mean() >= alone


def test_two_of_eight_items_are_too_few_to_overrule_two_people_by_one() -> None:
    found = dawid_skene(*votes(), items=8, people=3, labels=2)

    assert labels(found) == "ababbbaa"
    assert found.converged


def weighed(votes: Planted) -> Weighed:
    return dawid_skene(
        votes.item,
        votes.person,
        votes.label,
        items=len(votes.truth),
        people=PEOPLE,
        labels=len(CHOICES),
    )


def decided(found: Weighed) -> np.ndarray:
    """As exports decide: by a probability above one half."""
    best = found.posterior.argmax(axis=1)
    return np.where(found.posterior.max(axis=1) > 0.5, best, TIE)


@cache
def accuracies(tie: float, items: int) -> tuple[np.ndarray, np.ndarray]:
    """Of majority and of the weighing that exports offer, over 60 planted projects."""
    projects = [planted(seed, items=items, tie=tie) for seed in range(60)]
    by_majority = [votes.accuracy_of(votes.majority) for votes in projects]
    by_weight = [votes.accuracy_of(decided(weighed(votes))) for votes in projects]
    return np.array(by_majority), np.array(by_weight)


@pytest.mark.parametrize(
    ("tie", "items", "gain", "seeds"),
    [(0.0, 400, 0.015, 50), (0.1, 400, 0.025, 55), (0.3, 400, 0.035, 58), (0.1, 100, 0.015, 40)],
)
def test_weighing_beats_majority_on_planted_truth(
    tie: float, items: int, gain: float, seeds: int
) -> None:
    by_majority, by_weight = accuracies(tie, items)

    assert by_weight.mean() - by_majority.mean() > gain
    # On its own seed each: where nobody ties there is least to win.
    assert (by_weight >= by_majority).sum() >= seeds


def test_the_papers_estimate_follows_few_votes_too_far() -> None:
    """Why something is given beforehand: with ties and few items it loses to majority."""
    by_paper = []
    for seed in range(60):
        votes = planted(seed, items=100, tie=0.3)
        sizes = {"items": 100, "people": PEOPLE, "labels": len(CHOICES)}
        found = as_in_the_paper(votes.item, votes.person, votes.label, **sizes)
        by_paper.append(votes.accuracy_of(decided(found)))
    by_majority, by_weight = accuracies(0.3, 100)

    assert np.mean(by_paper) < by_majority.mean() < by_weight.mean()


def test_planted_people_are_told_apart() -> None:
    found = [weighed(planted(seed)) for seed in range(10)]
    mean = np.mean([one.accuracy for one in found], axis=0)

    assert all(one.converged for one in found)
    assert min(mean[list(GOOD)]) > max(mean[[LEFT, RANDOM]]) + 0.2


def test_a_label_that_nobody_gives_to_what_is_not_so_swallows_nothing() -> None:
    votes = planted(1, tie=0.1)

    found = weighed(votes)

    assert (decided(found) > B).mean() < (votes.majority > B).mean()


def test_too_few_iterations_are_told() -> None:
    votes = planted(0)

    found = dawid_skene(
        votes.item, votes.person, votes.label, items=400, people=PEOPLE, labels=3, iterations=2
    )

    assert not found.converged
    assert found.iterations == 2


@pytest.mark.parametrize("bad", [[0, 9], [-1, 0]])
def test_numbers_out_of_range_are_refused(bad: list[int]) -> None:
    zeros = np.zeros(2, int)

    with pytest.raises(ValueError, match="is not below"):
        dawid_skene(np.array(bad), zeros, zeros, items=2, people=1, labels=2)
    with pytest.raises(ValueError, match="no votes"):
        dawid_skene(zeros[:0], zeros[:0], zeros[:0], items=2, people=1, labels=2)
