"""What processes cost: CPU seconds of the site's web process and of the database's backends."""

from collections.abc import Iterable
from dataclasses import dataclass

import psutil
from django.db import connection

from bench.beside import cpu_of


@dataclass(frozen=True, slots=True)
class Spent:
    """CPU seconds so far; `database` is of this database's connections alone."""

    web: float = 0.0
    database: float = 0.0

    def __add__(self, other: "Spent") -> "Spent":
        return Spent(self.web + other.web, self.database + other.database)

    def since(self, before: "Spent") -> "Spent":
        return Spent(self.web - before.web, self.database - before.database)


def spent(web: int) -> Spent:
    """By the web's master process with its workers, and by PostgreSQL for them, until now."""
    master = psutil.Process(web)
    workers = [master, *master.children(recursive=True)]
    return Spent(seconds(process.pid for process in workers), seconds(backends()))


def backends() -> list[int]:
    """The processes that serve the others' connections to this database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() "
            "AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        return [pid for (pid,) in cursor.fetchall()]


def seconds(pids: Iterable[int]) -> float:
    """CPU seconds of all of them until now."""
    return sum(map(cpu_of, pids))
