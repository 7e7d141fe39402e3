"""What can be done with people and their keys."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from annotator.accounts import second_factor
from annotator.accounts.browsers import number_of
from annotator.accounts.gates import Attempt, pass_gates, reopen, take_back
from annotator.accounts.models import ApiToken, TokenScope, User
from annotator.accounts.names import mixes_scripts, normal, skeleton
from annotator.accounts.selectors import digest_of, user_named
from annotator.accounts.sessions import end_sessions
from annotator.core.errors import Conflict, Forbidden, Invalid
from annotator.core.reasons import Code, Reason
from annotator.core.statements import Statement, columns, instances

MAX_TOKENS = 50
MAX_TOKEN_DAYS = 366
MAX_NAME = 150
MAX_PASSWORD = 1000
# Django's validators, as settings.AUTH_PASSWORD_VALIDATORS lists them.
PASSWORD_CODES = {
    "password_too_similar": Code.PASSWORD_TOO_SIMILAR,
    "password_too_short": Code.PASSWORD_TOO_SHORT,
    "password_too_common": Code.PASSWORD_TOO_COMMON,
}
# A page of images makes dozens of requests; one write a minute says enough.
SEEN_EVERY = timedelta(minutes=1)


class WrongCredentials(Invalid):
    """One answer for an unknown name, a wrong password and a closed account."""

    code = Code.WRONG_CREDENTIALS


@dataclass(frozen=True, slots=True)
class NewUser:
    """A person to be; without a password one whom an OpenID provider lets in."""

    username: str
    password: str | None
    display_name: str = ""


@dataclass(frozen=True, slots=True)
class PasswordChange:
    """The present password and the next; `keep_tokens`: bearer tokens outlive it."""

    old: str
    new: str
    keep_tokens: bool = False


class CodeRequested(Invalid):
    """The password is right, and the account has a second factor."""

    code = Code.CODE_REQUESTED


def sign_in(
    *, username: str, password: str, address: str, now: datetime, carried: str = "", code: str = ""
) -> User:
    """The person, if name, password and (where it is on) second factor fit and the gates are open.

    `carried`: what a browser was given when it signed in before (see browsers.remember). Raises
    TooManyAttempts, WrongCredentials, CodeRequested, WrongCode; Forbidden where the site takes no
    passwords.
    """
    refuse_unless_passwords()
    user, attempt = _owner_of_password(username, password, address, carried, now)
    if second_factor.is_on(user):
        if not code:
            take_back(attempt)
            raise CodeRequested
        second_factor.check(user, code, now=now)
    reopen(attempt, now=now)
    return user


def confirm_password(
    user: User, *, password: str, address: str, now: datetime, carried: str = ""
) -> None:
    """Makes sure that who is signed in is who they were. TooManyAttempts, WrongCredentials."""
    refuse_unless_passwords()
    _, attempt = _owner_of_password(user.username, password, address, carried, now)
    take_back(attempt)


def _owner_of_password(
    username: str, password: str, address: str, carried: str, now: datetime
) -> tuple[User, Attempt]:
    """Whose name and password fit, and the try, which is counted.

    The gates are passed, and the try counted, before the password is looked at, so that parallel
    guesses count too. One password is hashed on every path, so that time tells nothing either.
    """
    user = user_named(username)
    attempt = Attempt(
        username=user.username if user else normal(username),
        address=address,
        browser=number_of(carried, user) if user else "",
    )
    pass_gates(attempt, now=now)
    # A name that nobody has gets an unusable password, against which Django hashes in vain.
    fits = (user or _nobody()).check_password(password)
    if user is None or not fits or not user.is_active:
        raise WrongCredentials
    return user, attempt


def refuse_unless_passwords() -> None:
    """Raises Forbidden where people sign in by the provider alone."""
    if not settings.LOCAL_PASSWORDS:
        raise Forbidden(Reason(Code.PASSWORDS_OFF))


def _nobody() -> User:
    nobody = User()
    nobody.set_unusable_password()
    return nobody


def create_user(new: NewUser, *, can_create_projects: bool = False) -> User:
    """A person who can sign in; Invalid with a reason a field."""
    user = User(
        username=normal(new.username),
        display_name=new.display_name,
        can_create_projects=can_create_projects,
    )
    refused = refusals_of_name(user)
    if new.password is not None:
        refused |= _refusals_of_password(new.password, user, "password")
    if refused:
        raise Invalid(fields=refused)
    user.set_password(new.password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        same = User.objects.filter(username=user.username).exists()
        reason = Reason(Code.USERNAME_TAKEN) if same else Reason(Code.USERNAME_LOOKS_TAKEN)
        raise Invalid(fields={"username": reason}) from error
    return user


def refusals_of_name(user: User) -> dict[str, Reason]:
    """What is wrong with the names of an account to be, field by field."""
    refused = {}
    name = user.username
    seen = skeleton(name) != "" and name.isprintable() and not any(map(str.isspace, name))
    if not seen or len(name) > MAX_NAME:
        refused["username"] = Reason(Code.USERNAME_UNFIT, max=MAX_NAME)
    elif mixes_scripts(name):
        refused["username"] = Reason(Code.USERNAME_MIXES_SCRIPTS)
    if len(user.display_name) > MAX_NAME:
        refused["display_name"] = Reason(Code.TEXT_TOO_LONG, max=MAX_NAME)
    return refused


def _refusals_of_password(password: str, user: User, field: str) -> dict[str, Reason]:
    if len(password) > MAX_PASSWORD:
        return {field: Reason(Code.TEXT_TOO_LONG, max=MAX_PASSWORD)}
    try:
        validate_password(password, user)
    except ValidationError as error:
        first = error.error_list[0]
        return {field: Reason(PASSWORD_CODES[first.code or ""], **_limits(first.params or {}))}
    return {}


def _limits(params: Mapping[str, Any]) -> dict[str, Any]:
    return {"min": params["min_length"]} if "min_length" in params else {}


def change_password(
    user: User,
    change: PasswordChange,
    *,
    address: str,
    now: datetime,
    carried: str = "",
    by_token: str | None = None,
) -> None:
    """Sets another password, which ends all sessions of the old one, and revokes the tokens.

    Whoever knew the old password may have made tokens with it. `by_token`, the one that the change
    is asked for with, stays. Raises TooManyAttempts, WrongCredentials (the old password), Invalid
    (the new one).
    """
    confirm_password(user, password=change.old, address=address, now=now, carried=carried)
    refused = _refusals_of_password(change.new, user, "new")
    if refused:
        raise Invalid(fields=refused)
    user.set_password(change.new)
    with transaction.atomic():
        user.save(update_fields=["password"])
        if not change.keep_tokens:
            kept = [digest_of(by_token)] if by_token else []
            ApiToken.objects.filter(user=user).exclude(digest__in=kept).delete()


@transaction.atomic
def deactivate(user: User, *, now: datetime) -> User:
    """Closes the account: nobody signs in to it, and its sessions and tokens end for good."""
    user.is_active = False
    user.save(update_fields=["is_active"])
    ApiToken.objects.filter(user=user).delete()
    end_sessions(user, now=now)
    return user


@transaction.atomic
def follow_groups(user: User, *, lead: bool) -> None:
    """Lets who is among the leads by their groups make projects; takes it from who no longer is.

    Who may by hand may go on.
    """
    if lead == user.can_create_projects or (not lead and not user.leads_by_group):
        return
    user.can_create_projects = user.leads_by_group = lead
    user.save(update_fields=["can_create_projects", "leads_by_group"])


@transaction.atomic
def reset_second_factor(user: User, *, by: User | None, now: datetime) -> None:
    """Lets who has lost their app in by the password alone again; their sessions end.

    `by`: the lead who asks for it, None on the command line. Conflict for one's own, which takes
    the password.
    """
    if by == user:
        raise Conflict(Reason(Code.SECOND_FACTOR_IS_YOURS))
    second_factor.remove(user)
    end_sessions(user, now=now)


def activate(user: User) -> User:
    """Opens a closed account again, with its old password and without its old tokens."""
    user.is_active = True
    user.save(update_fields=["is_active"])
    return user


def change_me(user: User, **changes: str) -> User:
    """Sets what people decide about themselves: display_name, language."""
    for name, value in changes.items():
        setattr(user, name, value)
    user.save(update_fields=list(changes))
    return user


def make_token(
    user: User,
    *,
    name: str,
    expires_in: timedelta,
    now: datetime,
    scope: TokenScope = TokenScope.WRITE,
    project_id: int | None = None,
) -> tuple[ApiToken, str]:
    """A bearer token's row and the token itself, which is nowhere kept."""
    if ApiToken.objects.filter(user=user).count() >= MAX_TOKENS:
        raise Conflict(Reason(Code.TOO_MANY_TOKENS, max=MAX_TOKENS))
    secret = secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user,
        name=name,
        digest=digest_of(secret),
        created_at=now,
        expires_at=now + expires_in,
        scope=scope,
        project_id=project_id,
    )
    return token, secret


def revoke_token(token: ApiToken) -> None:
    """The next request with it is refused."""
    token.delete()


LIVE_TOKEN = Statement(
    """
    SELECT {token}, {user} FROM accounts_apitoken t JOIN accounts_user u ON u.id = t.user_id
    WHERE t.digest = %(digest)s AND (t.expires_at IS NULL OR t.expires_at > %(now)s)
      AND u.is_active
    """,
    token=columns(ApiToken, "t"),
    user=columns(User, "u"),
)


def live_token(secret: str, *, now: datetime) -> ApiToken | None:
    """A live bearer token with its active owner, or None; notes the use, at most once a minute."""
    found = LIVE_TOKEN.row(digest=digest_of(secret), now=now)
    if found is None:
        return None
    token, user = instances(found, ApiToken, User)
    if token.last_used_at is None or now - token.last_used_at >= SEEN_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    token.user = user
    return cast(ApiToken, token)
