"""Builds exports. The row is the job: a killed worker's export is built again from the start."""

import logging
import threading
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from celery import shared_task
from django.db import connection
from django.utils import timezone

from annotator.core.errors import StaleState, TriptychError
from annotator.exports import selectors, services
from annotator.exports.building import build
from annotator.exports.formats.registry import format_named
from annotator.exports.formats.types import check_options
from annotator.exports.models import Export
from annotator.exports.reading import specs_of

log = logging.getLogger(__name__)

TICK_SECONDS = 1.0


@dataclass
class Heartbeat:
    """Renews the lease and writes progress from a thread (and connection) of its own.

    The build itself sits in a read-only snapshot, and may be a while within one picture or query.
    """

    export: Export
    done: int = 0
    total: int = 0
    lost: threading.Event = field(default_factory=threading.Event)
    _over: threading.Event = field(default_factory=threading.Event)

    def tick(self, done: int, total: int) -> None:
        """Notes how far the build is; raises StaleState once another worker has taken over."""
        self.done, self.total = done, total
        if self.lost.is_set():
            raise StaleState

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._beat, name=f"export {self.export.pk}")
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def _beat(self) -> None:
        try:
            while not self._over.is_set():
                self._renew()
                self._over.wait(TICK_SECONDS)
            self._renew()
        except StaleState:
            self.lost.set()
        finally:
            connection.close()

    def _renew(self) -> None:
        services.renew(export=self.export, done=self.done, total=self.total, now=timezone.now())


@shared_task(name=services.TASK)
def build_export(export_id: int) -> None:
    """Builds one export if it is to be had; what goes wrong is written into its row in words."""
    export = services.claim_export(export_id=export_id, now=timezone.now())
    if export is None:
        return
    services.clear_leftovers(export)
    try:
        _build(export)
    except StaleState:
        log.warning("Export %s was taken over by another worker.", export.pk)
        services.clear_own(export)
    except TriptychError as error:
        services.fail_export(export=export, reason=error.message, now=timezone.now())
    except OSError as error:
        reason = f"The disk did not take it: {error.strerror or error}."
        services.fail_export(export=export, reason=reason, now=timezone.now())
    except Exception as error:
        reason = f"Something unexpected happened ({type(error).__name__}: {error})."
        services.fail_export(export=export, reason=reason, now=timezone.now())
        raise


def _build(export: Export) -> None:
    form = format_named(export.format)
    options = check_options(form, specs_of(export.project), export.options)
    with Heartbeat(export) as heart:
        built = build(
            project=export.project,
            form=form,
            options=options,
            final=selectors.folder_of(export),
            tick=lambda stage, done, total: heart.tick(done, total),
        )
    services.finish_export(export=export, built=built, now=timezone.now())
    built.files.close()
