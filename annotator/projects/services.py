"""What can be done with projects: make one, change it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from annotator.accounts.models import Role, User
from annotator.core.errors import Conflict, Forbidden, Invalid
from annotator.core.reasons import Code, Reason
from annotator.projects.members import add_member
from annotator.projects.models import (
    Batch,
    Option,
    Project,
    Question,
    Template,
)
from annotator.projects.templates import TEMPLATES, QuestionDraft

MAX_QUESTIONS = 30
MAX_OPTIONS = 40
MAX_TITLE = 200
MAX_HELP = 5000
MAX_GUIDELINE = 100_000
KEY = re.compile(r"[a-z][a-z0-9_]{0,49}")
KEY_IN_WORDS = "use small letters, digits and _ (50 at most), and begin with a letter."


@dataclass(frozen=True, slots=True)
class ProjectSettings:
    """What a manager decides; `overlap` and the questions stand once a batch is there.

    overlap: accepted annotations an item needs, 1–9; review_rate: fraction 0–1 of a batch's items;
    lease_seconds: how long an assignment may be held, 30–86,400.
    """

    name: str
    overlap: int = 3
    review_rate: float = 0.20
    guideline: str = ""
    lease_seconds: int = 600


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
    problems = _problems_of(settings) | _problems_of_template(template, questions)
    if problems:
        raise Invalid(fields=problems)
    project = Project.objects.create(
        template=template, created_by=by, **{name: getattr(settings, name) for name in SETTINGS}
    )
    _ask(project, questions or TEMPLATES[template].questions)
    add_member(project_id=project.pk, user=by, role=Role.MANAGER)
    return project


SETTINGS = tuple(ProjectSettings.__dataclass_fields__)
FIXED_BY_BATCHES = {"overlap", "questions"}


@transaction.atomic
def change_project(
    project: Project,
    *,
    changes: Mapping[str, Any],
    questions: Sequence[QuestionDraft] | None = None,
) -> Project:
    """Sets `changes` (fields of ProjectSettings) and, for custom, other `questions`.

    The row is locked against batches that come meanwhile. Raises Invalid; Conflict for what slots
    or answers already stand on.
    """
    locked = Project.objects.select_for_update().get(pk=project.pk)
    values = {name: getattr(locked, name) for name in SETTINGS} | dict(changes)
    problems = _problems_of(ProjectSettings(**values))
    if questions is not None:
        problems |= _problems_of_template(locked.template, questions)
    if problems:
        raise Invalid(fields=problems)
    fixed = {name for name in ("overlap",) if values[name] != getattr(locked, name)}
    fixed |= {"questions"} if questions is not None else set()
    if fixed and Batch.objects.filter(project=locked).exists():
        raise Conflict(
            "The questions and the overlap stand once something is uploaded: its items were made "
            "for them. Make another project instead.",
            fields=dict.fromkeys(sorted(fixed), "can't be changed any more."),
        )
    for name, value in values.items():
        setattr(locked, name, value)
    locked.save(update_fields=list(values))
    if questions is not None:
        Question.objects.filter(project=locked).delete()
        _ask(locked, questions)
    return locked


def _ask(project: Project, drafts: Sequence[QuestionDraft]) -> None:
    questions = Question.objects.bulk_create(
        Question(
            project=project,
            key=draft.key,
            kind=draft.kind.name,
            title=draft.title,
            help=draft.help,
            required=draft.required,
            position=position,
            scale_min=draft.scale_min,
            scale_max=draft.scale_max,
            per_image=draft.per_image,
            about=draft.about,
        )
        for position, draft in enumerate(drafts)
    )
    Option.objects.bulk_create(
        Option(question=question, key=option.key, title=option.title, position=position)
        for question, draft in zip(questions, drafts, strict=True)
        for position, option in enumerate(draft.options)
    )


def _problems_of(settings: ProjectSettings) -> dict[str, str]:
    """Field → what is wrong with it, in words."""
    problems = {}
    if not settings.name.strip() or len(settings.name) > MAX_TITLE:
        problems["name"] = f"a project needs a name of 1 to {MAX_TITLE} characters."
    if not 1 <= settings.overlap <= 9:
        problems["overlap"] = f"1 to 9 people can annotate an item, not {settings.overlap}."
    if not 0 <= settings.review_rate <= 1:
        problems["review_rate"] = (
            f"{settings.review_rate:g} is no share; use 0 (none) to 1 (all), 0.2 for a fifth."
        )
    if not 30 <= settings.lease_seconds <= 86_400:
        problems["lease_seconds"] = "an item can be held for 30 to 86,400 seconds."
    if len(settings.guideline) > MAX_GUIDELINE:
        problems["guideline"] = f"the limit is {MAX_GUIDELINE:,} characters."
    return problems


def _problems_of_template(template: str, questions: Sequence[QuestionDraft]) -> dict[str, str]:
    if template != Template.CUSTOM:
        if questions:
            return {
                "questions": f"those of {template} are fixed; choose the template custom for your "
                "own."
            }
        return {}
    if not 1 <= len(questions) <= MAX_QUESTIONS:
        return {"questions": f"a custom project asks 1 to {MAX_QUESTIONS} questions."}
    problems: dict[str, str] = {}
    for place, question in enumerate(questions):
        reasons = _problems_of_question(question, questions[:place])
        if reasons:
            problems[f"questions.{place}"] = f"“{question.key[:50]}”: {' '.join(reasons)}"
    return problems


def _problems_of_question(draft: QuestionDraft, before: Sequence[QuestionDraft]) -> list[str]:
    reasons = []
    if not KEY.fullmatch(draft.key):
        reasons.append(f"its id can't be used: {KEY_IN_WORDS}")
    if draft.key in {earlier.key for earlier in before}:
        reasons.append("another question has the same id.")
    if len(draft.title) > MAX_TITLE or len(draft.help) > MAX_HELP:
        reasons.append(f"a title has at most {MAX_TITLE} characters, a help text {MAX_HELP:,}.")
    return [*reasons, *_scale(draft), *_options(draft), *_about(draft, before)]


def _scale(draft: QuestionDraft) -> list[str]:
    ends = (draft.scale_min, draft.scale_max)
    if not draft.kind.has_scale:
        return [] if ends == (None, None) else [f"a {draft.kind.name} question has no scale."]
    low, high = ends
    if low is None or high is None:
        return [f"a {draft.kind.name} needs a scale with min and max."]
    if not (0 <= low < high <= 100):
        return [f"a scale goes from 0 or more up to 100 at most, not from {low} to {high}."]
    return []


def _options(draft: QuestionDraft) -> list[str]:
    keys = [option.key for option in draft.options]
    if not draft.kind.has_options:
        return [f"a {draft.kind.name} question has no options."] if keys else []
    if not 1 <= len(keys) <= MAX_OPTIONS:
        return [f"{draft.kind.name} need 1 to {MAX_OPTIONS} options."]
    reasons = [
        f"the option “{key[:50]}” can't be used: {KEY_IN_WORDS}"
        for key in keys
        if not KEY.fullmatch(key)
    ]
    if len(set(keys)) < len(keys):
        reasons.append("two options have the same id.")
    if any(len(option.title) > MAX_TITLE for option in draft.options):
        reasons.append(f"an option's title has at most {MAX_TITLE} characters.")
    return reasons


def _about(draft: QuestionDraft, before: Sequence[QuestionDraft]) -> list[str]:
    if not draft.about:
        return []
    if not draft.kind.about_a_pick:
        return [
            f"a {draft.kind.name} question can't be about the image that another question picked."
        ]
    if draft.about not in {earlier.key for earlier in before if earlier.kind.picks}:
        return [f"there is no pick question “{draft.about[:50]}” before it to be about."]
    return []
