"""Reading all rows of a large query, a few thousand at a time."""

from collections.abc import Iterator
from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.models import QuerySet

Row = TypeVar("Row")

FETCHED = 10_000
# PostgreSQL plans a cursor for its first tenth of the rows: an index look-up for each of a hundred
# thousand. All are read here, so hashing whole tables is several times faster.
_PLANNED = (
    "SELECT set_config('cursor_tuple_fraction', '1', true), set_config('work_mem', '64MB', true)"
)


def every_row(rows: QuerySet[Any, Row]) -> Iterator[Row]:
    """Each row; no more than ``FETCHED`` are in memory. To be read to the end."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(_PLANNED)
        yield from rows.iterator(chunk_size=FETCHED)
