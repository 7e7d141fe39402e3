"""`manage.py serve` as a new user runs it: nothing set, SQLite, a broker made of files."""

import contextlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60


def embedded_environment(data: Path) -> dict[str, str]:
    """The environment of a machine where nothing is set."""
    set_for_tests = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "ALLOWED_HOSTS", "PORT"}
    left = {name: value for name, value in os.environ.items() if name not in set_for_tests}
    return {**left, "TRIPTYCH_DATA": str(data), "PYTHONUNBUFFERED": "1"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def manage(env: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT, env=env, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False,
    )  # fmt: skip


def descendants_of(pid: int) -> list[psutil.Process]:
    return psutil.Process(pid).children(recursive=True)


def still_alive(processes: Iterable[psutil.Process]) -> list[psutil.Process]:
    """Those that run; a zombie is only waiting to be forgotten."""
    alive = []
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            if process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
                alive.append(process)
    return alive


def wait_until(condition: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"never happened: {what}"
        time.sleep(0.05)


class Site:
    """A running `serve` and what it has printed."""

    def __init__(self, env: dict[str, str], port: int) -> None:
        self.port = port
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--port", str(port)],
            cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            self.lines.extend(iter(lines.readline, ""))

    def wait_for(self, pattern: str) -> str:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            for line in list(self.lines):
                if re.search(pattern, line):
                    return line
            time.sleep(0.05)
        raise AssertionError(f"never said {pattern!r}; it said:\n{''.join(self.lines)}")

    def children(self, word: str) -> list[int]:
        """The ids of the processes of `serve` whose command line holds `word`."""
        found = psutil.Process(self.process.pid).children()
        return [child.pid for child in found if word in " ".join(child.cmdline())]

    def one_child(self, word: str) -> int:
        (pid,) = self.children(word)
        return pid

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        code = self.process.wait(PATIENCE_SECONDS)
        self.reader.join(PATIENCE_SECONDS)
        return code


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    env = embedded_environment(tmp_path_factory.mktemp("site"))
    done = manage(env, "migrate", "--verbosity", "0")
    assert done.returncode == 0, done.stderr
    return env


@pytest.fixture
def site(migrated: dict[str, str]) -> Iterator[Site]:
    running = Site(migrated, free_port())
    running.wait_for(r"^serve  \| ready: ")
    yield running
    if running.process.poll() is None:
        running.end(signal.SIGTERM)


def test_a_site_outlives_a_killed_worker_and_ends_whole_at_one_signal(site: Site) -> None:
    assert f"http://127.0.0.1:{site.port} " in site.wait_for("ready: ")
    caller = http.client.HTTPConnection("127.0.0.1", site.port, timeout=10)
    caller.request("GET", "/health/live")
    assert caller.getresponse().status == 200
    caller.close()

    os.kill(site.one_child("worker@"), signal.SIGKILL)
    site.wait_for(r"^serve  \| worker was killed by SIGKILL; starting it again in 1 s")
    wait_until(lambda: site.children("worker@"), "the worker is back")
    before = descendants_of(site.process.pid)
    started = time.monotonic()
    code = site.end(signal.SIGINT)

    assert code == 0
    assert time.monotonic() - started < 15
    assert len(before) >= 4
    wait_until(lambda: not still_alive(before), "nobody is left")


def test_the_death_of_the_web_process_ends_everything(site: Site) -> None:
    before = descendants_of(site.process.pid)

    os.kill(site.one_child("gunicorn"), signal.SIGKILL)

    assert site.process.wait(PATIENCE_SECONDS) == 1
    site.reader.join(PATIENCE_SECONDS)
    assert "serve  | web was killed by SIGKILL; stopping everything\n" in site.lines
    wait_until(lambda: not still_alive(before), "nobody is left")


def test_serve_refuses_an_empty_database_in_words(tmp_path: Path) -> None:
    done = manage(embedded_environment(tmp_path), "serve", "--port", str(free_port()))

    assert done.returncode == 1
    assert "Run `python manage.py migrate` first." in done.stderr


def test_serve_refuses_a_taken_port_in_words(migrated: dict[str, str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = manage(migrated, "serve", "--port", str(port))

    assert done.returncode == 1
    assert f"Can't listen on 127.0.0.1:{port}: Address already in use." in done.stderr
    assert "--port" in done.stderr
