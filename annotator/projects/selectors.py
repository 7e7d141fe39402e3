"""What projects can be asked, on somebody's behalf: themselves, their questions and batches."""

from collections.abc import Collection, Iterable, Set
from dataclasses import dataclass, field

from django.db.models import QuerySet

from annotator.accounts.models import Role, User
from annotator.core.errors import NotFound, RoleRequired
from annotator.core.reasons import Code, Reason
from annotator.core.statements import Statement, columns, instance
from annotator.jobs.models import IS_LIVE, JobState
from annotator.projects.models import (
    Batch,
    BatchState,
    Membership,
    Option,
    Project,
    ProjectState,
    Question,
    Removal,
    Template,
)
from annotator.projects.question_drafts import OptionDraft, QuestionDraft
from annotator.projects.templates import TEMPLATES, bounds_of
from annotator.questions.kinds import KINDS
from annotator.questions.types import ImageBounds, QuestionSpec

# A manager may do all that a reviewer may. Only an annotator annotates.
IMPLIED: dict[str, frozenset[str]] = {
    Role.ANNOTATOR: frozenset({Role.ANNOTATOR}),
    Role.REVIEWER: frozenset({Role.REVIEWER, Role.MANAGER}),
    Role.MANAGER: frozenset({Role.MANAGER}),
}


def roles_of(user: User, project_id: int) -> frozenset[str]:
    """The roles that a person holds in a project; empty: not a member."""
    rows = Membership.objects.filter(user=user, project_id=project_id)
    rows = rows.exclude(project__state=ProjectState.DELETING)
    return frozenset(rows.values_list("role", flat=True))


MEMBERSHIPS = Statement(
    """
    SELECT m.role, {project} FROM projects_membership m JOIN projects_project p
    ON p.id = m.project_id WHERE m.user_id = %(user)s AND m.project_id = %(project)s
      AND p.state <> 'deleting'
    """,
    project=columns(Project, "p"),
)


def project_for(user: User, project_id: int, role: Role | None = None) -> Project:
    """The project, if this person is a member and (when named) has the role or one that implies it.

    Raises NotFound for absent and not yours alike, RoleRequired for members without the role.
    """
    memberships = MEMBERSHIPS.rows(user=user.pk, project=project_id)
    refuse_unless(role, {held for held, *_ in memberships})
    return instance(Project, memberships[0][1:])


def waits_for_training(user: User, project: Project) -> bool:
    """Whether this annotator is given no work before they pass (no query where nobody has to)."""
    rows = Membership.objects.filter(user=user, project=project, role=Role.ANNOTATOR)
    return project.training_required and rows.filter(trained_at=None).exists()


def refuse_unless(role: Role | None, held: Set[str]) -> None:
    """Raises NotFound for who holds no role in a project, RoleRequired for who lacks this one."""
    if not held:
        raise NotFound
    if role is not None and not IMPLIED[role] & held:
        raise RoleRequired


def batch_for(user: User, batch_id: int, role: Role = Role.MANAGER) -> Batch:
    """The batch with its project, for a member with the role; NotFound, RoleRequired as above."""
    batch = Batch.objects.select_related("project").filter(pk=batch_id).first()
    if batch is None or batch.state == BatchState.DELETING:
        raise NotFound
    project_for(user, batch.project_id, role)
    return batch


@dataclass(frozen=True, slots=True)
class Scale:
    """Both ends of a rating; higher is better."""

    min: int
    max: int


@dataclass(frozen=True, slots=True)
class OptionShape:
    """One answer on offer."""

    id: str
    title: str
    title_zh: str
    parent: str = field(metadata={"help": "The id of the option above it; empty: at the top."})


