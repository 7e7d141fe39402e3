"""What a browser carries that has signed in before: its accounts, each with a number; signed.

With it the limiter tells the owner's browser from those that guess (see gates). It opens nothing by
itself, and another password makes it worthless, as it ends the sessions.
"""

import secrets
from datetime import timedelta

from django.core import signing

from annotator.accounts.models import User

SALT = "annotator.accounts.browsers"
KEPT_FOR = timedelta(days=365)
# People who share a browser; whoever signed in last stands first.
MOST = 5

# The account, which of its passwords, the browser's number there.
Entry = tuple[int, str, str]


def number_of(carried: str, user: User) -> str:
    """The browser's number for this account; empty for one that has not signed in to it."""
    known = (user.pk, _password_mark(user))
    return next((number for *account, number in _read(carried) if tuple(account) == known), "")


def remember(carried: str, user: User) -> str:
    """What a browser carries from now on, after this person has signed in with it."""
    number = number_of(carried, user) or secrets.token_hex(8)
    others = [entry for entry in _read(carried) if entry[0] != user.pk]
    entries = [(user.pk, _password_mark(user), number), *others[: MOST - 1]]
    return signing.dumps(entries, salt=SALT)


def _password_mark(user: User) -> str:
    return user.get_session_auth_hash()[:16]


def _read(carried: str) -> list[Entry]:
    try:
        return [tuple(entry) for entry in signing.loads(carried, salt=SALT, max_age=KEPT_FOR)]
    except signing.BadSignature:
        return []
