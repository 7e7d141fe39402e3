"""The accounts of the site, as its leads see them, and what would end if one were closed."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Max, Q, QuerySet

from annotator.accounts.models import ApiToken, Identity, Role, SecondFactor, User
from annotator.accounts.sessions import live_sessions
from annotator.assignments import selectors as assignments
from annotator.projects.models import Invitation, Membership
from annotator.reviews.models import Review

PAGE = 50


@dataclass(frozen=True, slots=True)
class AccountRole:
    """A role of a person in a project."""

    project: str = field(metadata={"help": "The project's name."})
    project_id: int
    role: Role
    by_group: bool = field(metadata={"help": "Given by the provider's groups."})


@dataclass(frozen=True, slots=True)
class Account:
    """An account, as the site's leads see it."""

    id: int
    username: str
    display_name: str
    is_active: bool
    can_create_projects: bool
    password: bool = field(metadata={"help": "Signs in with a password that is kept here."})
    connected: bool = field(metadata={"help": "Signs in by the OpenID provider."})
    second_factor: bool
    created_at: datetime
    last_seen: datetime | None = field(
        metadata={"help": "A sign-in, or the use of a session or a token, to some hours."}
    )
    sessions: int
    tokens: int
    roles: list[AccountRole]


@dataclass(frozen=True, slots=True)
class AccountPage:
    """Some accounts by name, and how many there are."""

    total: int = field(metadata={"help": "How many fit the search."})
    next: str | None = field(metadata={"help": "Cursor of the next page."})
    accounts: list[Account]


@dataclass(frozen=True, slots=True)
class AccountHoldings:
    """What ends when an account is closed."""

    sessions: int
    tokens: int
    assignments: int = field(metadata={"help": "Items that go back to the queue."})
    reviews: int = field(metadata={"help": "Reviews that go to somebody else."})
    invitations: int = field(metadata={"help": "Invitations by them that nobody has used."})


@dataclass(frozen=True, slots=True)
class _Tokens:
    count: int
    last_used_at: datetime | None


def account_page(*, search: str, after: str, now: datetime) -> AccountPage:
    """The accounts whose names contain `search`, from the one after a cursor (7 queries)."""
    named = Q(username__icontains=search) | Q(display_name__icontains=search)
    found = User.objects.filter(named) if search else User.objects.all()
    users = list(found.filter(username__gt=after).order_by("username")[: PAGE + 1])
    shown = users[:PAGE]
    return AccountPage(
        total=found.count(),
        next=shown[-1].username if len(users) > PAGE else None,
        accounts=_accounts(shown, now),
    )


def _accounts(users: Collection[User], now: datetime) -> list[Account]:
    sessions = live_sessions(now)
    tokens = _tokens_of(users)
    roles = _roles_of(users)
    factors = _ids(SecondFactor.objects.filter(user__in=users, confirmed_at__isnull=False))
    connected = _ids(Identity.objects.filter(user__in=users, issuer=settings.OIDC_ISSUER))
    none = _Tokens(0, None)
    return [
        Account(
            id=user.pk,
            username=user.username,
            display_name=user.display_name,
            is_active=user.is_active,
            can_create_projects=user.can_create_projects,
            password=user.has_usable_password(),
            connected=user.pk in connected,
            second_factor=user.pk in factors,
            created_at=user.created_at,
            last_seen=_latest(
                user.last_login,
                tokens.get(user.pk, none).last_used_at,
                *sessions.get(user.pk, ()),
            ),
            sessions=len(sessions.get(user.pk, ())),
            tokens=tokens.get(user.pk, none).count,
            roles=roles.get(user.pk, []),
        )
        for user in users
    ]


def holdings_of(user: User, now: datetime) -> AccountHoldings:
    """What would end if this account were closed now (5 queries)."""
    unused = Invitation.objects.filter(created_by=user, used_at__isnull=True, expires_at__gt=now)
    return AccountHoldings(
        sessions=len(live_sessions(now).get(user.pk, ())),
        tokens=ApiToken.objects.filter(user=user).count(),
        assignments=assignments.held(user).count(),
        reviews=Review.objects.filter(held_by=user, held_until__gt=now).count(),
        invitations=unused.count(),
    )


def _tokens_of(users: Collection[User]) -> dict[int, _Tokens]:
    rows = ApiToken.objects.filter(user__in=users).values("user")
    counted = rows.annotate(count=Count("pk"), last=Max("last_used_at"))
    return {row["user"]: _Tokens(row["count"], row["last"]) for row in counted}


def _roles_of(users: Collection[User]) -> dict[int, list[AccountRole]]:
    roles: dict[int, list[AccountRole]] = {}
    rows = Membership.objects.select_related("project").filter(user__in=users)
    for row in rows.order_by("project__name", "project_id", "role"):
        held = AccountRole(row.project.name, row.project_id, Role(row.role), row.by_group)
        roles.setdefault(row.user_id, []).append(held)
    return roles


def _ids(rows: QuerySet[SecondFactor] | QuerySet[Identity]) -> set[int]:
    return set(rows.values_list("user_id", flat=True))


def _latest(*instants: datetime | None) -> datetime | None:
    return max((instant for instant in instants if instant is not None), default=None)
