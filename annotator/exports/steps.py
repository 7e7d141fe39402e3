"""The steps of an export as its workers take them: each is held by a lease, and given up or done.

An export spools, then its shards are taken by as many workers as come, then whoever finds that all
are done assembles. While there are shards to build it is running and nobody holds it itself.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from itertools import islice

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from annotator import jobs
from annotator.core import clock
from annotator.core.reasons import Code, Reason, as_json
from annotator.core.states import move
from annotator.core.storage import DurableFileStorage
from annotator.exports import selectors
from annotator.exports.building import Built
from annotator.exports.models import Export, ExportFile, ExportShard, ExportState, Stage
from annotator.exports.read.spool import Spool
from annotator.exports.store.archive import ArchiveMember, ExportArchive, head_bytes
from annotator.exports.store.files import FileEntry
from annotator.jobs import Held
from annotator.jobs.models import LIVE, JobState

ROWS_AT_ONCE = 2000
TAKEN_AT_ONCE = 8
# More workers than this on one export would leave none for anything else.
HELPERS = 8

Step = Held[Export] | Held[ExportShard]


def take_step(*, export_id: int, now: datetime) -> Step | None:
    """What is to be done next about an export, ours from now on; None if there is nothing."""
    export = Export.objects.select_related("project").filter(pk=export_id).first()
    if export is None:
        return None
    if export.stage != Stage.SPOOL and not selectors.is_here(export):
        _say_it_waits(export, now)
        return None
    if export.stage == Stage.SHARDS:
        return _take_shard(export, now) or _take_assembly(export, now)
    held = jobs.take(export, now=now)
    if held is not None and export.stage == Stage.SPOOL:
        held.save(spooled_by=held.token, error=None, done_count=0, total_count=0)
    return held


def _say_it_waits(export: Export, now: datetime) -> None:
    """For a worker that sees the export's work; unless one is at it already."""
    working = ExportShard.objects.filter(export=export, held_until__gt=now).exclude(holder="")
    waits = Export.objects.filter(pk=export.pk, state__in=LIVE, holder="", error__isnull=True)
    if not working.exists():
        waits.update(error=as_json(Reason(Code.EXPORT_ELSEWHERE)))


def _take_shard(export: Export, now: datetime) -> Held[ExportShard] | None:
    """The first shard that waits, or that its worker has left."""
    if export.state == ExportState.REQUESTED and (held := jobs.take(export, now=now)):
        held.pause(seconds=settings.ENQUEUE_AGAIN_SECONDS, error=None, attempts=0)
    if export.state != ExportState.RUNNING:
        return None
    left = Q(state=JobState.RUNNING, held_until__lt=now)
    waiting = ExportShard.objects.filter(Q(state=JobState.REQUESTED) | left, export=export)
    for shard in waiting.select_related("export__project").order_by("number")[:TAKEN_AT_ONCE]:
        if taken := jobs.take(shard, now=now):
            Export.objects.filter(pk=export.pk, state=ExportState.RUNNING).update(error=None)
            return taken
    return None


def _take_assembly(export: Export, now: datetime) -> Held[Export] | None:
    """If all shards are whole and nobody assembles them yet."""
    unfinished = ExportShard.objects.filter(export=export).exclude(state=JobState.DONE)
    held = None if unfinished.exists() else jobs.take(export, now=now)
    if held is not None:
        held.save(stage=Stage.ASSEMBLY, attempts=1, done_count=0, error=None)
    return held


@transaction.atomic
def finish_spool(*, held: Held[Export], spool: Spool, place: str) -> None:
    """The shards come to be, and helpers are sent for; StaleState if the step is not ours now.

    `place`: where the spool lies for those who build them.
    """
    export = held.job
    held.pause(
        seconds=settings.ENQUEUE_AGAIN_SECONDS,
        stage=Stage.SHARDS,
        place=place,
        attempts=0,
        done_count=0,
        total_count=spool.facts.items,
    )
    shards = (ExportShard(export=export, number=number) for number in range(spool.shards))
    while some := list(islice(shards, ROWS_AT_ONCE)):
        ExportShard.objects.bulk_create(some)
    for _ in range(min(HELPERS, spool.shards) - 1):
        jobs.enqueue(export)


@transaction.atomic
def finish_export(*, held: Held[Export], built: Built) -> None:
    """running → done, with the rows of its files; StaleState if another attempt has taken over."""
    export = held.job
    held.save()
    files = _rows(export, built)
    while some := list(islice(files, ROWS_AT_ONCE)):
        ExportFile.objects.bulk_create(some)
    held.finish(
        rows=built.rows,
        folder=selectors.new_name(export),
        error=None,
        file_count=built.files.count,
        total_bytes=built.files.bytes,
        archive_bytes=archive_of(export, built).size(),
        finished_at=clock.now(),
        done_count=F("total_count"),
    )
    ExportShard.objects.filter(export=export).delete()


def archive_of(export: Export, built: Built) -> ExportArchive:
    """The zip that a built export is, or can be read as."""
    files = DurableFileStorage(location=selectors.folder_of(export))
    return ExportArchive(
        lambda: (
            ArchiveMember(
                _archived(export, entry), partial(files.read, entry.name), entry.bytes, entry.crc32
            )
            for entry in built.files
        )
    )


def _archived(export: Export, entry: FileEntry) -> str:
    return f"{export.format}/{entry.name}"


def _rows(export: Export, built: Built) -> Iterator[ExportFile]:
    packed, at = selectors.is_packed(export), 0
    for entry in built.files:
        at += head_bytes(_archived(export, entry))
        yield ExportFile(
            export=export,
            name=entry.name,
            bytes=entry.bytes,
            sha256=entry.sha256,
            crc32=entry.crc32,
            begins=at if packed else None,
        )
        at += entry.bytes


@transaction.atomic
def fail_shard(*, held: Held[ExportShard], reason: Reason) -> None:
    """The export has failed at this shard; StaleState if the shard is no longer ours."""
    held.release(seconds=0)
    fail_export(held.job.export, reason)


@transaction.atomic
def fail_export(export: Export, reason: Reason) -> None:
    """The export has failed; who builds a shard of it stops."""
    now, error = clock.now(), as_json(reason)
    move(export, ExportState.FAILED, error=error, holder="", held_until=None, finished_at=now)
    building = ExportShard.objects.filter(export=export, state=JobState.RUNNING)
    building.update(state=JobState.REQUESTED, holder="", held_until=None)


def give_up_shard(shard: ExportShard, reason: Reason) -> None:
    """After the last attempt at a shard."""
    fail_export(shard.export, reason)
