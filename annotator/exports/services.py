"""What can be done with exports: asked for, cancelled, tried again, removed."""

import json
from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction

from annotator import jobs
from annotator.accounts.models import User
from annotator.actions.services import Verb, record
from annotator.core import clock
from annotator.core.errors import Conflict, KeyReused, NotFound
from annotator.core.idempotency import check_key
from annotator.core.reasons import Code, Reason
from annotator.core.states import move
from annotator.exports import selectors
from annotator.exports.building import must_hold_something, selection_of
from annotator.exports.expiry import remove
from annotator.exports.formats.format import fitting_options
from annotator.exports.formats.registry import format_named
from annotator.exports.free_space import check_free_space
from annotator.exports.models import Export, ExportShard, ExportState
from annotator.exports.read.source import source_of, specs_of
from annotator.jobs.models import LIVE, JobState
from annotator.projects.models import Project
from annotator.projects.selectors import is_removing


@transaction.atomic
def request_export(
    *,
    project: Project,
    format_name: str,
    options: Mapping[str, object],
    created_by: User | None,
    key: str = "",
) -> Export:
    """Writes the job down; with a `key` that was sent before it is the export of then.

    Raises Invalid for an unknown format or option, or one that misfits; Conflict where there is
    nothing to export, or no room for it; KeyReused where the key stood for another.
    """
    if key:
        check_key(key)
    if is_removing(project.pk):
        raise Conflict(Reason(Code.REMOVAL_UNDER_WAY))
    form = format_named(format_name)
    questions = specs_of(project)
    checked = fitting_options(form, questions, options)
    if before := selectors.asked_by_key(project, created_by, key):
        return _the_same(before, form.name, checked.values)
    source = source_of(project, selection_of(project, form, checked))
    must_hold_something(source)
    check_free_space(source, form, checked)
    try:
        with transaction.atomic():
            export = Export.objects.create(
                project=project,
                format=form.name,
                options=dict(checked.values),
                created_by=created_by,
                idempotency_key=key,
            )
    except IntegrityError:
        # Another try of the same was quicker.
        before = selectors.asked_by_key(project, created_by, key)
        if before is None:
            raise
        return _the_same(before, form.name, checked.values)
    jobs.enqueue(export)
    _record(Verb.EXPORT_REQUESTED, export, created_by, export.created_at)
    return export


def _the_same(before: Export, format_name: str, options: Mapping[str, object]) -> Export:
    """What was asked for by the key, if it is what is asked for. Raises KeyReused."""
    if (before.format, before.options) != (format_name, json.loads(json.dumps(dict(options)))):
        raise KeyReused
    return before


def _record(verb: Verb, export: Export, by: User | None, now: datetime) -> None:
    record(
        verb, by=by, now=now, project_id=export.project_id, target=f"export:{export.pk}",
        format=export.format,
    )  # fmt: skip


def note_download(export: Export, *, file: str | None, by: User, now: datetime) -> None:
    """Writes down who took an export with them; `file`: one of it, None for all."""
    what = {} if file is None else {"file": file}
    record(
        Verb.EXPORT_DOWNLOADED, by=by, now=now, project_id=export.project_id,
        target=f"export:{export.pk}", format=export.format, **what,
    )  # fmt: skip


@transaction.atomic
def cancel_export(*, export: Export, now: datetime, by: User | None = None) -> Export:
    """Ends an export under way; its workers stop at the next item. StaleState for an ended one."""
    move(export, ExportState.CANCELLED, holder="", held_until=None, finished_at=now)
    _record(Verb.EXPORT_CANCELLED, export, by, now)
    ExportShard.objects.filter(export=export).delete()
    transaction.on_commit(selectors.shared_of(export).clear)
    return export


@transaction.atomic
def retry_export(*, export: Export, by: User | None = None) -> Export:
    """Goes on with a failed export from where it is. StaleState for one that has not failed."""
    _record(Verb.EXPORT_RETRIED, export, by, clock.now())
    shards = ExportShard.objects.filter(export=export)
    shards.exclude(state=JobState.DONE).update(
        state=JobState.REQUESTED, attempts=0, held_until=None, done_count=0
    )
    return jobs.retry(export, error=None, finished_at=None)


@transaction.atomic
def delete_export(*, export: Export, by: User | None = None) -> None:
    """Removes an export and its files; Conflict while it is under way."""
    remove_export(export)
    _record(Verb.EXPORT_DELETED, export, by, clock.now())


@transaction.atomic
def remove_export(export: Export) -> None:
    """The same of one that goes with its project."""
    row = Export.objects.select_for_update().filter(pk=export.pk).first()
    if row is None:
        raise NotFound
    if row.state in LIVE:
        raise Conflict(Reason(Code.EXPORT_UNDER_WAY))
    work, place, folder = selectors.shared_of(row), row.place, row.folder
    row.delete()
    transaction.on_commit(work.clear)
    transaction.on_commit(lambda: remove(place, folder))
