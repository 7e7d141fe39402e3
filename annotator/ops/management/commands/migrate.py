"""`python manage.py migrate`: Django's own, one at a time on a PostgreSQL database."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.commands import migrate
from django.db import connections

# Any number, the same for whoever migrates; PostgreSQL keeps it apart by database.
LOCK = 2_026_071_101
ASK_AGAIN_SECONDS = 0.5


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        """Waits for another migrate to end, then does what it has left to do."""
        with self._alone(options["database"]):
            super().handle(*args, **options)

    @contextmanager
    def _alone(self, alias: str) -> Iterator[None]:
        if connections[alias].vendor != "postgresql":
            yield
            return
        # On a connection of its own: the lock ends with it, however this process ends.
        own = connections[alias].copy()
        try:
            with own.cursor() as cursor:
                self._take_turns(cursor)
            yield
        finally:
            own.close()

    def _take_turns(self, cursor: Any) -> None:
        """Asks again and again: waiting in a query would block CREATE INDEX CONCURRENTLY."""
        waiting = False
        while True:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
            if cursor.fetchone()[0]:
                return
            if not waiting:
                waiting = True
                self.stdout.write("Another migrate is running on this database; waiting for it.")
            time.sleep(ASK_AGAIN_SECONDS)
