"""`manage.py` without seconds of imports each time: one process imports all and forks for each."""

import functools
import importlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any, NoReturn, TextIO

import psutil

ROOT = Path(__file__).resolve().parents[1]
SETTINGS = {"DJANGO_SETTINGS_MODULE": "annotator.config.settings"}
# What takes long to import and asks for no settings.
LIBRARIES = (
    "authlib", "boto3", "celery.app.base", "celery.bin.celery", "celery.concurrency.prefork",
    "cryptography.x509", "django.core.management",
    "django.core.management.commands.migrate", "django.db.backends.postgresql.base",
    "django.db.backends.sqlite3.base", "django.db.models", "django.forms",
    "kombu.transport.filesystem", "kombu.transport.redis", "numpy",
    "PIL.Image", "psycopg", "pyarrow", "redis", "rich", "scipy.optimize", "scipy.stats", "yaml",
)  # fmt: skip


class Commands:
    """The `manage.py` of a site with these settings; without any, of one that each run names."""

    def __init__(self, env: Mapping[str, str] | None = None) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.commands", *(["ready"] if env else [])],
            cwd=ROOT, env=env and {**env, **SETTINGS},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def run(
        self, *arguments: str, given: str = "", env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """As `manage.py` with these arguments; `given` is its standard input."""
        code, said, complained = self._ask(arguments, given, env, None)
        return subprocess.CompletedProcess(arguments, code, said, complained)

    def begin(self, *arguments: str, env: Mapping[str, str], log: Path) -> psutil.Process:
        """Begins it, or `celery …`, in a session of its own; what it says is added to `log`."""
        return psutil.Process(self._ask(arguments, "", env, str(log)))

    def _ask(
        self, arguments: Sequence[str], given: str, env: Mapping[str, str] | None, log: str | None
    ) -> Any:
        to, back = self._ends
        to.write(json.dumps([arguments, given, env and {**SETTINGS, **env}, log]) + "\n")
        to.flush()
        return json.loads(back.readline())

    def end(self) -> None:
        for end in self._ends:
            end.close()
        self.process.wait()

    @property
    def _ends(self) -> tuple[IO[str], IO[str]]:
        assert self.process.stdin
        assert self.process.stdout
        return self.process.stdin, self.process.stdout


@functools.cache
def of_any_site() -> Commands:
    """One process for all sites of this run; it ends with it."""
    return Commands()


def main(asked: TextIO, answers: TextIO) -> None:
    """Runs what it is asked for, a JSON line each, until there is nothing more to read."""
    for library in LIBRARIES:
        importlib.import_module(library)
    if "ready" in sys.argv:
        _get_ready()
    begun: set[int] = set()
    signal.signal(signal.SIGCHLD, lambda *_: _reap(begun))
    for line in asked:
        arguments, given, env, log = json.loads(line)
        if log is None:
            answer: object = _in_a_child(arguments, given, env)
        else:
            begun.add(answer := _begun(arguments, env, log))
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def _reap(begun: set[int]) -> None:
    """Nobody waits for those: without this they would stay as zombies."""
    for pid in [*begun]:
        if os.waitpid(pid, os.WNOHANG)[0]:
            begun.discard(pid)


def _get_ready() -> None:
    """Imports what asks for settings too."""
    import django  # noqa: PLC0415 - in the new process alone
    from django.core.management import get_commands, load_command_class  # noqa: PLC0415

    django.setup()
    for name, app in get_commands().items():
        if app.startswith("annotator"):
            load_command_class(app, name)


def _in_a_child(
    arguments: Sequence[str], given: str, env: Mapping[str, str] | None
) -> tuple[int, str, str]:
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as said, \
            tempfile.TemporaryFile() as complained:  # fmt: skip
        source.write(given.encode())
        source.seek(0)
        child = os.fork()
        if not child:
            _become(arguments, env, source, said, complained)
        _, status = os.waitpid(child, 0)
        said.seek(0)
        complained.seek(0)
        return (
            os.waitstatus_to_exitcode(status),
            said.read().decode(),
            complained.read().decode(),
        )


def _begun(arguments: Sequence[str], env: Mapping[str, str], log: str) -> int:
    with open(os.devnull, "rb") as nothing, open(log, "ab") as said:
        child = os.fork()
        if not child:
            os.setsid()
            _become(arguments, env, nothing, said, said)
    return child


def _become(arguments: Sequence[str], env: Mapping[str, str] | None, *ends: IO[bytes]) -> NoReturn:
    """In a new process: runs it with these standard streams, and ends."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for number, file in enumerate(ends):
        os.dup2(file.fileno(), number)
    sys.stdin = open(0)  # noqa: SIM115 - ends with the process
    if env is not None:
        os.environ.clear()
        os.environ.update(env)
    os._exit(_code(arguments))


def _code(arguments: Sequence[str]) -> int:
    """Runs it; its exit status."""
    from celery.bin.celery import main as celery  # noqa: PLC0415
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    try:
        if arguments[0] == "celery":
            sys.argv = [*arguments]
            celery()
        else:
            execute_from_command_line(["manage.py", *arguments])
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 - nothing may go on beyond the fork
        traceback.print_exc()
        return 1
    else:
        return 0
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


if __name__ == "__main__":
    main(sys.stdin, sys.stdout)
