"""Rows that workers work through: taken for a time, kept while work goes on, taken over when not.

A job row has `state`, `held_until` and `attempts`. Running, `held_until` is the end of its
holder's lease, and proof of it: only who wrote it last may write again. Requested, it is when to
ring for it again. Attempts are counted before work starts and forgotten when work has come further,
so that what kills its worker is tried a bounded number of times.
"""

from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import models
from django.db.models import F, Q, QuerySet

from annotator.core.errors import StaleState
from annotator.core.states import JobState, move

Row = TypeVar("Row", bound=models.Model)


def take(row: Row, *, now: datetime, seconds: float, **stamps: object) -> bool:
    """Whether the row was requested and is now ours until `now + seconds`; re-reads it if so."""
    until = now + timedelta(seconds=seconds)
    try:
        move(row, JobState.RUNNING, held_until=until, attempts=F("attempts") + 1, **stamps)
    except StaleState:
        return False
    row.refresh_from_db()
    return True


def keep(row: Any, *, now: datetime, seconds: float, **stamps: object) -> None:
    """Renews the lease and sets `stamps`. Raises StaleState when the row is no longer ours."""
    values = {"held_until": now + timedelta(seconds=seconds), **stamps}
    ours = type(row)._default_manager.filter(
        pk=row.pk, state=JobState.RUNNING, held_until=row.held_until
    )
    if not ours.update(**values):
        raise StaleState(fields={"held_until": "another worker has taken this over"})
    for name, value in values.items():
        setattr(row, name, value)


def due(model: type[Row], now: datetime) -> QuerySet[Row]:
    """Jobs that somebody should be told of: never or long ago rung for, or left by their worker."""
    return model._default_manager.filter(
        Q(held_until__isnull=True) | Q(held_until__lt=now),
        state__in=[JobState.REQUESTED, JobState.RUNNING],
    ).order_by("held_until", "pk")


def rung(row: Any, *, until: datetime) -> bool:
    """Notes that somebody is told of a requested row; False when it has moved on meanwhile."""
    as_seen = type(row)._default_manager.filter(
        pk=row.pk, state=JobState.REQUESTED, held_until=row.held_until
    )
    return bool(as_seen.update(held_until=until))
