"""What projects can be asked, on somebody's behalf."""

from collections.abc import Collection

from django.db.models import QuerySet

from annotator.accounts.models import Role, User
from annotator.core.errors import NotFound, RoleRequired
from annotator.projects.models import Batch, Membership, Problem, Project, Question
from annotator.projects.templates import bounds_of
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
    return frozenset(rows.values_list("role", flat=True))


def project_for(user: User, project_id: int, role: Role | None = None) -> Project:
    """The project, if this person is a member and (when named) has the role or one that implies it.

    Raises NotFound for absent and not yours alike, RoleRequired for members without the role.
    """
    memberships = list(
        Membership.objects.select_related("project").filter(user=user, project_id=project_id)
    )
    if not memberships:
        raise NotFound
    if role is not None and not IMPLIED[role] & {row.role for row in memberships}:
        raise RoleRequired
    return memberships[0].project


def batch_for(user: User, batch_id: int, role: Role = Role.MANAGER) -> Batch:
    """The batch with its project, for a member with the role; NotFound, RoleRequired as above."""
    batch = Batch.objects.select_related("project").filter(pk=batch_id).first()
    if batch is None:
        raise NotFound
    project_for(user, batch.project_id, role)
    return batch


def spec_of(question: Question) -> QuestionSpec:
    """The question as its type's file takes it."""
    return QuestionSpec(
        key=question.key,
        kind=question.kind,
        required=question.required,
        scale_min=question.scale_min,
        scale_max=question.scale_max,
        per_image=question.per_image,
        about=question.about,
        options=tuple(option.key for option in question.options.all()),
    )


def questions_of(project_id: int) -> list[Question]:
    """The project's questions in order, with their options (2 queries)."""
    return list(Question.objects.filter(project_id=project_id).prefetch_related("options"))


def image_bounds(project: Project) -> ImageBounds:
    """How many images each item of the project has to have."""
    kinds = Question.objects.filter(project=project).values_list("kind", flat=True)
    return bounds_of(project.template, set(kinds))


def projects_of(user: User) -> list[tuple[Project, list[str]]]:
    """Every project that this person is a member of, with their roles, by name (1 query)."""
    rows = user.memberships.select_related("project").order_by("project__name", "project_id")
    roles: dict[Project, list[str]] = {}
    for row in rows:
        roles.setdefault(row.project, []).append(row.role)
    return [(project, sorted(held)) for project, held in roles.items()]


def questions_by_project(project_ids: Collection[int]) -> dict[int, list[Question]]:
    """The questions of several projects, in order, with their options (2 queries)."""
    questions: dict[int, list[Question]] = {pk: [] for pk in project_ids}
    rows = Question.objects.filter(project_id__in=project_ids).prefetch_related("options")
    for row in rows:
        questions[row.project_id].append(row)
    return questions


def members_of(project: Project) -> list[Membership]:
    """Who is in the project, one row a role (1 query)."""
    rows = Membership.objects.filter(project=project).select_related("user")
    return list(rows.order_by("user__username", "role"))


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
        raise NotFound(
            f"There is no project “{name}”."
            if not found
            else f"Several projects are “{name}”; give its number."
        )
    return found[0]


def batches_of(project: Project) -> QuerySet[Batch]:
    """The project's batches, the newest first, with who made them (1 query)."""
    rows = Batch.objects.filter(project=project).select_related("created_by")
    return rows.order_by("-created_at", "-pk")


def problems_of(batch: Batch, *, after: int = 0) -> QuerySet[Problem]:
    """What of a batch was left out, in order; `after`: the last one seen."""
    return Problem.objects.filter(batch=batch, pk__gt=after)


def manages_any(user: User) -> bool:
    """Whether this person manages a project, or may make one."""
    held = Membership.objects.filter(user=user, role=Role.MANAGER)
    return user.can_create_projects or held.exists()
