"""What can be done with projects: make one, change it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F

from annotator.accounts.models import Role, User
from annotator.actions.services import Verb, record
from annotator.core import clock
from annotator.core.errors import Conflict, Forbidden, Invalid
from annotator.core.reasons import Code, Reason
from annotator.projects import versions
from annotator.projects.drafts import MAX_TITLE, refusals_of
from annotator.projects.lifecycle import refuse_if_archived
from annotator.projects.members import add_member
from annotator.projects.models import Batch, Project, Question, Template
from annotator.projects.question_drafts import QuestionDraft
from annotator.projects.templates import TEMPLATES

MAX_GUIDELINE = 100_000
MOST_REVIEWED = 100_000
# Characters of a setting that are kept of a change to it.
LONGEST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class ProjectSettings:
    """What a manager decides; `overlap` stands once a batch is there.

    overlap: accepted annotations an item needs, 1–9; review_rate: fraction 0–1 of a batch's items;
    lease_seconds: how long an assignment may be held, 30–86,400. `review_floor`: answers reviewed
    of each annotator in a batch. Of the acceptance rule None is what the plan says. `second_share`:
    fraction 0–1 of reviewed answers that a second reviewer looks at. `training_pass`: fraction 0–1
    of the training set that is to be right. `ask_again_from`: the disagreement, 0–1, from which on
    an extra vote is asked by itself, 0 never; None is what the template has.
    """

    name: str
    overlap: int = 3
    review_rate: float = 0.20
    guideline: str = ""
    lease_seconds: int = 600
    review_floor: int = 0
    accept_reviewed: int | None = None
    accept_allowed: int | None = None
    show_verdicts: bool = False
    image_by_image: bool = False
    most_rejections: int = 0
    ask_again_from: float | None = None
    second_share: float = 0.05
    answers_first: bool = False
    training_required: bool = False
    training_pass: float = 0.8
    imported_votes: bool = False


@transaction.atomic
def create_project(
    *,
    by: User,
    template: Template,
    settings: ProjectSettings,
    questions: Sequence[QuestionDraft] = (),
) -> Project:
    """A project with its questions, `by` as its manager. Questions are given for custom alone.

    Raises Forbidden for people who may not create projects, Invalid with a reason a field.
    """
    if not by.can_create_projects:
        raise Forbidden(Reason(Code.MAY_NOT_CREATE_PROJECTS))
    refused = _refusals_of(settings) | _refusals_of_questions(template, questions)
    if refused:
        raise Invalid(fields=refused)
    values = {name: getattr(settings, name) for name in SETTINGS}
    if settings.ask_again_from is None:
        values["ask_again_from"] = TEMPLATES[template].ask_again_from
    project = Project.objects.create(template=template, created_by=by, **values)
    versions.ask(project, questions or TEMPLATES[template].questions)
    add_member(project_id=project.pk, user=by, role=Role.MANAGER)
    record(
        Verb.PROJECT_CREATED, by=by, now=project.created_at, project_id=project.pk,
        name=project.name, template=template,
    )  # fmt: skip
    return project


SETTINGS = tuple(ProjectSettings.__dataclass_fields__)


@transaction.atomic
def change_project(
    project: Project,
    *,
    changes: Mapping[str, Any],
    questions: Sequence[QuestionDraft] | None = None,
    begun: bool = False,
    by: User | None = None,
) -> Project:
    """Sets `changes` (fields of ProjectSettings) and, for custom, other `questions`.

    `begun`: somebody has answered, or was shown, what was asked; then what is asked otherwise is
    asked from a new version on (versions.ask_from_now). The row is locked against batches that come
    meanwhile. Raises Invalid; Conflict for an overlap that slots already stand on.
    """
    locked = Project.objects.select_for_update().get(pk=project.pk)
    refuse_if_archived(locked)
    values = {name: getattr(locked, name) for name in SETTINGS} | dict(changes)
    refused = _refusals_of(ProjectSettings(**values))
    if questions is not None:
        refused |= _refusals_of_questions(locked.template, questions)
        refused = refused or (versions.refusals_of(locked, questions) if begun else {})
    if refused:
        raise Invalid(fields=refused)
    overlaps = values["overlap"] != locked.overlap
    if overlaps and Batch.objects.filter(project=locked).exists():
        raise Conflict(Reason(Code.PROJECT_SETTINGS_FIXED), fields={"overlap": Reason(Code.FIXED)})
    changed = {
        name: [_shown(getattr(locked, name)), _shown(value)]
        for name, value in values.items()
        if value != getattr(locked, name)
    }
    changed |= {"questions": [None, len(questions)]} if questions is not None else {}
    if changed:
        record(Verb.PROJECT_CHANGED, by=by, now=clock.now(), project_id=locked.pk, changes=changed)
    for name, value in values.items():
        setattr(locked, name, value)
    locked.version += questions is not None
    if questions is not None and begun:
        locked.asked = versions.ask_from_now(locked, questions)
    elif questions is not None:
        Question.objects.filter(project=locked).delete()
        versions.ask(locked, questions)
    locked.save(update_fields=[*values, "version", "asked"])
    return locked


def follow_items(project_id: int, *, on: bool) -> None:
    """Says whether a webhook is told of single items, so that answering needs not ask."""
    Project.objects.filter(pk=project_id).update(follows_items=on)


def _shown(value: object) -> object:
    """A setting as who did what keeps it: of a long text its beginning."""
    if isinstance(value, str) and len(value) > LONGEST_SHOWN:
        return f"{value[:LONGEST_SHOWN]}…"
    return value


def _refusals_of(settings: ProjectSettings) -> dict[str, Reason]:
    """Field → what is wrong with it."""
    refused = {}
    if not settings.name.strip() or len(settings.name) > MAX_TITLE:
        refused["name"] = Reason(Code.TEXT_LENGTH, min=1, max=MAX_TITLE)
    if not 1 <= settings.overlap <= 9:
        refused["overlap"] = Reason(Code.NUMBER_RANGE, min=1, max=9)
    for name in ("review_rate", "second_share", "training_pass"):
        if not 0 <= getattr(settings, name) <= 1:
            refused[name] = Reason(Code.NOT_A_SHARE)
    if not 0 <= (settings.ask_again_from or 0) <= 1:
        refused["ask_again_from"] = Reason(Code.NOT_A_SHARE)
    if not 30 <= settings.lease_seconds <= 86_400:
        refused["lease_seconds"] = Reason(Code.NUMBER_RANGE, min=30, max=86_400)
    for name, most in (("review_floor", 1000), ("most_rejections", 99)):
        if not 0 <= getattr(settings, name) <= most:
            refused[name] = Reason(Code.NUMBER_RANGE, min=0, max=most)
    refused |= _refusals_of_rule(settings.accept_reviewed, settings.accept_allowed)
    if len(settings.guideline) > MAX_GUIDELINE:
        refused["guideline"] = Reason(Code.TEXT_TOO_LONG, max=MAX_GUIDELINE)
    return refused


def _refusals_of_rule(reviewed: int | None, allowed: int | None) -> dict[str, Reason]:
    refused = {}
    if reviewed is not None and not 1 <= reviewed <= MOST_REVIEWED:
        refused["accept_reviewed"] = Reason(Code.NUMBER_RANGE, min=1, max=MOST_REVIEWED)
    most = MOST_REVIEWED if reviewed is None else reviewed
    if allowed is not None and not 0 <= allowed <= most:
        refused["accept_allowed"] = Reason(Code.NUMBER_RANGE, min=0, max=most)
    return refused


def _refusals_of_questions(template: str, questions: Sequence[QuestionDraft]) -> dict[str, Reason]:
    if template == Template.CUSTOM:
        return refusals_of(questions)
    if questions:
        return {"questions": Reason(Code.TEMPLATE_QUESTIONS_FIXED, template=str(template))}
    return {}


def outdate_kept(project: Project) -> None:
    """Lets no process go on with what it keeps of how the project asks (see asked.py)."""
    Project.objects.filter(pk=project.pk).update(version=F("version") + 1)
