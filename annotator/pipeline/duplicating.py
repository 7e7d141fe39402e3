"""How a project is made after another: its settings, questions, metrics and references."""

from datetime import datetime

from django.db import transaction

from annotator.accounts.models import User
from annotator.measurements import choices, references
from annotator.projects import lifecycle
from annotator.projects.models import Project


@transaction.atomic
def duplicate_project(
    project: Project, *, name: str, people: bool, by: User, now: datetime
) -> Project:
    """A project like this one, without its data. `people`: they are in it in their roles.

    Raises Forbidden for who may not create projects, Invalid for a name.
    """
    made = lifecycle.copy_project(project, name=name, by=by, now=now)
    choices.copy_choices(project, made)
    references.copy_statistics(project, made)
    if people:
        lifecycle.copy_members(project, made, now=now)
    return made
