"""What can be done with jobs: take one, hold it, work at it, give it up, send for workers anew."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from annotator.core import clock
from annotator.core.errors import StaleState
from annotator.core.reasons import Code, Reason
from annotator.core.states import move
from annotator.jobs.lease import Held, lease
from annotator.jobs.models import IS_LIVE, Job, JobState
from annotator.jobs.queue import enqueue, is_crowded, name_of

log = logging.getLogger(__name__)

J = TypeVar("J", bound=Job)

SWEPT_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class _Handler:
    work: Callable[[Any], None]
    give_up: Callable[[Any, Reason], object]


_HANDLERS: dict[type[Job], _Handler] = {}


class _TurnOver(Exception):
    """Others have waited long enough; what was done of the job is kept."""


def register(
    model: type[J], *, work: Callable[[Held[J]], None], give_up: Callable[[J, Reason], object]
) -> None:
    """Says what a worker does with a job of this table, and what becomes of it after the last try.

    `work` ends the job itself (`held.finish`). `give_up` moves it to failed.
    """
    _HANDLERS[model] = _Handler(work, give_up)


def run(model: type[J], job_id: int) -> None:
    """What a worker does that is woken for a job: all of it, if it is to be had."""
    job = model._default_manager.filter(pk=job_id).first()
    held = None if job is None else take(job, now=clock.now())
    if held is not None:
        held.turn_ends = time.monotonic() + settings.JOB_TURN_SECONDS
        work(held)


def work(held: Held[Any]) -> None:
    """Does the work of a job that is held, as it is registered."""
    try:
        with _attempt(held):
            _HANDLERS[type(held.job)].work(held)
    except StaleState:
        log.warning("%s was ended, or another worker has taken it over.", held.job)


def give_way(held: Held[Any]) -> None:
    """Ends a worker's turn at a long job once others wait, for `run` to send for a worker anew.

    Called between two transactions, where the job can be gone on with later. A job that was taken
    by `hold` or `take` has no end of its turn.
    """
    if time.monotonic() > held.turn_ends and _others_wait(held.job):
        raise _TurnOver


def _others_wait(job: Job) -> bool:
    """Whether a job that nobody has begun waits for a worker of the same queue."""
    own = name_of(job.TASK)
    queued = [model for model in _HANDLERS if model.TASK and name_of(model.TASK) == own]
    return any(
        model._default_manager.filter(
            ~model.ELSEWHERE, state=JobState.REQUESTED, holder=""
        ).exists()
        for model in queued
    )


@contextmanager
def hold(job: J) -> Iterator[Held[J]]:
    """Holds a job until the block ends, an attempt at it; StaleState where it is not to be had.

    An exception ends the attempt: the job waits for another, and after the last one is given up.
    """
    held = take(job, now=clock.now())
    if held is None:
        raise StaleState
    with _attempt(held):
        yield held


def take(job: J, *, now: datetime) -> Held[J] | None:
    """The job, ours for a lease, its attempt counted; None where it is not to be had.

    What a worker died of JOB_MAX_ATTEMPTS times is given up instead.
    """
    try:
        if job.attempts >= settings.JOB_MAX_ATTEMPTS and _is_left(job, now):
            _give_up(job, Reason(Code.WORKER_DIED, count=job.attempts))
            return None
        return lease(job, now=now)
    except StaleState:
        return None


@contextmanager
def _attempt(held: Held[J]) -> Iterator[None]:
    try:
        with held.renewed():
            yield
    except StaleState:
        raise
    except _TurnOver:
        held.release(seconds=settings.ENQUEUE_AGAIN_SECONDS, attempts=0)
        enqueue(held.job)
    except Exception as error:
        _try_again(held, Reason(Code.ATTEMPTS_FAILED, count=held.job.attempts, error=_named(error)))
        raise


def _named(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]


def _try_again(held: Held[J], reason: Reason) -> None:
    try:
        if held.job.attempts >= settings.JOB_MAX_ATTEMPTS:
            held.save()
            _give_up(held.job, reason)
        else:
            held.release(seconds=settings.ENQUEUE_AGAIN_SECONDS)
    except StaleState:
        log.warning("%s has gone on without this worker.", held.job)


def _give_up(job: Job, reason: Reason) -> None:
    with transaction.atomic():
        _HANDLERS[type(job)].give_up(job, reason)


def retry(job: J, **columns: object) -> J:
    """failed → requested, by hand. Raises StaleState for one that has not failed."""
    move(job, JobState.REQUESTED, where=Q(state=JobState.FAILED), attempts=0, **columns)
    enqueue(job)
    return job


def sweep(model: type[J], *, now: datetime, most: int = SWEPT_AT_ONCE) -> None:
    """Sends for workers anew: for jobs that wait, and for those that their worker has left."""
    jobs = list(due(model, now)[:most])
    wakes = bool(jobs) and not is_crowded(model.TASK)
    for job in jobs:
        try:
            _send_for(job, now, wakes=wakes)
        except StaleState:
            continue


def due(model: type[J], now: datetime) -> QuerySet[J]:
    """Jobs that nobody was woken for lately, and those left by their worker."""
    passed = Q(held_until__isnull=True) | Q(held_until__lt=now)
    return model._default_manager.filter(IS_LIVE & passed).order_by("held_until", "pk")


def _send_for(job: Job, now: datetime, *, wakes: bool) -> None:
    if job.attempts >= settings.JOB_MAX_ATTEMPTS and _is_left(job, now):
        _give_up(job, Reason(Code.WORKER_DIED, count=job.attempts))
        return
    as_seen = Q(holder=job.holder, held_until=job.held_until)
    again = now + timedelta(seconds=settings.ENQUEUE_AGAIN_SECONDS)
    if job.holder:
        move(job, JobState.REQUESTED, where=as_seen, holder="", held_until=again)
        if wakes:
            enqueue(job)
        return
    waits = type(job)._default_manager.filter(as_seen, IS_LIVE, pk=job.pk)
    if waits.update(held_until=again) and wakes:
        enqueue(job)


def _is_left(job: Job, now: datetime) -> bool:
    """Whether a worker holds it that has let its lease run out."""
    return bool(job.holder) and job.held_until is not None and job.held_until < now
