"""What can be done with a project as a whole: pause it, put it away, copy it, and back."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from annotator.accounts.models import Role, User
from annotator.actions.services import Verb, record
from annotator.core.errors import Conflict, Forbidden, Invalid
from annotator.core.reasons import Code, Reason
from annotator.core.states import move
from annotator.projects.drafts import MAX_TITLE
from annotator.projects.members import add_member
from annotator.projects.models import Membership, Option, Project, ProjectState, Question
from annotator.projects.selectors import questions_asked

# What a copy does not take over from its original; every other column it does.
OWN = {
    "id",
    "name",
    "state",
    "version",
    "asked",
    "training_required",
    "seed",
    "created_by",
    "created_at",
}


def pause(project: Project, *, by: User, now: datetime) -> Project:
    """Nobody is given work any more; what people hold they can still answer. StaleState."""
    return _move(project, ProjectState.ACTIVE, ProjectState.PAUSED, Verb.PROJECT_PAUSED, by, now)


def resume(project: Project, *, by: User, now: datetime) -> Project:
    """Gives out work again. StaleState for one that is not paused."""
    return _move(project, ProjectState.PAUSED, ProjectState.ACTIVE, Verb.PROJECT_RESUMED, by, now)


def archive(project: Project, *, by: User, now: datetime) -> Project:
    """Puts it away, to be read and exported. StaleState for one that is away already."""
    before = ProjectState(project.state)
    return _move(project, before, ProjectState.ARCHIVED, Verb.PROJECT_ARCHIVED, by, now)


def unarchive(project: Project, *, by: User, now: datetime) -> Project:
    """Takes it out again; it is paused then, until somebody resumes it."""
    archived, verb = ProjectState.ARCHIVED, Verb.PROJECT_UNARCHIVED
    return _move(project, archived, ProjectState.PAUSED, verb, by, now)


@transaction.atomic
def _move(
    project: Project, before: ProjectState, to: ProjectState, verb: Verb, by: User, now: datetime
) -> Project:
    move(project, to, where=Q(state=before))
    record(verb, by=by, now=now, project_id=project.pk, name=project.name)
    return project


@transaction.atomic
def copy_project(project: Project, *, name: str, by: User, now: datetime) -> Project:
    """Another project with the settings and questions of this one, `by` as its manager.

    Neither people nor data. Raises Forbidden for who may not create projects, Invalid for a name.
    """
    if not by.can_create_projects:
        raise Forbidden(Reason(Code.MAY_NOT_CREATE_PROJECTS))
    if not name.strip() or len(name) > MAX_TITLE:
        raise Invalid(fields={"name": Reason(Code.TEXT_LENGTH, min=1, max=MAX_TITLE)})
    columns = [field for field in Project._meta.concrete_fields if field.name not in OWN]
    made = Project.objects.create(
        name=name,
        created_by=by,
        created_at=now,
        **{field.attname: getattr(project, field.attname) for field in columns},
    )
    for question in questions_asked(project.pk):
        options = list(question.options.all())
        asked = Question.objects.create(project=made, **_columns(question, "project"))
        Option.objects.bulk_create(
            Option(question=asked, **_columns(option, "question")) for option in options
        )
    add_member(project_id=made.pk, user=by, role=Role.MANAGER)
    record(
        Verb.PROJECT_DUPLICATED, by=by, now=now, project_id=made.pk,
        target=f"project:{project.pk}", name=made.name, of=project.name,
    )  # fmt: skip
    return made


def _columns(row: Question | Option, parent: str) -> dict[str, object]:
    """What a copy of the row has in common with it."""
    own = {"id", "since", "until", parent}
    fields = [field for field in row._meta.concrete_fields if field.name not in own]
    return {field.attname: getattr(row, field.attname) for field in fields}


def copy_members(project: Project, made: Project, *, now: datetime) -> None:
    """Gives everybody in a project the same roles in its copy."""
    rows = Membership.objects.filter(project=project, user__is_active=True)
    Membership.objects.bulk_create(
        (
            Membership(project=made, user_id=row.user_id, role=row.role, joined_at=now)
            for row in rows
        ),
        ignore_conflicts=True,  # who makes the copy is in it already
    )


def refuse_if_archived(project: Project) -> None:
    """Raises Conflict for a project that is only there to be read."""
    if project.state == ProjectState.ARCHIVED:
        raise Conflict(Reason(Code.PROJECT_ARCHIVED))
