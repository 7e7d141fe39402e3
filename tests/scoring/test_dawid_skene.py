"""Weighed votes, on an example of which crowd-kit 1.4.2 gave the labels."""

import numpy as np
import pytest

from scoring.dawid_skene import Weighed, dawid_skene, one_coin
from scoring.votes import majority

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


@pytest.mark.parametrize("fit", [dawid_skene, one_coin])
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

    found = dawid_skene(one, np.zeros(2, int), np.array([0, 0]), items=3, people=1, labels=2)

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


@pytest.mark.parametrize("bad", [[0, 9], [-1, 0]])
def test_numbers_out_of_range_are_refused(bad: list[int]) -> None:
    zeros = np.zeros(2, int)

    with pytest.raises(ValueError, match="is not below"):
        dawid_skene(np.array(bad), zeros, zeros, items=2, people=1, labels=2)
    with pytest.raises(ValueError, match="no votes"):
        dawid_skene(zeros[:0], zeros[:0], zeros[:0], items=2, people=1, labels=2)
