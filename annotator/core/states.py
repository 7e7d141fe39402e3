"""The one way a state changes: a guarded UPDATE."""

from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

from django.db import connection, models
from django.db.models import F, Q, QuerySet

from annotator.core.errors import StaleState
from annotator.core.statements import Statement

Row = TypeVar("Row", bound=models.Model)


def move(row: Row, to: str, *, where: Q | None = None, **stamps: object) -> Row:
    """Moves `row` to state `to` if its class's MOVES allow it from where it stands now.

    One `UPDATE … WHERE pk AND state IN (sources)`, and what `where` asks for besides; `stamps` are
    further columns set with it. Raises StaleState when no row was touched; the instance is then
    left as it was.
    """
    sources = row.MOVES[to]  # type: ignore[attr-defined]
    if where is None and not any(isinstance(value, F) for value in stamps.values()):
        return _moved(row, to, sources, stamps)
    rows = type(row)._default_manager.filter(where or Q(), pk=row.pk, state__in=sources)
    if not rows.update(state=to, **stamps):
        raise StaleState
    return _stamped(row, {"state": to, **stamps})


def move_through(row: Row, between: str, to: str, **stamps: object) -> Row:
    """Two moves in one UPDATE: nobody ever sees the row in the state between."""
    if between not in row.MOVES[to]:  # type: ignore[attr-defined]
        raise StaleState
    return _moved(row, to, row.MOVES[between], stamps)  # type: ignore[attr-defined]


def _stamped(row: Row, values: Mapping[str, object]) -> Row:
    for name, value in values.items():
        if not isinstance(value, F):
            setattr(row, name, value)
    return row


def _moved(row: Row, to: str, sources: tuple[str, ...], stamps: Mapping[str, object]) -> Row:
    values = {}
    for name, value in stamps.items():
        given = value.pk if isinstance(value, models.Model) else value
        values[name] = _column(type(row), name).get_db_prep_save(given, connection)
    statement = _move_of(type(row), tuple(map(str, sources)), tuple(stamps))
    if not statement.touch(pk=row.pk, to=str(to), **values):
        raise StaleState
    return _stamped(row, {"state": to, **stamps})


def _column(model: type[models.Model], name: str) -> Any:
    return model._meta.get_field(name)


@cache
def _move_of(
    model: type[models.Model], sources: tuple[str, ...], stamps: tuple[str, ...]
) -> Statement:
    """The UPDATE of a row's state and these columns, from these states."""
    stamped = {name: _column(model, name).column for name in stamps}
    return Statement(
        "UPDATE {table} SET state = %(to)s{columns} WHERE {key} = %(pk)s AND state IN ({sources})",
        table=model._meta.db_table,
        columns="".join(f", {column} = %({name})s" for name, column in stamped.items()),
        key=str(model._meta.pk.column),
        sources=", ".join(f"'{source}'" for source in sources),
    )


def move_all(rows: QuerySet[Row], to: str, **stamps: object) -> int:
    """Moves those of the rows whose MOVES allow it in one guarded UPDATE; how many they were."""
    sources = rows.model.MOVES[to]  # type: ignore[attr-defined]
    return rows.filter(state__in=sources).update(state=to, **stamps)
