"""What each annotator has done in a project."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber

from annotator.accounts.models import User
from annotator.annotations.models import Annotation
from annotator.assignments.models import Assignment, AssignmentState
from annotator.items.selectors import copies_in
from annotator.projects.models import Project


@dataclass(frozen=True, slots=True)
class AnnotatorWork:
    """Slots answered, those that stand and those rejected so far, and how long an answer took."""

    id: int
    name: str
    annotations: int
    accepted: int = field(
        metadata={"help": "Accepted by a reviewer, or at once: not drawn for review."}
    )
    rejected: int = field(metadata={"help": "Sent back by a reviewer."})
    median_active_ms: float | None


@dataclass(frozen=True, slots=True)
class AnnotatorsReport:
    """What each annotator has done."""

    annotators: list[AnnotatorWork]


def work_of_annotators(project: Project) -> list[AnnotatorWork]:
    """Everybody who has answered anything, the most diligent first (3 queries)."""
    states = AssignmentState
    answered = [states.SUBMITTED, states.ACCEPTED, states.REJECTED]
    rows = list(
        Assignment.objects.filter(project=project, state__in=answered)
        .exclude(item__in=copies_in(project))
        .values_list("annotator_id")
        .annotate(
            annotations=Count("pk"),
            accepted=Count("pk", filter=Q(state=states.ACCEPTED)),
            rejected=Count("pk", filter=Q(state=states.REJECTED)),
        )
    )
    medians = median_active_ms(project)
    names = names_of([pk for pk, *_ in rows])
    found = [
        AnnotatorWork(pk, names[pk], annotations, accepted, rejected, medians.get(pk))
        for pk, annotations, accepted, rejected in rows
    ]
    return sorted(found, key=lambda work: (-work.annotations, work.id))


def median_active_ms(project: Project) -> dict[int, float]:
    """annotator id → median of the milliseconds at work (1 query, two rows a person)."""
    rows = Annotation.objects.filter(
        assignment__project=project, current=True, counted=True, active_ms__isnull=False
    ).exclude(item__in=copies_in(project))
    ranked = rows.annotate(
        place=Window(RowNumber(), partition_by="annotator_id", order_by=["active_ms", "pk"]),
        many=Window(Count("pk"), partition_by="annotator_id"),
    )
    middle = ranked.filter(place__gte=F("many") / 2.0, place__lte=F("many") / 2.0 + 1)
    found: dict[int, list[int]] = defaultdict(list)
    for annotator_id, milliseconds in middle.values_list("annotator_id", "active_ms"):
        if milliseconds is not None:
            found[annotator_id].append(milliseconds)
    return {pk: sum(values) / len(values) for pk, values in found.items()}


def names_of(user_ids: list[int]) -> dict[int, str]:
    """How people are called: their display name, else their user name (1 query)."""
    rows = User.objects.filter(pk__in=user_ids).values_list("pk", "display_name", "username")
    return {pk: display_name or username for pk, display_name, username in rows}
