"""Django's connection to PostgreSQL, which waits for an answer only as long as it is told to.

A server that takes what is sent and says nothing more (its machine stands still, a firewall drops
what comes back) is no broken connection: TCP is content, and libpq waits for ever. Whoever answers
people says how long (`within`); workers, whose statements may take minutes, say nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import psycopg
from django.db.backends.postgresql import base
from psycopg.errors import _WaitTimeout

# As long as making a connection may take (settings.POSTGRES_OPTIONS).
USABLE_SECONDS = 3.0

Value = TypeVar("Value")


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own; its connections give up on a silent server."""

    answer_seconds: float | None = None

    @contextmanager
    def within(self, seconds: float | None) -> Iterator[None]:
        """Each statement is answered in so many seconds, or the server is away. None: no limit.

        Raises OperationalError in the statement; the connection is gone then.
        """
        before, self.answer_seconds = self.answer_seconds, seconds
        try:
            yield
        finally:
            self.answer_seconds = before

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection that waits as long as this wrapper does."""
        made = super().get_new_connection(conn_params)
        wait = made.wait

        def bounded(generator: Any, **options: Any) -> Any:
            # psycopg limits the wait for a cancellation by itself.
            timeout = options.pop("timeout", None) or self.answer_seconds
            try:
                return wait(generator, timeout=timeout, **options)
            except _WaitTimeout as error:
                # What is still to come would be taken for the next statement's answer.
                made.pgconn.finish()
                raise psycopg.OperationalError(
                    f"the server has been silent for {timeout:g} s"
                ) from error

        made.wait = bounded
        return made

    def is_usable(self) -> bool:
        """Whether the server answers on this connection, and soon."""
        with self.within(USABLE_SECONDS):
            return bool(super().is_usable())
