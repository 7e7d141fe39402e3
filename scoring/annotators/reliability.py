"""How reliable each person is, learnt from the votes themselves.

One coin (Dawid & Skene 1979 with one number a person): right with probability p, else any other
label. A prior keeps few answers from saying much: pseudo-counts of one a label and four more on
being right, so that with no answer at all p is 5 / 6 between two labels.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import betaincinv

from scoring.arrays import Floats, Ints
from scoring.statistics.estimate import Interval

BASE, RIGHT = 1.0, 4.0
ROUNDS = 100
TOLERANCE = 1e-6
FLOOR = 1e-9


@dataclass(frozen=True, slots=True)
class Coin:
    """``skill`` (people,): the chance of being right; ``right`` of ``votes`` are so in expectation.

    ``posterior`` (units, labels): what is true of each unit. ``others`` (votes, labels): the same
    for each vote's unit by the other votes alone.
    """

    skill: Floats
    right: Floats
    votes: Floats
    posterior: Floats
    others: Floats
    converged: bool

    def beside_the_others(self, label: Ints) -> tuple[Floats, Floats]:
        """(gain, mass) of each vote: how likely the others, weighed, make it, over chance.

        In expectation 0 for who chooses at random, and ``mass`` for who is always right.
        """
        chance = 1 / max(1, self.others.shape[1])
        room = max(1 - chance, FLOOR)
        gain = (self.others[np.arange(len(label)), label] - chance) / room
        mass = ((self.others**2).sum(axis=1) - chance) / room
        return gain, np.maximum(mass, 0.0)


def one_coin_map(
    unit: Ints,
    person: Ints,
    label: Ints,
    *,
    people: int,
    labels: int,
    base: float = BASE,
    right: float = RIGHT,
) -> Coin:
    """EM for the maximum a posteriori of one coin a person; ``base`` = ``right`` = 0: no prior."""
    units = int(unit.max()) + 1 if len(unit) else 0
    votes = np.bincount(person, minlength=people).astype(np.float64)
    cell = unit * labels + label
    counts = np.bincount(cell, minlength=units * labels).reshape(units, labels)
    posterior = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    skill: Floats = np.zeros(people)
    hits: Floats = np.zeros(people)
    before: Floats = np.full(people, np.inf)
    share = np.full(labels, 1 / labels)
    joint, own = np.zeros((units, labels)), np.zeros((len(unit), 2))
    converged = False
    for _ in range(ROUNDS):
        hits = np.bincount(person, posterior[unit, label], minlength=people).astype(np.float64)
        skill = (hits + base + right) / np.maximum(votes + base * labels + right, FLOOR)
        skill = np.clip(skill, FLOOR, 1 - FLOOR)
        share = (posterior.sum(axis=0) + 1) / (units + labels)
        wrong = np.log((1 - skill) / max(1, labels - 1))
        own = np.stack([np.log(skill)[person], wrong[person]], axis=1)
        # Every vote gives each label the log of being wrong, and its own label the difference.
        joint = np.repeat(np.bincount(unit, own[:, 1], minlength=units)[:, None], labels, axis=1)
        joint += np.bincount(
            cell, own[:, 0] - own[:, 1], minlength=units * labels
        ).reshape(units, labels)  # fmt: skip
        posterior = _normal(joint + np.log(share))
        converged = bool(np.abs(skill - before).max(initial=0.0) < TOLERANCE)
        if converged:
            break
        before = skill
    rest = (joint + np.log(share))[unit] - own[:, 1:]
    rest[np.arange(len(unit)), label] -= own[:, 0] - own[:, 1]
    return Coin(skill, hits, votes, posterior, _normal(rest), converged)


def _normal(logs: Floats) -> Floats:
    if not len(logs):
        return logs
    found: Floats = np.exp(logs - logs.max(axis=1, keepdims=True))
    found /= found.sum(axis=1, keepdims=True)
    return found


def credible(right: float, votes: float, *, confidence: float = 0.95) -> Interval:
    """The middle of Beta(right + 5, wrong + 1): the prior above, between two labels."""
    tail = (1 - confidence) / 2
    a, b = right + BASE + RIGHT, max(0.0, votes - right) + BASE
    return float(betaincinv(a, b, tail)), float(betaincinv(a, b, 1 - tail))
