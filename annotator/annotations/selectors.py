"""What annotations can be asked."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db.models import Exists, Min, OuterRef, QuerySet
from django.utils import timezone

from annotator.accounts.models import User
from annotator.annotations.models import Annotation, AnnotationPiece
from annotator.assignments import selectors as assignments
from annotator.assignments.models import Assignment, AssignmentState
from annotator.assignments.selectors import AssignmentShape, ClaimStatus, Shown
from annotator.core.errors import NotFound
from annotator.core.reasons import Code, Reason
from annotator.core.statements import Statement
from annotator.items.models import Item
from annotator.items.selectors import ShownItem, item_spec, judged, places_in_any_role
from annotator.projects.models import Project, Question
from annotator.projects.selectors import questions_of, spec_of
from annotator.questions.kinds import dump_answers
from annotator.questions.types import ItemSpec, Piece


@dataclass(frozen=True, slots=True)
class Claims:
    """What an annotator holds now, and what there is besides."""

    assignments: list[AssignmentShape]
    status: ClaimStatus = field(
        metadata={
            "help": "all_reserved: others hold what is left, look again at next_free_at. "
            "paused: a lead has paused this person here; `note` is theirs. "
            "training_required: they are to pass the project's training first."
        }
    )
    next_free_at: datetime | None
    note: str = field(metadata={"help": "What the lead who paused them wrote; else empty."})
    done_today: int
    remaining_for_you: int
    remaining_is_capped: bool = field(metadata={"help": "There are at least that many."})


@dataclass(frozen=True, slots=True)
class AnsweredAssignment:
    """An assignment with one's own present answers; null while there are none."""

    id: uuid.UUID
    lease_expires_at: datetime | None
    item: ShownItem
    shown: Shown
    asked: int
    answers: dict[str, Any] | None
    revisable_until: datetime | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that an answer is stored; the same however often it is asked for."""

    id: uuid.UUID
    sha256: str = field(metadata={"help": "Of the answers' canonical JSON."})
    at: datetime
    counted: bool = field(
        metadata={
            "help": "False: it came late, somebody else has the slot; it is kept as an extra."
        }
    )
    revisable_until: datetime
    claims: Claims | None = field(
        metadata={
            "help": "With `hold`: as POST claims answers. Null where that failed; ask for it then."
        }
    )


PIECE_ROW = ("annotation_id", "question_id", *Piece.__struct_fields__)


class WhichAnswers(StrEnum):
    """Which answers a number is made of; every report says it."""

    FIRST = "first"
    STANDING = "standing"
    ACCEPTED = "accepted"


def first_answers() -> QuerySet[Annotation]:
    """Of each slot the answer that came first, whatever reviewers made of it afterwards.

    What is said of people is said of these: replacements are only asked for where somebody looked
    and rejected, so a number that counts them rises with the reviewing. Of an answer that its
    author revised the newest revision; no extras.
    """
    replaced = Assignment.objects.filter(
        item=OuterRef("assignment__item"),
        slot=OuterRef("assignment__slot"),
        state=AssignmentState.REJECTED,
        submitted_at__lt=OuterRef("assignment__submitted_at"),
    )
    return _current().filter(~Exists(replaced))


def standing_answers() -> QuerySet[Annotation]:
    """The answers that hold their slots: replacements too, no extras and no rejected ones."""
    return _current().exclude(assignment__state=AssignmentState.REJECTED)


def accepted_answers() -> QuerySet[Annotation]:
    """Those of the standing ones that wait for no reviewer: what consensus is made of."""
    return _current().filter(assignment__state=AssignmentState.ACCEPTED)


def _current() -> QuerySet[Annotation]:
    """The newest revision of every answer that came in time for its slot.

    Those of items that a lead has excluded count nowhere, nor do those of copies.
    """
    excluded = Item.with_copies.filter(excluded_at__isnull=False).values("pk")
    return _newest().exclude(item__in=excluded)


def _newest() -> QuerySet[Annotation]:
    return Annotation.objects.filter(counted=True, current=True)


def counting_pieces(annotations: QuerySet[Annotation]) -> QuerySet[AnnotationPiece]:
    """The pieces of such annotations, in no order."""
    return AnnotationPiece.objects.filter(annotation__in=annotations.order_by()).order_by()


def current_of_item(item_id: uuid.UUID) -> QuerySet[Annotation]:
    """The item's annotations that stand, in slot order; also of an excluded one."""
    rows = _newest().exclude(assignment__state=AssignmentState.REJECTED).filter(item_id=item_id)
    return rows.select_related("assignment").order_by("assignment__slot")


def current_of_batch(batch_id: int) -> QuerySet[Annotation]:
    """The same of all items of a batch, copies apart, in no order."""
    rows = _newest().exclude(assignment__state=AssignmentState.REJECTED)
    return rows.filter(item__batch=batch_id, item__source=None)


def late_in_batch(batch_id: int) -> int:
    """How many answers to a batch's items came too late for their slots (1 query)."""
    rows = Annotation.objects.filter(item__batch=batch_id, item__source=None, revision=1)
    return rows.filter(counted=False).count()


def current_of_assignment(assignment_id: uuid.UUID) -> Annotation | None:
    """The newest counted annotation of one assignment."""
    return Annotation.objects.filter(
        assignment_id=assignment_id, counted=True, current=True
    ).first()