@dataclass(frozen=True, slots=True)
class QuestionShape:
    """A question as it is asked."""

    id: str = field(metadata={"help": "The key used in answers."})
    type: str = field(metadata={"choices": tuple(KINDS)})
    title: str
    help: str
    title_zh: str = field(metadata={"help": "In Simplified Chinese; empty: as `title`."})
    help_zh: str
    required: bool
    position: int
    scale: Scale | None
    half_points: bool = field(metadata={"help": "A rating may lie between two points."})
    na: bool = field(
        metadata={"help": "A rating may be null: the question does not apply to the image."}
    )
    unsure: bool = field(metadata={"help": "Of a word it may be said that one is not sure."})
    spans: bool = field(metadata={"help": "Words are told as spans of neighbours."})
    links: bool = field(
        metadata={"help": "A word may be tied to marks or regions of another question."}
    )
    options: list[OptionShape] = field(
        metadata={"help": "Flags or classes; of a rating the words at its points, by number."}
    )
    about: str | None = field(
        metadata={"help": "The id of the pick question whose image this one is about."}
    )
    since: int = field(metadata={"help": "The first version of the questions that asks it."})
    until: int | None = field(
        metadata={"help": "The first version that asks it no more; null: it is asked."}
    )


@dataclass(frozen=True, slots=True)
class ImagesOfAnItem:
    """How many images an item has."""

    min: int
    max: int


@dataclass(frozen=True, slots=True)
class TemplateShape:
    """A ready set of questions."""

    name: Template
    images: ImagesOfAnItem
    questions: list[QuestionShape]


def templates() -> list[TemplateShape]:
    """The ready sets of questions."""
    return [
        TemplateShape(
            name=spec.name,
            images=ImagesOfAnItem(spec.images.fewest, spec.images.most),
            questions=[
                _question_shape(draft, draft.kind.name, draft.options, position)
                for position, draft in enumerate(spec.questions)
            ],
        )
        for spec in TEMPLATES.values()
    ]


def question_shape(question: Question) -> QuestionShape:
    """The row as it is asked; its options are at hand."""
    return _question_shape(question, question.kind, question.options.all(), question.position)


def _question_shape(
    question: Question | QuestionDraft,
    kind: str,
    options: Iterable[Option | OptionDraft],
    position: int,
) -> QuestionShape:
    low, high = question.scale_min, question.scale_max
    return QuestionShape(
        id=question.key,
        type=kind,
        title=question.title,
        help=question.help,
        title_zh=question.title_zh,
        help_zh=question.help_zh,
        required=question.required,
        position=position,
        scale=None if low is None or high is None else Scale(low, high),
        half_points=question.half_points,
        na=question.na,
        unsure=question.unsure,
        spans=question.spans,
        links=question.links,
        options=[
            OptionShape(option.key, option.title, option.title_zh, option.parent)
            for option in options
        ],
        about=question.about or None,
        since=question.since if isinstance(question, Question) else 1,
        until=question.until if isinstance(question, Question) else None,
    )


def spec_of(question: Question) -> QuestionSpec:
    """The question as its type's file takes it."""
    return QuestionSpec(
        key=question.key,
        kind=question.kind,
        required=question.required,
        scale_min=question.scale_min,
        scale_max=question.scale_max,
        half_points=question.half_points,
        na=question.na,
        unsure=question.unsure,
        spans=question.spans,
        links=question.links,
        about=question.about,
        options=tuple(option.key for option in question.options.all()),
        parents=tuple(option.parent for option in question.options.all()),
    )


def questions_of(project_id: int) -> list[Question]:
    """All that the project ever asked, in order, with the options (2 queries)."""
    return list(Question.objects.filter(project_id=project_id).prefetch_related("options"))


def specs_by_key(project_id: int) -> dict[str, QuestionSpec]:
    """The questions by their keys, as kinds need them (1 query)."""
    return {question.key: spec_of(question) for question in questions_of(project_id)}


def questions_asked(project_id: int, asked: int | None = None) -> list[Question]:
    """What a version of the project's questions asks; None: the newest (2 queries)."""
    rows = Question.objects.filter(project_id=project_id).prefetch_related("options")
    return [row for row in rows if is_asked(row, asked)]


