"""How often each person agrees with the others who answered the same: leave-one-out."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoring.annotators.answers import Answers, Asked, Choices, Ratings, Sets
from scoring.annotators.reliability import Coin, one_coin_map
from scoring.arrays import Floats, Ints


@dataclass(frozen=True, slots=True)
class Evidence:
    """What each answer shows of its person, given the others' answers to the same.

    ``alike``: the sum over its votes of the share of the others who say the same, ``compared`` the
    votes that others have too. ``gain``: how far it is what the others make likely; in expectation
    0 by chance and ``mass`` where one is always right. All (answers,).
    """

    alike: Floats
    compared: Floats
    gain: Floats
    mass: Floats


def evidence_of(answers: Answers, asked: Asked, coins: Sequence[Coin]) -> Evidence:
    """Of all questions together, each counting the same within an answer's gain.

    ``coins``: one of each question of choices.
    """
    n = len(answers)
    total = Evidence(np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n))
    for choices, coin in zip(asked.choices, coins, strict=True):
        _add(total, choices.answer, _of_choices(choices, coin))
    for ratings in asked.ratings:
        _add(total, ratings.answer, _of_ratings(ratings))
    for sets in asked.sets:
        _add(total, sets.answer, _of_sets(sets))
    return total


def _add(total: Evidence, answer: Ints, of_votes: Evidence) -> None:
    n = len(total.alike)
    votes = np.maximum(1, np.bincount(answer, minlength=n))
    total.alike[:] += np.bincount(answer, of_votes.alike, minlength=n)
    total.compared[:] += np.bincount(answer, of_votes.compared, minlength=n)
    total.gain[:] += np.bincount(answer, of_votes.gain, minlength=n) / votes
    total.mass[:] += np.bincount(answer, of_votes.mass, minlength=n) / votes


def coins_of(answers: Answers, asked: Asked) -> list[Coin]:
    """Of each question of choices how reliable people are in it."""
    return [
        one_coin_map(
            votes.unit, answers.annotator[votes.answer], votes.label,
            people=answers.people, labels=votes.labels,
        )
        for votes in asked.choices
    ]  # fmt: skip


def _of_choices(votes: Choices, coin: Coin) -> Evidence:
    units = int(votes.unit.max()) + 1 if len(votes.unit) else 0
    cell = votes.unit * votes.labels + votes.label
    alike = np.bincount(cell, minlength=units * votes.labels)[cell] - 1.0
    others = np.bincount(votes.unit, minlength=units)[votes.unit] - 1.0
    compared = (others > 0).astype(np.float64)
    share = alike / np.maximum(others, 1)
    gain, mass = coin.beside_the_others(votes.label)
    return Evidence(share, compared, gain * compared, mass * compared)


def _of_ratings(votes: Ratings) -> Evidence:
    """Numbers agree in share where they are equal; their gain is the product of both deviations."""
    others, mean = mean_of_others(votes)
    equal = np.unique(
        np.stack([votes.unit.astype(np.float64), votes.value]), axis=1, return_inverse=True
    )[1].reshape(-1)
    alike = np.bincount(equal)[equal] - 1.0 if len(equal) else np.zeros(0)
    compared = (others > 0).astype(np.float64)
    own, rest = _standard(votes.value, compared), _standard(mean, compared)
    return Evidence(
        alike / np.maximum(others, 1), compared, own * rest * compared, rest**2 * compared
    )


def _standard(values: Floats, counted: Floats) -> Floats:
    weight = max(1.0, float(counted.sum()))
    middle = float((values * counted).sum()) / weight
    spread = math.sqrt(float(((values - middle) ** 2 * counted).sum()) / weight)
    return (values - middle) / spread if spread > 0 else np.zeros(len(values))


def mean_of_others(votes: Ratings) -> tuple[Floats, Floats]:
    """For each vote how many others there are on its unit, and their mean (0 for none)."""
    units = int(votes.unit.max()) + 1 if len(votes.unit) else 0
    others = np.bincount(votes.unit, minlength=units)[votes.unit] - 1.0
    summed = np.bincount(votes.unit, votes.value, minlength=units)[votes.unit] - votes.value
    mean: Floats = summed / np.maximum(others, 1)
    return others.astype(np.float64), mean


def _of_sets(votes: Sets) -> Evidence:
    """Of k things those that are named are few: the sums need only these.

    On a thing that c of n people name, the others who disagree are n - c for who names it and c
    for who does not.
    """
    groups = int(votes.group.max()) + 1 if len(votes.group) else 0
    others = np.bincount(votes.group, minlength=groups)[votes.group] - 1.0
    group = votes.group[votes.row]
    pair = np.unique(np.stack([group, votes.thing]), axis=1, return_inverse=True)[1].reshape(-1)
    named = np.bincount(pair)[pair].astype(np.float64) if len(pair) else np.zeros(0)
    rows = len(votes.group)
    # Σ over all things of a group of c, once for each group: a naming counts one.
    all_named = np.bincount(group, minlength=groups).astype(np.float64)[votes.group]
    swapped = np.bincount(votes.row, (others[votes.row] + 1) - 2 * named, minlength=rows)
    differing = (all_named + swapped) / np.maximum(others, 1)
    size = np.maximum(votes.size, 1).astype(np.float64)
    compared = np.where(others > 0, size, 0.0)
    alike = np.where(others > 0, size - differing, 0.0)
    rate = len(votes.row) / max(1.0, float(size.sum()))
    chance = rate**2 + (1 - rate) ** 2
    counted = (others > 0) & (chance < 1)
    gain = np.where(counted, (alike / size - chance) / max(1e-9, 1 - chance), 0.0)
    return Evidence(alike, compared, gain, counted.astype(np.float64))
