"""What becomes of the files of exports: grown old, removed, left by who was cut off, put back."""

import re
import shutil
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.db import transaction

from annotator.core import places
from annotator.core.places import Files
from annotator.core.states import move
from annotator.core.storage import FileStore, names_below
from annotator.exports import selectors
from annotator.exports.models import Export, ExportFile, ExportShard, ExportState, Stage
from annotator.exports.store.shared import PACKED, remove_all
from annotator.jobs.models import LIVE

FAILED_WORK_DAYS = 1
# What nobody claims may still be written to by a worker that was thought dead.
UNCLAIMED_SECONDS = 3600
OURS = re.compile(r"\.?(\d+)-(\w*)(\.work|\.zip)?")
AT_ONCE = 100

T = TypeVar("T")


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
    transaction.on_commit(lambda: remove(place, folder))


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
        remove(export.place, selectors.new_name(export))


def remove(place: str, folder: str) -> None:
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
