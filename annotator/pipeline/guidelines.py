"""A project changes: its guideline for who reads it, its questions for what is not begun."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from annotator.accounts.models import User
from annotator.annotations import selectors as annotations
from annotator.core.errors import Invalid
from annotator.core.reasons import Code, Reason
from annotator.guidelines import selectors, services
from annotator.guidelines.selectors import Guideline
from annotator.pipeline import asking
from annotator.projects import services as projects
from annotator.projects.models import Project
from annotator.projects.question_drafts import QuestionDraft
from annotator.training import services as training


@transaction.atomic
def change_project(
    project: Project,
    *,
    changes: Mapping[str, Any],
    questions: Sequence[QuestionDraft] | None,
    by: User,
    now: datetime,
) -> Project:
    """Changes a project (projects.services.change_project).

    Another guideline is a new version of it; so are other questions, once somebody has begun.
    """
    locked = Project.objects.select_for_update().get(pk=project.pk)
    before, begun = locked.guideline, questions is not None and asking.is_begun(locked)
    if changes.get("training_required") and not training.has_items(locked):
        raise Invalid(fields={"training_required": Reason(Code.TRAINING_EMPTY)})
    if questions is not None:
        asking.refuse_misfits(locked, questions)
    changed = projects.change_project(
        project, changes=changes, questions=questions, begun=begun, by=by
    )
    if changed.asked != locked.asked:
        asking.keep_begun(changed, asked=locked.asked)
    if changed.guideline.strip() != before.strip():
        services.add_version(changed, before=before, by=by, now=now)
    return changed


def guideline_of(project: Project, user: User) -> Guideline:
    """The project's guideline, and what is new in it for somebody who has worked by an older."""
    return selectors.guideline_of(
        project, user, began=lambda: annotations.first_answer_at(user, project)
    )
