"""The sessions of people, in Django's own table; only its store deletes them.

A session ends SESSION_COOKIE_AGE after it began, and sooner when nobody used it for
SESSION_IDLE_SECONDS. Both are its row's expiry, which Django goes by; use moves it.
"""

from datetime import UTC, datetime

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.utils import timezone

from annotator.accounts.models import User
from annotator.accounts.openid import Arrival, sign_out_address
from annotator.accounts.second_factor import is_required_of
from annotator.core.statements import Statement, columns, instance

# When a session began and when its use was last noted, in seconds since 1970.
BEGAN, SEEN = "began_at", "seen_at"
# How somebody who came by the OpenID provider is signed out there.
PROVIDER = "provider"
# Whether the one who signed in with a password gave a code too.
BY_CODE = "by_code"

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


def note_provider(session: SessionBase, arrival: Arrival) -> None:
    """Keeps what it takes to sign this person out at the provider too."""
    session[PROVIDER] = [arrival.end_session_endpoint, arrival.id_token]


def sign_out_at_provider(session: SessionBase, *, back: str) -> str:
    """Where a browser ends this person's session at the provider; empty: there is none."""
    endpoint, id_token = session.get(PROVIDER, ["", ""])
    if not endpoint:
        return ""
    return sign_out_address(endpoint=endpoint, id_token=id_token, back=back)


def note_code(session: SessionBase, *, given: bool) -> None:
    """Keeps whether this session was opened with a second factor."""
    session[BY_CODE] = given


def is_second_factor_due(user: User, session: SessionBase) -> bool:
    """Whether this person has to set up a second factor before anything else.

    Not for who came by the OpenID provider, which asks for its own.
    """
    passed = session.get(BY_CODE, False) or PROVIDER in session
    return not passed and is_required_of(user)


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


def live_sessions(now: datetime) -> dict[int, list[datetime]]:
    """Person → when each of their sessions was last noted to be used (1 query; all are read)."""
    found: dict[int, list[datetime]] = {}
    for row in Session.objects.filter(expire_date__gt=now).iterator():
        session = row.get_decoded()
        if SESSION_KEY in session:
            seen = datetime.fromtimestamp(session.get(SEEN, 0), UTC)
            found.setdefault(int(session[SESSION_KEY]), []).append(seen)
    return found


def end_sessions(user: User, *, now: datetime, but: str | None = None) -> int:
    """Ends all sessions of a person, `but` the one with this key; returns how many.

    Whose a session is stands inside it alone, so every live one is read.
    """
    live = Session.objects.filter(expire_date__gt=now).iterator()
    theirs = (row for row in live if row.get_decoded().get(SESSION_KEY) == str(user.pk))
    keys = [row.session_key for row in theirs if row.session_key != but]
    for key in keys:
        SessionStore(key).delete()
    return len(keys)