def is_asked(question: Question, asked: int | None) -> bool:
    """Whether this version of its project's questions asks it; None: the newest."""
    if asked is None:
        return question.until is None
    return question.since <= asked and (question.until is None or asked < question.until)


def image_bounds(project: Project) -> ImageBounds:
    """How many images each item of the project has to have."""
    rows = Question.objects.filter(project=project, until=None)
    kinds = rows.values_list("kind", flat=True)
    return bounds_of(project.template, set(kinds))


def projects_of(user: User) -> list[tuple[Project, list[Role]]]:
    """Every project that this person is a member of, with their roles, by name (1 query)."""
    rows = user.memberships.select_related("project").exclude(project__state=ProjectState.DELETING)
    rows = rows.order_by("project__name", "project_id")
    roles: dict[Project, list[Role]] = {}
    for row in rows:
        roles.setdefault(row.project, []).append(Role(row.role))
    return [(project, sorted(held)) for project, held in roles.items()]


def questions_by_project(project_ids: Collection[int]) -> dict[int, list[Question]]:
    """The questions of several projects, in order, with their options (2 queries)."""
    questions: dict[int, list[Question]] = {pk: [] for pk in project_ids}
    rows = Question.objects.filter(project_id__in=project_ids).prefetch_related("options")
    for row in rows:
        questions[row.project_id].append(row)
    return questions


def membership_for(user: User, membership_id: int) -> Membership:
    """A membership of a project that this person manages; NotFound, RoleRequired otherwise."""
    rows = Membership.objects.select_related("user", "project")
    membership = rows.filter(pk=membership_id).first()
    if membership is None:
        raise NotFound
    project_for(user, membership.project_id, Role.MANAGER)
    return membership


def project_called(name: str) -> Project:
    """The project of this number, else of this exact name, for commands. NotFound, in words."""
    rows = Project.objects.select_related("created_by")
    found = list(rows.filter(pk=int(name)) if name.isdecimal() else [])
    found = found or list(rows.filter(name=name)[:2])
    if len(found) != 1:
        raise NotFound(Reason(Code.SEVERAL_PROJECTS if found else Code.NO_SUCH_PROJECT, name=name))
    return found[0]


def unfinished_uploads(user: User) -> int:
    """How many uploads this person has begun and not finished."""
    return Batch.objects.filter(created_by=user, state=BatchState.UPLOADING).count()


def batches_of(project: Project) -> QuerySet[Batch]:
    """The project's batches, the newest first, with who made them (1 query)."""
    rows = Batch.objects.filter(project=project).select_related("created_by")
    rows = rows.exclude(state=BatchState.DELETING)
    return rows.order_by("-created_at", "-pk")


def manages_any(user: User) -> bool:
    """Whether this person manages a project, or may make one."""
    held = Membership.objects.filter(user=user, role=Role.MANAGER)
    return user.can_create_projects or held.exists()


def removals_of(user: User) -> list[Removal]:
    """What this person has asked to take away and is not gone yet, the newest first (1 query)."""
    rows = Removal.objects.filter(requested_by=user).exclude(state=JobState.DONE)
    return list(rows.order_by("-pk"))


def removal_for(user: User, removal_id: int) -> Removal:
    """A removal that this person has asked for; NotFound for any other."""
    found = Removal.objects.filter(pk=removal_id, requested_by=user).first()
    if found is None:
        raise NotFound
    return found


def is_removing(project_id: int) -> bool:
    """Whether a batch of the project, or all of it, is being taken away (1 query)."""
    return Removal.objects.filter(IS_LIVE, project_id=project_id).exists()


def batches_being_read(project_id: int) -> QuerySet[Batch]:
    """The project's batches that a worker takes in, or will."""
    return Batch.objects.filter(IS_LIVE, project_id=project_id).order_by("pk")
