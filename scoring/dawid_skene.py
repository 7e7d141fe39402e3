"""Votes weighed by how reliable each person is, learnt from the votes themselves.

Dawid and Skene, Applied Statistics 28 (1979), 20-28, doi:10.2307/2346806: each item has one true
label, each person a confusion matrix; EM from the shares of the votes. Their own estimate, of the
largest likelihood, follows few votes too far: a label that is seldom true, such as a tie, swallows
items, and labels come out worse than by majority. So each person is given some votes beforehand (a
Dirichlet prior, the estimate being the largest posterior): see `Beforehand`. `one_coin` gives each
person one number instead, the probability of being right. Both are known only up to a swap of
labels, need some 50 items a person (MIN_ITEMS_A_PERSON), and may overrule a majority: callers keep
both and say so.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from scoring.arrays import Floats, Ints

MIN_ITEMS_A_PERSON = 50
# Below every probability, so that what somebody never did is nearly, not wholly, impossible.
FLOOR = 1e-10


@dataclass(frozen=True, slots=True)
class Beforehand:
    """Votes that everybody is given before theirs: of each label, and more of the right one."""

    each: float = 1.0
    right: float = 4.0

    def votes(self, labels: int) -> Floats:
        """(labels, labels): by truth and by what is said."""
        given: Floats = self.each + self.right * np.eye(labels)
        return given


USUAL = Beforehand()
# As in the paper: nothing is known beforehand.
NOTHING = Beforehand(0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Weighed:
    """What the votes say together.

    `posterior` (items, labels): probabilities, each row summing to 1; an item without votes has
    the prior. `prior` (labels,). `confusion` (people, labels, labels): P(says l | truth t) at
    [person, t, l]; for one coin it is made of its one number. `votes_a_person` (people,).
    """

    posterior: Floats
    prior: Floats
    confusion: Floats
    votes_a_person: Ints
    iterations: int
    converged: bool

    @property
    def accuracy(self) -> Floats:
        """(people,): how often each is right, over labels as frequent as the prior says."""
        diagonal = np.diagonal(self.confusion, axis1=1, axis2=2)
        found: Floats = diagonal @ self.prior
        return found


def dawid_skene(
    item: Ints,
    person: Ints,
    label: Ints,
    *,
    items: int,
    people: int,
    labels: int,
    beforehand: Beforehand = USUAL,
    iterations: int = 500,
    tolerance: float = 1e-5,
) -> Weighed:
    """EM with a confusion matrix a person.

    The three arrays name, vote by vote, the item in [0, items), the person in [0, people) and the
    label in [0, labels). Stops when the log-posterior gains less than `tolerance` an item, or, not
    converged, after so many iterations. The same votes in the same order give the same bits. Raises
    ValueError for no votes or a number outside its range.
    """
    votes = _Votes(item, person, label, items, people, labels)
    return _fit(votes, iterations, tolerance, _full, beforehand)


def one_coin(
    item: Ints,
    person: Ints,
    label: Ints,
    *,
    items: int,
    people: int,
    labels: int,
    iterations: int = 100,
    tolerance: float = 1e-5,
) -> Weighed:
    """EM with one number a person: how often they are right; errors spread evenly."""
    votes = _Votes(item, person, label, items, people, labels)
    return _fit(votes, iterations, tolerance, _coin, NOTHING)


class _Votes:
    """The votes, and the sums over them that EM is made of."""

    def __init__(
        self,
        item: Ints,
        person: Ints,
        label: Ints,
        items: int,
        people: int,
        labels: int,
    ) -> None:
        if not len(item):
            raise ValueError("no votes, nothing to weigh")
        for name, found, count in (
            ("item", item, items), ("person", person, people), ("label", label, labels),
        ):  # fmt: skip
            if found.min() < 0 or found.max() >= count:
                raise ValueError(f"{name} {found.min()} … {found.max()} is not below {count}")
        self.item, self.label = item, label
        self.items, self.people, self.labels = items, people, labels
        self.cell = person * labels + label  # of all people's rows of labels, one after the other
        self.voted = np.bincount(item, minlength=items) > 0
        self.votes_a_person = np.bincount(person, minlength=people)

    def shares(self) -> Floats:
        """(items, labels): the shares of the votes; even where there are none."""
        cells = np.bincount(
            self.item * self.labels + self.label, minlength=self.items * self.labels
        )
        counts = cells.reshape(self.items, self.labels).astype(np.float64)
        counts[~self.voted] = 1.0
        shares: Floats = counts / counts.sum(axis=1, keepdims=True)
        return shares

    def counted(self, posterior: Floats) -> Floats:
        """(people, labels, labels): how often each said l where the truth is t, expected."""
        counts = np.empty((self.people, self.labels, self.labels))
        for truth in range(self.labels):
            weights = posterior[self.item, truth]
            cells = np.bincount(self.cell, weights, minlength=self.people * self.labels)
            counts[:, truth] = cells.reshape(self.people, self.labels)
        return counts

    def likelihood(self, confusion: Floats) -> Floats:
        """(items, labels): log P(an item's votes | truth)."""
        found = np.empty((self.items, self.labels))
        for truth in range(self.labels):
            of_cell = np.log(np.maximum(confusion[:, truth], FLOOR)).ravel()
            found[:, truth] = np.bincount(self.item, of_cell[self.cell], minlength=self.items)
        return found


_Shape = Callable[[Floats], Floats]


def _full(counts: Floats) -> Floats:
    """Each row of each person's matrix, summing to 1; what nobody could see is even."""
    totals = counts.sum(axis=2, keepdims=True)
    labels = counts.shape[2]
    return np.where(totals > 0, counts / np.where(totals > 0, totals, 1.0), 1.0 / labels)


def _coin(counts: Floats) -> Floats:
    people, labels, _ = counts.shape
    right = np.trace(counts, axis1=1, axis2=2)
    skill = right / np.maximum(counts.sum(axis=(1, 2)), FLOOR)
    wrong = (1.0 - skill) / max(1, labels - 1)
    confusion: Floats = np.repeat(wrong, labels * labels).reshape(people, labels, labels)
    confusion[:, range(labels), range(labels)] = skill[:, None]
    return confusion


def _fit(
    votes: _Votes, iterations: int, tolerance: float, shape: _Shape, beforehand: Beforehand
) -> Weighed:
    posterior = votes.shares()
    given = beforehand.votes(votes.labels)
    before = -np.inf
    rounds, converged = 0, False
    for _ in range(iterations):
        prior = posterior[votes.voted].sum(axis=0) + beforehand.each
        prior /= prior.sum()
        confusion = shape(votes.counted(posterior) + given)
        rounds += 1
        joint = votes.likelihood(confusion) + np.log(np.maximum(prior, FLOOR))
        top = joint.max(axis=1, keepdims=True)
        posterior = np.exp(joint - top)
        total = posterior.sum(axis=1, keepdims=True)
        posterior /= total
        likelihood = float((top + np.log(total))[votes.voted].sum())
        likelihood += float((given * np.log(np.maximum(confusion, FLOOR))).sum())
        likelihood += float(beforehand.each * np.log(np.maximum(prior, FLOOR)).sum())
        converged = likelihood - before < tolerance * votes.voted.sum()
        if converged:
            break
        before = likelihood
    return Weighed(posterior, prior, confusion, votes.votes_a_person, rounds, bool(converged))
