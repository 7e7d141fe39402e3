"""The one way a state changes: a guarded UPDATE."""

from functools import cache
from typing import TypeVar

from django.db import connection, models
from django.db.models import F, Q, QuerySet

from annotator.core.errors import StaleState
from annotator.core.statements import Statement

Row = TypeVar("Row", bound=models.Model)


def move(row: Row, to: str, *, where: Q | None = None, through: str = "", **stamps: object) -> Row:
    """Moves `row` to state `to` if its class's MOVES allow it from where it stands now.

    One `UPDATE … WHERE pk AND state IN (sources)`, and what `where` asks for besides; `stamps` are
    further columns set with it. `through`: a state on the way, in which nobody sees it. Raises
    StaleState when no row was touched; the instance is then left as it was.
    """
    sources = row.MOVES[through or to]  # type: ignore[attr-defined]
    if through and through not in row.MOVES[to]:  # type: ignore[attr-defined]
        raise StaleState
    if where is None and not any(isinstance(value, F) for value in stamps.values()):
        touched = _moved(row, to, sources, stamps)
    else:
        rows = type(row)._default_manager.filter(where or Q(), pk=row.pk, state__in=sources)
        touched = rows.update(state=to, **stamps)
    if not touched:
        raise StaleState
    for name, value in {"state": to, **stamps}.items():
        if not isinstance(value, F):
            setattr(row, name, value)
    return row


def _moved(row: models.Model, to: str, sources: tuple[str, ...], stamps: dict[str, object]) -> int:
    values = {}
    for name, value in stamps.items():
        field = row._meta.get_field(name)
        given = value.pk if isinstance(value, models.Model) else value
        values[name] = field.get_db_prep_save(given, connection)  # type: ignore[union-attr]
    return _move_of(type(row), tuple(map(str, sources)), tuple(stamps)).touch(
        pk=row.pk, to=str(to), **values
    )


@cache
def _move_of(
    model: type[models.Model], sources: tuple[str, ...], stamps: tuple[str, ...]
) -> Statement:
    """The UPDATE of a row's state and these columns, from these states."""
    stamped = {name: model._meta.get_field(name).column for name in stamps}  # type: ignore[union-attr]
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
