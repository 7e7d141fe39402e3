"""Which answers reports count: those that stand."""

from django.db.models import QuerySet

from annotator.annotations.models import Annotation, Part
from annotator.assignments.models import AssignmentState
from annotator.projects.models import Project


def standing_answers(project: Project) -> QuerySet[Annotation]:
    """Each live slot's newest counted answer: no revised, rejected or extra ones."""
    rows = Annotation.objects.filter(
        assignment__project=project, item__project=project, counted=True, current=True
    )
    return rows.exclude(assignment__state=AssignmentState.REJECTED)


def standing_parts(project: Project) -> QuerySet[Part]:
    """The pieces of those answers, in no order."""
    rows = Part.objects.filter(
        annotation__assignment__project=project,
        annotation__counted=True,
        annotation__current=True,
    )
    return rows.exclude(annotation__assignment__state=AssignmentState.REJECTED).order_by()
