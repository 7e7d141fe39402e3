"""What can be done with exports: asked for, cancelled, tried again, removed."""

import re
import shutil
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from annotator import jobs
from annotator.accounts.models import User
from annotator.core.errors import Conflict, NotFound
from annotator.core.reasons import Code, Reason
from annotator.core.states import move
from annotator.exports import selectors
from annotator.exports.building import must_hold_something, selection_of
from annotator.exports.formats.format import fitting_options
from annotator.exports.formats.registry import format_named
from annotator.exports.free_space import check_free_space
from annotator.exports.models import Export, ExportFile, ExportShard, ExportState, Stage
from annotator.exports.read.source import source_of, specs_of
from annotator.jobs.models import JobState
from annotator.projects.models import Project

LIVE = (ExportState.REQUESTED, ExportState.RUNNING)
FAILED_WORK_DAYS = 1
# A folder that nobody claims may still be written to by a worker that was thought dead.
UNCLAIMED_SECONDS = 3600
OURS = re.compile(r"\.?(\d+)-(\w*)(\.work)?")
AT_ONCE = 100


@transaction.atomic
def request_export(
    *, project: Project, format_name: str, options: Mapping[str, object], created_by: User | None
) -> Export:
    """Writes the job down.

    Raises Invalid for an unknown format or option, or one that misfits; Conflict where there is
    nothing to export, or no room for it.
    """
    form = format_named(format_name)
    questions = specs_of(project)
    checked = fitting_options(form, questions, options)
    source = source_of(project, selection_of(form, checked))
    must_hold_something(source)
    check_free_space(source, form, checked)
    export = Export.objects.create(
        project=project, format=form.name, options=dict(checked.values), created_by=created_by
    )
    jobs.enqueue(export)
    return export


@transaction.atomic
def cancel_export(*, export: Export, now: datetime) -> Export:
    """Ends an export under way; its workers stop at the next item. StaleState for an ended one."""
    move(export, ExportState.CANCELLED, holder="", held_until=None, finished_at=now)
    ExportShard.objects.filter(export=export).delete()
    work = selectors.work_of(export)
    transaction.on_commit(work.clear)
    return export


@transaction.atomic
def retry_export(*, export: Export) -> Export:
    """Goes on with a failed export from where it is. StaleState for one that has not failed."""
    shards = ExportShard.objects.filter(export=export)
    shards.exclude(state=JobState.DONE).update(
        state=JobState.REQUESTED, attempts=0, held_until=None, done_count=0
    )
    return jobs.retry(export, error=None, finished_at=None)


@transaction.atomic
def delete_export(*, export: Export) -> None:
    """Removes an export and its files; Conflict while it is under way."""
    row = Export.objects.select_for_update().filter(pk=export.pk).first()
    if row is None:
        raise NotFound
    if row.state in LIVE:
        raise Conflict(Reason(Code.EXPORT_UNDER_WAY))
    folders = [selectors.work_of(row).root]
    if row.folder:
        folders.append(selectors.folder_of(row))
    row.delete()
    transaction.on_commit(lambda: _remove(folders))


def expire_exports(now: datetime) -> None:
    """Removes the files of exports older than EXPORT_KEEP_DAYS, and what failed ones keep."""
    if settings.EXPORT_KEEP_DAYS:
        old = now - timedelta(days=settings.EXPORT_KEEP_DAYS)
        done = Export.objects.filter(state=ExportState.DONE, finished_at__lt=old)
        for export in done.order_by("pk")[:AT_ONCE]:
            _expire(export)
    given_up = now - timedelta(days=FAILED_WORK_DAYS)
    failed = Export.objects.filter(state=ExportState.FAILED, finished_at__lt=given_up).exclude(
        spooled_by=""
    )
    for export in failed.order_by("pk")[:AT_ONCE]:
        _forget_work(export)


@transaction.atomic
def _expire(export: Export) -> None:
    folder = selectors.folder_of(export)
    move(export, ExportState.EXPIRED, folder="")
    ExportFile.objects.filter(export=export).delete()
    transaction.on_commit(lambda: _remove([folder]))


@transaction.atomic
def _forget_work(export: Export) -> None:
    """A retry will begin with a new spool."""
    work = selectors.work_of(export)
    forgotten = Export.objects.filter(
        pk=export.pk, state=ExportState.FAILED, spooled_by=export.spooled_by
    ).update(stage=Stage.SPOOL, spooled_by="")
    if forgotten:
        ExportShard.objects.filter(export=export).delete()
        transaction.on_commit(work.clear)


def forget_lost_files(now: datetime) -> int:
    """After a restore: expires exports whose files are gone, lets unfinished ones begin anew."""
    lost = [
        export
        for export in Export.objects.filter(state=ExportState.DONE)
        if not selectors.folder_of(export).is_dir()
    ]
    for export in lost:
        _expire(export)
    begun = Export.objects.filter(state__in=(*LIVE, ExportState.FAILED)).exclude(spooled_by="")
    for export in begun:
        if not selectors.work_of(export).root.is_dir():
            _begin_anew(export, now)
    return len(lost)


@transaction.atomic
def _begin_anew(export: Export, now: datetime) -> None:
    ExportShard.objects.filter(export=export).delete()
    if export.state == ExportState.RUNNING:
        move(export, ExportState.REQUESTED, holder="", held_until=now)
    Export.objects.filter(pk=export.pk, state=export.state).update(
        stage=Stage.SPOOL, spooled_by="", done_count=0
    )


def collect_folders(now: datetime) -> None:
    """Removes folders under EXPORT_ROOT that no row claims: of rows deleted, of attempts ended."""
    root = selectors.root()
    found = [(path, OURS.fullmatch(path.name)) for path in root.glob("*")] if root.exists() else []
    ours = [(path, int(name[1])) for path, name in found if name is not None]
    rows = Export.objects.in_bulk({pk for _, pk in ours})
    for path, pk in ours:
        age = now.timestamp() - path.stat().st_mtime
        if age > UNCLAIMED_SECONDS and not _claims(rows.get(pk), path):
            _remove([path])


def _claims(export: Export | None, path: Path) -> bool:
    if export is None:
        return False
    if path.name in (export.folder, selectors.work_of(export).root.name):
        return export.state not in (ExportState.CANCELLED, ExportState.EXPIRED)
    return export.state == ExportState.RUNNING and path.name == selectors.new_folder_name(export)


def _remove(folders: list[Path]) -> None:
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
