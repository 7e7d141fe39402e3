"""How long a session lives: its age, and how long nobody has used it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from rest_framework.test import APIClient

from annotator.accounts.sessions import BEGAN, SEEN, begin_session, note_use
from tests import factories

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ME = "/api/v1/me"


@pytest.fixture(autouse=True)
def limits(settings: Any) -> None:
    settings.SESSION_IDLE_SECONDS = 600
    settings.SESSION_COOKIE_AGE = 3600


def begun() -> SessionStore:
    session = SessionStore()
    begin_session(session, now=NOON)
    session.modified = False
    return session


def test_a_session_ends_when_nobody_uses_it() -> None:
    assert begun().get_expiry_age() == 600


def test_without_an_idle_limit_only_its_age_counts(settings: Any) -> None:
    settings.SESSION_IDLE_SECONDS = 0
    session = begun()

    note_use(session, now=NOON + 30 * MINUTE)

    assert session.get_expiry_age() == 3600
    assert not session.modified


def test_use_is_written_once_a_tenth_of_the_limit() -> None:
    session = begun()
    written = []

    for seconds in (1, 59, 60, 61, 119, 120):
        session.modified = False
        note_use(session, now=NOON + timedelta(seconds=seconds))
        written.append(session.modified)

    assert written == [False, False, True, False, False, True]
    assert session.get_expiry_age() == 600


@pytest.mark.parametrize(("minutes", "seconds"), [(49, 600), (50, 600), (55, 300), (60, 1)])
def test_use_never_puts_a_session_off_beyond_its_age(minutes: int, seconds: int) -> None:
    session = begun()

    note_use(session, now=NOON + minutes * MINUTE)

    assert session.get_expiry_age() == seconds


def test_a_session_from_before_the_limit_ends_by_its_age() -> None:
    session = SessionStore()

    note_use(session, now=NOON)

    assert not session.modified
    assert session.get_expiry_age() == 3600


def signed_in() -> APIClient:
    factories.user("ada")
    client = APIClient()
    body = {"username": "ada", "password": factories.PASSWORD}
    client.get(ME)
    assert client.post("/api/v1/auth/login", body, format="json").status_code == 200
    return client


def row_after(client: APIClient, seconds: float) -> Session:
    """The session as it is when it was last noted to be used so long ago."""
    session = SessionStore(client.cookies["sessionid"].value)
    session[SEEN] -= seconds
    session[BEGAN] -= seconds
    session.save()
    return Session.objects.get()


def test_whoever_is_signed_in_goes_on_and_the_browser_is_told(db: None) -> None:
    client = signed_in()
    before = row_after(client, 100)

    answer = client.get(ME)

    after = Session.objects.get()
    assert answer.status_code == 200
    assert answer.cookies["sessionid"]["max-age"] == 600
    assert after.session_data != before.session_data
    assert after.expire_date > before.expire_date


def test_a_request_soon_after_writes_nothing(db: None) -> None:
    client = signed_in()
    before = row_after(client, 0)

    answer = client.get(ME)

    after = Session.objects.get()
    assert "sessionid" not in answer.cookies
    assert (after.session_data, after.expire_date) == (before.session_data, before.expire_date)


def test_who_was_away_for_too_long_signs_in_again(db: None) -> None:
    client = signed_in()
    row_after(client, 601)
    Session.objects.update(expire_date=datetime.now(UTC) - timedelta(seconds=1))

    assert client.get(ME).status_code == 401
