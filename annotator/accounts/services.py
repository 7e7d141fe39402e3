"""What can be done with people, their keys and their ways in."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q

from annotator.accounts.gates import pass_gates, reopen_account
from annotator.accounts.models import ApiToken, Invitation, Role, User
from annotator.accounts.selectors import digest_of, invitation_of
from annotator.core.errors import Conflict, Invalid, NotFound
from annotator.core.reasons import Code

MAX_TOKENS = 50
# A page of images makes dozens of requests; one write a minute says enough.
SEEN_EVERY = timedelta(minutes=1)


class WrongCredentials(Invalid):
    """One answer for an unknown name, a wrong password and a closed account."""

    code = Code.WRONG_CREDENTIALS


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who an invited person says they are."""

    username: str
    password: str
    display_name: str = ""


def sign_in(*, username: str, password: str, address: str, now: datetime) -> User:
    """The person, if name and password fit and the gates are open.

    The gates are passed, and the try counted, before the password is looked at, so that parallel
    guesses count too. One password is hashed on every path, so that time tells nothing either.
    Raises TooManyAttempts, WrongCredentials.
    """
    pass_gates(username=username, address=address, now=now)
    user = User.objects.filter(username=username).first()
    # A name that nobody has gets an unusable password, against which Django hashes in vain.
    fits = (user or _nobody()).check_password(password)
    if user is None or not fits or not user.is_active:
        raise WrongCredentials
    reopen_account(username=username, address=address, now=now)
    return user


def _nobody() -> User:
    nobody = User()
    nobody.set_unusable_password()
    return nobody


def create_user(newcomer: Newcomer, *, can_create_projects: bool = False) -> User:
    """A person who can sign in; Invalid with a reason a field."""
    user = User(
        username=newcomer.username,
        display_name=newcomer.display_name,
        can_create_projects=can_create_projects,
    )
    problems = _problems_of_name(newcomer) | _problems_of_password(newcomer.password, user)
    if problems:
        raise Invalid(fields=problems)
    user.set_password(newcomer.password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        raise Invalid(fields={"username": "this name is taken; choose another."}) from error
    return user


def _problems_of_name(newcomer: Newcomer) -> dict[str, str]:
    problems = {}
    name = newcomer.username
    if not 1 <= len(name) <= 150 or not name.isprintable() or any(map(str.isspace, name)):
        problems["username"] = "use 1 to 150 letters, digits or signs, without spaces."
    if len(newcomer.display_name) > 150:
        problems["display_name"] = "use 150 characters at most."
    return problems


def _problems_of_password(password: str, user: User) -> dict[str, str]:
    if len(password) > 1000:
        return {"password": "use 1,000 characters at most."}
    try:
        validate_password(password, user)
    except ValidationError as error:
        return {"password": " ".join(error.messages)}
    return {}


def change_password(user: User, *, old: str, new: str, address: str, now: datetime) -> None:
    """Sets another password, which ends all sessions of the old one.

    Raises TooManyAttempts, WrongCredentials (the old one), Invalid (the new one).
    """
    sign_in(username=user.username, password=old, address=address, now=now)
    problems = _problems_of_password(new, user)
    if problems:
        raise Invalid(fields={"new": problems["password"]})
    user.set_password(new)
    user.save(update_fields=["password"])


def change_me(user: User, **changes: str) -> User:
    """Sets what people decide about themselves: display_name, language."""
    for name, value in changes.items():
        setattr(user, name, value)
    user.save(update_fields=list(changes))
    return user


def invite(
    *, by: User, project_id: int, role: Role, expires_in: timedelta, now: datetime
) -> tuple[Invitation, str]:
    """An invitation and its secret, which is nowhere kept."""
    secret = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        project_id=project_id,
        role=role,
        digest=digest_of(secret),
        created_by=by,
        created_at=now,
        expires_at=now + expires_in,
    )
    return invitation, secret


def use_invitation(secret: str, *, by: User, now: datetime) -> Invitation:
    """Marks it used: one guarded UPDATE, so of two who come at once one is refused (NotFound)."""
    invitation = invitation_of(secret, now=now)
    unused = Invitation.objects.filter(pk=invitation.pk, used_at__isnull=True, expires_at__gt=now)
    if not unused.update(used_at=now, used_by=by):
        raise NotFound
    return invitation


def revoke_invitation(invitation: Invitation) -> None:
    """Takes an unused invitation back; Conflict when somebody has used it already."""
    deleted, _ = Invitation.objects.filter(pk=invitation.pk, used_at__isnull=True).delete()
    if not deleted:
        raise Conflict("This invitation has been used. Remove the member instead.")


def make_token(
    user: User, *, name: str, expires_in: timedelta, now: datetime
) -> tuple[ApiToken, str]:
    """A bearer token's row and the token itself, which is nowhere kept."""
    if ApiToken.objects.filter(user=user).count() >= MAX_TOKENS:
        raise Conflict(f"You have {MAX_TOKENS} tokens. Revoke one that you don't use.")
    secret = secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user,
        name=name,
        digest=digest_of(secret),
        created_at=now,
        expires_at=now + expires_in,
    )
    return token, secret


def revoke_token(token: ApiToken) -> None:
    """The next request with it is refused."""
    token.delete()


def user_of_token(secret: str, *, now: datetime) -> User | None:
    """The active owner of a live bearer token, or None; notes the use, at most once a minute."""
    rows = ApiToken.objects.select_related("user").filter(
        Q(expires_at__isnull=True) | Q(expires_at__gt=now),
        digest=digest_of(secret),
        user__is_active=True,
    )
    token = rows.first()
    if token is None:
        return None
    if token.last_used_at is None or now - token.last_used_at >= SEEN_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token.user
