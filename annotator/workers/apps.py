"""The app of the duties, for their commands."""

from typing import Any

from celery.signals import worker_ready
from django.apps import AppConfig
from django.db import connection

from annotator.core import clock


class WorkersConfig(AppConfig):
    name = "annotator.workers"

    def ready(self) -> None:
        worker_ready.connect(_note, weak=False)


def _note(sender: Any, **_: object) -> None:
    """A worker that has begun says so itself: beat's next call may be half a minute away."""
    from annotator.ops import heartbeat  # noqa: PLC0415 - apps are ready by now

    heartbeat.beat(sender.hostname, clock.now())
    connection.close()
