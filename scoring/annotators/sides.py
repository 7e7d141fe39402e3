"""Where the preferred image stood: who likes a side, and for how long at a stretch."""

from dataclasses import dataclass

import numpy as np

from scoring.annotators.answers import Answers, Choices
from scoring.arrays import Floats, Ints


@dataclass(frozen=True, slots=True)
class Sides:
    """(people,): of ``n`` answers that lean to a side, those that lean ``left``, and the longest
    ``run`` of one side in the order in which they were given. ``leaning`` (answers,): 1 left,
    -1 right, 0 neither.
    """

    n: Ints
    left: Ints
    run: Ints
    leaning: Ints


def sides_of(answers: Answers, questions: list[Choices]) -> Sides:
    """An answer leans to the side that more of its questions prefer: its questions are not
    independent, so it counts once.
    """
    lean = np.zeros(len(answers))
    for votes in questions:
        chosen = votes.label <= 1
        is_left = votes.label == answers.leftmost[votes.answer]
        step = np.where(chosen, np.where(is_left, 1, -1), 0)
        lean += np.bincount(votes.answer, step, minlength=len(answers))
    leaning = np.sign(lean).astype(np.int64)
    there = np.flatnonzero(leaning)
    return Sides(
        n=answers.count(there),
        left=answers.count(np.flatnonzero(leaning > 0)),
        run=longest_runs(
            answers.annotator[there], answers.at[there], leaning[there], people=answers.people
        ),
        leaning=leaning,
    )


def longest_runs(person: Ints, at: Floats, value: Ints, *, people: int) -> Ints:
    """(people,): the longest run of one value in each person's answers, in the order of time."""
    order = np.lexsort((at, person))
    who, what = person[order], value[order]
    if not len(who):
        return np.zeros(people, np.int64)
    begins = np.ones(len(who), bool)
    begins[1:] = (who[1:] != who[:-1]) | (what[1:] != what[:-1])
    starts = np.flatnonzero(begins)
    lengths = np.diff(np.append(starts, len(who)))
    found = np.zeros(people, np.int64)
    np.maximum.at(found, who[starts], lengths)
    return found


def run_p(run: int, n: int) -> float:
    """The chance that n fair tosses have a run of at least ``run`` of either side.

    Exact: tosses without one are counted by how they end (Feller 1968, XIII.7).
    """
    if run <= 1:
        return 1.0 if n >= run else 0.0
    if n < run:
        return 0.0
    # none[k]: the chance that no run of `run` has come up to toss k; the first toss begins a run.
    none = np.ones(n + 1)
    half = 0.5 ** (run - 1)
    for k in range(run, n + 1):
        # It comes for the first time at k: the last `run` are alike, and what was before differs.
        before = none[k - run] * 0.5 if k > run else 1.0
        none[k] = none[k - 1] - before * half
    return float(1 - none[n])
