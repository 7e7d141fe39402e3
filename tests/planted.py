"""A planted project: what twelve people of known habits answer about pairs of known truth.

Five generators, 400 pairs, three answers each. Six are good (.9), two noisy (.65); one always takes
the left image, one answers at random, one copies another's answers, and one tires: from .95 in the
first minute of a session to chance after 45.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

KINDS = ("good",) * 6 + ("noisy",) * 2 + ("left", "random", "copier", "tired")
GOOD, NOISY, FRESH = 0.9, 0.65, 0.95
SOURCE = 0
LEFT, RANDOM, COPIER, TIRED = 8, 9, 10, 11
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Planted:
    """A row an answer: of whom, to which pair, when (seconds), the image chosen (0 or 1), the one
    that stood left, and how long it took.
    """

    annotator: Ints
    item: Ints
    at: NDArray[np.float64]
    choice: Ints
    leftmost: Ints
    active_ms: NDArray[np.float64]
    truth: Ints
    pair: Ints


def planted(seed: int, *, items: int = 400, people: int = 12) -> Planted:
    """Everybody answers as many; the copier has each of a good person's pairs, minutes later."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(2, size=items)
    pair = np.stack([rng.permutation(5)[:2] for _ in range(items)])
    given = _given(rng, items, people)
    rows = [
        (person, item, slot) for item, who in enumerate(given) for slot, person in enumerate(who)
    ]
    annotator = np.array([row[0] for row in rows])
    item = np.array([row[1] for row in rows])
    leftmost = (item + np.array([row[2] for row in rows])) % 2
    at, minute = _times(rng, annotator, item)
    choice = _choices(rng, annotator, item, truth, leftmost, minute)
    source = {item[k]: choice[k] for k in np.flatnonzero(annotator == SOURCE)}
    for k in np.flatnonzero(annotator == COPIER):
        choice[k] = source.get(item[k], choice[k])
    after = {item[k]: at[k] for k in np.flatnonzero(annotator == SOURCE)}
    for k in np.flatnonzero(annotator == COPIER):
        at[k] = after.get(item[k], at[k]) + 120
    ms = np.exp(rng.normal(np.log(9000), 0.5, len(rows)))
    return Planted(annotator, item, at, choice, leftmost, ms, truth, pair)


def _given(rng: np.random.Generator, items: int, people: int) -> list[list[int]]:
    """Three people an item; the copier has the first hundred together with whom they copy."""
    each = items * 3 // people
    order = rng.permutation(items)
    left = np.full(people, each)
    found: list[list[int]] = [[] for _ in range(items)]
    for item in order[:each]:
        found[item] = [SOURCE, COPIER]
    left[[SOURCE, COPIER]] = 0
    for item in order:
        free = [person for person in range(people) if left[person] > 0]
        need = 3 - len(found[item])
        weights = left[free] ** 4.0
        who = rng.choice(free, size=min(need, len(free)), replace=False, p=weights / weights.sum())
        for person in who:
            found[item].append(int(person))
            left[person] -= 1
    return [list(rng.permutation(who)) for who in found]


def _times(
    rng: np.random.Generator, annotator: Ints, item: Ints
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(seconds, minute of the session): one session of some eighty minutes each."""
    at, minute = np.zeros(len(annotator)), np.zeros(len(annotator))
    for person in range(annotator.max() + 1):
        mine = np.flatnonzero(annotator == person)
        steps = np.exp(rng.normal(np.log(40), 0.4, len(mine)))
        passed = np.cumsum(steps)
        at[mine] = 86_400.0 * 20_000 + 3600 * person + passed
        minute[mine] = passed / 60
    return at, minute


def _choices(
    rng: np.random.Generator,
    annotator: Ints,
    item: Ints,
    truth: Ints,
    leftmost: Ints,
    minute: NDArray[np.float64],
) -> Ints:
    accuracy = np.array(
        [{"good": GOOD, "noisy": NOISY, "random": 0.5}.get(kind, GOOD) for kind in KINDS]
    )[annotator]
    tired = annotator == TIRED
    accuracy[tired] = np.maximum(0.5, FRESH - (FRESH - 0.5) * minute[tired] / 45)
    right = rng.random(len(item)) < accuracy
    choice = np.where(right, truth[item], 1 - truth[item])
    left = annotator == LEFT
    choice[left] = leftmost[left]
    return choice
