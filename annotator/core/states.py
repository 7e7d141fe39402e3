"""The one way a state changes: a guarded UPDATE."""

from typing import TypeVar

from django.db import models
from django.db.models import F, Q, QuerySet

from annotator.core.errors import StaleState

Row = TypeVar("Row", bound=models.Model)


def move(row: Row, to: str, *, where: Q | None = None, **stamps: object) -> Row:
    """Moves `row` to state `to` if its class's MOVES allow it from where it stands now.

    One `UPDATE … WHERE pk AND state IN (sources)`, and what `where` asks for besides; `stamps` are
    further columns set with it. Raises StaleState when no row was touched; the instance is then
    left as it was.
    """
    sources = row.MOVES[to]  # type: ignore[attr-defined]
    rows = type(row)._default_manager.filter(where or Q(), pk=row.pk, state__in=sources)
    if not rows.update(state=to, **stamps):
        raise StaleState
    for name, value in {"state": to, **stamps}.items():
        if not isinstance(value, F):
            setattr(row, name, value)
    return row


def move_all(rows: QuerySet[Row], to: str, **stamps: object) -> int:
    """Moves those of the rows whose MOVES allow it in one guarded UPDATE; how many they were."""
    sources = rows.model.MOVES[to]  # type: ignore[attr-defined]
    return rows.filter(state__in=sources).update(state=to, **stamps)
