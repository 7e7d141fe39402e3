"""What annotations can be asked."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from annotator.accounts.models import User
from annotator.annotations.models import Annotation, AnnotationPiece
from annotator.assignments.models import AssignmentState
from annotator.projects.models import Project, Question
from annotator.projects.selectors import spec_of
from annotator.questions.kinds import dump_answers
from annotator.questions.types import ItemSpec, Piece

PIECE_ROW = ("annotation_id", "question_id", *(column.name for column in fields(Piece)))


def counting() -> QuerySet[Annotation]:
    """The annotations that count: each live slot's newest, no extras and no rejected ones."""
    rows = Annotation.objects.filter(counted=True, current=True)
    return rows.exclude(assignment__state=AssignmentState.REJECTED)


def accepted() -> QuerySet[Annotation]:
    """Those of the counting ones that wait for no reviewer: what consensus is made of."""
    return counting().filter(assignment__state=AssignmentState.ACCEPTED)


def counting_pieces(annotations: QuerySet[Annotation]) -> QuerySet[AnnotationPiece]:
    """The pieces of such annotations, in no order."""
    return AnnotationPiece.objects.filter(annotation__in=annotations.order_by()).order_by()


def current_of_item(item_id: uuid.UUID) -> QuerySet[Annotation]:
    """The item's annotations that count, in slot order."""
    rows = counting().filter(item_id=item_id)
    return rows.select_related("assignment").order_by("assignment__slot")


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


def done_since(annotator: User, project: Project, since: datetime) -> int:
    """Items that this person has answered in the project since an instant."""
    return Annotation.objects.filter(
        annotator=annotator,
        revision=1,
        submitted_at__gte=since,
        assignment__project=project,
    ).count()


def history(annotator: User, project: Project, limit: int = 200) -> list[Annotation]:
    """This person's last annotations in the project, newest first."""
    rows = Annotation.objects.filter(
        annotator=annotator, assignment__project=project, current=True
    ).select_related("item", "assignment")
    return list(rows.order_by("-submitted_at")[:limit])
