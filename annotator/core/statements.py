"""Statements of the paths that every answer takes: written in SQL, prepared by PostgreSQL.

The ORM builds its SQL anew for every call, which costs a process five times what sending it does,
and PostgreSQL plans it anew. Where a request is made hundreds of times a second a statement is
written out instead, once, for both databases. Everywhere else the ORM is clearer.
"""

import re
import uuid
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

import psycopg
from django.db import connection, models

Row = TypeVar("Row", bound=models.Model)

# SQLite has one writer at a time (IMMEDIATE), so there is nothing to lock.
LOCKS = re.compile(r"\bFOR (NO KEY )?UPDATE( OF \w+)?( SKIP LOCKED)?")


class Statement:
    """One statement with parameters like %(item)s. In it, {Model} is the model's table."""

    def __init__(self, sql: str, **named: str) -> None:
        self.sql = " ".join(sql.format_map(named).split())
        self.without_locks = LOCKS.sub("", self.sql)

    def rows(self, **given: Any) -> list[tuple[Any, ...]]:
        """What it finds or returns."""
        with _cursor() as cursor:
            cursor.execute(self._text(), _adapted(given))
            found: list[tuple[Any, ...]] = cursor.fetchall()
            return found

    def row(self, **given: Any) -> tuple[Any, ...] | None:
        """The first of them, if any."""
        return next(iter(self.rows(**given)), None)

    def touch(self, **given: Any) -> int:
        """How many rows it has changed."""
        with _cursor() as cursor:
            cursor.execute(self._text(), _adapted(given))
            touched: int = cursor.rowcount
            return touched

    def _text(self) -> str:
        return self.sql if connection.vendor == "postgresql" else self.without_locks


def _cursor() -> AbstractContextManager[Any]:
    """Django's cursor; on PostgreSQL one that sends the values apart, so that plans are kept."""
    if connection.vendor != "postgresql":
        return connection.cursor()
    connection.ensure_connection()
    with connection.wrap_database_errors:
        cursor: Any = psycopg.Cursor(connection.connection)
    wrap = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    return wrap(cursor)


def _adapted(given: dict[str, Any]) -> dict[str, Any]:
    """The values as SQLite's columns hold them; psycopg knows our types itself."""
    if connection.vendor == "postgresql":
        return given
    return {name: _for_sqlite(value) for name, value in given.items()}


def _for_sqlite(value: Any) -> Any:
    if isinstance(value, uuid.UUID):
        return value.hex
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value


def columns(model: type[models.Model], alias: str) -> str:
    """The model's columns in the order in which `instance` takes them."""
    return ", ".join(f"{alias}.{field.column}" for field in model._meta.concrete_fields)


def instance(model: type[Row], values: Sequence[Any]) -> Row:
    """The row of a model, of its `columns`."""
    names = [field.attname for field in model._meta.concrete_fields]
    read = list(values)
    for place, converters, expression in _converters(model, connection.vendor):
        for convert in converters:
            read[place] = convert(read[place], expression, connection)
    return model.from_db(connection.alias, names, read)


def instances(values: Sequence[Any], *kinds: type[models.Model]) -> list[Any]:
    """The rows of several models, of their `columns` one after the other."""
    made, start = [], 0
    for model in kinds:
        end = start + len(model._meta.concrete_fields)
        made.append(instance(model, values[start:end]))
        start = end
    return made


@cache
def _converters(model: type[models.Model], vendor: str) -> list[tuple[int, list[Any], Any]]:
    """Of the columns that the database does not give as Python has them, what makes them so."""
    found = []
    for place, field in enumerate(model._meta.concrete_fields):
        expression = field.cached_col
        made = connection.ops.get_db_converters(expression) + field.get_db_converters(connection)
        if made:
            found.append((place, made, expression))
    return found


def insert(rows: Iterable[models.Model]) -> None:
    """Stores new rows of one model; what the database makes of them (a number) they don't learn."""
    made = list(rows)
    if not made:
        return
    model = type(made[0])
    fields = _stored(model)
    values = [
        tuple(field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields)
        for row in made
    ]
    with _cursor() as cursor:
        if len(values) == 1:
            cursor.execute(_insertion(model), values[0])
        else:
            cursor.executemany(_insertion(model), values)


@cache
def _stored(model: type[models.Model]) -> list[Any]:
    """The columns that we give a new row: all but a number that the database counts up."""
    return [
        field
        for field in model._meta.concrete_fields
        if not isinstance(field, models.AutoField | models.BigAutoField)
    ]


@cache
def _insertion(model: type[models.Model]) -> str:
    fields = _stored(model)
    names = ", ".join(f'"{field.column}"' for field in fields)
    places = ", ".join(["%s"] * len(fields))
    return f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ({places})'  # noqa: S608 - our names
