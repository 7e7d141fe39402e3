"""What projects can be asked, on somebody's behalf."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet

from annotator.accounts.models import Language, Role, User
from annotator.accounts.selectors import digest_of
from annotator.core.errors import NotFound, RoleRequired
from annotator.core.reasons import Code, Reason
from annotator.projects.models import (
    Batch,
    BatchState,
    Invitation,
    Membership,
    Project,
    Question,
    Template,
)
from annotator.projects.templates import bounds_of
from annotator.questions.types import ImageBounds, QuestionSpec

# A manager may do all that a reviewer may. Only an annotator annotates.
IMPLIED: dict[str, frozenset[str]] = {
    Role.ANNOTATOR: frozenset({Role.ANNOTATOR}),
    Role.REVIEWER: frozenset({Role.REVIEWER, Role.MANAGER}),
    Role.MANAGER: frozenset({Role.MANAGER}),
}


@dataclass(frozen=True, slots=True)
class MyProject:
    """A project of mine, as menus need it."""

    id: int
    name: str
    template: Template
    roles: list[Role]


@dataclass(frozen=True, slots=True)
class Me:
    """Who is signed in, and where they belong."""

    id: int
    username: str
    display_name: str
    language: Language
    can_create_projects: bool
    projects: list[MyProject]


@dataclass(frozen=True, slots=True)
class Person:
    """A person as managers see them."""

    id: int
    username: str
    display_name: str


@dataclass(frozen=True, slots=True)
class Member:
    """One role of one person in a project."""

    id: int
    user: Person
    role: Role
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class InvitationShape:
    """An invitation, without its secret."""

    id: int
    role: Role
    expires_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Welcome:
    """What an invitation is to."""

    project: str = field(metadata={"help": "The project's name."})
    role: Role


def me_of(user: User) -> Me:
    """The person, with their projects (1 query)."""
    return Me(
        id=user.pk,
        username=user.username,
        display_name=user.display_name,
        language=Language(user.language),
        can_create_projects=user.can_create_projects,
        projects=[
            MyProject(project.pk, project.name, Template(project.template), roles)
            for project, roles in projects_of(user)
        ],
    )


def person_of(user: User) -> Person:
    """The row as managers see it."""
    return Person(user.pk, user.username, user.display_name)


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


def projects_of(user: User) -> list[tuple[Project, list[Role]]]:
    """Every project that this person is a member of, with their roles, by name (1 query)."""
    rows = user.memberships.select_related("project").order_by("project__name", "project_id")
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


def members_of(project: Project) -> list[Member]:
    """Who is in the project, one for each role (1 query)."""
    rows = Membership.objects.filter(project=project).select_related("user")
    return [
        Member(row.pk, person_of(row.user), Role(row.role), row.joined_at)
        for row in rows.order_by("user__username", "role")
    ]


def membership_for(user: User, membership_id: int) -> Membership:
    """A membership of a project that this person manages; NotFound, RoleRequired otherwise."""
    rows = Membership.objects.select_related("user", "project")
    membership = rows.filter(pk=membership_id).first()
    if membership is None:
        raise NotFound
    project_for(user, membership.project_id, Role.MANAGER)
    return membership


def invitation_shape(invitation: Invitation) -> InvitationShape:
    """The row as managers see it."""
    return InvitationShape(
        invitation.pk, Role(invitation.role), invitation.expires_at, invitation.used_at
    )


def invitations_of(project: Project) -> list[InvitationShape]:
    """A project's invitations, newest first (1 query)."""
    rows = Invitation.objects.filter(project=project).order_by("-created_at", "-pk")
    return [invitation_shape(row) for row in rows]


def invitation_for(user: User, invitation_id: int) -> Invitation:
    """An invitation to a project that this person manages; NotFound, RoleRequired otherwise."""
    invitation = Invitation.objects.filter(pk=invitation_id).first()
    if invitation is None:
        raise NotFound
    project_for(user, invitation.project_id, Role.MANAGER)
    return invitation


def invitation_of(secret: str, *, now: datetime) -> Invitation:
    """The unused, unexpired invitation with this secret; NotFound for every other case alike."""
    rows = Invitation.objects.select_related("project").filter(
        digest=digest_of(secret), used_at__isnull=True, expires_at__gt=now
    )
    invitation = rows.first()
    if invitation is None:
        raise NotFound
    return invitation


def welcome_of(secret: str, *, now: datetime) -> Welcome:
    """What the invitation with this secret is to; NotFound as above."""
    invitation = invitation_of(secret, now=now)
    return Welcome(invitation.project.name, Role(invitation.role))


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
    return rows.order_by("-created_at", "-pk")


def manages_any(user: User) -> bool:
    """Whether this person manages a project, or may make one."""
    held = Membership.objects.filter(user=user, role=Role.MANAGER)
    return user.can_create_projects or held.exists()
