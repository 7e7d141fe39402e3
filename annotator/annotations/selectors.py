"""What annotations can be asked."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from annotator.accounts.models import User
from annotator.annotations.models import Annotation, Part
from annotator.assignments.models import AssignmentState
from annotator.projects.models import Project, Question
from annotator.projects.selectors import spec_of
from annotator.questions.kinds import dump_answers
from annotator.questions.types import ItemSpec, Piece


def current_of_item(item_id: uuid.UUID) -> QuerySet[Annotation]:
    """The counted, newest annotation of each of the item's live slots, in slot order."""
    return (
        Annotation.objects.filter(item_id=item_id, counted=True, current=True)
        .exclude(assignment__state=AssignmentState.REJECTED)
        .select_related("assignment")
        .order_by("assignment__slot")
    )


def current_of_assignment(assignment_id: uuid.UUID) -> Annotation | None:
    """The newest counted annotation of one assignment."""
    return Annotation.objects.filter(
        assignment_id=assignment_id, counted=True, current=True
    ).first()


def pieces_of(annotations: Iterable[Annotation]) -> dict[uuid.UUID, dict[int, list[Piece]]]:
    """annotation id → question id → its pieces (1 query)."""
    found: dict[uuid.UUID, dict[int, list[Piece]]] = defaultdict(lambda: defaultdict(list))
    for part in Part.objects.filter(annotation__in=list(annotations)):
        found[part.annotation_id][part.question_id].append(
            Piece(
                kind=part.kind,
                letter=part.letter,
                ordinal=part.ordinal,
                choice=part.choice,
                number=part.number,
                x=part.x,
                y=part.y,
                text=part.text,
            )
        )
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
