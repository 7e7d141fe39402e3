"""What can be done with exports: ask for one, and the steps of the worker that makes it."""

import shutil
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.db import transaction

from annotator.accounts.models import User
from annotator.core import bell, jobs
from annotator.core.errors import Invalid, StaleState
from annotator.core.states import JobState, move
from annotator.exports import selectors
from annotator.exports.building import Built
from annotator.exports.formats.registry import format_named
from annotator.exports.formats.types import check_options
from annotator.exports.models import Export, ExportFile
from annotator.exports.reading import specs_of
from annotator.projects.models import Project

TASK = "annotator.workers.export.build_export"
ROWS_AT_ONCE = 2000
DUE_AT_ONCE = 64


@transaction.atomic
def request_export(
    *, project: Project, format_name: str, options: Mapping[str, object], created_by: User | None
) -> Export:
    """Writes the job down and rings. Invalid: an unknown format or option, or one that misfits."""
    named = format_named(format_name)
    questions = specs_of(project)
    why_not = named.why_not(questions)
    if why_not:
        raise Invalid(why_not, fields={"format": why_not})
    checked = check_options(named, questions, options)
    export = Export.objects.create(
        project=project, format=named.name, options=dict(checked.values), created_by=created_by
    )
    bell.ring(TASK, export.pk)
    return export


def ring_for_due(*, now: datetime) -> None:
    """Rings for exports that wait, each at most once in a while, and for those left by a worker."""
    again = now + timedelta(seconds=settings.RING_AGAIN_SECONDS)
    for export in jobs.due(Export, now)[:DUE_AT_ONCE]:
        if export.state == JobState.RUNNING or jobs.rung(export, until=again):
            bell.ring(TASK, export.pk)


@transaction.atomic
def claim_export(*, export_id: int, now: datetime) -> Export | None:
    """Takes the job if it waits, or if its worker has gone silent; None if it is not to be had.

    After JOB_MAX_ATTEMPTS silent workers it has failed: something in it ends them.
    """
    export = Export.objects.select_for_update().filter(pk=export_id).first()
    if export is None:
        return None
    if export.state == JobState.RUNNING and export.held_until and export.held_until < now:
        if export.attempts >= settings.JOB_MAX_ATTEMPTS:
            reason = f"The worker ended without a word, {export.attempts} times."
            move(export, JobState.FAILED, error=reason, held_until=None, finished_at=now)
            return None
        move(export, JobState.REQUESTED)
    if export.state != JobState.REQUESTED:
        return None
    return move(
        export,
        JobState.RUNNING,
        attempts=export.attempts + 1,
        held_until=now + timedelta(seconds=settings.JOB_LEASE_SECONDS),
        error="",
        done_count=0,
        total_count=0,
    )


def renew(*, export: Export, done: int, total: int, now: datetime) -> None:
    """Notes progress and lengthens the lease; StaleState if another attempt has taken over."""
    touched = Export.objects.filter(
        pk=export.pk, state=JobState.RUNNING, attempts=export.attempts
    ).update(
        done_count=done,
        total_count=total,
        held_until=now + timedelta(seconds=settings.JOB_LEASE_SECONDS),
    )
    if not touched:
        raise StaleState


@transaction.atomic
def finish_export(*, export: Export, built: Built, now: datetime) -> Export:
    """running → done, with the rows of its files; StaleState if another attempt has taken over."""
    held = _held(export)
    files = _rows(held, built)
    while chunk := list(islice(files, ROWS_AT_ONCE)):
        ExportFile.objects.bulk_create(chunk)
    return move(
        held,
        JobState.DONE,
        rows=built.rows,
        held_until=None,
        finished_at=now,
        done_count=held.total_count,
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
def fail_export(*, export: Export, reason: str, now: datetime) -> Export:
    """running → failed, with the reason in words; StaleState as above."""
    return move(_held(export), JobState.FAILED, error=reason, held_until=None, finished_at=now)


def _held(export: Export) -> Export:
    held = (
        Export.objects.select_for_update()
        .filter(pk=export.pk, state=JobState.RUNNING, attempts=export.attempts)
        .first()
    )
    if held is None:
        raise StaleState
    return held


def clear_leftovers(export: Export) -> None:
    """Before an attempt starts: removes what earlier ones left, half folders and unclaimed ones."""
    root = Path(settings.EXPORT_ROOT)
    for pattern in (f"{export.pk}-*", f".{export.pk}-*.part"):
        for left in root.glob(pattern):
            shutil.rmtree(left, ignore_errors=True)


def clear_own(export: Export) -> None:
    """After an attempt has lost its lease: removes the folder that only it knows of."""
    shutil.rmtree(selectors.folder_of(export), ignore_errors=True)