def pieces_of(
    annotations: Iterable[Annotation | uuid.UUID],
) -> dict[uuid.UUID, dict[int, list[Piece]]]:
    """annotation id → question id → its pieces (1 query)."""
    found: dict[uuid.UUID, dict[int, list[Piece]]] = defaultdict(lambda: defaultdict(list))
    rows = AnnotationPiece.objects.filter(annotation__in=list(annotations))
    for annotation_id, question_id, *columns in rows.values_list(*PIECE_ROW):
        found[annotation_id][question_id].append(Piece(*columns))
    return found


def answers_of(
    annotations: Sequence[Annotation], questions: Sequence[Question], item: ItemSpec
) -> dict[uuid.UUID, dict[str, Any]]:
    """annotation id → its answers as in the outside contract (1 query)."""
    pieces = pieces_of(annotations)
    specs = [spec_of(question) for question in questions]
    keys = {question.pk: question.key for question in questions}
    return {
        annotation.pk: dump_answers(
            {keys[q]: tuple(found) for q, found in pieces[annotation.pk].items()}, specs, item
        )
        for annotation in annotations
    }


def revisable_until(annotation: Annotation) -> datetime:
    """Until when its author may still change it; the same for all, sampled or not."""
    return annotation.first_submitted_at + timedelta(seconds=settings.REVISE_SECONDS)


# Extras are no longer in the slots that they were sent to.
DONE = """
    SELECT (
        SELECT count(*) FROM assignments_assignment
        WHERE annotator_id = %(annotator)s AND project_id = %(project)s
          AND submitted_at >= %(since)s
    ) + (
        SELECT count(*) FROM annotations_annotation n
        JOIN items_item i ON i.id = n.item_id
        WHERE n.annotator_id = %(annotator)s AND i.project_id = %(project)s
          AND NOT n.counted AND n.revision = 1 AND n.submitted_at >= %(since)s
    )
"""
DONE_SINCE = Statement(DONE)
DONE_AND_MUCH_AHEAD = Statement(
    "SELECT ({done}), EXISTS ({much_ahead})", done=DONE, much_ahead=assignments.MUCH_AHEAD
)


def done_since(annotator: User, project: Project, since: datetime) -> int:
    """Items that this person has answered in the project since an instant."""
    [(done,)] = DONE_SINCE.rows(annotator=annotator.pk, project=project.pk, since=since)
    return int(done)


def first_answer_at(annotator: User, project: Project) -> datetime | None:
    """When this person first answered anything in the project; None if never (1 query)."""
    rows = Annotation.objects.filter(annotator=annotator, item__project=project)
    return rows.order_by("submitted_at").values_list("submitted_at", flat=True).first()


def first_answers_at(project: Project) -> dict[int, datetime]:
    """When each person who has answered in the project first did, by their id (1 query)."""
    rows = Annotation.objects.filter(item__project=project).order_by().values("annotator_id")
    return dict(rows.annotate(at=Min("submitted_at")).values_list("annotator_id", "at"))


def claims_of(
    annotator: User, project: Project, held: Sequence[Assignment], *, now: datetime
) -> Claims:
    """What a person who has just claimed holds and has before them (6 queries at most)."""
    work = assignments.next_work(annotator, project, held)
    [(done, much)] = DONE_AND_MUCH_AHEAD.rows(
        annotator=annotator.pk,
        project=project.pk,
        since=timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0),
        much=assignments.much_ahead(project),
    )
    limit = assignments.REMAINING_LIMIT
    remaining = limit if much else assignments.remaining_for(annotator, project)
    return Claims(
        assignments=assignments.shown_held(annotator, project) if held else [],
        status=work.status,
        next_free_at=work.next_free_at,
        note=work.note,
        done_today=done,
        remaining_for_you=remaining,
        remaining_is_capped=remaining >= limit,
    )


def answered_assignment(
    annotator: User, assignment_id: uuid.UUID, *, now: datetime
) -> AnsweredAssignment:
    """An assignment that is or was this person's, with their answers while they may be changed.

    NotFound for others' and absent ones alike, and when that time is over.
    """
    row = assignments.assignment_for(annotator, assignment_id)
    places = places_in_any_role([row.item_id])[row.item_id]
    shape = assignments.assignment_shape(row, places, row.project)
    answers, until = None, None
    own = Annotation.objects.filter(assignment=row, annotator=annotator, current=True)
    current = own.order_by("submitted_at").last()
    if current is not None:
        until = revisable_until(current)
        if until < now:
            raise NotFound(Reason(Code.REVISION_CLOSED))
        spec = item_spec(row.item, (place.letter for place in judged(places)))
        answers = answers_of([current], questions_of(row.project_id), spec)[current.pk]
    return AnsweredAssignment(
        id=shape.id,
        # The slot may have gone to somebody else since; until when is theirs to know.
        lease_expires_at=shape.lease_expires_at if row.annotator_id == annotator.pk else None,
        item=shape.item,
        shown=shape.shown,
        asked=shape.asked,
        answers=answers,
        revisable_until=until,
    )


def came_in_time(annotation: Annotation) -> bool:
    """Whether the answer counts, or changes one of its author's that was given in time.

    What changes a rejected answer is kept as an extra; that it was looked at is not to be told.
    """
    first = Annotation.objects.filter(
        assignment=annotation.assignment_id, annotator=annotation.annotator_id, counted=True
    )
    return annotation.counted or first.exists()


def receipt_of(annotation: Annotation, claims: Claims | None) -> Receipt:
    """The receipt of a stored answer, and what was claimed along with it."""
    return Receipt(
        id=annotation.pk,
        sha256=annotation.sha256,
        at=annotation.submitted_at,
        counted=came_in_time(annotation),
        revisable_until=revisable_until(annotation),
        claims=claims,
    )
