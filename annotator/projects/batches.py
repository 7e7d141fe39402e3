"""What can be done with a batch while it is taken in: note how far, what is left out, the end.

A batch's `held_until` is the holder's proof (see core.jobs): who lost it can't write any more.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from annotator.accounts.models import User
from annotator.core import jobs
from annotator.core.states import move
from annotator.projects.models import Batch, BatchState, Problem, Project

MAX_FILE = 500


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One row or file that was not taken; columns of Problem."""

    line: int | None
    file: str
    reason: str


def begin_here(
    *, project: Project, user: User, name: str, filename: str, size: int, pairs: str, now: datetime
) -> Batch:
    """A batch that the calling process takes in itself, without an upload."""
    batch = Batch.objects.create(
        project=project,
        name=name,
        filename=filename,
        size=size,
        offset=size,
        pairs=pairs,
        state=BatchState.REQUESTED,
        # Far off: no bell is rung for what a command does by itself.
        held_until=now + timedelta(days=1),
        created_by=user,
    )
    jobs.take(batch, now=now, seconds=settings.JOB_LEASE_SECONDS)
    return batch


def take(batch_id: int, *, now: datetime) -> Batch | None:
    """The batch, now ours to take in; None when it is not waiting for that."""
    batch = Batch.objects.select_related("project").filter(pk=batch_id).first()
    if batch is None or not jobs.take(batch, now=now, seconds=settings.JOB_LEASE_SECONDS):
        return None
    remember(batch, error="")
    return batch


def advance(batch: Batch, *, now: datetime, by: int = 0, total: int | None = None) -> None:
    """Notes rows gone through and renews the lease.

    Call it first in the transaction that writes the rows themselves: it holds the batch's row, and
    raises StaleState for a worker that has lost it.
    """
    stamps: dict[str, object] = {}
    if by:
        # Work has come further: crashes are counted anew.
        stamps |= {"done_count": batch.done_count + by, "attempts": 0}
    if total is not None:
        stamps["total_count"] = total
    jobs.keep(batch, now=now, seconds=settings.JOB_LEASE_SECONDS, **stamps)


def note(batch: Batch, left_out: Iterable[LeftOut]) -> None:
    """Keeps what was left out, for the uploader to read."""
    Problem.objects.bulk_create(
        Problem(batch=batch, line=one.line, file=one.file[:MAX_FILE], reason=one.reason)
        for one in left_out
    )


def remember(batch: Batch, *, error: str) -> None:
    """Keeps what went wrong in an attempt, for the case that it was the last one."""
    ours = Batch.objects.filter(pk=batch.pk, state=BatchState.RUNNING, held_until=batch.held_until)
    ours.update(error=error)


def forget_problems(batch: Batch) -> None:
    """Before a batch is gone through from its start."""
    Problem.objects.filter(batch=batch).delete()


def fail(batch: Batch, *, error: str, now: datetime) -> Batch:
    """Ends a batch that can't be taken in; its problems stay to be read."""
    return move(batch, BatchState.FAILED, error=error, finished_at=now, held_until=None)


def due(*, now: datetime, most: int) -> list[Batch]:
    """Batches that somebody should be told of, and those left by their worker."""
    return list(jobs.due(Batch, now).select_related("project")[:most])
