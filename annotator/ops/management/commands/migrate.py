"""`python manage.py migrate`: Django's own, one at a time, giving way to people at work.

A change of a table waits until nobody reads it, and whoever comes later waits behind it. So it
waits LOCK_MILLISECONDS at most, then lets everybody pass and tries again. That is less than
PostgreSQL's deadlock_timeout (a second): of two who wait for each other it is never a person's
request that is refused.
"""

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Any

from django.core.management.commands import migrate
from django.db import OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from psycopg import errors

# Any number, the same for whoever migrates; PostgreSQL keeps it apart by database.
LOCK = 2_026_071_101
ASK_AGAIN_SECONDS = 0.5
LOCK_MILLISECONDS = 300
SAY_AGAIN_SECONDS = 30.0


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        """Waits for another migrate to end, then does what it has left to do."""
        connection = connections[options["database"]]
        with self._alone(options["database"]):
            told_at = 0.0
            with _short_waits(connection):
                while not self._done(*args, **options):
                    if time.monotonic() - told_at > SAY_AGAIN_SECONDS:
                        told_at = time.monotonic()
                        self.stdout.write(
                            " gives way: a table is in use; trying again until it is free"
                            " for a moment."
                        )
                    time.sleep(ASK_AGAIN_SECONDS)

    def _done(self, *args: Any, **options: Any) -> bool:
        """Whether everything could be done; if not, what is done is noted, and the rest is left."""
        try:
            super().handle(*args, **options)
        except OperationalError as error:
            if isinstance(error.__cause__, (errors.LockNotAvailable, errors.DeadlockDetected)):
                return False
            raise
        return True

    @contextmanager
    def _alone(self, alias: str) -> Iterator[None]:
        """Holds a lock that ends with this process, however that ends."""
        if connections[alias].vendor == "sqlite":
            with open(f"{connections[alias].settings_dict['NAME']}.migrate", "w") as beside:
                self._take_turns(lambda: _locked(beside))
                yield
            return
        # On a connection of its own: the lock ends with it.
        own = connections[alias].copy()
        try:
            with own.cursor() as cursor:
                self._take_turns(lambda: _locked_by(cursor))
            yield
        finally:
            own.close()

    def _take_turns(self, take: Callable[[], bool]) -> None:
        """Asks again and again: waiting in a query would block CREATE INDEX CONCURRENTLY."""
        waiting = False
        while not take():
            if not waiting:
                waiting = True
                self.stdout.write("Another migrate is running on this database; waiting for it.")
            time.sleep(ASK_AGAIN_SECONDS)


@contextmanager
def _short_waits(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Waits LOCK_MILLISECONDS for a table; whoever has the connection next, as long as ever."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = {LOCK_MILLISECONDS}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")


def _locked(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _locked_by(cursor: CursorWrapper) -> bool:
    cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
    return bool(cursor.fetchone()[0])
