"""Everybody's first answers in a project, as the arrays that `scoring.annotators` counts over."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast

from annotator.annotations.models import Annotation, AnnotationPiece
from annotator.annotations.selectors import first_answers
from annotator.items.models import LETTERS, Item, ItemImage, tokens_of
from annotator.projects.models import Project, Question
from annotator.projects.selectors import questions_of, spec_of
from annotator.questions.kinds import KINDS
from annotator.questions.types import Kind, PieceType, QuestionSpec, amount_of
from annotator.reports.reading import FETCHED, every_row
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
from scoring.votes import CHOICES

PLACE = {letter: place for place, letter in enumerate(LETTERS)}
# What a piece says is told apart by these; texts, and marks and links to them, are nobody's habit.
SIGNED = {
    PieceType.CHOICE, PieceType.GRADE, PieceType.NUMBER, PieceType.TIER, PieceType.FLAG,
    PieceType.TOKEN, PieceType.START, PieceType.UNSURE, PieceType.ROW, PieceType.HALF,
}  # fmt: skip
# What names no flag, word or flaw.
UNNAMED = {PieceType.NOTHING, PieceType.UNSURE}


@dataclass(frozen=True, slots=True)
class ReadAnswers:
    """The arrays, and whom and when their numbers stand for; `last_at` by place of the person."""

    answers: Answers
    asked: Asked
    user_ids: list[int]
    last_at: list[datetime]


class PieceValue(NamedTuple):
    """All that a piece says, but where a mark lies and what a text tells: there are few of them."""

    question_id: int
    type: str
    letter: str
    choice: str
    number: int | None


@dataclass(frozen=True, slots=True)
class _Pieces:
    """Every piece: of which answer, and which of `told` it is."""

    answer: Ints
    code: Ints
    told: list[PieceValue]

    def of(self, question_id: int) -> "_Pieces":
        """Those of one question."""
        mine = self.column(lambda one: one.question_id == question_id, bool)
        return _Pieces(self.answer[mine], self.code[mine], self.told)

    def column(self, of: Callable[[PieceValue], Any], kind: type) -> np.ndarray[Any, Any]:
        """A value of each piece."""
        return np.array([of(one) for one in self.told] or [0], kind)[self.code]


def read_answers(project: Project) -> ReadAnswers:
    """All of a project's first answers (7 queries, every row read once)."""
    first = first_answers().filter(item__project=project)
    places: dict[str, int] = {}
    items: dict[str, int] = {}
    people: dict[int, int] = {}
    rows: list[tuple[int, int, float, float, int]] = []
    last: list[datetime] = []
    columns = ("annotator_id", "shown_order", "active_ms", "first_submitted_at")
    named = first.order_by().values_list(_text("pk"), _text("item_id"), *columns)
    for pk, item_id, user_id, shown, ms, at in every_row(named):
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


def _text(name: str) -> Cast:
    """An id as a text: it is made, told apart and found several times as fast."""
    return Cast(name, CharField())


def _verdicts(project: Project, places: Mapping[str, int]) -> Ints:
    found = np.full(len(places), -1)
    given = Verdict.objects.filter(review__project=project)
    for annotation_id, value in every_row(given.values_list(_text("annotation_id"), "value")):
        place = places.get(annotation_id)
        if place is not None:
            found[place] = value == AcceptOrReject.ACCEPT
    return found


def _asked(
    project: Project,
    first: QuerySet[Annotation],
    places: Mapping[str, int],
    items: Mapping[str, int],
    answers: Answers,
) -> Asked:
    questions = questions_of(project.pk)
    pieces = _pieces(first, places)
    images = _images(project, items)
    return _by_kind(questions, pieces, answers, images, _sizes(project, items))


def _pieces(first: QuerySet[Annotation], places: Mapping[str, int]) -> _Pieces:
    rows = AnnotationPiece.objects.filter(annotation__in=first.order_by()).order_by()
    rows = rows.exclude(type=PieceType.LINK)
    named = every_row(rows.values_list(_text("annotation_id"), *PieceValue._fields))
    numbers: dict[tuple[Any, ...], int] = {}
    answer, code = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    while stretch := list(islice(named, FETCHED)):
        answer.append(np.array([places[row[0]] for row in stretch], np.int64))
        values = [row[1:] for row in stretch]
        for one in dict.fromkeys(values):
            numbers.setdefault(one, len(numbers))
        code.append(np.array([numbers[one] for one in values], np.int64))
    told = [PieceValue(*one) for one in numbers]
    return _Pieces(np.concatenate(answer), np.concatenate(code), told)


def _signatures(pieces: _Pieces, questions: Sequence[Question], answers: Answers) -> Ints:
    """(questions, answers): pieces come in no order, so it is the sum of a random number for each.

    Of questions whose pieces tell anything apart.
    """
    mixed = np.random.default_rng(0).integers(1 << 44, size=len(pieces.told) + 1)
    signed = pieces.column(lambda one: one.type in SIGNED, bool)
    asked = pieces.column(lambda one: one.question_id, int)
    # Whole numbers below 2⁵³ are exact as floats.
    found = [
        np.bincount(pieces.answer[mine], mixed[pieces.code[mine]], minlength=len(answers))
        for question in questions
        if len(mine := np.flatnonzero(signed & (asked == question.pk)))
    ]
    return np.array(found, np.int64).reshape(len(found), len(answers))


