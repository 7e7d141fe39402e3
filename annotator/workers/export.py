"""Builds exports, step by step. The row is the job: what a killed worker held is taken up anew."""

import logging
import shutil
import time
from collections.abc import Callable

from celery import shared_task
from django.conf import settings

from annotator import jobs
from annotator.core import clock, places
from annotator.core.errors import StaleState, TriptychError
from annotator.core.places import Files
from annotator.core.reasons import Code, Reason
from annotator.exports import expiry, selectors, steps
from annotator.exports.building import make_folder, make_shard, make_spool
from annotator.exports.formats.format import Format, check_options
from annotator.exports.formats.options import Options
from annotator.exports.formats.registry import format_named
from annotator.exports.models import Export, ExportShard, Stage
from annotator.exports.read.source import specs_of
from annotator.exports.read.spool import open_spool
from annotator.exports.store.shared import shared_work
from annotator.jobs import Held
from annotator.pipeline import events

log = logging.getLogger(__name__)


@shared_task(name=Export.TASK)
def build_export(export_id: int) -> None:
    """Takes one step of an export after the other for as long as there are any, or a turn lasts."""
    until = time.monotonic() + settings.JOB_TURN_SECONDS
    while (step := steps.take_step(export_id=export_id, now=clock.now())) is not None:
        jobs.work(step)
        if time.monotonic() > until:
            jobs.send(Export.TASK, export_id)
            return


def _build_export(held: Held[Export]) -> None:
    build = _spool if held.job.stage == Stage.SPOOL else _assemble
    try:
        build(held, *_format_of(held.job))
    except (TriptychError, OSError) as error:
        _raise_if_stale(error)
        held.save()
        steps.fail_export(held.job, _reason(error))


def _build_shard(held: Held[ExportShard]) -> None:
    try:
        _shard(held, *_format_of(held.job.export))
    except (TriptychError, OSError) as error:
        _raise_if_stale(error)
        steps.fail_shard(held=held, reason=_reason(error))


def _raise_if_stale(error: Exception) -> None:
    if isinstance(error, StaleState):
        raise error


def _reason(error: TriptychError | OSError) -> Reason:
    if isinstance(error, TriptychError):
        return error.reason
    return Reason(Code.DISK_REFUSED, error=error.strerror or str(error))


def _format_of(export: Export) -> tuple[Format, Options]:
    form = format_named(export.format)
    return form, check_options(form, specs_of(export.project), export.options)


def _spool(held: Held[Export], form: Format, options: Options) -> None:
    export, place = held.job, places.here(Files.EXPORTS)
    work = selectors.work_of(export)
    spool = make_spool(export.project, form, options, work, _noted(held))
    shared_work(work, place).leave_spool()
    steps.finish_spool(held=held, spool=spool, place=place)


def _shard(held: Held[ExportShard], form: Format, options: Options) -> None:
    index, shared = held.job.number, selectors.shared_of(held.job.export)
    shared.fetch_spool(index)
    spool = open_spool(shared.work.spool)
    items = make_shard(spool, index, form, options, shared.work, lambda n: held.note(done_count=n))
    held.check()
    shared.leave_shard(index)
    held.finish(done_count=items)


def _assemble(held: Held[Export], form: Format, options: Options) -> None:
    export, shared = held.job, selectors.shared_of(held.job)
    final = selectors.root() / selectors.new_folder_name(export)
    shared.fetch_spool(0)
    shared.fetch_shards(open_spool(shared.work.spool).shards)
    built = make_folder(form, options, shared.work, final, _noted(held))
    try:
        shared.leave_whole(selectors.new_name(export), steps.archive_of(export, built))
        events.finish_export(held, built, now=clock.now())
    except StaleState:
        expiry.remove_made(export)
        raise
    finally:
        built.files.close()
    if selectors.is_packed(export):
        shutil.rmtree(final, ignore_errors=True)
    shared.clear()


def _noted(held: Held[Export]) -> Callable[[Stage, int, int], None]:
    return lambda _stage, done, total: held.note(done_count=done, total_count=total)


jobs.register(Export, work=_build_export, give_up=steps.fail_export)
jobs.register(ExportShard, work=_build_shard, give_up=steps.give_up_shard)
