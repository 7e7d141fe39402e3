"""What can be done with exports: asked for, cancelled, tried again, removed."""

import re
import shutil
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.db import transaction

from annotator import jobs
from annotator.accounts.models import User
from annotator.core import places
from annotator.core.errors import Conflict, NotFound
from annotator.core.places import Files
from annotator.core.reasons import Code, Reason
from annotator.core.states import move
from annotator.core.storage import FileStore, names_below
from annotator.exports import selectors
from annotator.exports.building import must_hold_something, selection_of
from annotator.exports.formats.format import fitting_options
from annotator.exports.formats.registry import format_named
from annotator.exports.free_space import check_free_space
from annotator.exports.models import Export, ExportFile, ExportShard, ExportState, Stage
from annotator.exports.read.source import source_of, specs_of
from annotator.exports.store.shared import PACKED, remove_all
from annotator.jobs.models import JobState
from annotator.projects.models import Project

LIVE = (ExportState.REQUESTED, ExportState.RUNNING)
FAILED_WORK_DAYS = 1
# A folder that nobody claims may still be written to by a worker that was thought dead.
UNCLAIMED_SECONDS = 3600
OURS = re.compile(r"\.?(\d+)-(\w*)(\.work|\.zip)?")
AT_ONCE = 100

T = TypeVar("T")


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
    transaction.on_commit(selectors.shared_of(export).clear)
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
    work, place, folder = selectors.shared_of(row), row.place, row.folder
    row.delete()
    transaction.on_commit(work.clear)
    transaction.on_commit(lambda: _remove(place, folder))


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
    place, folder = export.place, export.folder
    move(export, ExportState.EXPIRED, folder="")
    ExportFile.objects.filter(export=export).delete()
    transaction.on_commit(lambda: _remove(place, folder))


@transaction.atomic
def _forget_work(export: Export) -> None:
    """A retry will begin with a new spool."""
    work = selectors.shared_of(export)
    forgotten = Export.objects.filter(
        pk=export.pk, state=ExportState.FAILED, spooled_by=export.spooled_by
    ).update(stage=Stage.SPOOL, spooled_by="")
    if forgotten:
        ExportShard.objects.filter(export=export).delete()
        transaction.on_commit(work.clear)


def forget_lost_files(now: datetime) -> int:
    """After a restore: what was put back lies here now; the rest has expired, or begins anew."""
    here, lost = places.here(Files.EXPORTS), 0
    for export in Export.objects.filter(state=ExportState.DONE):
        if places.store(Files.EXPORTS, here).exists(_first_name(export)):
            Export.objects.filter(pk=export.pk).update(place=here)
        else:
            _expire(export)
            lost += 1
    begun = Export.objects.filter(state__in=(*LIVE, ExportState.FAILED)).exclude(spooled_by="")
    for export in begun:
        if here == places.BUCKET or not selectors.work_of(export).root.is_dir():
            _begin_anew(export, now)
        else:
            Export.objects.filter(pk=export.pk).update(place=here)
    return lost


def _first_name(export: Export) -> str:
    """Of a finished export's first file, or of the zip that it is."""
    if export.folder.endswith(PACKED):
        return export.folder
    first = ExportFile.objects.filter(export=export).order_by("pk").first()
    return f"{export.folder}/{first.name}" if first else export.folder


@transaction.atomic
def _begin_anew(export: Export, now: datetime) -> None:
    ExportShard.objects.filter(export=export).delete()
    if export.state == ExportState.RUNNING:
        move(export, ExportState.REQUESTED, holder="", held_until=now)
    Export.objects.filter(pk=export.pk, state=export.state).update(
        stage=Stage.SPOOL, spooled_by="", place="", done_count=0
    )


def collect_folders(now: datetime) -> None:
    """Removes what no row claims, of rows deleted and of attempts ended: here and in the bucket."""
    root = selectors.root()
    paths = list(root.glob("*")) if root.exists() else []
    for path in _unclaimed({path.name: path for path in paths}).values():
        if now.timestamp() - path.stat().st_mtime > UNCLAIMED_SECONDS:
            _remove_path(path)
    if places.is_shared(Files.EXPORTS):
        _collect_bucket(places.store(Files.EXPORTS, places.BUCKET), now)


def _remove_path(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _collect_bucket(files: FileStore, now: datetime) -> None:
    try:
        folders, names = files.listdir("")
    except FileNotFoundError:
        return
    old = now - timedelta(seconds=UNCLAIMED_SECONDS)
    for name in _unclaimed({name: name for name in (*folders, *names)}):
        found = [name] if name in names else list(names_below(files, name))
        if all(files.get_modified_time(one) < old for one in found):
            for one in found:
                files.delete(one)


def _unclaimed(found: Mapping[str, T]) -> dict[str, T]:
    """Those of the names that are ours and of no export that goes on or is kept."""
    ours = {name: int(match[1]) for name in found if (match := OURS.fullmatch(name))}
    rows = Export.objects.in_bulk(set(ours.values()))
    return {name: found[name] for name, pk in ours.items() if not _claims(rows.get(pk), name)}


def _claims(export: Export | None, name: str) -> bool:
    if export is None:
        return False
    if name.removeprefix(".") == selectors.shared_of(export).name:
        return export.state in (*LIVE, ExportState.FAILED)
    if name == export.folder:
        return export.state == ExportState.DONE
    made = (selectors.new_folder_name(export), selectors.new_name(export))
    return export.state == ExportState.RUNNING and name in made


def remove_made(export: Export) -> None:
    """Removes what a holder has made of an export that is another's by now."""
    shutil.rmtree(selectors.root() / selectors.new_folder_name(export), ignore_errors=True)
    if selectors.is_packed(export):
        _remove(export.place, selectors.new_name(export))


def _remove(place: str, folder: str) -> None:
    """Removes a finished export; one that lies elsewhere is collected there."""
    if not folder or not places.reaches(Files.EXPORTS, place):
        return
    files = places.store(Files.EXPORTS, place)
    if folder.endswith(PACKED):
        files.delete(folder)
    elif place == places.BUCKET:
        remove_all(files, folder)
    else:
        shutil.rmtree(selectors.root() / folder, ignore_errors=True)
