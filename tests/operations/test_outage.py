"""The database goes away and comes back, or is full: what the site says, and that it goes on."""

import contextlib
import http.client
import json
import os
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection
from django.utils import timezone

from annotator.accounts import services as accounts
from annotator.ops.management.commands import serve
from annotator.projects.models import Project
from tests import factories
from tests.cables import Cable
from tests.drivers import signed_in
from tests.sites import ROOT, free_port
from tests.waiting import HANG_SECONDS, until
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


class Web:
    """The web process of `serve` alone, on the test's database by a cable."""

    def __init__(self, cable: Cable, data: Path) -> None:
        self.port = free_port()
        env = {**os.environ, "DATABASE_URL": through(cable), "TRIPTYCH_DATA": str(data)}
        command = serve.web("127.0.0.1", self.port).command
        self.process = subprocess.Popen(command, cwd=ROOT, env=env)

    def ask(self, path: str, token: str = "") -> tuple[int, str, str]:
        """(status, code, Retry-After)."""
        caller = http.client.HTTPConnection("127.0.0.1", self.port, timeout=HANG_SECONDS)
        with contextlib.closing(caller):
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            caller.request("GET", path, headers=headers)
            answer = caller.getresponse()
            body = answer.read()
        code = json.loads(body).get("code", "") if answer.status >= 400 else ""
        return answer.status, code, answer.getheader("Retry-After", "")

    def answers(self) -> bool:
        with contextlib.suppress(OSError):
            return self.ask("/health/live")[0] == 200
        return False

    def ask_many(self, path: str, token: str) -> set[tuple[int, str, str]]:
        """As many requests at once as the site has threads."""
        with ThreadPoolExecutor(AT_ONCE) as threads:
            return set(threads.map(lambda _: self.ask(path, token), range(AT_ONCE)))


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
    running = Web(cable, tmp_path / "data")
    until(running.answers, "the site answers")
    yield running
    running.process.terminate()
    running.process.wait(HANG_SECONDS)


def test_a_site_says_that_its_database_is_away_and_goes_on_when_it_is_back(
    web: Web, cable: Cable, token: str
) -> None:
    assert web.ask_many("/api/v1/me", token) == {(200, "", "")}

    cable.cut()
    during = web.ask_many("/api/v1/me", token)
    elsewhere = web.ask("/metrics")
    alive = web.ask("/health/live")
    cable.mend()
    after = web.ask("/api/v1/me", token)
    then = web.ask_many("/api/v1/me", token)

    assert during == {AWAY}
    assert elsewhere == AWAY
    assert alive == (200, "", "")
    assert after == (200, "", "")
    assert then == {(200, "", "")}


def test_connections_that_died_unnoticed_cost_nobody_an_answer(
    web: Web, cable: Cable, token: str
) -> None:
    for _ in range(3):
        web.ask_many("/api/v1/me", token)

    cable.snap()

    assert web.ask_many("/api/v1/me", token) == {(200, "", "")}


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
