"""One instant of the database, looked at for as long as it takes."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def snapshot() -> Iterator[None]:
    """Inside, every query of this thread sees the database as the first one saw it.

    PostgreSQL: one read-only REPEATABLE READ transaction. SQLite: one deferred transaction, which
    in WAL mode reads a snapshot and blocks no writer (Django's own would be IMMEDIATE: a lock on
    the whole site). Nothing may be written inside: progress goes through another connection.
    Raises RuntimeError inside a transaction, whose snapshot would be older.
    """
    if connection.vendor == "sqlite":
        with _deferred():
            yield
        return
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


@contextmanager
def _deferred() -> Iterator[None]:
    if connection.in_atomic_block:
        raise RuntimeError("a snapshot can't be taken inside a transaction")
    with connection.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")
