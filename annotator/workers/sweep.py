"""The round that nothing is forgotten by: workers woken again, leases ended, leftovers collected.

Every duty may run twice or at two places at once: what it changes, it changes by guarded UPDATEs.
`manage.py beat` goes round; no worker has to be free for it.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial

from celery import current_app
from django.conf import settings

from annotator import jobs
from annotator.accounts.gates import forget_old_gates
from annotator.accounts.sessions import forget_expired_sessions
from annotator.assignments import services as assigning
from annotator.consensus import services as consensus
from annotator.core import clock
from annotator.core.broker import BROKER_ERRORS
from annotator.exports import expiry
from annotator.exports.models import Export
from annotator.ingest import uploads
from annotator.items import services as making
from annotator.jobs.models import Job
from annotator.measurements import queue
from annotator.measurements.models import SetMeasurement
from annotator.ops import heartbeat
from annotator.pipeline import candidate_groups, known_answers
from annotator.projects.models import Batch, Removal
from annotator.reports import services as reporting
from annotator.reports.models import StoredReport
from annotator.rewards.models import RewardHead
from annotator.webhooks import services as webhooks
from annotator.webhooks.models import WebhookDelivery

# They say what becomes of a job that is given up.
from annotator.workers import export, ingest, measure, removal, report, webhook  # noqa: F401

log = logging.getLogger(__name__)

MEASURE = "measure"
COLLECT = "collect"
COLLECT_SECONDS = 600


def sweep() -> None:
    """One round, every few seconds. A duty that fails keeps no other from being done."""
    now = clock.now()
    duties: tuple[Callable[[datetime], object], ...] = (
        assigning.expire,
        candidate_groups.end_groups,
        *(
            partial(_sweep_jobs, model)
            for model in (
                Batch,
                Export,
                SetMeasurement,
                RewardHead,
                StoredReport,
                Removal,
                WebhookDelivery,
            )
        ),
        sweep_measurements,
        consensus.count_disagreement,
        known_answers.act_on_misses,
        collect,
    )
    for duty in duties:
        try:
            duty(now)
        except Exception:
            log.exception("A duty of the sweep failed; the next round tries again.")
    heartbeat.beat(heartbeat.SWEEP, now)


def _sweep_jobs(model: type[Job], now: datetime) -> None:
    jobs.sweep(model, now=now)


def call_workers(timeout: float) -> None:
    """Notes which workers answer within so many seconds; their main processes do, however busy."""
    try:
        answers = current_app.control.ping(timeout=timeout)
    except BROKER_ERRORS as error:
        log.warning("The workers can't be called: %s", error)
        return
    heartbeat.heard([name for answer in answers or () for name in answer], clock.now())


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
    expiry.expire_exports(now)
    expiry.collect_folders(now)
    reporting.forget_old(now)
    webhooks.forget_old(now)
    making.collect_files(now, shard=int(now.timestamp() // COLLECT_SECONDS) % 256)


def _is_time(duty: str, seconds: float, now: datetime) -> bool:
    """Whether so long has passed since this duty was last done; notes that it is done now."""
    age = heartbeat.ages(now).get(duty)
    # A beat from the future is of a clock that was put right since.
    if age is not None and 0 <= age < seconds:
        return False
    heartbeat.beat(duty, now)
    return True
