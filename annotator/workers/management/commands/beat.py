"""`python manage.py beat`: the round that nothing is forgotten by, every few seconds."""

import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.db import Error, close_old_connections

from annotator.core.commands import SiteCommand
from annotator.workers.sweep import call_workers, log, sweep

CALL_SECONDS = 15.0
ANSWER_SECONDS = 10.0


class Command(SiteCommand):
    help = "Ends leases, wakes workers, collects leftovers, every few seconds; Ctrl+C stops it."

    def handle(self, *args: Any, **options: Any) -> None:
        stopping = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT):
            signal.signal(number, lambda *_: stopping.set())
        # A silent broker, or a worker that is slow to answer, keeps no round waiting.
        caller = threading.Thread(target=self._call, args=(stopping,), daemon=True, name="call")
        caller.start()
        while not stopping.is_set():
            # Half a beat is none: without its calls nobody would know of a worker's death.
            if not caller.is_alive():
                raise CommandError("The thread that calls the workers has died.")
            self._once(sweep)
            stopping.wait(settings.SWEEP_SECONDS)

    def _call(self, stopping: threading.Event) -> None:
        while not stopping.wait(CALL_SECONDS - ANSWER_SECONDS):
            self._once(lambda: call_workers(ANSWER_SECONDS))

    def _once(self, duty: Any) -> None:
        close_old_connections()
        try:
            duty()
        except Error:
            log.exception("The database can't be reached; the next round tries again.")
