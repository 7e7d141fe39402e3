"""`manage.py migrate` from two machines at once: one does it, the other waits and finds it done."""

import contextlib
import fcntl
import os
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from servers.postgres import own_database

from annotator.ops.management.commands.migrate import LOCK
from tests.sites import ROOT
from tests.waiting import HANG_SECONDS, until

pytestmark = pytest.mark.postgres


@pytest.fixture
def fresh() -> Iterator[str]:
    """The URL of a database with nothing in it."""
    with own_database(settings.DATABASE_URL, "test_migrate") as url:
        yield url


class Migrate:
    """One `migrate` in a process of its own, and what it prints."""

    def __init__(self, url: str, folder: Path, *up_to: str) -> None:
        self.output = folder / f"{uuid.uuid4().hex}.txt"
        env = {**os.environ, "DATABASE_URL": url, "PYTHONUNBUFFERED": "1"}
        with self.output.open("w") as stream:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "migrate", "--no-input", *up_to],
                cwd=ROOT, env=env, stdout=stream, stderr=subprocess.STDOUT,
            )  # fmt: skip

    def said(self) -> str:
        return self.output.read_text()

    def end(self) -> int:
        return self.process.wait(HANG_SECONDS)


def test_two_at_once_take_turns(fresh: str, tmp_path: Path) -> None:
    with psycopg.connect(fresh, autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        both = [Migrate(fresh, tmp_path) for _ in range(2)]
        until(lambda: all("waiting for it" in one.said() for one in both), "both wait")
        before = other.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        tables_before = before.fetchone()
        other.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
        codes = [one.end() for one in both]

    assert tables_before == (0,)
    assert codes == [0, 0], [one.said() for one in both]
    assert sorted("No migrations to apply" in one.said() for one in both) == [False, True]


def test_who_was_killed_keeps_nobody_waiting(fresh: str, tmp_path: Path) -> None:
    with psycopg.connect(fresh, autocommit=True) as other:
        first = Migrate(fresh, tmp_path)
        held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
        until(lambda: other.execute(held).fetchone() == (1,), "the first one migrates")
        first.process.kill()
        first.end()

        second = Migrate(fresh, tmp_path)

        assert second.end() == 0, second.said()


def test_two_at_once_take_turns_on_sqlite_too(tmp_path: Path) -> None:
    file = tmp_path / "site.sqlite3"
    with Path(f"{file}.migrate").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        both = [Migrate(f"sqlite:///{file}", tmp_path) for _ in range(2)]
        until(lambda: all("waiting for it" in one.said() for one in both), "both wait")
        with contextlib.closing(sqlite3.connect(file)) as database:
            tables_before = database.execute("SELECT count(*) FROM sqlite_master").fetchone()
    codes = [one.end() for one in both]

    assert tables_before == (0,)
    assert codes == [0, 0], [one.said() for one in both]
    assert sorted("No migrations to apply" in one.said() for one in both) == [False, True]


def test_a_table_in_use_is_changed_later_and_nobody_waits_behind(
    fresh: str, tmp_path: Path
) -> None:
    assert Migrate(fresh, tmp_path, "reviews", "0001").end() == 0
    with psycopg.connect(fresh) as reader, psycopg.connect(fresh, autocommit=True) as later:
        reader.execute("SELECT count(*) FROM reviews_review")
        rest = Migrate(fresh, tmp_path)
        until(lambda: "gives way" in rest.said(), "it gives way")
        for _ in range(3):
            later.execute("SET statement_timeout = '10s'")
            later.execute("SELECT count(*) FROM reviews_review")
        while_read = rest.process.poll()
        reader.rollback()

        assert rest.end() == 0, rest.said()
    assert while_read is None
    assert Migrate(fresh, tmp_path, "--check").end() == 0


@pytest.mark.django_db
def test_whoever_has_the_connection_afterwards_waits_as_long_as_ever() -> None:
    call_command("migrate", verbosity=0)

    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("0",)
