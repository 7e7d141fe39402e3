"""The round that nothing is forgotten by: bells rung again, leases ended, leftovers collected.

Every duty may run twice or at two places at once: what it changes, it changes by guarded UPDATEs.
"""

from datetime import datetime

from celery import shared_task
from django.utils import timezone

from annotator import jobs
from annotator.accounts.gates import forget_old_gates
from annotator.assignments import services as assigning
from annotator.core.errors import StaleState
from annotator.exports import services as exporting
from annotator.exports.models import Export
from annotator.ingest import uploads
from annotator.items import services as making
from annotator.jobs.models import JobState
from annotator.measurements import planning, sets
from annotator.measurements import services as measuring
from annotator.ops import heartbeat
from annotator.projects.models import Batch

COLLECT = "collect"
COLLECT_SECONDS = 600
AT_ONCE = 64


@shared_task(name="annotator.workers.sweep.sweep")
def sweep() -> None:
    """One round, every few seconds."""
    now = timezone.now()
    heartbeat.beat(heartbeat.SWEEP, now)
    assigning.lapse(now)
    jobs.sweep(Batch, now=now)
    jobs.sweep(Export, now=now)
    planning.tend_requests(now=now, most=AT_ONCE)
    tend_chunks(now)
    sets.tend_sets(now=now, most=AT_ONCE)
    collect(now)


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
