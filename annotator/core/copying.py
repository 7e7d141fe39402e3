"""Many new rows at once, by what the database takes them fastest with.

Values go there as they are: texts, numbers, ids, instants and None, of the columns that are named;
objects into columns of JSON.
"""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from django.db import connection, models, transaction
from psycopg.types.json import Jsonb

AT_ONCE = 2000

Table = type[models.Model]
Rows = Iterable[Sequence[Any]]


def columns_of(model: Table) -> tuple[str, ...]:
    """All of a table's columns, by the names that rows have them under."""
    return tuple(field.attname for field in model._meta.concrete_fields)


def add(model: Table, columns: Sequence[str], rows: Rows) -> None:
    """Adds rows: PostgreSQL's COPY costs a third of INSERTs; other databases take INSERTs."""
    if connection.vendor == "postgresql":
        _copy(_quoted(model._meta.db_table), _names(model, columns), _adapted(model, columns, rows))
    else:
        _insert(model, columns, rows, ignore_conflicts=False)


@transaction.atomic
def add_missing(model: Table, columns: Sequence[str], rows: Rows) -> None:
    """The same, passing over those that the table's constraints would refuse as there already."""
    if connection.vendor != "postgresql":
        _insert(model, columns, rows, ignore_conflicts=True)
        return
    table, names = _quoted(model._meta.db_table), _names(model, columns)
    with connection.cursor() as cursor:
        # Names are those of our models.
        cursor.execute(f"CREATE TEMPORARY TABLE incoming AS SELECT {names} FROM {table} LIMIT 0")  # noqa: S608
        _copy("incoming", names, _adapted(model, columns, rows))
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT * FROM incoming ON CONFLICT DO NOTHING"  # noqa: S608
        )
        cursor.execute("DROP TABLE incoming")


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _names(model: Table, columns: Sequence[str]) -> str:
    named = {field.attname: str(field.column) for field in model._meta.concrete_fields}
    return ", ".join(_quoted(named[name]) for name in columns)


def _adapted(model: Table, columns: Sequence[str], rows: Rows) -> Rows:
    """The rows with their JSON as the driver takes it; as they are where there is none."""
    kinds = {field.attname: field for field in model._meta.concrete_fields}
    places = [i for i, name in enumerate(columns) if isinstance(kinds[name], models.JSONField)]
    return (_with_json(row, places) for row in rows) if places else rows


def _with_json(row: Sequence[Any], places: Sequence[int]) -> Sequence[Any]:
    adapted = list(row)
    for place in places:
        adapted[place] = Jsonb(adapted[place])
    return adapted


def _copy(table: str, names: str, rows: Rows) -> None:
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({names}) FROM STDIN") as out,
    ):
        for row in rows:
            out.write_row(row)


def _insert(model: Table, columns: Sequence[str], rows: Rows, *, ignore_conflicts: bool) -> None:
    waiting = (model(**dict(zip(columns, row, strict=True))) for row in rows)
    while some := list(islice(waiting, AT_ONCE)):
        model._default_manager.bulk_create(some, ignore_conflicts=ignore_conflicts)
