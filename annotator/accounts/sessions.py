"""The sessions of people, in Django's own table; only its store deletes them.

A session ends SESSION_COOKIE_AGE after it began, and sooner when nobody used it for
SESSION_IDLE_SECONDS. Both are its row's expiry, which Django goes by; use moves it.
"""

from datetime import datetime

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.utils import timezone

from annotator.accounts.models import User
from annotator.core.statements import Statement, columns, instance

# When a session began and when its use was last noted, in seconds since 1970.
BEGAN, SEEN = "began_at", "seen_at"


LIVE = Statement(
    """
    SELECT {session} FROM django_session s
    WHERE s.session_key = %(key)s AND s.expire_date > %(now)s
    """,
    session=columns(Session, "s"),
)


class SessionStore(db.SessionStore):
    """Django's, with the query of every request written out."""

    def _get_session_from_db(self) -> Session | None:
        found = LIVE.row(key=self.session_key, now=timezone.now())
        if found is None:
            self._session_key = None
            return None
        return instance(Session, found)


def begin_session(session: SessionBase, *, now: datetime) -> None:
    """Starts both clocks of a session that somebody has just signed in to."""
    session[BEGAN] = now.timestamp()
    _set_expiry(session, now)


def note_use(session: SessionBase, *, now: datetime) -> None:
    """Puts the end of a session that is used off; writes at most every tenth of the idle limit.

    A session without clocks (it is older than they are) ends by its age alone.
    """
    idle, seen = settings.SESSION_IDLE_SECONDS, session.get(SEEN)
    if idle and seen is not None and now.timestamp() - seen >= idle / 10:
        _set_expiry(session, now)


def _set_expiry(session: SessionBase, now: datetime) -> None:
    session[SEEN] = now.timestamp()
    left = session[BEGAN] + settings.SESSION_COOKIE_AGE - now.timestamp()
    seconds = min(settings.SESSION_IDLE_SECONDS or left, left)
    # 0 would mean “until the browser is closed”.
    session.set_expiry(max(1, round(seconds)))


def forget_expired_sessions() -> None:
    """Deletes the rows of sessions that have ended by themselves. Called by the sweep."""
    SessionStore.clear_expired()


def end_sessions(user: User, *, now: datetime) -> int:
    """Ends all sessions of a person; returns how many.

    Whose a session is stands inside it alone, so every live one is read.
    """
    live = Session.objects.filter(expire_date__gt=now).iterator()
    keys = [row.session_key for row in live if row.get_decoded().get(SESSION_KEY) == str(user.pk)]
    for key in keys:
        SessionStore(key).delete()
    return len(keys)
