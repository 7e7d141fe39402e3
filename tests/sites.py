"""A running site: `manage.py serve` as a process of its own, and what it has printed."""

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil

from annotator.ops.management.commands import serve
from tests.commands import of_any_site
from tests.waiting import HANG_SECONDS, until

ROOT = Path(__file__).resolve().parents[1]


def embedded_environment(data: Path) -> dict[str, str]:
    """The environment of a machine where nothing is set."""
    set_for_tests = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "ALLOWED_HOSTS", "PORT"}
    left = {name: value for name, value in os.environ.items() if name not in set_for_tests}
    return {**left, "TRIPTYCH_DATA": str(data), "PYTHONUNBUFFERED": "1"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def manage(
    env: dict[str, str], *arguments: str, given: str = "", of: Path = ROOT
) -> subprocess.CompletedProcess[str]:
    """Runs the `manage.py` of a checkout; `given` is its standard input."""
    if of == ROOT:
        return of_any_site().run(*arguments, given=given, env=env)
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=of, env=env, input=given, capture_output=True, text=True,
        timeout=HANG_SECONDS, check=False,
    )  # fmt: skip


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
        """The first line that matches, as soon as it is said."""
        until(lambda: self.said(pattern) or self.process.poll() is not None, f"it says {pattern}")
        line = self.said(pattern)
        assert line, f"never said {pattern!r}; it said:\n{''.join(self.lines)}"
        return line

    def said(self, pattern: str) -> str:
        return next((line for line in list(self.lines) if re.search(pattern, line)), "")

    def children(self, word: str) -> list[int]:
        """The ids of the processes of `serve` whose command line holds `word`."""
        found = psutil.Process(self.process.pid).children()
        return [child.pid for child in found if word in _command_of(child)]

    def one_child(self, word: str) -> int:
        (pid,) = self.children(word)
        return pid

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        code = self.process.wait(HANG_SECONDS)
        self.reader.join(HANG_SECONDS)
        return code


def _command_of(process: psutil.Process) -> str:
    """Its command line; "" for one that has ended meanwhile."""
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


class Web:
    """The web process of `serve` alone, with these settings, of a checkout."""

    def __init__(self, env: dict[str, str], port: int | None = None, *, of: Path = ROOT) -> None:
        self.port = port or free_port()
        command = serve.web("127.0.0.1", self.port).command
        self.env = {**os.environ, **env}
        self.process = subprocess.Popen(command, cwd=of, env=self.env)

    def __enter__(self) -> "Web":
        until(self.answers, "the site answers")
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def ask(
        self, path: str, token: str = "", *, method: str = "GET", session: str = ""
    ) -> tuple[int, str, str]:
        """(status, code, Retry-After)."""
        caller = http.client.HTTPConnection("127.0.0.1", self.port, timeout=HANG_SECONDS)
        with contextlib.closing(caller):
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            headers |= {"Cookie": f"sessionid={session}"} if session else {}
            caller.request(method, path, headers=headers)
            answer = caller.getresponse()
            body = answer.read()
        code = json.loads(body).get("code", "") if answer.status >= 400 else ""
        return answer.status, code, answer.getheader("Retry-After", "")

    def answers(self) -> bool:
        with contextlib.suppress(OSError):
            return self.ask("/health/live")[0] == 200
        return False

    def ask_many(
        self, path: str, token: str, count: int, *, method: str = "GET", session: str = ""
    ) -> set[tuple[int, str, str]]:
        """The different answers to so many requests at once, so that all processes give some."""

        def one(_: int) -> tuple[int, str, str]:
            return self.ask(path, token, method=method, session=session)

        with ThreadPoolExecutor(count) as threads:
            return set(threads.map(one, range(count)))

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(HANG_SECONDS)
