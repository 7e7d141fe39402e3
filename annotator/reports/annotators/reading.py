"""Everybody's first answers in a project, as the arrays that `scoring.annotators` counts over."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models import Exists, OuterRef, QuerySet

from annotator.annotations.models import Annotation, AnnotationPiece
from annotator.assignments.models import Assignment, AssignmentState
from annotator.items.models import LETTERS, Item, ItemImage
from annotator.projects.models import Project, Question
from annotator.projects.selectors import questions_of
from annotator.questions.kinds import KINDS
from annotator.questions.types import PieceType
from annotator.reports.reading import every_row
from annotator.reviews.models import AcceptOrReject, Verdict
from scoring.annotators.answers import (
    Answers,
    Asked,
    Choices,
    Comparisons,
    Ratings,
    Sets,
    ordered_pairs,
)
from scoring.arrays import Floats, Ints
from scoring.tokens import token_texts
from scoring.votes import CHOICES

PLACE = {letter: place for place, letter in enumerate(LETTERS)}
# What a piece says is told apart by these; texts and places of marks are nobody's habit.
SIGNED = {PieceType.CHOICE, PieceType.NUMBER, PieceType.TIER, PieceType.FLAG, PieceType.TOKEN}


def first_answers() -> QuerySet[Annotation]:
    """The first answer of each slot, whether it was rejected later or not; no extras.

    Who answers a slot again that a reviewer has freed answers after a review: what they say tells
    of the review as much as of them.
    """
    earlier = Assignment.objects.filter(
        item=OuterRef("item"),
        slot=OuterRef("assignment__slot"),
        state=AssignmentState.REJECTED,
        submitted_at__lt=OuterRef("assignment__submitted_at"),
    )
    return Annotation.objects.filter(counted=True, current=True).exclude(Exists(earlier))


@dataclass(frozen=True, slots=True)
class ReadAnswers:
    """The arrays, and whom and when their numbers stand for; `last_at` by place of the person."""

    answers: Answers
    asked: Asked
    user_ids: list[int]
    last_at: list[datetime]


@dataclass(slots=True)
class _Columns:
    """Pieces of one question, as they come."""

    answer: list[int] = field(default_factory=list)
    type: list[str] = field(default_factory=list)
    letter: list[str] = field(default_factory=list)
    choice: list[str] = field(default_factory=list)
    number: list[int | None] = field(default_factory=list)


def read_answers(project: Project) -> ReadAnswers:
    """All of a project's first answers (7 queries, every row read once)."""
    first = first_answers().filter(item__project=project)
    places: dict[UUID, int] = {}
    items: dict[UUID, int] = {}
    people: dict[int, int] = {}
    rows: list[tuple[int, int, float, float, int]] = []
    last: list[datetime] = []
    columns = ("pk", "item_id", "annotator_id", "shown_order", "active_ms", "first_submitted_at")
    for pk, item_id, user_id, shown, ms, at in every_row(first.values_list(*columns)):
        places[pk] = len(rows)
        person = people.setdefault(user_id, len(people))
        if person == len(last):
            last.append(at)
        last[person] = max(last[person], at)
        item = items.setdefault(item_id, len(items))
        active = float("nan") if ms is None else float(ms)
        rows.append((person, item, at.timestamp(), active, PLACE.get(shown[:1], 0)))
    table = np.array(rows, np.float64).reshape(-1, 5)
    answers = Answers(
        annotator=table[:, 0].astype(np.int64),
        item=table[:, 1].astype(np.int64),
        at=table[:, 2],
        active_ms=table[:, 3],
        verdict=_verdicts(project, places),
        leftmost=table[:, 4].astype(np.int64),
        people=len(people),
        items=len(items),
    )
    return ReadAnswers(answers, _asked(project, first, places, items, answers), list(people), last)


def _verdicts(project: Project, places: Mapping[UUID, int]) -> Ints:
    found = np.full(len(places), -1)
    given = Verdict.objects.filter(review__project=project).values_list("annotation_id", "value")
    for annotation_id, value in every_row(given):
        place = places.get(annotation_id)
        if place is not None:
            found[place] = value == AcceptOrReject.ACCEPT
    return found


def _asked(
    project: Project,
    first: QuerySet[Annotation],
    places: Mapping[UUID, int],
    items: Mapping[UUID, int],
    answers: Answers,
) -> Asked:
    questions = questions_of(project.pk)
    told: dict[int, _Columns] = defaultdict(_Columns)
    signature: dict[tuple[Any, ...], int] = {}
    signed = np.zeros(len(places), np.int64)
    pieces = AnnotationPiece.objects.filter(annotation__in=first.order_by()).order_by()
    names = ("annotation_id", "question_id", "type", "letter", "choice", "number")
    for annotation_id, question_id, kind, letter, choice, number in every_row(
        pieces.values_list(*names)
    ):
        answer = places[annotation_id]
        column = told[question_id]
        column.answer.append(answer)
        column.type.append(kind)
        column.letter.append(letter)
        column.choice.append(choice)
        column.number.append(number)
        if kind in SIGNED:
            what = (question_id, letter, choice, number)
            signed[answer] += _MIXED[signature.setdefault(what, len(signature)) % len(_MIXED)]
    images = _images(project, items)
    return _by_kind(questions, told, answers, images, _sizes(project, items), signed)


# Pieces come in no order, so an answer's signature is the sum of a random number for each.
_MIXED = np.random.default_rng(0).integers(1 << 60, size=1 << 16)