def _images(project: Project, items: Mapping[str, int]) -> Ints:
    """(items, 2): numbers of the images a and b; -1 where there is none."""
    found = np.full((len(items), 2), -1)
    numbers: dict[str, int] = {}
    rows = ItemImage.objects.filter(item__project=project, place__lt=2).order_by()
    named = rows.values_list(_text("item_id"), _text("image_id"), "place")
    for item_id, image_id, place in every_row(named):
        if item_id in items:
            found[items[item_id], place] = numbers.setdefault(image_id, len(numbers))
    return found


def _sizes(project: Project, items: Mapping[str, int]) -> Ints:
    """(items,): how many words the prompt has, read only where words are asked about."""
    found = np.zeros(len(items), np.int64)
    if not Question.objects.filter(project=project, kind="words").exists():
        return found
    rows = Item.objects.filter(project=project).order_by()
    for item_id, prompt, by_character in every_row(
        rows.values_list(_text("pk"), "prompt", "by_character")
    ):
        if item_id in items:
            found[items[item_id]] = len(tokens_of(prompt, by_character=by_character))
    return found


def _by_kind(
    questions: Sequence[Question],
    pieces: _Pieces,
    answers: Answers,
    images: Ints,
    words: Ints,
) -> Asked:
    choices: list[Choices] = []
    ratings: list[Ratings] = []
    sets: list[Sets] = []
    comparisons: list[Comparisons] = []
    for question in questions:
        column = pieces.of(question.pk)
        kind = KINDS[question.kind]
        if not len(column.answer) or kind.level is None:
            continue
        if kind.sides:
            votes = _preferences(column, answers)
            choices.append(votes)
            comparisons.append(_comparisons(votes, answers, images))
        elif kind.picks:
            choices.append(_picks(column, answers))
        elif kind.unit == "row":
            choices.append(_rows(column, answers, kind))
        elif kind.level == "interval":
            ratings.append(_ratings(column, answers))
        elif kind.level == "ordinal":
            choices.append(ordered_pairs(_ratings(column, answers)))
        else:
            sets.append(_sets(column, question, answers, words))
    return Asked(choices, ratings, sets, comparisons, _signatures(pieces, questions, answers))


def _preferences(column: _Pieces, answers: Answers) -> Choices:
    """Who is not sure says nothing; "both bad" is an answer of its own."""
    number: dict[str, int] = {choice: place for place, choice in enumerate(CHOICES)}
    label = column.column(lambda one: number.get(one.choice, 0), int)
    answer = column.answer
    sure = label < number["unsure"]
    return _compact(answer[sure], answers.item[answer[sure]], label[sure], sides=True)


def _picks(column: _Pieces, answers: Answers) -> Choices:
    label = column.column(lambda one: PLACE.get(one.choice, 0), int)
    return _compact(column.answer, answers.item[column.answer], label)


def _rows(column: _Pieces, answers: Answers, kind: Kind) -> Choices:
    """A unit is a row of an item's checklist; who is not sure of it says nothing of it."""
    names: dict[str, int] = {}
    label = column.column(lambda one: names.setdefault(one.choice, len(names)), int)
    row = column.column(lambda one: one.number or 0, int)
    sure = column.column(lambda one: one.choice not in kind.abstentions, bool)
    answer = column.answer[sure]
    unit = answers.item[answer] * (int(row.max(initial=0)) + 1) + row[sure]
    return _compact(answer, unit, label[sure])


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


def _ratings(column: _Pieces, answers: Answers) -> Ratings:
    """A unit is an image of an item: item · 9 + place. Without those that got no number."""
    there = column.column(lambda one: one.number is not None, bool)
    place = column.column(lambda one: PLACE.get(one.letter, 0), int)[there]
    value = column.column(lambda one: amount_of(one.type, one.number) or 0, float)[there]
    answer = column.answer[there]
    return Ratings(answer, answers.item[answer] * 9 + place, value)


def _sets(column: _Pieces, question: Question, answers: Answers, words: Ints) -> Sets:
    """Flags on an image, words of a prompt, or whether an image has any flaw marked."""
    place = column.column(lambda one: PLACE.get(one.letter, 0), int)
    rows, row = np.unique(column.answer * 9 + place, return_inverse=True)
    things: dict[tuple[str, int | None], int] = {}
    thing = column.column(lambda one: things.setdefault((one.choice, one.number), len(things)), int)
    named = column.column(lambda one: one.type not in UNNAMED, bool)
    told = np.stack([row.reshape(-1)[named], thing[named]], axis=1)
    pairs = _with_implied(told, things, spec_of(question))
    answer, at = rows // 9, rows % 9
    item = answers.item[answer]
    offered: Ints = np.full(len(rows), max(1, len(question.options.all())), np.int64)
    size: Ints = words[item] if question.kind == "words" else offered
    group = np.unique(item * 9 + at, return_inverse=True)[1].astype(np.int64).reshape(-1)
    return Sets(answer, group, size, pairs[:, 0], pairs[:, 1])


def _with_implied(
    told: Ints, things: dict[tuple[str, int | None], int], question: QuestionSpec
) -> Ints:
    """(n, 2): the rows and the things that they name, and those above these; each once.

    Several marks on an image are one flaw seen; who says "hands" below "body" says "body", too.
    """
    found = [told]
    for (option, _), number in tuple(things.items()):
        rows = told[told[:, 1] == number, 0]
        for above in sorted(question.implied([option]) - {option}):
            thing = things.setdefault((above, None), len(things))
            found.append(np.stack([rows, np.full_like(rows, thing)], axis=1))
    return np.unique(np.concatenate(found), axis=0)


def days_of(at: Floats, offset_seconds: float) -> Ints:
    """Day numbers since 1970 in a time zone that far ahead of UTC."""
    return ((at + offset_seconds) // 86_400).astype(np.int64)
