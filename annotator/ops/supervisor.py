"""Starts the site's processes together, keeps them going, and ends them together.

Each runs in a process group of its own, so that Ctrl+C reaches only the supervisor, which then ends
them in order: SIGTERM, after a while SIGQUIT, at last SIGKILL for the whole group. Should the
supervisor itself be killed, Linux tells them (PR_SET_PDEATHSIG).
"""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

POLL_SECONDS = 0.1
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0
# Who ran for this long has recovered: the next fall starts with the shortest pause again.
STEADY_SECONDS = 60.0
ASK_SILENCE_SECONDS = 2.0
PR_SET_PDEATHSIG = 1

LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Duty:
    """One process to keep going."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Running:
    """A duty's present process and how its falls have gone."""

    duty: Duty
    process: subprocess.Popen[str] | None = None
    started: float = 0.0
    pause: float = FIRST_PAUSE_SECONDS
    start_at: float = 0.0


def _die_with_parent() -> None:
    """In the child, before the program starts: a killed supervisor leaves no orphans."""
    if LIBC is not None:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def how_it_ended(code: int) -> str:
    """A return code in words."""
    if code < 0:
        return f"was killed by {signal.Signals(-code).name}"
    return f"ended with code {code}"


@dataclass
class Supervisor:
    """Runs `duties` until told to stop, and starts again who falls or falls silent.

    `say(name, line)` shows a line of a duty's output, or of our own under the name "serve".
    `silence()` gives for how many seconds a duty has shown no sign of life; {} where nobody knows.
    """

    duties: Sequence[Duty]
    say: Callable[[str, str], None]
    silence: Callable[[], Mapping[str, float]] = dict
    most_silent_seconds: float = 60.0
    ask_seconds: float = 8.0
    insist_seconds: float = 3.0
    stopping: threading.Event = field(default_factory=threading.Event)
    _ask_silence_at: float = 0.0

    def run(self, is_ready: Callable[[], bool], when_ready: Callable[[], None]) -> None:
        """Blocks until it is stopped."""
        running = [Running(duty) for duty in self.duties]
        announced = False
        try:
            while not self.stopping.is_set():
                self._check(running)
                if not announced and is_ready():
                    announced = True
                    when_ready()
                self.stopping.wait(POLL_SECONDS)
            self.say("serve", "stopping")
        finally:
            self._end([one for one in running if one.process is not None])

    def _check(self, running: Sequence[Running]) -> None:
        """Starts what is due, notes who fell, ends who is silent."""
        now = time.monotonic()
        self._end_silent(running, now)
        for one in running:
            if one.process is None:
                if now >= one.start_at:
                    self._start(one, now)
                continue
            code = one.process.poll()
            if code is not None:
                self._note_fall(one, code, now)

    def _end_silent(self, running: Sequence[Running], now: float) -> None:
        """Kills who has been silent for too long; it falls, and is started again."""
        if now < self._ask_silence_at:
            return
        self._ask_silence_at = now + ASK_SILENCE_SECONDS
        silence = self.silence()
        for one in running:
            silent = min(silence.get(one.duty.name, 0.0), now - one.started)
            if one.process is not None and silent > self.most_silent_seconds:
                self.say("serve", f"{one.duty.name} has been silent for {silent:.0f} s")
                _signal_group(one.process, signal.SIGKILL)

    def _start(self, one: Running, now: float) -> None:
        one.process = subprocess.Popen(
            one.duty.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
            preexec_fn=_die_with_parent,  # noqa: PLW1509
            env={**os.environ, "PYTHONUNBUFFERED": "1", **one.duty.env},
        )
        one.started = now
        threading.Thread(
            target=self._show, args=(one.duty.name, one.process), daemon=True, name=one.duty.name
        ).start()

    def _show(self, name: str, process: subprocess.Popen[str]) -> None:
        if process.stdout is None:
            return
        with process.stdout as lines:
            for line in lines:
                if line.strip():
                    self.say(name, line.rstrip("\n"))

    def _note_fall(self, one: Running, code: int, now: float) -> None:
        if one.process is not None:
            _signal_group(one.process, signal.SIGKILL)  # its children must not go on without it
        if now - one.started > STEADY_SECONDS:
            one.pause = FIRST_PAUSE_SECONDS
        self.say(
            "serve",
            f"{one.duty.name} {how_it_ended(code)}; starting it again in {one.pause:.0f} s",
        )
        one.process, one.start_at = None, now + one.pause
        one.pause = min(one.pause * 2, LONGEST_PAUSE_SECONDS)

    def _end(self, running: Sequence[Running]) -> None:
        processes = {one.duty.name: one.process for one in running if one.process}
        for sent, seconds in (
            (signal.SIGTERM, self.ask_seconds),
            (signal.SIGQUIT, self.insist_seconds),
            (signal.SIGKILL, self.insist_seconds),
        ):
            for process in processes.values():
                if process.poll() is None:
                    process.send_signal(sent)
            if _all_ended(processes.values(), seconds):
                break
        for process in processes.values():
            _signal_group(process, signal.SIGKILL)


def _all_ended(processes: Iterable[subprocess.Popen[str]], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    waiting = list(processes)
    while waiting and time.monotonic() < deadline:
        waiting = [process for process in waiting if process.poll() is None]
        time.sleep(0.02)
    return not waiting


def _signal_group(process: subprocess.Popen[str], number: signal.Signals) -> None:
    try:
        os.killpg(process.pid, number)
    except (ProcessLookupError, PermissionError):
        return
