"""The round that nothing is forgotten by: bells rung again, leases ended, leftovers collected.

Every duty may run twice or at two places at once: what it changes, it changes by guarded UPDATEs.
"""

from datetime import datetime, timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from annotator.accounts.gates import forget_old_gates
from annotator.assignments import services as assigning
from annotator.core import bell, jobs
from annotator.core.errors import StaleState
from annotator.core.states import JobState, move
from annotator.exports import services as exporting
from annotator.exports import steps as export_steps
from annotator.items import services as making
from annotator.measurements import planning, sets
from annotator.measurements import services as measuring
from annotator.ops import heartbeat
from annotator.projects import batches, uploads
from annotator.projects.models import Batch
from annotator.workers.ingest import give_up

COLLECT = "collect"
COLLECT_SECONDS = 600
AT_ONCE = 64


@shared_task(name="annotator.workers.sweep.sweep")
def sweep() -> None:
    """One round, every few seconds."""
    now = timezone.now()
    heartbeat.beat(heartbeat.SWEEP, now)
    assigning.lapse(now)
    tend_batches(now)
    tend_exports(now)
    planning.tend_requests(now=now, most=AT_ONCE)
    tend_chunks(now)
    sets.tend_sets(now=now, most=AT_ONCE)
    collect(now)


def tend_batches(now: datetime) -> None:
    """Rings for batches that wait; those whose worker is gone wait again, or have failed."""
    for batch in batches.due(now=now, most=AT_ONCE):
        try:
            _tend_batch(batch, now)
        except StaleState:
            continue


def _tend_batch(batch: Batch, now: datetime) -> None:
    if batch.state == JobState.RUNNING:
        if batch.attempts >= settings.JOB_MAX_ATTEMPTS:
            _fail(batch, now)
            return
        move(batch, JobState.REQUESTED, held_until=None)
    if jobs.rung(batch, until=now + timedelta(seconds=settings.RING_AGAIN_SECONDS)):
        bell.ring("annotator.workers.ingest.ingest_batch", batch.pk)


def _fail(batch: Batch, now: datetime) -> None:
    reason = f"The worker died {batch.attempts} times at the same place of this upload."
    if batch.error:
        reason = f"{batch.attempts} attempts to take this upload in have failed: {batch.error}"
    if batch.done_count < batch.total_count or not batch.total_count:
        give_up(batch, reason)
    else:
        # Its items are whole and some may be with people already: keep them.
        batches.fail(batch, error=reason, now=now)


def tend_exports(now: datetime) -> None:
    """Rings for exports that wait or whose worker is gone; the worker itself counts attempts."""
    export_steps.ring_for_due(now=now)


def tend_chunks(now: datetime) -> None:
    """Rings for chunks that wait; those whose worker is gone are halved first."""
    for chunk in measuring.due_chunks(now=now, most=AT_ONCE):
        try:
            gone = chunk.state == JobState.RUNNING
            for waiting in measuring.take_back(chunk, now=now) if gone else [chunk]:
                measuring.tell_of(waiting, now=now)
        except StaleState:
            continue


def collect(now: datetime) -> None:
    """Now and then: old sign-in gates, uploads that nobody continued, files without a row."""
    age = heartbeat.ages(now).get(COLLECT)
    if age is not None and age < COLLECT_SECONDS:
        return
    heartbeat.beat(COLLECT, now)
    forget_old_gates(now)
    uploads.drop_abandoned(now)
    exporting.expire_exports(now)
    exporting.collect_folders(now)
    making.collect_files(now, shard=int(now.timestamp() // COLLECT_SECONDS) % 256)
