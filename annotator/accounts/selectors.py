"""What can be asked about a person's keys, on their behalf."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings

from annotator.accounts.models import (
    ApiToken,
    Identity,
    RecoveryCode,
    SecondFactor,
    TokenScope,
    User,
)
from annotator.accounts.names import normal
from annotator.core.errors import Forbidden, NotFound
from annotator.core.reasons import Code, Reason


@dataclass(frozen=True, slots=True)
class TokenShape:
    """A token, without itself."""

    id: int
    name: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None = field(metadata={"help": "To the minute."})
    scope: TokenScope = field(metadata={"help": "read: it changes nothing."})
    project_id: int | None = field(metadata={"help": "Only in this project; null: in all."})


@dataclass(frozen=True, slots=True)
class WaysIn:
    """How people sign in on this site."""

    passwords: bool = field(metadata={"help": "By a name and a password that are kept here."})
    provider: str | None = field(
        metadata={"help": "The name of the OpenID provider; null: there is none."}
    )


def ways_in() -> WaysIn:
    """How people sign in here."""
    return WaysIn(
        passwords=settings.LOCAL_PASSWORDS,
        provider=settings.OIDC_NAME if settings.OIDC_ISSUER else None,
    )


@dataclass(frozen=True, slots=True)
class MyWaysIn:
    """How one person signs in."""

    password: bool = field(metadata={"help": "With a password that is kept here."})
    connected: bool = field(metadata={"help": "By the OpenID provider."})
    second_factor_since: datetime | None = field(
        metadata={"help": "Since when a code is asked for with the password; null: none is."}
    )
    recovery_codes: int = field(metadata={"help": "How many have not been used."})


def my_ways_in(user: User) -> MyWaysIn:
    """How this person signs in (3 queries)."""
    factor = SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).first()
    identities = Identity.objects.filter(user=user, issuer=settings.OIDC_ISSUER)
    return MyWaysIn(
        password=settings.LOCAL_PASSWORDS and user.has_usable_password(),
        connected=bool(settings.OIDC_ISSUER) and identities.exists(),
        second_factor_since=None if factor is None else factor.confirmed_at,
        recovery_codes=RecoveryCode.objects.filter(user=user).count(),
    )


def digest_of(secret: str) -> str:
    """What is kept of a secret. It has 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def token_shape(token: ApiToken) -> TokenShape:
    """The row as its owner sees it."""
    return TokenShape(
        id=token.pk,
        name=token.name,
        created_at=token.created_at,
        expires_at=token.expires_at,
        last_used_at=token.last_used_at,
        scope=TokenScope(token.scope),
        project_id=token.project_id,
    )


def tokens_of(user: User) -> list[TokenShape]:
    """A person's bearer tokens, newest first (1 query)."""
    rows = ApiToken.objects.filter(user=user).order_by("-created_at", "-pk")
    return [token_shape(row) for row in rows]


def token_for(user: User, token_id: int) -> ApiToken:
    """A person's own token; NotFound for absent and not yours."""
    token = ApiToken.objects.filter(pk=token_id, user=user).first()
    if token is None:
        raise NotFound
    return token


def token_called_with(secret: str) -> ApiToken:
    """The token that a program calls with, with its owner; authentication has found it alive."""
    return ApiToken.objects.select_related("user").get(digest=digest_of(secret))


def user_named(username: str) -> User | None:
    """Who has this name, however it is spelt.

    Exactly as it is spelt comes first: an account may be older than the normal form of names.
    """
    spellings = (username, normal(username))
    found = {user.username: user for user in User.objects.filter(username__in=spellings)}
    return found.get(spellings[0]) or found.get(spellings[1])


def account_named(username: str) -> User:
    """The account of this name, for commands. NotFound, in words."""
    user = user_named(username)
    if user is None:
        raise NotFound(Reason(Code.NO_SUCH_ACCOUNT, name=username))
    return user


def refuse_unless_lead(user: User) -> None:
    """Raises Forbidden for who may not look after the site's accounts."""
    if not user.can_create_projects:
        raise Forbidden(Reason(Code.MAY_NOT_CLOSE_ACCOUNTS))


def account_for(lead: User, user_id: int) -> User:
    """Any account of the site, for those who may create projects; Forbidden, NotFound."""
    refuse_unless_lead(lead)
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        raise NotFound
    return user
