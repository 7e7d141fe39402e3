"""Statements of the paths that every answer takes: written in SQL, prepared by PostgreSQL.

The ORM builds its SQL anew for every call, which costs a process five times what sending it does,
and PostgreSQL plans it anew. Where a request is made hundreds of times a second a statement is
written out instead, once, for both databases. Everywhere else the ORM is clearer.
"""

import re
import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache, lru_cache
from itertools import chain
from typing import Any, TypeVar, cast

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

Row = TypeVar("Row", bound=models.Model)

# A statement takes some 65,000 values.
AT_ONCE = 1000
# SQLite has one writer at a time (IMMEDIATE), so there is nothing to lock.
LOCKS = re.compile(r"\bFOR (NO KEY )?UPDATE( OF \w+)?( SKIP LOCKED)?")


class Statement:
    """One statement with parameters like %(item)s; what stands in {braces} is put in once."""

    def __init__(self, sql: str, **named: str) -> None:
        self.sql = " ".join(sql.format_map(named).split())
        self.without_locks = LOCKS.sub("", self.sql)

    def rows(self, **given: Any) -> list[tuple[Any, ...]]:
        """What it finds or returns."""
        with self._executed(given) as cursor:
            found: list[tuple[Any, ...]] = cursor.fetchall()
            return found

    def row(self, **given: Any) -> tuple[Any, ...] | None:
        """The first of them, if any."""
        return next(iter(self.rows(**given)), None)

    def touch(self, **given: Any) -> int:
        """How many rows it has changed."""
        with self._executed(given) as cursor:
            touched: int = cursor.rowcount
            return touched

    def _executed(self, given: dict[str, Any]) -> Any:
        database = connections[DEFAULT_DB_ALIAS]
        if database.vendor == "postgresql":
            return _executed(database, self.sql, given)
        values = {name: _for_sqlite(database, value) for name, value in given.items()}
        return _executed(database, self.without_locks, values)


def _executed(database: BaseDatabaseWrapper, sql: str, values: Any) -> Any:
    """Django's cursor with its results; on PostgreSQL one that sends the values apart, so that the
    plan is kept.
    """
    if database.vendor == "postgresql":
        database.close_if_health_check_failed()
        database.ensure_connection()
        wrap = database.make_debug_cursor if database.queries_logged else database.make_cursor
        cursor = wrap(cast(Any, _Preparing(database.connection)))
    else:
        cursor = database.cursor()
    cursor.execute(sql, values)
    return cursor


class _Preparing(psycopg.Cursor[Any]):
    """Shows a debugger what it has sent, also of a prepared statement."""

    def _send_query_prepared(self, name: bytes, pgq: Any, **options: Any) -> None:
        self._query = pgq
        super()._send_query_prepared(name, pgq, **options)


def _for_sqlite(database: BaseDatabaseWrapper, value: Any) -> Any:
    """The value as SQLite's columns hold it; psycopg knows our types itself."""
    if isinstance(value, uuid.UUID):
        return value.hex
    if isinstance(value, datetime):
        return database.ops.adapt_datetimefield_value(value)
    return value


def columns(model: type[models.Model], alias: str = "") -> str:
    """The model's columns in the order in which `instance` takes them."""
    of = f"{alias}." if alias else ""
    return ", ".join(of + str(field.column) for field in model._meta.concrete_fields)


def instance(model: type[Row], values: Sequence[Any]) -> Row:
    """The row of a model, of its `columns`."""
    database = connections[DEFAULT_DB_ALIAS]
    names, readers = _reading(model, database.vendor)
    read = list(values)
    for place, converters, expression in readers:
        for convert in converters:
            read[place] = convert(read[place], expression, database)
    return model.from_db(DEFAULT_DB_ALIAS, names, read)


def instances(values: Sequence[Any], *kinds: type[models.Model]) -> list[Any]:
    """The rows of several models, of their `columns` one after the other."""
    made, start = [], 0
    for model in kinds:
        end = start + len(model._meta.concrete_fields)
        made.append(instance(model, values[start:end]))
        start = end
    return made


@cache
def _reading(
    model: type[models.Model], vendor: str
) -> tuple[list[str], list[tuple[int, list[Any], Any]]]:
    """Its columns' names; and of those that this database does not give as Python has them, what
    makes them so.
    """
    database = connections[DEFAULT_DB_ALIAS]
    fields = model._meta.concrete_fields
    readers = []
    for place, field in enumerate(fields):
        expression = field.get_col(model._meta.db_table)
        made = database.ops.get_db_converters(expression) + expression.get_db_converters(database)
        if made:
            readers.append((place, made, expression))
    return [field.attname for field in fields], readers


def insert(rows: Iterable[models.Model]) -> None:
    """Stores new rows, on PostgreSQL in one statement, of however many models they are.

    They don't learn what the database makes of them (a number).
    """
    made = list(rows)
    for start in range(0, len(made), AT_ONCE):
        _insert(made[start : start + AT_ONCE])


def _insert(rows: Sequence[models.Model]) -> None:
    database = connections[DEFAULT_DB_ALIAS]
    by_model: dict[type[models.Model], list[models.Model]] = {}
    for row in rows:
        by_model.setdefault(type(row), []).append(row)
    steps = [(_insertion(model, len(of)), _values(database, of)) for model, of in by_model.items()]
    if database.vendor == "postgresql":
        steps = [(_in_one(*(sql for sql, _ in steps)), list(chain(*(of for _, of in steps))))]
    for sql, values in steps:
        _executed(database, sql, values).close()


def _values(database: BaseDatabaseWrapper, rows: Sequence[models.Model]) -> list[Any]:
    fields = _stored(type(rows[0]))
    return [
        field.get_db_prep_save(field.pre_save(row, add=True), database)
        for row in rows
        for field in fields
    ]


@cache
def _stored(model: type[models.Model]) -> list[Any]:
    """The columns that we give a new row: all but a number that the database counts up."""
    return [
        field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)
    ]


@lru_cache(200)
def _insertion(model: type[models.Model], rows: int) -> str:
    fields = _stored(model)
    names = ", ".join(f'"{field.column}"' for field in fields)
    places = ", ".join(["(" + ", ".join(["%s"] * len(fields)) + ")"] * rows)
    return f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES {places}'  # noqa: S608 - ours


def _in_one(*statements: str) -> str:
    *first, last = statements
    steps = ", ".join(f"step{number} AS ({each})" for number, each in enumerate(first))
    return f"WITH {steps} {last}" if first else last
