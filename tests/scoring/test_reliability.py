"""Votes weighed by people's reliability, against planted people."""

import numpy as np
import pytest
from scipy.special import expit

from scoring.dawid_skene import MIN_ITEMS_A_PERSON
from scoring.rewards.cross_fitting import Pairs, held_out
from scoring.rewards.reliability import Choices, Reliability, reliability_of, weighed
from scoring.rewards.votes import pair_votes


def voted(accuracy: dict[str, float], n: int, seed: int = 3) -> list[Choices]:
    """Pairs of which a or b is the better one by chance, and everybody says it so often."""
    rng = np.random.default_rng(seed)
    found = []
    for better in rng.choice(["a", "b"], n):
        other = "b" if better == "a" else "a"
        found.append(
            [(who, better if rng.random() < right else other) for who, right in accuracy.items()]
        )
    return found


def test_who_guesses_carries_nothing_and_who_errs_carries_less() -> None:
    found = reliability_of(voted({"ana": 0.95, "bo": 0.95, "cem": 0.75, "spam": 0.5}, 2000))

    weights = {who: found.weights[who] for who in ("ana", "bo", "cem", "spam")}
    # 2p - 1 is .9, .9, .5 and 0, their mean .575.
    assert list(weights.values()) == pytest.approx([1.57, 1.57, 0.87, 0.0], abs=0.09)
    assert sum(weights.values()) / 4 == pytest.approx(1)
    assert (found.unknown, found.least, found.most) == (0, weights["spam"], max(weights.values()))


def test_of_few_votes_nothing_is_known() -> None:
    found = reliability_of(voted({"ana": 0.9, "bo": 0.2, "cem": 0.9}, MIN_ITEMS_A_PERSON - 1))
    assert found == Reliability({"ana": 1.0, "bo": 1.0, "cem": 1.0}, unknown=3)
    assert reliability_of([]) == Reliability({})


def test_each_sides_votes_weigh_as_those_who_gave_them() -> None:
    votes = pair_votes([2, 1.5], [1, 0], [0, 0], ["p", "q"])
    choices = [[("ana", "b"), ("bo", "b"), ("cem", "tie")], [("eve", "a")]]

    found = weighed(votes, choices, ["b", "a"], Reliability({"ana": 2, "bo": 1, "cem": 0.5}))

    # Ana and Bo are for the first image, b; a grade of one and a half stays one; Eve is unknown.
    assert found.won.tolist() == [3.0, 1.5]
    assert found.tied.tolist() == [0.5, 0.0]
    assert found.lost.tolist() == [0.0, 0.0]


def test_a_head_learns_more_where_guessers_are_weighed_down() -> None:
    """Of five people three guess; what is held out is the truth itself."""
    n, d, rng = 600, 24, np.random.default_rng(8)
    features, truth = rng.normal(size=(2 * n, d)), rng.normal(size=d)
    first, second = np.arange(n), np.arange(n, 2 * n)
    surely = expit(3 * (features[first] - features[second]) @ truth)
    choices = [
        [
            (who, "a" if rng.random() < (p if who in ("ana", "bo") else 0.5) else "b")
            for who in ("ana", "bo", "x", "y", "z")
        ]
        for p in surely
    ]
    counts = np.array(
        [[sum(side == each for _, side in some) for each in "ab"] for some in choices]
    )
    votes = pair_votes(counts[:, 0], np.zeros(n), counts[:, 1], np.arange(n))
    heavy = weighed(votes, choices, ["a"] * n, reliability_of(choices))

    def right(learn_from: object) -> float:
        told = held_out(Pairs(features, first, second, votes, learn_from)).whole  # type: ignore[arg-type]
        return float(((told > 0) == (surely > 0.5)).mean())

    assert right(heavy) > right(votes) + 0.01
