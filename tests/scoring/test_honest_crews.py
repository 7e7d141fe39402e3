"""Of a crew in which everybody judges alone, hardly ever somebody is said to copy."""

from collections.abc import Callable

import numpy as np
import pytest

from scoring.annotators.answers import Answers, Asked, Choices
from scoring.annotators.findings import with_findings
from scoring.annotators.portrait import portraits_of
from scoring.arrays import Floats, Ints
from scoring.reasons import Code

PROJECTS = {6: 40, 12: 40, 30: 20}
# So that two people share forty items or more.
ITEMS = {6: 400, 12: 1000, 30: 6000}
TIE = 2
COPYING = {Code.COPIES_OF, Code.ANSWERS_LIKE}
Rng = np.random.Generator


def of_all_sorts(rng: Rng, people: int) -> tuple[Floats, Floats]:
    """(accuracy, share of ties)."""
    return rng.uniform(0.6, 0.97, people), np.zeros(people)


def fond_of_ties(rng: Rng, people: int) -> tuple[Floats, Floats]:
    return rng.uniform(0.6, 0.97, people), rng.uniform(0.0, 0.4, people)


Crew = Callable[[Rng, int], tuple[Floats, Floats]]


def accused(rng: Rng, crew: Crew, people: int, questions: int) -> bool:
    """Whether of a project of this crew, three an item, anybody is said to copy or to be alike.

    Of every other project people work in shifts, so that of two the same one always comes second.
    """
    items = ITEMS[people]
    annotator = np.argsort(rng.random((items, people)), axis=1)[:, :3].reshape(-1)
    item, n = np.repeat(np.arange(items), 3), 3 * items
    accuracy, ties = crew(rng, people)
    said: list[Ints] = []
    for _ in range(questions):
        right = rng.random(n) < accuracy[annotator]
        truth = rng.integers(2, size=items)[item]
        choice = np.where(right, truth, 1 - truth)
        said.append(np.where(rng.random(n) < ties[annotator], TIE, choice))
    at = rng.random(n) * 1e6 + annotator * rng.choice([0.0, 1e7])
    answers = Answers(
        annotator, item, at, np.full(n, np.nan), np.full(n, -1),
        np.zeros(n, np.int64), people, items,
    )  # fmt: skip
    votes = [Choices(np.arange(n), item, one, TIE + 1) for one in said]
    portraits = portraits_of(answers, Asked(votes, signature=np.array(said)))
    found = with_findings(portraits, [str(place) for place in range(people)])
    return any(finding.code in COPYING for one in found for finding in one.findings)


@pytest.mark.parametrize(("crew", "questions"), [(of_all_sorts, 4), (fond_of_ties, 1)])
@pytest.mark.parametrize("people", [6, 12, 30])
def test_an_honest_crew_is_left_in_peace(crew: Crew, people: int, questions: int) -> None:
    rng = np.random.default_rng([people, questions])

    wrong = sum(accused(rng, crew, people, questions) for _ in range(PROJECTS[people]))

    assert wrong <= 0.05 * PROJECTS[people]