def _images(project: Project, items: Mapping[UUID, int]) -> Ints:
    """(items, 2): numbers of the images a and b; -1 where there is none."""
    found = np.full((len(items), 2), -1)
    numbers: dict[UUID, int] = {}
    rows = ItemImage.objects.filter(item__project=project, place__lt=2).order_by()
    for item_id, image_id, place in every_row(rows.values_list("item_id", "image_id", "place")):
        if item_id in items:
            found[items[item_id], place] = numbers.setdefault(image_id, len(numbers))
    return found


def _sizes(project: Project, items: Mapping[UUID, int]) -> Ints:
    """(items,): how many words the prompt has, read only where words are asked about."""
    found = np.zeros(len(items), np.int64)
    if not Question.objects.filter(project=project, kind="words").exists():
        return found
    rows = Item.objects.filter(project=project).order_by()
    for item_id, prompt in every_row(rows.values_list("pk", "prompt")):
        if item_id in items:
            found[items[item_id]] = len(token_texts(prompt))
    return found


def _by_kind(
    questions: Sequence[Question],
    told: Mapping[int, _Columns],
    answers: Answers,
    images: Ints,
    words: Ints,
    signature: Ints,
) -> Asked:
    choices: list[Choices] = []
    ratings: list[Ratings] = []
    sets: list[Sets] = []
    comparisons: list[Comparisons] = []
    for question in questions:
        column = told.get(question.pk)
        kind = KINDS[question.kind]
        if column is None or kind.level is None:
            continue
        if kind.sides:
            votes = _preferences(column, answers)
            choices.append(votes)
            comparisons.append(_comparisons(votes, answers, images))
        elif kind.picks:
            choices.append(_picks(column, answers))
        elif kind.level == "interval":
            ratings.append(_ratings(column, answers))
        elif kind.level == "ordinal":
            choices.append(ordered_pairs(_ratings(column, answers)))
        else:
            sets.append(_sets(column, question, answers, words))
    return Asked(choices, ratings, sets, comparisons, signature)


def _preferences(column: _Columns, answers: Answers) -> Choices:
    """Who is not sure says nothing; "both bad" is an answer of its own."""
    number: dict[str, int] = {choice: place for place, choice in enumerate(CHOICES)}
    label = np.array([number[choice] for choice in column.choice], np.int64)
    answer = np.array(column.answer, np.int64)
    sure = label < number["unsure"]
    return _compact(answer[sure], answers.item[answer[sure]], label[sure], sides=True)


def _picks(column: _Columns, answers: Answers) -> Choices:
    label = np.array([PLACE[choice] for choice in column.choice], np.int64)
    answer = np.array(column.answer, np.int64)
    return _compact(answer, answers.item[answer], label)


def _compact(answer: Ints, unit: Ints, label: Ints, *, sides: bool = False) -> Choices:
    """Labels that nobody gives are none: a class that is free only draws votes to itself."""
    given = np.bincount(label, minlength=2) > 0
    given[:2] |= sides
    numbers = np.cumsum(given) - 1
    return Choices(answer, unit, numbers[label], max(2, int(given.sum())), sides)


def _comparisons(votes: Choices, answers: Answers, images: Ints) -> Comparisons:
    strict = np.flatnonzero(votes.label <= 1)
    pair = images[answers.item[votes.answer[strict]]]
    first = votes.label[strict] == 0
    whole = (pair >= 0).all(axis=1)
    better = np.where(first, pair[:, 0], pair[:, 1])
    worse = np.where(first, pair[:, 1], pair[:, 0])
    return Comparisons(votes.answer[strict][whole], better[whole], worse[whole])


def _ratings(column: _Columns, answers: Answers) -> Ratings:
    """A unit is an image of an item: item · 9 + place."""
    answer = np.array(column.answer, np.int64)
    place = np.array([PLACE.get(letter, 0) for letter in column.letter], np.int64)
    value: Floats = np.array([number or 0 for number in column.number], np.float64)
    return Ratings(answer, answers.item[answer] * 9 + place, value)


def _sets(column: _Columns, question: Question, answers: Answers, words: Ints) -> Sets:
    """Flags on an image, words of a prompt, or whether an image has any flaw marked."""
    rows: dict[tuple[int, str], int] = {}
    named: set[tuple[int, int]] = set()
    things: dict[str, int] = {}
    for given, kind, letter, choice, number in zip(
        column.answer, column.type, column.letter, column.choice, column.number, strict=True
    ):
        row = rows.setdefault((given, letter), len(rows))
        if kind != PieceType.NOTHING:
            named.add((row, things.setdefault(choice or str(number), len(things))))
    answer = np.array([key[0] for key in rows], np.int64)
    place = np.array([PLACE.get(key[1], 0) for key in rows], np.int64)
    item = answers.item[answer]
    offered: Ints = np.full(len(rows), max(1, len(question.options.all())), np.int64)
    size: Ints = words[item] if question.kind == "words" else offered
    pairs = np.array(sorted(named), np.int64).reshape(-1, 2)
    group = np.unique(item * 9 + place, return_inverse=True)[1].astype(np.int64).reshape(-1)
    return Sets(answer, group, size, pairs[:, 0], pairs[:, 1])


def days_of(at: Floats, offset_seconds: float) -> Ints:
    """Day numbers since 1970 in a time zone that far ahead of UTC."""
    return ((at + offset_seconds) // 86_400).astype(np.int64)
