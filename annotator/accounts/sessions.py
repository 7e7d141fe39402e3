"""The sessions of people, in Django's own table; only its store deletes them."""

from datetime import datetime

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from annotator.accounts.models import User


def end_sessions(user: User, *, now: datetime) -> int:
    """Ends all sessions of a person; returns how many.

    Whose a session is stands inside it alone, so every live one is read.
    """
    live = Session.objects.filter(expire_date__gt=now).iterator()
    keys = [row.session_key for row in live if row.get_decoded().get(SESSION_KEY) == str(user.pk)]
    for key in keys:
        SessionStore(key).delete()
    return len(keys)
