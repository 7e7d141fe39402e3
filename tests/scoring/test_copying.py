"""Who copies some of another's answers: how often they are found, on planted crews."""

import numpy as np
import pytest

from scoring.annotators.answers import Answers, Asked, Choices
from scoring.annotators.findings import with_findings
from scoring.annotators.odd_ones import siding
from scoring.annotators.portrait import portraits_of
from scoring.arrays import Ints
from scoring.reasons import Code

PROJECTS = 30
SOURCE, COPIER = 0, 1


def crew(rng: np.random.Generator, people: int, shared: int, copied: float) -> tuple[Answers, Ints]:
    """400 pairs of known truth, three answers each by people right in .6 to .97 of them; the
    copier comes after their source to so many items, and copies a share of these answers.
    """
    items = 400
    given = np.argsort(rng.random((items, people)), axis=1)[:, :3]
    have = (given == SOURCE).any(axis=1)
    both = have & (given == COPIER).any(axis=1)
    for item in rng.permutation(np.flatnonzero(have & ~both))[: max(0, shared - both.sum())]:
        given[item, np.flatnonzero(given[item] != SOURCE)[0]] = COPIER
    annotator, item, n = given.reshape(-1), np.repeat(np.arange(items), 3), 3 * items
    truth = rng.integers(2, size=items)[item]
    right = rng.random(n) < rng.uniform(0.6, 0.97, people)[annotator]
    choice, at = np.where(right, truth, 1 - truth), rng.random(n) * 1e6
    source = {item[k]: k for k in np.flatnonzero(annotator == SOURCE)}
    for k in np.flatnonzero(annotator == COPIER):
        if item[k] in source:
            at[k] = at[source[item[k]]] + 120
            choice[k] = choice[source[item[k]]] if rng.random() < copied else choice[k]
    nothing = np.full(n, np.nan)
    sides = np.zeros(n, np.int64)
    return Answers(annotator, item, at, nothing, sides - 1, sides, people, items), choice


def copies(answers: Answers, choice: Ints) -> list[tuple[int, str]]:
    """Who is told to copy, and from whom."""
    votes = Choices(np.arange(len(choice)), answers.item, choice, 2)
    portraits = portraits_of(answers, Asked([votes], signature=choice[None]))
    told = with_findings(portraits, [str(place) for place in range(answers.people)])
    return [
        (place, finding.params["name"])
        for place, one in enumerate(told)
        for finding in one.findings
        if finding.code == Code.COPIES_OF
    ]


def found(answers: Answers, choice: Ints) -> bool:
    """Whether just the copier is said to copy, and their source is named."""
    told = copies(answers, choice)
    assert not told or told == [(COPIER, str(SOURCE))]
    return bool(told)


@pytest.mark.parametrize(
    ("people", "shared", "copied", "often"),
    # Of a half that is copied, 200 projects: .46 with 100 shared items, .22 with 40.
    [(30, 40, 1.0, 0.6), (12, 100, 1.0, 0.9), (12, 100, 0.67, 0.5), (12, 100, 0.5, 0.25)],
)
def test_who_copies_is_found(people: int, shared: int, copied: float, often: float) -> None:
    rng = np.random.default_rng([people, shared, int(100 * copied)])

    projects = [found(*crew(rng, people, shared, copied)) for _ in range(PROJECTS)]

    assert sum(projects) / PROJECTS >= often


@pytest.mark.parametrize(("people", "shared"), [(12, 100), (30, 40)])
def test_who_judges_alone_is_hardly_ever_told_to_copy(people: int, shared: int) -> None:
    alarms = 0
    for seed in range(200):
        answers, choice = crew(np.random.default_rng([9, seed, people]), people, shared, 0.0)
        alarms += len(copies(answers, choice)) > 0

    assert alarms <= 10


def test_siding_of_people_who_judge_alone_is_chance() -> None:
    rng = np.random.default_rng(5)
    p: list[float] = []
    for _ in range(10):
        answers, choice = crew(rng, 12, 0, 0.0)
        one, other = np.triu_indices(12, 1)
        p += list(siding(answers, choice[None], one, other))
    known = np.array(p)[np.isfinite(p)]

    assert len(known) > 100
    assert (known < 0.05).mean() < 0.05


def test_a_small_crew_is_not_asked_about_sides() -> None:
    answers, choice = crew(np.random.default_rng(6), 6, 100, 0.5)

    assert np.isnan(siding(answers, choice[None], *np.triu_indices(6, 1))).all()
