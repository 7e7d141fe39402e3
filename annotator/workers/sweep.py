"""The round that nothing is forgotten by: workers woken again, leases ended, leftovers collected.

Every duty may run twice or at two places at once: what it changes, it changes by guarded UPDATEs.
"""

from datetime import datetime

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from annotator import jobs
from annotator.accounts.gates import forget_old_gates
from annotator.accounts.sessions import forget_expired_sessions
from annotator.assignments import services as assigning
from annotator.exports import services as exporting
from annotator.exports.models import Export
from annotator.ingest import uploads
from annotator.items import services as making
from annotator.measurements import queue
from annotator.measurements.models import SetMeasurement
from annotator.ops import heartbeat
from annotator.projects.models import Batch

MEASURE = "measure"
COLLECT = "collect"
COLLECT_SECONDS = 600


@shared_task(name="annotator.workers.sweep.sweep")
def sweep() -> None:
    """One round, every few seconds."""
    now = timezone.now()
    heartbeat.beat(heartbeat.SWEEP, now)
    assigning.expire(now)
    jobs.sweep(Batch, now=now)
    jobs.sweep(Export, now=now)
    jobs.sweep(SetMeasurement, now=now)
    sweep_measurements(now)
    collect(now)


def sweep_measurements(now: datetime) -> None:
    """Rows that their worker has left wait again; now and then workers are sent for."""
    queue.put_back_left(now)
    if _is_time(MEASURE, settings.ENQUEUE_AGAIN_SECONDS, now):
        queue.wake_workers()


def collect(now: datetime) -> None:
    """Now and then: gates and sessions that are over, uploads left, files without a row."""
    if not _is_time(COLLECT, COLLECT_SECONDS, now):
        return
    forget_old_gates(now)
    forget_expired_sessions()
    uploads.drop_abandoned(now)
    exporting.expire_exports(now)
    exporting.collect_folders(now)
    making.collect_files(now, shard=int(now.timestamp() // COLLECT_SECONDS) % 256)


def _is_time(duty: str, seconds: float, now: datetime) -> bool:
    """Whether so long has passed since this duty was last done; notes that it is done now."""
    age = heartbeat.ages(now).get(duty)
    if age is not None and age < seconds:
        return False
    heartbeat.beat(duty, now)
    return True
