"""Where many small rows are the work, workers claim some dozens of them at a time.

PostgreSQL lets each worker skip the rows that another is just claiming; SQLite lets one write at a
time. An attempt is counted on each row before its work begins.
"""

import threading
from collections.abc import Collection
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Generic, TypeVar

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet

from annotator.core import clock
from annotator.core.errors import StaleState
from annotator.core.states import move_all
from annotator.jobs.lease import lease_end, renewed
from annotator.jobs.models import IS_LIVE, Job, JobState

J = TypeVar("J", bound=Job)


class Slice(Generic[J]):
    """Rows that are ours together until the lease ends; `token` is their holder."""

    def __init__(self, rows: list[J], token: str) -> None:
        self.rows = rows
        each = type(rows[0])._default_manager.filter(pk__in=[row.pk for row in rows])
        self._ours = each.filter(state=JobState.RUNNING, holder=token)
        self._undone = each.filter(IS_LIVE)
        self._lost = threading.Event()

    def lock(self, rows: Collection[J]) -> None:
        """Holds these rows until the transaction ends. Raises StaleState if one is ours no more."""
        ours = self._ours.filter(pk__in=[row.pk for row in rows]).order_by("pk")
        if self._lost.is_set() or len(ours.select_for_update().values_list("pk")) < len(rows):
            raise StaleState

    def renewed(self) -> AbstractContextManager[None]:
        """Renews the lease in the background until the block ends."""
        return renewed(self._renew, f"{len(self.rows)} rows")

    def _renew(self, *, due: bool) -> None:
        if not due or self._ours.update(held_until=lease_end(clock.now())):
            return
        if self._undone.exists():
            self._lost.set()
            raise StaleState


@transaction.atomic
def claim(waiting: QuerySet[J], *, most: int, token: str, now: datetime) -> Slice[J] | None:
    """The first rows that wait, ours for a lease; None when there are none."""
    rows = list(waiting.order_by("pk").select_for_update(skip_locked=True)[:most])
    if not rows:
        return None
    ours = waiting.model._default_manager.filter(pk__in=[row.pk for row in rows])
    until = lease_end(now)
    move_all(ours, JobState.RUNNING, holder=token, held_until=until, attempts=F("attempts") + 1)
    for row in rows:
        row.state, row.holder, row.held_until = JobState.RUNNING, token, until
        row.attempts += 1
    return Slice(rows, token)


@transaction.atomic
def put_back(left: QuerySet[J]) -> list[J]:
    """Requests rows again whose worker died of them; those of the last attempt, to be given up."""
    rows = list(left.select_for_update(skip_locked=True))
    again = [row.pk for row in rows if row.attempts < settings.JOB_MAX_ATTEMPTS]
    free = left.model._default_manager.filter(pk__in=again)
    move_all(free, JobState.REQUESTED, holder="", held_until=None)
    return [row for row in rows if row.attempts >= settings.JOB_MAX_ATTEMPTS]
