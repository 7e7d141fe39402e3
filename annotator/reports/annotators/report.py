"""The annotators of a project, worst first, with what stands out of each.

Counted over first answers: reviews don't change them. Everything but who is paused, which is asked
anew each time (`standing`), is one frozen dataclass that may be kept.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

import numpy as np
from django.utils import timezone

from annotator.gold.selectors import self_consistency
from annotator.projects.models import Project
from annotator.reports.annotators.reading import ReadAnswers, days_of, read_answers
from annotator.reports.people import names_of
from scoring.annotators.findings import gravity, with_findings
from scoring.annotators.portrait import Portrait, portraits_of
from scoring.annotators.sides import sides_of

EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class SidesOfDay:
    """Of a day's answers that lean to a side, those that lean left."""

    date: date
    left: int
    n: int


@dataclass(frozen=True, slots=True)
class AnnotatorPortrait:
    """One annotator in numbers; `likeness.other` is a user's number."""

    id: int
    name: str
    last_answer_at: datetime
    numbers: Portrait
    by_day: list[SidesOfDay]


@dataclass(frozen=True, slots=True)
class AnnotatorPortraits:
    """All annotators, worst first: by what stands out, then by how little they agree."""

    annotators: list[AnnotatorPortrait]
    answers: int = field(metadata={"help": "First answers that all of it is counted over."})
    computed_at: datetime


def portraits_of_annotators(project: Project, *, now: datetime) -> AnnotatorPortraits:
    """Everybody who has answered anything (9 queries, of whole columns; 14 with repeats)."""
    read = read_answers(project)
    if not read.user_ids:
        return AnnotatorPortraits([], 0, now)
    names = names_of(read.user_ids)
    called = [names[pk] for pk in read.user_ids]
    found = with_findings(portraits_of(read.answers, read.asked), called)
    days = _sides_by_day(read, now)
    again = self_consistency(project, read.user_ids)
    rows = [
        AnnotatorPortrait(
            id=pk,
            name=names[pk],
            last_answer_at=read.last_at[place],
            numbers=replace(_by_user(found[place], read.user_ids), self_consistency=again[pk]),
            by_day=days[place],
        )
        for place, pk in enumerate(read.user_ids)
    ]
    ordered = sorted(rows, key=lambda row: (*gravity(row.numbers), row.id))
    return AnnotatorPortraits(ordered, len(read.answers), now)


def _by_user(portrait: Portrait, user_ids: list[int]) -> Portrait:
    near = portrait.likeness
    if near is None:
        return portrait
    return replace(portrait, likeness=replace(near, other=user_ids[near.other]))


def _sides_by_day(read: ReadAnswers, now: datetime) -> list[list[SidesOfDay]]:
    """By place of the person, the days in order."""
    answers = read.answers
    offset = timezone.localtime(now).utcoffset() or timedelta()
    leaning = sides_of(answers, [one for one in read.asked.choices if one.sides]).leaning
    there = np.flatnonzero(leaning)
    found: list[list[SidesOfDay]] = [[] for _ in read.user_ids]
    if not len(there):
        return found
    day = days_of(answers.at[there], offset.total_seconds())
    first = int(day.min())
    width = int(day.max()) - first + 1
    cell = answers.annotator[there] * width + (day - first)
    n = np.bincount(cell)
    left = np.bincount(cell, leaning[there] > 0)
    for key in np.flatnonzero(n):
        when = EPOCH + timedelta(days=first + int(key) % width)
        found[int(key) // width].append(SidesOfDay(when, int(left[key]), int(n[key])))
    return found
