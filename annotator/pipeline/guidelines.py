"""A guideline changes with its project, and is read by who answers."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from annotator.accounts.models import User
from annotator.annotations import selectors as annotations
from annotator.guidelines import selectors, services
from annotator.guidelines.selectors import Guideline
from annotator.projects import services as projects
from annotator.projects.models import Project
from annotator.projects.templates import QuestionDraft


@transaction.atomic
def change_project(
    project: Project,
    *,
    changes: Mapping[str, Any],
    questions: Sequence[QuestionDraft] | None,
    by: User,
    now: datetime,
) -> Project:
    """Changes a project (projects.services.change_project); other words are a new version."""
    before = Project.objects.select_for_update().get(pk=project.pk).guideline
    changed = projects.change_project(project, changes=changes, questions=questions, by=by)
    if changed.guideline.strip() != before.strip():
        services.add_version(changed, before=before, by=by, now=now)
    return changed


def guideline_of(project: Project, user: User) -> Guideline:
    """The project's guideline, and what is new in it for somebody who has worked by an older."""
    return selectors.guideline_of(
        project, user, began=lambda: annotations.first_answer_at(user, project)
    )
