"""Wakes a worker by the name of its duty, after the transaction is committed.

The row is the job, the bell only says "look". A message that is lost, late or doubled is harmless:
the sweep rings again, and work is claimed by a guarded UPDATE. So no request waits for the broker:
a thread of its own does, and what it can't deliver it logs and forgets.
"""

import logging
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from celery import current_app
from django.db import transaction
from kombu.exceptions import KombuError, OperationalError

log = logging.getLogger(__name__)


@cache
def _ringer() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="bell")


def _send(name: str, args: tuple[int | str, ...]) -> None:
    try:
        current_app.send_task(name, args=args, retry=False)
    except (KombuError, OperationalError, OSError) as error:
        log.warning(
            "The bell %s%r was not heard (%s); the sweep will ring again.", name, args, error
        )


def ring(name: str, *args: int | str) -> None:
    """Rings `name` (a task's dotted path) with `args` once the present transaction commits."""
    transaction.on_commit(lambda: _ringer().submit(_send, name, args))
