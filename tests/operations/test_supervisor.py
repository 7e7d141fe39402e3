"""The supervisor of `manage.py serve`, with small processes of our own instead of the site's."""

import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import psutil
import pytest

from annotator.ops.supervisor import Duty, Supervisor
from tests.waiting import HANG_SECONDS, until


def python(program: str) -> tuple[str, str, str]:
    return (sys.executable, "-c", program)


def is_alive(pid: int) -> bool:
    """A zombie that nobody has waited for yet counts as dead."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


class Session:
    """A supervisor running in a thread, and its lines."""

    def __init__(self, *duties: Duty, silence: Callable[[], dict[str, float]] = dict) -> None:
        self.lines: list[str] = []
        self.ready = False
        self.supervisor = Supervisor(
            duties, self.hear, silence, most_silent_seconds=1, ask_seconds=2, insist_seconds=0.5
        )
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def hear(self, name: str, line: str) -> None:
        self.lines.append(f"{name}: {line}")

    def run(self) -> None:
        self.supervisor.run(is_ready=lambda: True, when_ready=self.be_ready)

    def be_ready(self) -> None:
        self.ready = True

    def pids(self, name: str) -> list[int]:
        """The process ids that a duty has printed."""
        start = f"{name}: "
        return [int(line[len(start) :]) for line in self.lines if line.startswith(start)]

    def stop(self) -> None:
        self.supervisor.stopping.set()
        self.thread.join(HANG_SECONDS)
        assert not self.thread.is_alive()


Start = Callable[..., Session]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts sessions, and stops those that a failed test left running."""
    sessions: list[Session] = []

    def start_one(*duties: Duty, **options: Any) -> Session:
        sessions.append(Session(*duties, **options))
        return sessions[-1]

    yield start_one
    for session in sessions:
        session.stop()


SLEEPER = python("import os, time; print(os.getpid()); time.sleep(600)")
# Ignores SIGTERM and has a child that ignores it as well.
STUBBORN = python(
    "import os, signal, time\n"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "signal.signal(signal.SIGQUIT, signal.SIG_IGN)\n"
    "os.fork()\n"
    "os.write(1, f'{os.getpid()}\\n'.encode())\n"  # in one piece: two processes write
    "time.sleep(600)"
)


def test_stopping_ends_every_process(start: Start) -> None:
    session = start(Duty("web", SLEEPER), Duty("worker", SLEEPER))
    until(lambda: session.pids("web") and session.pids("worker"), "both started")

    session.stop()

    assert session.ready
    assert not [pid for pid in session.pids("web") + session.pids("worker") if is_alive(pid)]


def test_a_killed_worker_is_started_again_and_said_in_words(start: Start) -> None:
    session = start(Duty("worker", SLEEPER))
    until(lambda: session.pids("worker"), "the worker started")

    os.kill(session.pids("worker")[0], signal.SIGKILL)
    until(lambda: len(session.pids("worker")) == 2, "the worker started again")
    session.stop()

    assert "serve: worker was killed by SIGKILL; starting it again in 1 s" in session.lines


def test_a_worker_that_keeps_falling_is_started_ever_more_slowly(start: Start) -> None:
    session = start(Duty("worker", python("raise SystemExit(7)")))
    until(lambda: len(session.lines) >= 2, "it fell twice")
    session.stop()

    assert session.lines[:2] == [
        "serve: worker ended with code 7; starting it again in 1 s",
        "serve: worker ended with code 7; starting it again in 2 s",
    ]


def test_who_falls_silent_is_ended_and_started_again(start: Start) -> None:
    silence = {"worker": 1000.0, "web": 0.5}
    session = start(Duty("worker", SLEEPER), Duty("web", SLEEPER), silence=lambda: silence)
    until(lambda: len(session.pids("worker")) == 2, "the worker started again")
    session.stop()

    # Before its own process had lived for a second it could not have been silent for one.
    said = [line for line in session.lines if line.startswith("serve: worker")]
    assert re.fullmatch(r"serve: worker has been silent for \d+ s", said[0])
    assert said[1] == "serve: worker was killed by SIGKILL; starting it again in 1 s"
    assert len(session.pids("web")) == 1


def test_a_process_that_will_not_end_is_killed_with_its_children(start: Start) -> None:
    session = start(Duty("worker", STUBBORN))
    until(lambda: len(session.pids("worker")) == 2, "the worker and its child started")

    session.stop()

    until(lambda: not [pid for pid in session.pids("worker") if is_alive(pid)], "both are gone")
