"""How much each person's votes count in what a head learns: by how reliable they are.

A person's accuracy is Dawid and Skene's, of the votes for either image of each pair. Who is right
with probability p at chance 1/2 carries 2p - 1 of what they would carry if they were always right,
and whoever guesses carries nothing. Weights have mean 1 over votes, so that equally reliable people
weigh 1 each, however often people differ about these images.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from scoring.arrays import Floats
from scoring.dawid_skene import MIN_ITEMS_A_PERSON, dawid_skene
from scoring.rewards.votes import PairVotes

Choices = Sequence[tuple[object, str]]
"""Who said what of a pair: a and b prefer its first and second image, whatever else neither."""


@dataclass(frozen=True, slots=True)
class Reliability:
    """``weights``: by person. Of ``unknown`` people there are too few votes; they weigh 1."""

    weights: Mapping[object, float]
    unknown: int = 0

    @property
    def least(self) -> float:
        """The smallest weight; 1 of nobody."""
        return min(self.weights.values(), default=1.0)

    @property
    def most(self) -> float:
        """The largest weight; 1 of nobody."""
        return max(self.weights.values(), default=1.0)


def reliability_of(pairs: Sequence[Choices]) -> Reliability:
    """Of votes on pairs; who has fewer than MIN_ITEMS_A_PERSON weighs 1.

    So does everybody where fewer than two have as many.
    """
    sides = {"a": 0, "b": 1}
    votes = [
        (at, person, sides[choice])
        for at, choices in enumerate(pairs)
        for person, choice in choices
        if choice in sides
    ]
    names = list(dict.fromkeys(person for _, person, _ in votes))
    number = {name: at for at, name in enumerate(names)}
    item, person, label = (
        np.array(column, np.int64)
        for column in ([v[0] for v in votes], [number[v[1]] for v in votes], [v[2] for v in votes])
    )
    cast = np.bincount(person, minlength=len(names))
    known = cast >= MIN_ITEMS_A_PERSON
    if known.sum() < 2:
        return Reliability(dict.fromkeys(names, 1.0), unknown=len(names))
    found = dawid_skene(item, person, label, items=len(pairs), people=len(names), labels=2)
    carried = np.clip(2 * found.accuracy - 1, 0, None)
    mean = float((carried * cast)[known].sum() / cast[known].sum())
    if mean <= 0:
        return Reliability(dict.fromkeys(names, 1.0), unknown=len(names))
    weights = np.where(known, carried / mean, 1.0)
    return Reliability(dict(zip(names, weights.tolist(), strict=True)), int((~known).sum()))


def weighed(
    votes: PairVotes, pairs: Sequence[Choices], first: Sequence[str], reliability: Reliability
) -> PairVotes:
    """The votes of each pair, each person's as heavy as they are reliable.

    ``first``: which side, a or b, the first image is. What a side has is weighed by the mean weight
    of those who said so, so that graded votes keep their grades; where nobody is known to have said
    so, votes stay.
    """
    factors: Floats = np.ones((len(pairs), 3))
    for at, (choices, won) in enumerate(zip(pairs, first, strict=True)):
        heavy: tuple[list[float], list[float], list[float]] = ([], [], [])
        for person, choice in choices:
            place = 0 if choice == won else 2 if choice in ("a", "b") else 1
            heavy[place].append(reliability.weights.get(person, 1.0))
        factors[at] = [np.mean(some) if some else 1.0 for some in heavy]
    return PairVotes(
        votes.won * factors[:, 0],
        votes.tied * factors[:, 1],
        votes.lost * factors[:, 2],
        votes.prompts,
    )
