"""A lease: the time for which one worker holds a job, renewed in the background while it works."""

import logging
import math
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from django.conf import settings
from django.db import Error, connection
from django.db.models import F, Q

from annotator.core import clock
from annotator.core.errors import StaleState
from annotator.core.states import move
from annotator.jobs.models import Job, JobState

log = logging.getLogger(__name__)

J = TypeVar("J", bound=Job)

BEAT_SECONDS = 1.0


def free(now: datetime) -> Q:
    """Jobs that nobody holds, or whose worker has let its lease run out."""
    return Q(holder="") | Q(held_until__lt=now)


def lease(job: J, *, now: datetime) -> "Held[J]":
    """Holds a free job, its attempt counted. Raises StaleState where it is not to be had."""
    token = uuid.uuid4().hex
    move(
        job,
        JobState.RUNNING,
        where=free(now),
        holder=token,
        held_until=lease_end(now),
        attempts=F("attempts") + 1,
    )
    job.refresh_from_db()
    return Held(job, token)


class Held(Generic[J]):
    """A job that is ours. Every method raises StaleState once another worker has taken it over.

    Call `save` first in a transaction that writes the work's results: it locks the job's row, so
    that nobody takes it over before they are committed.
    """

    def __init__(self, job: J, token: str) -> None:
        self.job = job
        self.token = token
        # On this process's monotonic clock: when other jobs may have their turn (`jobs.give_way`).
        self.turn_ends = math.inf
        self._progress: dict[str, object] = {}
        self._written: dict[str, object] = {}
        self._lost = threading.Event()

    def save(self, **columns: object) -> None:
        """Sets columns of the job, and renews the lease."""
        self._update(held_until=lease_end(clock.now()), **columns)

    def check(self) -> None:
        """Asks nobody: raises once a renewal has found that the job is lost."""
        if self._lost.is_set():
            raise StaleState

    def note(self, **columns: object) -> None:
        """Sets columns a little later, from the background: for whoever sits in a snapshot."""
        self.check()
        self._progress = columns

    def finish(self, **columns: object) -> None:
        """running → done."""
        self._leave(JobState.DONE, **columns)

    def fail(self, **columns: object) -> None:
        """running → failed."""
        self._leave(JobState.FAILED, **columns)

    def release(self, *, seconds: float, **columns: object) -> None:
        """running → requested: the job waits, and a worker is woken for it after so long."""
        again = clock.now() + timedelta(seconds=seconds)
        self._leave(JobState.REQUESTED, held_until=again, **columns)

    def pause(self, *, seconds: float, **columns: object) -> None:
        """The job stays running without a holder: others now do a part of it."""
        again = clock.now() + timedelta(seconds=seconds)
        self._update(holder="", held_until=again, **columns)

    def renewed(self) -> AbstractContextManager[None]:
        """Renews the lease in the background until the block ends."""
        return renewed(self._renew, f"{self.job}")

    def _leave(self, to: JobState, **columns: object) -> None:
        values = {"holder": "", "held_until": None, **columns}
        move(self.job, to, where=Q(state=JobState.RUNNING, holder=self.token), **values)

    def _update(self, **columns: object) -> None:
        ours = type(self.job)._default_manager.filter(
            pk=self.job.pk, state=JobState.RUNNING, holder=self.token
        )
        if not ours.update(**columns):
            self._lost.set()
            raise StaleState
        for name, value in columns.items():
            setattr(self.job, name, value)

    def _renew(self, *, due: bool) -> None:
        progress = self._progress
        if due or progress != self._written:
            self.save(**progress)
            self._written = progress


@contextmanager
def renewed(renew: Callable[..., None], name: str) -> Iterator[None]:
    """Calls `renew(due=…)` every second until the block ends, from a thread of its own.

    `due` says that a third of the lease is over. StaleState ends it.
    """
    over = threading.Event()
    thread = threading.Thread(target=_beat, args=(over, renew, name), name=f"lease of {name}")
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _beat(over: threading.Event, renew: Callable[..., None], name: str) -> None:
    last = time.monotonic()
    try:
        while not over.wait(BEAT_SECONDS):
            due = time.monotonic() > last + settings.JOB_LEASE_SECONDS / 3
            try:
                renew(due=due)
                last = time.monotonic() if due else last
            except Error as error:
                # The lease outlasts some beats.
                log.warning("The lease of %s was not renewed: %s", name, error)
                connection.close()  # it may be dead; the next beat opens another
    except StaleState:
        log.warning("Another worker has taken over %s.", name)
    finally:
        connection.close()


def lease_end(now: datetime) -> datetime:
    """When a lease that begins now is over."""
    return now + timedelta(seconds=settings.JOB_LEASE_SECONDS)
