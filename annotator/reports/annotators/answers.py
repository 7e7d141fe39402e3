"""One annotator's answers, the newest first, a page at a time."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import Case, Exists, F, FloatField, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Greatest

from annotator.accounts.models import User
from annotator.annotations.models import Annotation, AnnotationPiece
from annotator.annotations.selectors import pieces_of
from annotator.assignments.models import AssignmentState
from annotator.core.errors import Invalid
from annotator.core.reasons import Code, Reason
from annotator.items.models import ItemImage
from annotator.items.selectors import file_url, item_spec, places_of, thumbnail_url
from annotator.projects.models import Project
from annotator.projects.selectors import questions_of, spec_of
from annotator.questions.kinds import dump_answers
from annotator.questions.types import SHORT_SCALE, PieceType
from annotator.reviews.models import Verdict

PAGE = 24
# Ratings this many careful steps apart are a disagreement.
FAR = 2
NUMBERS = (PieceType.NUMBER, PieceType.HALF)
AMOUNT = F("number") + Case(When(type=PieceType.HALF, then=Value(0.5)), default=Value(0.0))


class AnswerFilter(StrEnum):
    """Which of somebody's answers."""

    ALL = "all"
    REJECTED = "rejected"
    DISAGREEING = "disagreeing"


@dataclass(frozen=True, slots=True)
class AnsweredImage:
    """An image of an answered item, by its letter."""

    letter: str
    url: str
    thumbnail_url: str


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """An answer with what has become of it; images from left to right as they were shown."""

    id: uuid.UUID
    item: uuid.UUID
    prompt: str
    images: list[AnsweredImage]
    answers: dict[str, Any]
    at: datetime
    active_ms: int | None
    state: AssignmentState
    counted: bool = field(metadata={"help": "False: it came late and is kept as an extra."})
    reason: str = field(metadata={"help": "Why a reviewer rejected it; else empty."})


@dataclass(frozen=True, slots=True)
class GivenAnswers:
    """A page of somebody's answers, newest first; `next` is the cursor of the following one."""

    results: list[GivenAnswer]
    next: str | None


def given_answers(
    project: Project, user: User, *, which: AnswerFilter, cursor: str = ""
) -> GivenAnswers:
    """Their newest revisions in the project (6 queries, whatever the project's size)."""
    rows = Annotation.objects.filter(
        annotator=user, current=True, assignment__project=project, item__source=None
    ).select_related("item", "assignment")
    if which == AnswerFilter.REJECTED:
        # Another's slot may be rejected to which this person's answer came late.
        rows = rows.filter(
            assignment__state=AssignmentState.REJECTED, assignment__annotator=F("annotator")
        )
    elif which == AnswerFilter.DISAGREEING:
        rows = rows.filter(Exists(_differing()))
    if cursor:
        at, pk = _read(cursor)
        rows = rows.filter(Q(submitted_at__lt=at) | Q(submitted_at=at, pk__lt=pk))
    found = list(rows.order_by("-submitted_at", "-pk")[: PAGE + 1])
    shown = found[:PAGE]
    more = len(found) > PAGE
    return GivenAnswers(
        _shaped(project, shown),
        f"{shown[-1].submitted_at.isoformat()}_{shown[-1].pk}" if more else None,
    )


def _differing() -> QuerySet[AnnotationPiece]:
    """Pieces of others' answers to the same item that say something else of the same."""
    same_thing = AnnotationPiece.objects.filter(
        annotation=OuterRef(OuterRef("pk")),
        question=OuterRef("question"),
        letter=OuterRef("letter"),
    )
    own = same_thing.filter(type=OuterRef("type"))
    other_choice = own.filter(type="choice").exclude(choice=OuterRef("choice"))
    numbers = same_thing.filter(type__in=NUMBERS).annotate(amount=AMOUNT)
    far = numbers.filter(
        Q(amount__gte=OuterRef("amount") + OuterRef("far"))
        | Q(amount__lte=OuterRef("amount") - OuterRef("far"))
    )
    other_tier = own.filter(type="tier").exclude(number=OuterRef("number"))
    length = Cast(F("question__scale_max") - F("question__scale_min"), FloatField())
    return (
        AnnotationPiece.objects.annotate(
            amount=AMOUNT, far=FAR * Greatest(Value(1.0), length / SHORT_SCALE)
        )
        .filter(
            Q(Exists(other_choice)) | Q(Exists(far), type__in=NUMBERS) | Q(Exists(other_tier)),
            annotation__item=OuterRef("item"),
            annotation__current=True,
            annotation__counted=True,
        )
        .exclude(annotation=OuterRef("pk"))
    )


def _read(cursor: str) -> tuple[datetime, uuid.UUID]:
    at, _, pk = cursor.partition("_")
    try:
        instant = datetime.fromisoformat(at)
        if instant.tzinfo is None:
            raise ValueError("no zone")
        return instant, uuid.UUID(pk)
    except ValueError as error:
        raise Invalid(fields={"cursor": Reason(Code.NO_CURSOR)}) from error


def _shaped(project: Project, rows: list[Annotation]) -> list[GivenAnswer]:
    questions = questions_of(project.pk)
    specs = [spec_of(question) for question in questions]
    keys = {question.pk: question.key for question in questions}
    pieces = pieces_of(rows)
    places = places_of({row.item_id for row in rows})
    rejected = Verdict.objects.filter(annotation__in=rows).values_list("annotation_id", "reason")
    reasons = dict(rejected)
    return [
        GivenAnswer(
            id=row.pk,
            item=row.item_id,
            prompt=row.item.prompt,
            images=_images(row, places[row.item_id]),
            answers=dump_answers(
                {keys[q]: tuple(found) for q, found in pieces[row.pk].items()},
                specs,
                item_spec(row.item, (place.letter for place in places[row.item_id])),
            ),
            at=row.submitted_at,
            active_ms=row.active_ms,
            state=AssignmentState(row.assignment.state),
            counted=row.counted,
            reason=reasons.get(row.pk, ""),
        )
        for row in rows
    ]


def _images(row: Annotation, places: list[ItemImage]) -> list[AnsweredImage]:
    by_letter = {place.letter: place for place in places}
    return [
        AnsweredImage(
            letter, file_url(by_letter[letter].image_id),
            thumbnail_url(by_letter[letter].image_id),
        )
        for letter in row.shown_order
        if letter in by_letter
    ]  # fmt: skip
