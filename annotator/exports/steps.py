"""The steps of an export as its workers take them: each is held by a lease, and given up or done.

An export spools, then its shards are taken by as many workers as come, then whoever finds that all
are done assembles. While there are shards to build it is running and nobody holds it itself.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from annotator import jobs
from annotator.core import clock
from annotator.core.reasons import Reason, as_json
from annotator.core.states import move
from annotator.exports import selectors
from annotator.exports.building import Built
from annotator.exports.models import Export, ExportFile, ExportShard, ExportState, Stage
from annotator.exports.read.spool import Spool
from annotator.exports.store.archive import ArchiveMember, ExportArchive
from annotator.jobs import Held
from annotator.jobs.models import JobState

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
    if export.stage == Stage.SHARDS:
        return _take_shard(export, now) or _take_assembly(export, now)
    held = jobs.take(export, now=now)
    if held is not None and export.stage == Stage.SPOOL:
        held.save(spooled_by=held.token, error=None, done_count=0, total_count=0)
    return held


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
            return taken
    return None


def _take_assembly(export: Export, now: datetime) -> Held[Export] | None:
    """If all shards are whole and nobody assembles them yet."""
    unfinished = ExportShard.objects.filter(export=export).exclude(state=JobState.DONE)
    held = None if unfinished.exists() else jobs.take(export, now=now)
    if held is not None:
        held.save(stage=Stage.ASSEMBLY, attempts=1, done_count=0)
    return held


@transaction.atomic
def finish_spool(*, held: Held[Export], spool: Spool) -> None:
    """The shards come to be, and helpers are sent for; StaleState if the step is not ours now."""
    export = held.job
    held.pause(
        seconds=settings.ENQUEUE_AGAIN_SECONDS,
        stage=Stage.SHARDS,
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
        folder=selectors.new_folder_name(export),
        file_count=built.files.count,
        total_bytes=built.files.bytes,
        archive_bytes=ExportArchive(lambda: members(export, built)).size(),
        finished_at=clock.now(),
        done_count=F("total_count"),
    )
    ExportShard.objects.filter(export=export).delete()


def members(export: Export, built: Built) -> Iterator[ArchiveMember]:
    """The files of a built export as they will stand in its archive."""
    for entry in built.files:
        name = f"{export.format}/{entry.name}"
        yield ArchiveMember(
            name, selectors.folder_of(export) / entry.name, entry.bytes, entry.crc32
        )


def _rows(export: Export, built: Built) -> Iterator[ExportFile]:
    for entry in built.files:
        yield ExportFile(
            export=export,
            name=entry.name,
            bytes=entry.bytes,
            sha256=entry.sha256,
            crc32=entry.crc32,
        )


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
