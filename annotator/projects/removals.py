"""What can be done with a removal: ask for it, note how far it is, end it."""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from annotator import jobs
from annotator.accounts.models import User
from annotator.actions.services import Verb, record
from annotator.core.errors import Conflict, Invalid
from annotator.core.reasons import Code, Reason, as_json
from annotator.core.states import move
from annotator.jobs import Held
from annotator.jobs.models import LIVE, JobState
from annotator.projects.lifecycle import refuse_if_archived
from annotator.projects.models import Batch, BatchState, Project, ProjectState, Removal


@transaction.atomic
def request_project_removal(
    project: Project, *, name: str, counts: Mapping[str, int], by: User, now: datetime
) -> Removal:
    """Takes a project from everybody, and asks a worker to take away what there is of it.

    `name`: the project's own, typed in to confirm. Raises Invalid for another, Conflict for a
    project that gives out work, or whose upload is being read.
    """
    project = Project.objects.select_for_update().get(pk=project.pk)
    _must_be(project.name, name)
    if project.state == ProjectState.ACTIVE:
        raise Conflict(Reason(Code.PROJECT_NOT_PAUSED))
    _refuse_while_read(project)
    move(project, ProjectState.DELETING)
    record(
        Verb.PROJECT_DELETED, by=by, now=now, project_id=project.pk,
        name=project.name, counts=dict(counts),
    )  # fmt: skip
    return _request(project, None, project.name, counts, by, now)


@transaction.atomic
def request_batch_removal(
    batch: Batch, *, name: str | None, counts: Mapping[str, int], by: User, now: datetime
) -> Removal:
    """The same of one batch. `name` need only be typed where the batch has answers."""
    project = Project.objects.select_for_update().get(pk=batch.project_id)
    refuse_if_archived(project)
    if counts.get("answers"):
        _must_be(batch.name, name)
    _refuse_while_read(project, but=batch)
    move(batch, BatchState.DELETING, where=Q(holder=""))
    record(
        Verb.BATCH_DELETED, by=by, now=now, project_id=project.pk,
        target=f"batch:{batch.pk}", name=batch.name, counts=dict(counts),
    )  # fmt: skip
    return _request(project, batch, batch.name, counts, by, now)


def _must_be(name: str, typed: str | None) -> None:
    if typed is None or typed.strip() != name.strip():
        raise Invalid(fields={"name": Reason(Code.NAME_DIFFERS, name=name)})


def _refuse_while_read(project: Project, *, but: Batch | None = None) -> None:
    """An upload that is being read stores files that a removal would take for nobody's.

    `but`: one that may go itself while it waits for a worker.
    """
    reading = Batch.objects.filter(project=project, state__in=LIVE).order_by("pk")
    if but is not None:
        reading = reading.exclude(pk=but.pk, state=BatchState.REQUESTED)
    if (first := reading.first()) is not None:
        raise Conflict(Reason(Code.BATCH_UNDER_WAY, name=first.name))


def _request(
    project: Project,
    batch: Batch | None,
    name: str,
    counts: Mapping[str, int],
    by: User,
    now: datetime,
) -> Removal:
    removal = Removal.objects.create(
        project_id=project.pk,
        batch_id=None if batch is None else batch.pk,
        name=name,
        counts=dict(counts),
        total_count=counts.get("items", 0),
        requested_by=by,
        requested_at=now,
    )
    jobs.enqueue(removal)
    return removal


def advance(held: Held[Removal], *, by: int = 0) -> None:
    """Notes items that are gone and renews the lease; to be called first in their transaction."""
    done = min(held.job.done_count + by, held.job.total_count)
    held.save(done_count=done, attempts=0, error=None)


def wait(held: Held[Removal], reason: Reason) -> None:
    """Leaves the removal until what is in its way has ended; no attempt is lost."""
    attempts = held.job.attempts - 1
    again = settings.ENQUEUE_AGAIN_SECONDS
    held.release(seconds=again, attempts=attempts, error=as_json(reason))


def finish(held: Held[Removal], *, now: datetime) -> None:
    """Deletes the row of what was taken away, the last that there was of it."""
    removal = held.job
    with transaction.atomic():
        held.finish(done_count=removal.total_count, finished_at=now, error=None)
        if removal.batch_id is None:
            Project.objects.filter(pk=removal.project_id).delete()
        else:
            Batch.objects.filter(pk=removal.batch_id).delete()


def fail(removal: Removal, reason: Reason) -> Removal:
    """Ends a removal that can't be gone on with, until somebody asks for it again."""
    return move(removal, JobState.FAILED, error=as_json(reason), holder="", held_until=None)


def retry(removal: Removal) -> Removal:
    """Goes on with one that has failed, from where it is. StaleState for any other."""
    return jobs.retry(removal, error=None)
