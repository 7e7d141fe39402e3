"""What can be done with a batch while it is taken in: note how far, what is left out, the end."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from annotator.accounts.models import User
from annotator.core.states import move
from annotator.jobs import Held
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
    """A batch without an upload, for the calling process to take in."""
    return Batch.objects.create(
        project=project,
        name=name,
        filename=filename,
        size=size,
        offset=size,
        pairs=pairs,
        state=BatchState.REQUESTED,
        # A moment's peace from the sweep, before it is held.
        held_until=now + timedelta(seconds=60),
        created_by=user,
    )


def advance(held: Held[Batch], *, by: int = 0, total: int | None = None) -> None:
    """Notes rows gone through and renews the lease.

    Call it first in the transaction that writes the rows themselves: it holds the batch's row, and
    raises StaleState for a worker that has lost it.
    """
    columns: dict[str, object] = {}
    if by:
        # Work has come further: crashes are counted anew.
        columns |= {"done_count": held.job.done_count + by, "attempts": 0}
    if total is not None:
        columns["total_count"] = total
    held.save(**columns)


def note(batch: Batch, left_out: Iterable[LeftOut]) -> None:
    """Keeps what was left out, for the uploader to read."""
    Problem.objects.bulk_create(
        Problem(batch=batch, line=one.line, file=one.file[:MAX_FILE], reason=one.reason)
        for one in left_out
    )


def forget_problems(batch: Batch) -> None:
    """Before a batch is gone through from its start."""
    Problem.objects.filter(batch=batch).delete()


def fail(batch: Batch, *, error: str, now: datetime) -> Batch:
    """Ends a batch that can't be taken in; its problems stay to be read."""
    return move(batch, BatchState.FAILED, error=error, finished_at=now, holder="", held_until=None)
