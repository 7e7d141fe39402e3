"""Whether an annotator is given work in a project: a lead pauses them, and lets them go on.

What somebody has done stays as it is; what becomes of it, reviews and returns say.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from annotator.accounts.models import Role, User
from annotator.actions import services as actions
from annotator.actions.services import Verb
from annotator.assignments import selectors as assignments
from annotator.assignments import services as assigning
from annotator.core.errors import Conflict, NotFound
from annotator.core.reasons import Code, Reason
from annotator.projects.models import Project
from annotator.projects.selectors import roles_of


@dataclass(frozen=True, slots=True)
class Paused:
    """What became of a pause: how many items went back to the queue."""

    given_back: int


def annotator_of(project: Project, user_id: int) -> User:
    """Somebody who annotates in the project, or did; NotFound for everybody else."""
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        raise NotFound
    if Role.ANNOTATOR in roles_of(user, project.pk):
        return user
    if assignments.was_given_any(user.pk, project):
        return user
    raise NotFound


@transaction.atomic
def pause_annotator(project: Project, user: User, *, note: str, by: User, now: datetime) -> Paused:
    """Gives them nothing more here; what they hold goes back, what they answered stays.

    Conflict for who has left: there is nothing to pause.
    """
    if Role.ANNOTATOR not in roles_of(user, project.pk):
        raise Conflict(Reason(Code.NOT_AN_ANNOTATOR))
    given_back = assigning.pause(annotator=user, project=project, note=note, now=now)
    actions.record(
        Verb.ANNOTATOR_PAUSED, by=by, now=now, project_id=project.pk, target=f"user:{user.pk}",
        note=note, given_back=given_back,
    )  # fmt: skip
    return Paused(given_back)


@transaction.atomic
def resume_annotator(project: Project, user: User, *, by: User, now: datetime) -> None:
    """Gives them work again; nothing happens to who is not paused."""
    if assigning.resume(annotator=user, project=project):
        actions.record(
            Verb.ANNOTATOR_RESUMED, by=by, now=now, project_id=project.pk, target=f"user:{user.pk}"
        )
