"""A real Celery worker process that a test starts, kills and starts again."""

import os
import signal
import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psutil
import redis
from django.conf import settings
from django.db import connection

from tests.commands import of_any_site


def database_of_the_test() -> str:
    """DATABASE_URL with the name of the test's own database."""
    parts = urlsplit(settings.DATABASE_URL)
    return urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}"))


@dataclass
class Worker:
    """One worker and a beat, over Redis or the broker made of files, on the test's rows.

    Leases are short, so that what a killed one leaves is soon taken over. `env`: settings of its
    own beside the test's.
    """

    folder: Path
    broker: str = "redis"
    concurrency: int = 1
    app: str = "annotator.config.celery:app"
    process: psutil.Process | None = None
    beat: psutil.Process | None = None
    prefix: str = field(default_factory=lambda: f"test-{uuid.uuid4().hex}-")
    env: Mapping[str, str] = field(default_factory=dict)

    def start(self) -> "Worker":
        """Starts it; returns at once."""
        self.folder.mkdir(parents=True, exist_ok=True)
        env = {
            **os.environ,
            "DATABASE_URL": database_of_the_test(),
            "REDIS_URL": settings.REDIS_URL if self.broker == "redis" else "",
            "REDIS_PREFIX": self.prefix,
            "TRIPTYCH_DATA": str(self.folder / "data"),
            "MEDIA_ROOT": str(settings.MEDIA_ROOT),
            "UPLOAD_ROOT": str(settings.UPLOAD_ROOT),
            "EXPORT_ROOT": str(settings.EXPORT_ROOT),
            "WEIGHTS_ROOT": str(settings.WEIGHTS_ROOT),
            "REWARD_HEADS_ROOT": str(settings.REWARD_HEADS_ROOT),
            "SWEEP_SECONDS": "0.5",
            "JOB_LEASE_SECONDS": "4",
            "ENQUEUE_AGAIN_SECONDS": "2",
            "C_FORCE_ROOT": "1",
            **self.env,
        }
        worker = [
            "celery", "-A", self.app, "worker", "-Q", "jobs,measure,measure_gpu",
            "--concurrency", str(self.concurrency),
            "--loglevel", "INFO", "--without-mingle", "--without-gossip",
        ]  # fmt: skip
        self.process, self.beat = (
            of_any_site().begin(*each, env=env, log=self.folder / "worker.log")
            for each in (worker, ["beat"])
        )
        return self

    @property
    def children(self) -> list[int]:
        """The processes that do the work."""
        assert self.process is not None
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in path.read_text().split()]

    def kill(self) -> None:
        """SIGKILL for both with all their children: what a power cut does."""
        for process in (self.process, self.beat):
            if process is not None:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.process = self.beat = None

    def stop(self) -> None:
        """Ends it and removes what it left at the broker."""
        if self.process is not None:
            self.process.terminate()
            with suppress(psutil.TimeoutExpired):
                self.process.wait(10)
        self.kill()
        if self.broker == "redis":
            with redis.Redis.from_url(settings.REDIS_URL) as client:
                for key in client.scan_iter(f"{self.prefix}*"):
                    client.delete(key)

    @property
    def log(self) -> str:
        """What it has said."""
        return (self.folder / "worker.log").read_text(errors="replace")
