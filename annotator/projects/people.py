"""What can be asked about people in projects: who is in one, who is invited, where I belong."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet

from annotator.accounts.models import Language, Role, User
from annotator.accounts.selectors import digest_of
from annotator.core.errors import NotFound
from annotator.projects.models import Invitation, Membership, Project, ProjectState, Template
from annotator.projects.selectors import project_for, projects_of


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
    second_factor_due: bool = field(
        metadata={"help": "True: nothing else is answered before a second factor is set up."}
    )
    projects: list[MyProject]


@dataclass(frozen=True, slots=True)
class Person:
    """A person as managers see them."""

    id: int
    username: str
    display_name: str


@dataclass(frozen=True, slots=True)
class MemberShape:
    """One role of one person in a project."""

    id: int
    user: Person
    role: Role
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class KnownPerson(Person):
    """Somebody from a project that one manages, and what they are in this one."""

    roles: list[Role]


@dataclass(frozen=True, slots=True)
class InvitationShape:
    """An invitation, without its secret."""

    id: int
    role: Role
    expires_at: datetime
    used_at: datetime | None
    note: str = field(metadata={"help": "Whom it is for, in the inviter's words."})


@dataclass(frozen=True, slots=True)
class Welcome:
    """What an invitation is to."""

    project: str = field(metadata={"help": "The project's name."})
    role: Role


def me_of(user: User, *, second_factor_due: bool = False) -> Me:
    """The person, with their projects that are not archived (1 query)."""
    return Me(
        id=user.pk,
        username=user.username,
        display_name=user.display_name,
        language=Language(user.language),
        can_create_projects=user.can_create_projects,
        second_factor_due=second_factor_due,
        projects=[
            MyProject(project.pk, project.name, Template(project.template), roles)
            for project, roles in projects_of(user)
            if project.state != ProjectState.ARCHIVED
        ],
    )


def person_of(user: User) -> Person:
    """The row as managers see it."""
    return Person(user.pk, user.username, user.display_name)


def members_of(project: Project) -> list[MemberShape]:
    """Who is in the project, one for each role (1 query)."""
    rows = Membership.objects.filter(project=project).select_related("user")
    return [member_shape(row) for row in rows.order_by("user__username", "role")]


def member_shape(row: Membership) -> MemberShape:
    """The row as managers see it."""
    return MemberShape(row.pk, person_of(row.user), Role(row.role), row.joined_at)


def accounts_known_to(user: User) -> QuerySet[User]:
    """The open accounts of all projects that a person manages."""
    managed = Membership.objects.filter(user=user, role=Role.MANAGER).values("project")
    return User.objects.filter(is_active=True, memberships__project__in=managed).distinct()


def known_to(user: User, project: Project) -> list[KnownPerson]:
    """Whom a manager may add without a link, by user name (2 queries)."""
    roles: dict[int, list[Role]] = defaultdict(list)
    for pk, role in (
        Membership.objects.filter(project=project).order_by("role").values_list("user_id", "role")
    ):
        roles[pk].append(Role(role))
    return [
        KnownPerson(one.pk, one.username, one.display_name, roles[one.pk])
        for one in accounts_known_to(user).order_by("username")
    ]


def invitation_shape(invitation: Invitation) -> InvitationShape:
    """The row as managers see it."""
    return InvitationShape(
        invitation.pk,
        Role(invitation.role),
        invitation.expires_at,
        invitation.used_at,
        invitation.note,
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
