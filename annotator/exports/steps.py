"""The steps of an export as its workers take them: each is held by a lease, and given up or done.

The row is the job. An export spools, then its shards are taken by as many workers as come, then
whoever finds that all are done assembles. Whoever holds is told of it by `attempts` (exports) or
by `held_until` (shards): who has lost it changes nothing more.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from annotator.core import bell, jobs
from annotator.core.errors import StaleState
from annotator.core.states import JobState, move
from annotator.exports import selectors
from annotator.exports.building import Built
from annotator.exports.models import Export, ExportFile, ExportShard, ExportState, Stage
from annotator.exports.read.spool import Spool
from annotator.exports.store.archive import ExportArchive, Member

TASK = "annotator.workers.export.build_export"
ROWS_AT_ONCE = 2000
DUE_AT_ONCE = 64
TAKEN_AT_ONCE = 8
# More workers than this on one export would leave none for anything else.
HELPERS = 8


@dataclass(frozen=True, slots=True)
class Step:
    """Something of an export that is ours to do: its spool, its assembly, or one shard."""

    export: Export
    shard: ExportShard | None = None


def wake(export_id: int) -> None:
    """Rings for a worker to take the next step of an export."""
    bell.ring(TASK, export_id)


def ring_for_due(*, now: datetime) -> None:
    """Rings for exports that wait or whose worker is gone, each at most once in a while."""
    again = now + timedelta(seconds=settings.RING_AGAIN_SECONDS)
    for export in jobs.due(Export, now)[:DUE_AT_ONCE]:
        waits = Q(state=ExportState.REQUESTED) | Q(stage=Stage.SHARDS)
        as_seen = Export.objects.filter(waits, pk=export.pk, held_until=export.held_until)
        held = export.state == ExportState.RUNNING and export.stage != Stage.SHARDS
        if held or as_seen.update(held_until=again):
            wake(export.pk)


def take_step(*, export_id: int, now: datetime) -> Step | None:
    """What is to be done next about an export, ours from now on; None if there is nothing."""
    export = Export.objects.select_related("project").filter(pk=export_id).first()
    if export is None:
        return None
    try:
        if export.state == ExportState.REQUESTED:
            _begin(export, now)
            if export.stage != Stage.SHARDS:
                return Step(export)
        if export.state != ExportState.RUNNING:
            return None
        if export.stage != Stage.SHARDS:
            return _take_over(export, now)
        return _take_shard(export, now) or _take_assembly(export, now)
    except StaleState:
        return None


def _begin(export: Export, now: datetime) -> None:
    """requested → running; while there are shards to build nobody holds it."""
    spooling = export.stage == Stage.SPOOL
    attempt = export.attempts + 1
    fresh = {"spooled_by": attempt, "done_count": 0, "total_count": 0} if spooling else {}
    move(
        export,
        ExportState.RUNNING,
        attempts=attempt,
        error="",
        held_until=None if export.stage == Stage.SHARDS else _lease(now),
        **fresh,
    )


def _take_over(export: Export, now: datetime) -> Step | None:
    """Of a worker that has gone silent; after JOB_MAX_ATTEMPTS of them the export has failed."""
    if export.held_until is not None and export.held_until >= now:
        return None
    crashes = export.crashes + 1
    if crashes >= settings.JOB_MAX_ATTEMPTS:
        reason = f"The worker ended without a word, {crashes} times."
        _fail(export, reason, now, crashes=crashes)
        return None
    attempt = export.attempts + 1
    spooled = {"spooled_by": attempt} if export.stage == Stage.SPOOL else {}
    _update(export, attempts=attempt, crashes=crashes, held_until=_lease(now), **spooled)
    return Step(export)


def _take_shard(export: Export, now: datetime) -> Step | None:
    """The first shard that waits, or that its worker has left."""
    left = Q(state=JobState.RUNNING, held_until__lt=now)
    waiting = ExportShard.objects.filter(Q(state=JobState.REQUESTED) | left, export=export)
    for shard in waiting.order_by("number")[:TAKEN_AT_ONCE]:
        if shard.attempts >= settings.JOB_MAX_ATTEMPTS:
            reason = (
                f"The worker ended without a word at part {shard.number + 1}, "
                f"{shard.attempts} times."
            )
            _fail(export, reason, now)
            return None
        seen = ExportShard.objects.filter(
            pk=shard.pk, state=shard.state, held_until=shard.held_until
        )
        taken = seen.update(
            state=JobState.RUNNING,
            held_until=_lease(now),
            attempts=F("attempts") + 1,
            done_count=0,
        )
        if taken:
            shard.refresh_from_db()
            return Step(export, shard)
    return None


def _take_assembly(export: Export, now: datetime) -> Step | None:
    """If all shards are whole and nobody assembles them yet."""
    unfinished = ExportShard.objects.filter(export=export).exclude(state=JobState.DONE)
    if unfinished.exists():
        return None
    _update(
        export,
        stage=Stage.ASSEMBLY,
        attempts=export.attempts + 1,
        crashes=0,
        done_count=0,
        held_until=_lease(now),
    )
    return Step(export)


def renew(*, step: Step, done: int, total: int, now: datetime) -> None:
    """Notes progress and lengthens the lease; StaleState if the step is no longer ours."""
    export, shard = step.export, step.shard
    if shard is None:
        _update(export, done_count=done, total_count=total, held_until=_lease(now))
        return
    until = _lease(now)
    ours = ExportShard.objects.filter(
        pk=shard.pk,
        state=JobState.RUNNING,
        held_until=shard.held_until,
        export__state=ExportState.RUNNING,
    )
    if not ours.update(done_count=done, held_until=until):
        raise StaleState
    shard.held_until = until


@transaction.atomic
def finish_spool(*, export: Export, spool: Spool, now: datetime) -> None:
    """The shards come to be, and helpers are rung for; StaleState as above."""
    _update(
        export,
        stage=Stage.SHARDS,
        crashes=0,
        done_count=0,
        total_count=spool.facts.items,
        held_until=now + timedelta(seconds=settings.RING_AGAIN_SECONDS),
    )
    shards = (ExportShard(export=export, number=number) for number in range(spool.shards))
    while chunk := list(islice(shards, ROWS_AT_ONCE)):
        ExportShard.objects.bulk_create(chunk)
    for _ in range(min(HELPERS, spool.shards) - 1):
        wake(export.pk)


def finish_shard(*, shard: ExportShard, items: int) -> None:
    """running → done; StaleState if it is no longer ours."""
    ours = ExportShard.objects.filter(
        pk=shard.pk, state=JobState.RUNNING, held_until=shard.held_until
    )
    if not ours.update(state=JobState.DONE, held_until=None, done_count=items):
        raise StaleState


@transaction.atomic
def finish_export(*, export: Export, built: Built, now: datetime) -> None:
    """running → done, with the rows of its files; StaleState if another attempt has taken over."""
    files = _rows(export, built)
    while chunk := list(islice(files, ROWS_AT_ONCE)):
        ExportFile.objects.bulk_create(chunk)
    _update(
        export,
        state=ExportState.DONE,
        rows=built.rows,
        folder=selectors.new_folder_name(export),
        file_count=built.files.count,
        total_bytes=built.files.bytes,
        archive_bytes=ExportArchive(lambda: members(export, built)).size(),
        held_until=None,
        finished_at=now,
        done_count=F("total_count"),
    )
    ExportShard.objects.filter(export=export).delete()


def members(export: Export, built: Built) -> Iterator[Member]:
    """The files of a built export as they will stand in its archive."""
    for entry in built.files:
        name = f"{export.format}/{entry.name}"
        yield Member(name, selectors.folder_of(export) / entry.name, entry.bytes, entry.crc32)


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
def fail_step(*, step: Step, reason: str, now: datetime) -> None:
    """The export has failed, for a reason in words; StaleState if the step is no longer ours."""
    if step.shard is not None:
        renew(step=step, done=0, total=0, now=now)
    _fail(step.export, reason, now)


def _fail(export: Export, reason: str, now: datetime, **stamps: object) -> None:
    stamps |= {"error": reason, "held_until": None, "finished_at": now}
    _update(export, state=ExportState.FAILED, **stamps)


def _update(export: Export, **values: object) -> None:
    """A guarded UPDATE of a running export whose stage and holder are as they were when read."""
    ours = Export.objects.filter(
        pk=export.pk, state=ExportState.RUNNING, stage=export.stage, attempts=export.attempts
    )
    if not ours.update(**values):
        raise StaleState
    for name, value in values.items():
        if not isinstance(value, F):
            setattr(export, name, value)


def _lease(now: datetime) -> datetime:
    return now + timedelta(seconds=settings.JOB_LEASE_SECONDS)
