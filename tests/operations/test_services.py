"""scripts/services.py: servers for tests, given, found or private; its words without them."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
from redis import Redis
from servers import chromium, found, postgres, redis

from tests.waiting import HANG_SECONDS

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def private_redis() -> Iterator[redis.Private]:
    server = redis.Private()
    server.start()
    yield server
    server.stop()


def services(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "scripts/services.py", *arguments],
        cwd=ROOT, env={**os.environ, **env}, capture_output=True, text=True, timeout=HANG_SECONDS,
        check=False,
    )  # fmt: skip


def test_a_private_postgres_is_ours_and_leaves_nothing_behind() -> None:
    server = postgres.Private()

    url = server.start()
    with psycopg.connect(url) as connection:
        folder = connection.execute("show data_directory").fetchone()
        most = connection.execute("show max_connections").fetchone()
        durable = connection.execute("show synchronous_commit").fetchone()
    server.stop()

    assert folder == (str(server.data),)
    assert most == ("320",)
    assert durable == ("on",)
    assert not server.folder.exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url, connect_timeout=2)


def test_a_private_redis_is_ours_and_leaves_nothing_behind(private_redis: redis.Private) -> None:
    with Redis("127.0.0.1", private_redis.port) as client:
        info = client.info("server")
        assert private_redis.process is not None
        assert info["process_id"] == private_redis.process.pid

    private_redis.stop()

    assert not private_redis.folder.exists()
    assert not psutil.pid_exists(private_redis.process.pid)


def test_a_redis_that_is_not_ours_is_never_taken_for_ours(private_redis: redis.Private) -> None:
    other = redis.Private()
    other.port = private_redis.port

    with pytest.raises(found.NotToBeHad, match="Redis"):
        other.start()
    other.stop()


def test_a_postgres_that_is_not_ours_is_never_taken_for_ours() -> None:
    first, second = postgres.Private(), postgres.Private()
    first.start()
    second.port = first.port

    try:
        with pytest.raises(found.NotToBeHad, match="PostgreSQL"):
            second.start()
    finally:
        second.stop()
        first.stop()


def test_given_servers_are_used_as_they_are_and_the_exit_code_is_passed_on() -> None:
    program = "import os; print(os.environ['DATABASE_URL'], os.environ['REDIS_URL']); exit(5)"
    done = services(
        "--no-browser", "--", sys.executable, "-c", program,
        DATABASE_URL="postgres://given/one", REDIS_URL="redis://given/2",
    )  # fmt: skip

    assert done.returncode == 5
    assert done.stdout == "postgres://given/one redis://given/2\n"


def test_private_servers_are_there_for_the_command_and_gone_after_it() -> None:
    program = (
        "import os, psycopg, redis\n"
        "psycopg.connect(os.environ['DATABASE_URL']).close()\n"
        "redis.Redis.from_url(os.environ['REDIS_URL']).ping()\n"
        "print(os.environ['DATABASE_URL'], len(os.environ['SECRET_KEY']) >= 50)"
    )
    done = services(
        "--no-browser", "--private", "--", sys.executable, "-c", program,
        DATABASE_URL="", REDIS_URL="",
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    url, has_key = done.stdout.split()
    assert has_key == "True"
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url, connect_timeout=2)


def test_a_chromium_that_does_not_start_is_named_and_fails_the_run() -> None:
    done = services("--", "true", TRIPTYCH_CHROMIUM="/nowhere/chromium")

    assert done.returncode == 1
    assert "TRIPTYCH_CHROMIUM is /nowhere/chromium, which does not start" in done.stderr


def test_the_chromium_of_this_machine_starts() -> None:
    assert chromium.starts(chromium.chromium())
