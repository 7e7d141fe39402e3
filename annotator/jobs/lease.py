"""A lease: the time for which one worker holds a job, renewed in the background while it works."""

import logging
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import F, Q
from django.utils import timezone

from annotator.core.errors import StaleState
from annotator.core.states import move
from annotator.jobs.models import Job, JobState

log = logging.getLogger(__name__)

J = TypeVar("J", bound=Job)

BEAT_SECONDS = 1.0


def free(now: datetime) -> Q:
    """Jobs that nobody holds, or whose worker has let its lease run out."""
    return Q(holder="") | Q(held_until__lt=now)


def lease(job: J, *, now: datetime, token: str = "") -> "Held[J]":
    """Holds a free job, its attempt counted. Raises StaleState where it is not to be had."""
    token = token or uuid.uuid4().hex
    move(
        job,
        JobState.RUNNING,
        where=free(now),
        holder=token,
        held_until=_end(now),
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
        self._progress: dict[str, object] = {}
        self._lost = threading.Event()
        self._over = threading.Event()

    def save(self, **columns: object) -> None:
        """Sets columns of the job, and renews the lease."""
        self._update(held_until=_end(timezone.now()), **columns)

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
        again = timezone.now() + timedelta(seconds=seconds)
        self._leave(JobState.REQUESTED, held_until=again, **columns)

    def pause(self, *, seconds: float, **columns: object) -> None:
        """The job stays running without a holder: others now do a part of it."""
        again = timezone.now() + timedelta(seconds=seconds)
        self._update(holder="", held_until=again, **columns)

    @contextmanager
    def renewed(self) -> Iterator[None]:
        """Renews the lease from a thread (and connection) of its own until the block ends."""
        thread = threading.Thread(target=self._beat, name=f"lease of {self.job}")
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            thread.join()

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

    def _beat(self) -> None:
        written: dict[str, object] = {}
        renew_at = _renewal(timezone.now())
        try:
            while not (self._over.wait(BEAT_SECONDS) or self._lost.is_set()):
                progress, now = self._progress, timezone.now()
                if progress != written or now > renew_at:
                    self._renew(progress)
                    written, renew_at = progress, _renewal(now)
        finally:
            connection.close()

    def _renew(self, progress: dict[str, object]) -> None:
        try:
            self.save(**progress)
        except StaleState:
            log.warning("Another worker has taken over %s.", self.job)
        except DatabaseError as error:
            # The lease outlasts some beats.
            log.warning("The lease of %s was not renewed: %s", self.job, error)


def _end(now: datetime) -> datetime:
    return now + timedelta(seconds=settings.JOB_LEASE_SECONDS)


def _renewal(now: datetime) -> datetime:
    return now + timedelta(seconds=settings.JOB_LEASE_SECONDS / 3)
