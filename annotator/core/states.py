"""The one way a state changes: a guarded UPDATE."""

from collections.abc import Mapping
from typing import TypeVar

from django.db import models

from annotator.core.errors import StaleState


class JobState(models.TextChoices):
    """States of the rows that workers work through (uploads, measurements, exports)."""

    REQUESTED = "requested"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


# Where each state may be entered from.
JOB_MOVES: Mapping[str, tuple[str, ...]] = {
    JobState.REQUESTED: (JobState.FAILED, JobState.RUNNING),
    JobState.RUNNING: (JobState.REQUESTED,),
    JobState.DONE: (JobState.RUNNING,),
    JobState.FAILED: (JobState.RUNNING,),
}


Row = TypeVar("Row", bound=models.Model)


def move(row: Row, to: str, **stamps: object) -> Row:
    """Moves `row` to state `to` if its class's MOVES allow it from where it stands now.

    One `UPDATE … WHERE pk AND state IN (sources)`; `stamps` are further columns set with it.
    Raises StaleState when no row was touched; the instance is then left as it was.
    """
    sources = row.MOVES[to]  # type: ignore[attr-defined]
    manager = type(row)._default_manager
    touched = manager.filter(pk=row.pk, state__in=sources).update(state=to, **stamps)
    if not touched:
        raise StaleState(fields={"to": to})
    for name, value in {"state": to, **stamps}.items():
        setattr(row, name, value)
    return row
