"""What exports can be asked."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Q, QuerySet, Sum

from annotator.accounts.models import Role, User
from annotator.core import places
from annotator.core.errors import Conflict, NotFound
from annotator.core.places import Files
from annotator.core.reasons import Code, Reason
from annotator.core.storage import FileStore
from annotator.exports.models import Export, ExportFile, ExportShard, ExportState, Stage
from annotator.exports.store.archive import ArchiveMember, ExportArchive, Reader
from annotator.exports.store.shared import PACKED, Shared, shared_work
from annotator.exports.store.work import Work
from annotator.jobs.models import IS_LIVE, JobState
from annotator.projects.models import Project
from annotator.projects.selectors import project_for

LISTED_FILES = 200
WITHOUT_FILES: Mapping[str, Code] = {
    ExportState.EXPIRED: Code.EXPORT_EXPIRED,
    ExportState.CANCELLED: Code.EXPORT_CANCELLED,
    ExportState.FAILED: Code.EXPORT_FAILED,
}


def export_for(user: User, export_id: int) -> Export:
    """The export with its project and maker, for a manager of its project (2 queries).

    Raises NotFound for absent and not yours alike, RoleRequired for members without the role.
    """
    rows = Export.objects.select_related("project", "created_by")
    export = rows.filter(pk=export_id).first()
    if export is None:
        raise NotFound
    project_for(user, export.project_id, Role.MANAGER)
    return export


def asked_by_key(project: Project, user: User | None, key: str) -> Export | None:
    """The export that this person has asked for there by this key; None for none, and for ""."""
    if not key:
        return None
    return Export.objects.filter(project=project, created_by=user, idempotency_key=key).first()


def exports_of(project: Project, limit: int | None = 100) -> list[Export]:
    """A project's exports with their makers, newest first (1 query)."""
    rows = Export.objects.filter(project=project).select_related("created_by")
    return list(rows.order_by("-created_at", "-pk")[:limit])


def is_exporting(project_id: int) -> bool:
    """Whether an export of the project is being made, or will be (1 query)."""
    return Export.objects.filter(IS_LIVE, project_id=project_id).exists()


@dataclass(frozen=True, slots=True)
class ExportProgress:
    """How far the present stage is: items gone through, of all, and parts that are whole, of all.

    The stages are spool: answers are read; shards: rows are written, by several workers at once, a
    part each (there are no parts outside that stage); assembly: the parts become one folder.
    """

    stage: Stage
    done: int
    total: int
    shards_done: int = 0
    shards: int = 0


def progress_of(exports: Sequence[Export]) -> dict[int, ExportProgress]:
    """How far each is (1 query, of those whose shards are being built)."""
    building = [export.pk for export in exports if export.stage == Stage.SHARDS]
    is_done = Count("pk", filter=Q(state=JobState.DONE))
    rows = ExportShard.objects.filter(export__in=building).values_list("export_id")
    counted = rows.annotate(items=Sum("done_count"), done=is_done, n=Count("pk"))
    counts = {pk: tuple(found) for pk, *found in counted}
    return {export.pk: _progress(export, counts.get(export.pk)) for export in exports}


def _progress(export: Export, counts: tuple[int, ...] | None) -> ExportProgress:
    stage, total = Stage(export.stage), export.total_count
    if counts is None:
        return ExportProgress(stage, export.done_count, total)
    items, done, shards = counts
    return ExportProgress(stage, items, total, done, shards)


def first_files(export: Export, limit: int = LISTED_FILES) -> list[ExportFile]:
    """The files that a page lists: those beside the manifest first, then what folders hold."""
    rows = ExportFile.objects.filter(export=export)
    beside = list(rows.exclude(name__contains="/")[:limit])
    return beside + list(rows.filter(name__contains="/")[: limit - len(beside)])


def file_of(export: Export, name: str) -> ExportFile:
    """The file that the export itself listed under this very name; NotFound for any other."""
    # PostgreSQL can't even look for a NUL.
    row = None if "\0" in name else ExportFile.objects.filter(export=export, name=name).first()
    if row is None:
        raise NotFound
    return row


