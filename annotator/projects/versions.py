"""What a project asks, version by version: a question keeps its key and its meaning for ever."""

from collections.abc import Sequence

from annotator.core.reasons import Code, Reason
from annotator.projects.models import Option, Project, Question
from annotator.projects.question_drafts import QuestionDraft
from annotator.projects.selectors import questions_of, spec_of
from annotator.questions.types import QuestionSpec


def ask(project: Project, drafts: Sequence[QuestionDraft]) -> None:
    """Makes rows of all drafts, in the project's present version."""
    _add(project, list(enumerate(drafts)), since=project.asked)


def refusals_of(project: Project, drafts: Sequence[QuestionDraft]) -> dict[str, Reason]:
    """Drafts that would mean something else under a key that answers stand under, by path."""
    known = {row.key: row for row in questions_of(project.pk)}
    refused = {}
    for place, draft in enumerate(drafts):
        row = known.get(draft.key)
        if row is not None and (row.until is not None or spec_of(row) != _spec(draft)):
            refused[f"questions.{place}.id"] = Reason(Code.KEY_ANSWERED, id=draft.key)
    return refused


def ask_from_now(project: Project, drafts: Sequence[QuestionDraft]) -> int:
    """Asks these from now on, and tells the version: a new one where other questions are asked.

    Words and order are no question of versions: a row keeps its answers under them.
    """
    now = {row.key: row for row in questions_of(project.pk) if row.until is None}
    added = [(place, draft) for place, draft in enumerate(drafts) if draft.key not in now]
    gone = now.keys() - {draft.key for draft in drafts}
    version = project.asked + 1 if added or gone else project.asked
    Question.objects.filter(project=project, key__in=gone).update(until=version)
    for place, draft in enumerate(drafts):
        if draft.key in now:
            _reword(now[draft.key], draft, place)
    _add(project, added, since=version)
    return version


def _spec(draft: QuestionDraft) -> QuestionSpec:
    return QuestionSpec(
        key=draft.key,
        kind=draft.kind.name,
        required=draft.required,
        scale_min=draft.scale_min,
        scale_max=draft.scale_max,
        half_points=draft.half_points,
        na=draft.na,
        unsure=draft.unsure,
        spans=draft.spans,
        links=draft.links,
        about=draft.about,
        options=tuple(option.key for option in draft.options),
        parents=tuple(option.parent for option in draft.options),
    )


def _reword(row: Question, draft: QuestionDraft, place: int) -> None:
    row.title, row.help = draft.title, draft.help
    row.title_zh, row.help_zh = draft.title_zh, draft.help_zh
    row.position = place
    row.save(update_fields=["title", "help", "title_zh", "help_zh", "position"])
    for option, told in zip(row.options.all(), draft.options, strict=True):
        option.title, option.title_zh = told.title, told.title_zh
        option.save(update_fields=["title", "title_zh"])


def _add(project: Project, drafts: Sequence[tuple[int, QuestionDraft]], *, since: int) -> None:
    questions = Question.objects.bulk_create(
        Question(
            project=project,
            key=draft.key,
            kind=draft.kind.name,
            title=draft.title,
            help=draft.help,
            title_zh=draft.title_zh,
            help_zh=draft.help_zh,
            required=draft.required,
            position=place,
            scale_min=draft.scale_min,
            scale_max=draft.scale_max,
            half_points=draft.half_points,
            na=draft.na,
            unsure=draft.unsure,
            spans=draft.spans,
            links=draft.links,
            about=draft.about,
            since=since,
        )
        for place, draft in drafts
    )
    Option.objects.bulk_create(
        Option(
            question=question,
            key=option.key,
            title=option.title,
            title_zh=option.title_zh,
            parent=option.parent,
            position=position,
        )
        for question, (_, draft) in zip(questions, drafts, strict=True)
        for position, option in enumerate(draft.options)
    )
