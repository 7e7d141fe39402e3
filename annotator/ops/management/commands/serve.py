"""`python manage.py serve`: the site and its workers, started and ended together."""

import http.client
import json
import os
import signal
import socket
import sys
import threading
import time
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error, connection, connections
from django.db.migrations.executor import MigrationExecutor

from annotator.core import clock
from annotator.ops import heartbeat
from annotator.ops.supervisor import Duty, Supervisor

DEFAULT_PORT = 8000
ASK_EVERY_SECONDS = 1.0
# The worker's first sign of life takes some seconds; only what lasts is worth a line.
SAY_AFTER_SECONDS = 30.0
CELERY = ("-m", "celery", "-A", "annotator.config.celery:app")


def web(host: str, port: int) -> Duty:
    """Two processes of eight threads: the fastest for views that wait for a database."""
    shown = f"[{host}]" if ":" in host else host
    command = (
        sys.executable, "-m", "gunicorn", "annotator.config.wsgi:application",
        "--bind", f"{shown}:{port}", "--workers", "2", "--threads", "8",
        "--worker-class", "annotator.ops.gunicorn_worker.WholeRequests",
        "--timeout", "120", "--graceful-timeout", "4", "--keep-alive", "10",
        "--log-level", "warning", "--no-control-socket",
    )  # fmt: skip
    return Duty("web", command)


def celery_worker(name: str, *options: str) -> Duty:
    quick_start = ("--without-gossip", "--without-mingle", "--without-heartbeat")
    command = (
        sys.executable, *CELERY, "--quiet", "worker", "--hostname", f"{name}@%h",
        "--loglevel", "WARNING", *quick_start, *options,
    )  # fmt: skip
    # It warns of root at length; in a container that is who we are.
    return Duty(name, command, env={"PYTHONWARNINGS": "ignore::UserWarning:celery.platforms"})


def duties(host: str, port: int) -> list[Duty]:
    """The site's processes: long measurements keep nobody's upload or export waiting.

    The reward service is one of them where it has a token.
    """
    rewards = Duty("rewards", (sys.executable, "manage.py", "rewards", "--host", host))
    return [
        web(host, port),
        Duty("beat", (sys.executable, "manage.py", "beat")),
        celery_worker("worker", "-Q", "jobs", "--concurrency", "2"),
        celery_worker("scorer", "-Q", "measure,measure_gpu", "--concurrency", "1"),
        *([rewards] if settings.REWARD_TOKEN else []),
    ]


def refuse_unless_migrated() -> None:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    connections.close_all()
    if missing:
        raise CommandError(
            f"The database lacks {len(missing)} migrations. Run `python manage.py migrate` first."
        )


def refuse_taken(host: str, port: int) -> None:
    """Says it in words before gunicorn tries five times."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"Can't listen on {host}:{port}: {error.strerror}. "
                "Choose another with --port (make: PORT=8001)."
            ) from error


def _own_name() -> str:
    """A host name that the site answers to."""
    first = next(iter(settings.ALLOWED_HOSTS), "localhost")
    return "localhost" if first == "*" else first.lstrip(".")


def silence() -> dict[str, float]:
    """For how long each process has been silent; {} where the database can't say."""
    try:
        return heartbeat.silence(clock.now(), socket.gethostname())
    except Error:
        return {}
    finally:
        connections.close_all()


class Readiness:
    """Whether the site can do its work, asked of its own health page once a second.

    `say` is told what is wanting when that is still so after a while, and when it changes.
    """

    def __init__(self, host: str, port: int, say: Callable[[str], None]) -> None:
        self.address = ({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port)  # noqa: S104
        self.say = say
        self.next_at = 0.0
        self.say_from = time.monotonic() + SAY_AFTER_SECONDS
        self.last_reported: list[str] = []

    def __call__(self) -> bool:
        now = time.monotonic()
        if now < self.next_at:
            return False
        wanting = self._wanting()
        self.next_at = time.monotonic() + ASK_EVERY_SECONDS
        if wanting and wanting != self.last_reported and now >= self.say_from:
            self.last_reported = wanting
            self.say("not ready yet: " + " ".join(wanting))
        return wanting == []

    def _wanting(self) -> list[str] | None:
        """What the health page finds wanting; None while it does not answer."""
        caller = http.client.HTTPConnection(*self.address, timeout=10)
        try:
            caller.request("GET", "/health/ready", headers={"Host": _own_name()})
            checks = json.loads(caller.getresponse().read())["checks"]
        except (OSError, http.client.HTTPException, ValueError, KeyError):
            return None
        finally:
            caller.close()
        return [check["message"] for check in checks if not check["ok"]]


class Command(BaseCommand):
    help = "Serves the site with its workers on this machine; Ctrl+C ends all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        default = int(os.environ.get("PORT", DEFAULT_PORT))
        parser.add_argument("--port", type=int, default=default, help="default: PORT, else 8000")
        parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0 for the whole network")

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        if not (settings.FRONTEND_DIST / "index.html").is_file():
            raise CommandError("The front end is not built. Run `make setup` first.")
        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
        refuse_unless_migrated()
        refuse_taken(host, port)
        writing = threading.Lock()

        def say(name: str, line: str) -> None:
            with writing:
                self.stdout.write(f"{name:<6} | {line}")
                self.stdout.flush()

        supervisor = Supervisor(duties(host, port), say, silence)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: supervisor.stopping.set())
        supervisor.run(
            is_ready=Readiness(host, port, lambda line: say("serve", line)),
            when_ready=lambda: say("serve", f"ready: http://{host}:{port}  (Ctrl+C stops it)"),
        )
