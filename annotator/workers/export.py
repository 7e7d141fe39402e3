"""Builds exports, step by step. The row is the job: what a killed worker held is taken up anew."""

import logging
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from celery import shared_task
from django.db import connection
from django.utils import timezone

from annotator.core.errors import StaleState, TriptychError
from annotator.exports import selectors, steps
from annotator.exports.building import make_folder, make_shard, make_spool
from annotator.exports.formats.format import Format, check_options
from annotator.exports.formats.options import Options
from annotator.exports.formats.registry import format_named
from annotator.exports.models import Export, ExportShard, Stage
from annotator.exports.read.source import specs_of
from annotator.exports.steps import Step

log = logging.getLogger(__name__)

TICK_SECONDS = 1.0
# After so long a worker goes to the end of the queue, that others may have their turn.
TURN_SECONDS = 60.0


@dataclass
class Heartbeat:
    """Renews the lease and writes progress from a thread (and connection) of its own.

    The work itself sits in a read-only snapshot, and may be a while within one image or query.
    """

    step: Step
    done: int = 0
    total: int = 0
    lost: threading.Event = field(default_factory=threading.Event)
    _over: threading.Event = field(default_factory=threading.Event)

    def tick(self, done: int, total: int) -> None:
        """Notes how far the step is; raises StaleState once it is no longer ours."""
        self.done, self.total = done, total
        if self.lost.is_set():
            raise StaleState

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._beat, name=f"export {self.step.export.pk}")
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
            while not self._over.wait(TICK_SECONDS):
                self._renew()
        except StaleState:
            self.lost.set()
        finally:
            connection.close()

    def _renew(self) -> None:
        steps.renew(step=self.step, done=self.done, total=self.total, now=timezone.now())


@shared_task(name=steps.TASK)
def build_export(export_id: int) -> None:
    """Takes one step of an export after the other for as long as there are any, or a turn lasts."""
    until = time.monotonic() + TURN_SECONDS
    while (step := steps.take_step(export_id=export_id, now=timezone.now())) is not None:
        do_step(step)
        if time.monotonic() > until:
            steps.wake(export_id)
            return


def do_step(step: Step) -> None:
    """One step; what goes wrong is written into the export's row in words."""
    try:
        _build(step)
    except StaleState:
        log.warning("Export %s was cancelled, or another worker took it over.", step.export.pk)
    except TriptychError as error:
        _failed(step, error.message)
    except OSError as error:
        _failed(step, f"The disk did not take it: {error.strerror or error}.")
    except Exception as error:
        if _failed(step, f"Something unexpected happened ({type(error).__name__}: {error})."):
            raise


def _failed(step: Step, reason: str) -> bool:
    """Whether that was ours to say: somebody else's folder may have gone from under us."""
    try:
        steps.fail_step(step=step, reason=reason, now=timezone.now())
    except StaleState:
        log.warning("Export %s had gone on without this worker: %s", step.export.pk, reason)
        return False
    return True


def _build(step: Step) -> None:
    export = step.export
    form = format_named(export.format)
    options = check_options(form, specs_of(export.project), export.options)
    if step.shard is not None:
        _shard(step, step.shard, form, options)
    elif export.stage == Stage.SPOOL:
        _spool(export, form, options)
    else:
        _assembly(export, form, options)


def _spool(export: Export, form: Format, options: Options) -> None:
    work = selectors.work_of(export)
    with Heartbeat(Step(export)) as heart:
        spool = make_spool(export.project, form, options, work, _told(heart))
    steps.finish_spool(export=export, spool=spool, now=timezone.now())


def _shard(step: Step, shard: ExportShard, form: Format, options: Options) -> None:
    with Heartbeat(step) as heart:
        items = make_shard(
            shard.number,
            form,
            options,
            selectors.work_of(step.export),
            lambda done: heart.tick(done, 0),
        )
    steps.finish_shard(shard=shard, items=items)


def _assembly(export: Export, form: Format, options: Options) -> None:
    work = selectors.work_of(export)
    final = selectors.root() / selectors.new_folder_name(export)
    with Heartbeat(Step(export)) as heart:
        built = make_folder(form, options, work, final, _told(heart))
    try:
        steps.finish_export(export=export, built=built, now=timezone.now())
    except StaleState:
        shutil.rmtree(final, ignore_errors=True)
        raise
    finally:
        built.files.close()
    work.clear()


def _told(heart: Heartbeat) -> Callable[[Stage, int, int], None]:
    return lambda stage, done, total: heart.tick(done, total)
