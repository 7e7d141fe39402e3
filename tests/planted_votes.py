"""A project's worth of votes by people of known habits: what is reported can be held to what is so.

400 pairs of known truth, three people each, of twelve: six good ones, two noisy ones, one who
always takes the left image, one who picks at random, one who copies what a good one says where
they can, and one who tires. Everybody but the last four calls some pairs a tie.
"""

from dataclasses import dataclass

import numpy as np

from scoring.arrays import Floats, Ints

A, B, TIE = range(3)
CHOICES = ("a", "b", "tie")
GOOD, NOISY, LEFT, RANDOM, COPIER, TIRED = range(6), (6, 7), 8, 9, 10, 11
PEOPLE = 12


@dataclass(frozen=True, slots=True)
class Planted:
    """`truth` (items,) is A or B; a row a vote: its item, person and label, and if a was left."""

    truth: Ints
    item: Ints
    person: Ints
    label: Ints
    a_left: Ints

    def accuracy_of(self, decided: Ints) -> float:
        """How many of (items,) labels are true; one that decides nothing is half right."""
        right = np.where(decided == self.truth, 1.0, np.where(decided > B, 0.5, 0.0))
        return float(right.mean())

    @property
    def majority(self) -> Ints:
        """(items,) what two of three say; TIE where there are no two."""
        counts = np.zeros((len(self.truth), len(CHOICES)), np.int64)
        np.add.at(counts, (self.item, self.label), 1)
        found: Ints = np.where(counts.max(axis=1) > 1, counts.argmax(axis=1), TIE)
        return found


def planted(seed: int, *, items: int = 400, tie: float = 0.1) -> Planted:
    """One such project; another seed is another one."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 2, items)
    people = np.argsort(rng.random((items, PEOPLE)), axis=1)[:, :3]
    skills = _skills(people, items)
    a_left = rng.integers(0, 2, (items, 3))
    right = rng.random((items, 3)) < skills
    label = np.where(right, truth[:, None], 1 - truth[:, None])
    ties = (rng.random((items, 3)) < tie) & (people < LEFT)
    label[ties] = TIE
    label = np.where(people == LEFT, 1 - a_left, label)
    _copy(people, label)
    return Planted(
        truth,
        np.repeat(np.arange(items), 3),
        people.reshape(-1),
        label.reshape(-1),
        a_left.reshape(-1),
    )


def _skills(people: Ints, items: int) -> Floats:
    """(items, 3): how often who judges an item is right there."""
    of = np.full(PEOPLE, 0.9)
    of[list(NOISY)], of[RANDOM], of[COPIER] = 0.65, 0.5, 0.5
    skills = of[people]
    tired = np.linspace(0.9, 0.5, items)
    found: Floats = np.where(people == TIRED, tired[:, None], skills)
    return found


def _copy(people: Ints, label: Ints) -> None:
    """Where the first good one judges the same pair, the copier says what they said."""
    for row in np.flatnonzero((people == COPIER).any(axis=1)):
        copier = int(np.flatnonzero(people[row] == COPIER)[0])
        model = np.flatnonzero(np.isin(people[row], list(GOOD)))
        if len(model):
            label[row, copier] = label[row, model[0]]
