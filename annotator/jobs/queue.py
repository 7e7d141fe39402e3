"""Messages that wake workers, sent after the transaction is committed, by a thread of their own."""

import logging
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

from celery import current_app
from django.db import transaction

from annotator.core.broker import BROKER_ERRORS
from annotator.jobs.models import Job

log = logging.getLogger(__name__)


# A wake-up that nobody has taken by then is forgotten: the sweep sends another.
STALE_SECONDS = 60.0
# Where so many wait already, no worker is there to take one more.
MOST_WAITING = 1000


def enqueue(job: Job) -> None:
    """Wakes a worker for this job once the present transaction commits."""
    send(job.TASK, job.pk, expires=STALE_SECONDS)


def name_of(task: str) -> str:
    """The queue that a task's workers listen to."""
    name: str = current_app.amqp.router.route({}, task)["queue"].name
    return name


def is_crowded(task: str) -> bool:
    """Whether the queue of a task is so long that waking once more would only fill the broker."""
    try:
        with current_app.connection_for_write() as connection:
            channel: Any = connection.default_channel
            return int(channel.queue_declare(name_of(task)).message_count) >= MOST_WAITING
    except BROKER_ERRORS:
        return True


def send(task: str, *args: int | str, expires: float | None = None) -> None:
    """Sends for a Celery task by its dotted path once the present transaction commits.

    A message that no worker has taken after `expires` seconds is forgotten.
    """
    transaction.on_commit(lambda: _sender().submit(_send, task, args, expires))


@cache
def _sender() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="queue")


def _send(task: str, args: tuple[int | str, ...], expires: float | None) -> None:
    try:
        current_app.send_task(task, args=args, expires=expires, retry=False)
    except BROKER_ERRORS as error:
        log.warning("%s%r was not sent (%s); the sweep will send it again.", task, args, error)
