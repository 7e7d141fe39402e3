"""Accounts of people who come by an OpenID provider: known by its number for them, by nothing else.

Neither a name nor an address of mail opens an account: a provider's people can change theirs.
"""

import hashlib
import unicodedata
from itertools import chain, count, islice

from django.conf import settings
from django.db import IntegrityError, transaction

from annotator.accounts.models import Identity, User
from annotator.accounts.names import normal
from annotator.accounts.openid import Profile
from annotator.accounts.services import MAX_NAME, refusals_of_name
from annotator.core.errors import Conflict, Forbidden
from annotator.core.reasons import Code, Reason

# ada, ada-2 … ada-9; then a name that nobody else can have.
SAME_NAMES = 8


def account_of(profile: Profile) -> User | None:
    """Whose account this identity opens."""
    rows = Identity.objects.select_related("user")
    found = rows.filter(issuer=profile.issuer, subject=profile.subject).first()
    return None if found is None else found.user


def create_account(profile: Profile) -> User:
    """An account for who came for the first time; Forbidden where none is made so."""
    if not settings.OIDC_CREATE_ACCOUNTS:
        raise Forbidden(Reason(Code.NO_ACCOUNT_HERE))
    try:
        with transaction.atomic():
            user = next(made for name in _names_for(profile) if (made := _create(name, profile)))
            Identity.objects.create(user=user, issuer=profile.issuer, subject=profile.subject)
    except IntegrityError:
        # They came in two windows at once.
        rows = Identity.objects.select_related("user")
        return rows.get(issuer=profile.issuer, subject=profile.subject).user
    return user


def connect(user: User, profile: Profile) -> None:
    """Lets this identity open this account from now on, in place of the one that did.

    Conflict when it opens another account.
    """
    owner = account_of(profile)
    if owner is not None and owner != user:
        raise Conflict(Reason(Code.IDENTITY_OF_ANOTHER))
    Identity.objects.update_or_create(
        user=user, issuer=profile.issuer, defaults={"subject": profile.subject}
    )


def _create(name: str, profile: Profile) -> User | None:
    """None: the name can't be had, or looks like another's."""
    user = User(username=name, display_name=profile.display_name[:MAX_NAME])
    if refusals_of_name(user):
        return None
    user.set_unusable_password()
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError:
        return None
    return user


def _names_for(profile: Profile) -> chain[str]:
    """The provider's name for the person, then ones that are like it, then one of their number."""
    seen = "".join(filter(str.isprintable, unicodedata.normalize("NFKC", profile.username)))
    name = normal(".".join(seen.split()))[: MAX_NAME - 3]
    numbered = (f"{name}-{number}" for number in islice(count(2), SAME_NAMES))
    digest = hashlib.sha256(f"{profile.issuer}\0{profile.subject}".encode()).hexdigest()
    return chain([name], numbered if name else [], [f"person-{digest[:12]}"])
