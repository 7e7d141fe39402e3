"""A whole site to do harm to: `serve`, and a cable to it, to PostgreSQL and to Redis."""

import contextlib
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass

import psutil
from redis import Redis
from servers import postgres, redis

from tests.cables import Cable
from tests.faults.ground import Ground
from tests.sites import Site, free_port, manage
from tests.waiting import until


@dataclass
class Stage:
    """The site's processes, and the cables that lead to them."""

    site: Site
    database: postgres.Private
    broker: redis.Private
    to_web: Cable
    to_database: Cable
    to_broker: Cable

    def web_processes(self) -> list[int]:
        """The children of the web's master: they answer."""
        return _children(self.site.one_child("gunicorn"))

    def worker_processes(self) -> list[int]:
        """The children of the worker for uploads and exports."""
        return _children(self.worker())

    def worker(self) -> int:
        """The worker's main process."""
        return self.site.one_child("worker@")

    def restart_broker(self) -> None:
        """Kills Redis; another, empty one takes its port."""
        assert self.broker.process is not None
        self.broker.process.kill()
        self.broker.process.wait()
        self.broker.start()

    def empty_broker(self) -> None:
        """FLUSHALL."""
        with Redis("127.0.0.1", self.broker.port) as client:
            client.flushall()


def _children(pid: int) -> list[int]:
    return [child.pid for child in psutil.Process(pid).children()]


@contextlib.contextmanager
def stage(on: Ground) -> Iterator[Stage]:
    """The site runs and is ready; at the end it is gone."""
    to_database = Cable(("127.0.0.1", on.database.port))
    to_broker = Cable(("127.0.0.1", on.broker.port))
    env = dict(os.environ)
    migrated = manage(env, "migrate", "--verbosity", "0")
    assert migrated.returncode == 0, migrated.stderr
    own, by_cable = f":{on.database.port}/", f":{to_database.port}/"
    env["DATABASE_URL"] = env["DATABASE_URL"].replace(own, by_cable)
    env["REDIS_URL"] = f"redis://127.0.0.1:{to_broker.port}/0"
    site = Site(env, free_port())
    try:
        site.wait_for(r"ready: http")
        to_web = Cable(("127.0.0.1", site.port))
        yield Stage(site, on.database, on.broker, to_web, to_database, to_broker)
    finally:
        site.end(signal.SIGTERM)


def kill(pid: int) -> None:
    """SIGKILL; it is dead when this returns."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    until(lambda: not psutil.pid_exists(pid) or _is_zombie(pid), "it is dead")


def _is_zombie(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