def files_in_order(export: Export) -> QuerySet[ExportFile]:
    """All files in the order in which an archive holds them."""
    return ExportFile.objects.filter(export=export).order_by("pk")


def archive_of(export: Export) -> Reader:
    """How a finished export is read as one zip, whether it is kept as one or as a folder."""
    files = places.store(Files.EXPORTS, export.place)
    if export.folder.endswith(PACKED):
        return partial(files.read, export.folder)

    def members() -> Iterator[ArchiveMember]:
        for file in files_in_order(export).iterator(2000):
            read = partial(files.read, f"{export.folder}/{file.name}")
            yield ArchiveMember(f"{export.format}/{file.name}", read, file.bytes, file.crc32)

    return ExportArchive(members).read


def read_file(file: ExportFile, start: int, stop: int) -> Iterator[bytes]:
    """A file's bytes from `start` up to `stop`; it is found by its row's own name."""
    files = places.store(Files.EXPORTS, file.export.place)
    if file.begins is None:
        return files.read(on_disk(file), start, stop)
    return files.read(file.export.folder, file.begins + start, file.begins + stop)


def on_disk(file: ExportFile) -> str:
    """Its name below EXPORT_ROOT; "" for one that lies in a bucket, within a zip."""
    return "" if file.begins is not None else f"{folder_of(file.export).name}/{file.name}"


def not_whole(export: Export) -> Iterator[str]:
    """Names of a finished export's files that are gone or have another length, if it is here."""
    if not is_here(export):
        return
    files = places.store(Files.EXPORTS, export.place)
    if export.folder.endswith(PACKED):
        if not _has(files, export.folder, export.archive_bytes):
            yield export.folder
        return
    for file in files_in_order(export).iterator(2000):
        if not _has(files, f"{folder_of(export).name}/{file.name}", file.bytes):
            yield file.name


def _has(files: FileStore, name: str, size: int) -> bool:
    return files.exists(name) and files.size(name) == size


def is_here(export: Export) -> bool:
    """Whether this machine can see the files of an export, or of its work."""
    return places.reaches(Files.EXPORTS, export.place)


def root() -> Path:
    """Where exports are made on this machine, and without a bucket kept."""
    return places.root(Files.EXPORTS)


def folder_of(export: Export) -> Path:
    """Where a finished export lies."""
    return root() / (export.folder or new_folder_name(export))


def new_folder_name(export: Export) -> str:
    """Of the present holder's folder: each has one of its own."""
    return f"{export.pk}-{export.holder}"


def is_packed(export: Export) -> bool:
    """Whether it will be kept as one zip, which several machines can read from."""
    return export.place == places.BUCKET


def new_name(export: Export) -> str:
    """Of what the present holder will have made: a folder, or a zip."""
    return new_folder_name(export) + (PACKED if is_packed(export) else "")


def work_of(export: Export) -> Work:
    """Where an export's spool and shards lie: the work of the holder that spooled it."""
    return Work(root() / f".{export.pk}-{export.spooled_by}.work")


def shared_of(export: Export) -> Shared:
    """The same, with what machines hand one another of it."""
    return shared_work(work_of(export), export.place)


def expires_at(export: Export) -> datetime | None:
    """When its files will be removed; None for one that has none, or is kept for good."""
    if export.state != ExportState.DONE or not settings.EXPORT_KEEP_DAYS or not export.finished_at:
        return None
    return export.finished_at + timedelta(days=settings.EXPORT_KEEP_DAYS)


def must_be_done(export: Export) -> None:
    """Raises Conflict for an export whose files are not there (yet, or any more), or not here."""
    if export.state != ExportState.DONE:
        raise Conflict(Reason(WITHOUT_FILES.get(ExportState(export.state), Code.EXPORT_NOT_DONE)))
    if not is_here(export):
        raise Conflict(Reason(Code.EXPORT_ELSEWHERE))


def counts_by_state() -> dict[str, int]:
    """How many exports there are in each state, for the monitoring (1 query)."""
    return dict(Export.objects.values_list("state").annotate(n=Count("pk")))
