"""The database goes away and comes back, or is full: what the site says, and that it goes on."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import OperationalError, connection, connections
from django.utils import timezone

from annotator.accounts import services as accounts
from annotator.api.outages import reason_of_outage
from annotator.core.postgres.base import DatabaseWrapper
from annotator.core.reasons import Code, Reason
from annotator.projects.models import Project
from tests import factories
from tests.cables import Cable
from tests.drivers import signed_in
from tests.sites import Web
from tests.waiting import until
from tests.workers import database_of_the_test

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

AWAY = (503, "database_away", "5")
AT_ONCE = 16


def a_cable() -> Cable:
    """To the server that the tests use, by TCP or by its socket in a folder."""
    info = connection.connection.info
    if info.host.startswith("/"):
        return Cable(f"{info.host}/.s.PGSQL.{info.port}")
    return Cable((info.host, info.port))


def through(cable: Cable) -> str:
    """The test's database by that cable."""
    parts = urlsplit(database_of_the_test())
    name, _, password = parts.netloc.rpartition("@")[0].partition(":")
    who = f"{name}:{password}@" if password else f"{name}@"
    return urlunsplit(parts._replace(netloc=f"{who}127.0.0.1:{cable.port}"))


@pytest.fixture
def token() -> str:
    _, secret = accounts.make_token(
        factories.user(), name="program", expires_in=timedelta(days=1), now=timezone.now()
    )
    return secret


@pytest.fixture
def cable(token: str) -> Iterator[Cable]:
    made = a_cable()
    yield made
    if made.whole:
        made.cut()


@pytest.fixture
def web(cable: Cable, tmp_path: Path) -> Iterator[Web]:
    running = Web({"DATABASE_URL": through(cable), "TRIPTYCH_DATA": str(tmp_path / "data")})
    until(running.answers, "the site answers")
    yield running
    running.end()


def test_a_site_says_that_its_database_is_away_and_goes_on_when_it_is_back(
    web: Web, cable: Cable, token: str
) -> None:
    assert web.ask_many("/api/v1/me", token, AT_ONCE) == {(200, "", "")}

    cable.cut()
    during = web.ask_many("/api/v1/me", token, AT_ONCE)
    elsewhere = web.ask("/metrics")
    alive = web.ask("/health/live")
    cable.mend()
    after = web.ask("/api/v1/me", token)
    then = web.ask_many("/api/v1/me", token, AT_ONCE)

    assert during == {AWAY}
    assert elsewhere == AWAY
    assert alive == (200, "", "")
    assert after == (200, "", "")
    assert then == {(200, "", "")}


def test_connections_that_died_unnoticed_cost_nobody_an_answer(
    web: Web, cable: Cable, token: str
) -> None:
    for _ in range(3):
        web.ask_many("/api/v1/me", token, AT_ONCE)

    cable.snap()

    assert web.ask_many("/api/v1/me", token, AT_ONCE) == {(200, "", "")}


@pytest.mark.parametrize("connects_before", [True, False])
def test_a_database_that_takes_connections_and_never_answers_is_away(
    web: Web, cable: Cable, token: str, connects_before: bool
) -> None:
    if connects_before:
        assert web.ask_many("/api/v1/me", token, AT_ONCE) == {(200, "", "")}

    cable.flowing.clear()
    during = web.ask_many("/api/v1/me", token, AT_ONCE)
    cable.flowing.set()

    assert during == {AWAY}
    assert web.ask("/api/v1/me", token) == (200, "", "")


def test_a_server_that_falls_silent_within_a_statement_is_away_and_is_left() -> None:
    own = connections.create_connection("default")
    assert isinstance(own, DatabaseWrapper)
    try:
        with own.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            first = cursor.fetchone()
        with (
            own.within(0.5),
            pytest.raises(OperationalError) as silent,
            own.cursor() as cursor,
        ):
            cursor.execute("SELECT pg_sleep(3600)")
        own.close_if_unusable_or_obsolete()  # as at the end of a request
        with own.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            second = cursor.fetchone()
    finally:
        own.close()

    assert reason_of_outage(silent.value) == Reason(Code.DATABASE_AWAY)
    assert first != second


@pytest.fixture(params=["53100", "25006"])
def unwritable(request: pytest.FixtureRequest) -> Iterator[str]:
    """Projects can't be stored: a disk is full (53100), or the server is a standby (25006)."""
    table = Project._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION 'no' USING ERRCODE = '{request.param}'; END $$"
        )
        cursor.execute(
            f"CREATE TRIGGER refuse BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION refuse()"
        )
        yield table
        cursor.execute("DROP FUNCTION refuse() CASCADE")


def test_a_database_that_takes_no_writes_is_said_in_words(unwritable: str) -> None:
    lead = factories.user(can_create_projects=True)

    answer: Any = signed_in(lead).post(
        "/api/v1/projects", {"name": "One", "template": "mps"}, format="json"
    )

    assert (answer.status_code, answer.json()["code"]) == (503, "database_takes_no_writes")
    assert answer.headers["Retry-After"] == "5"
    assert Project.objects.count() == 0
