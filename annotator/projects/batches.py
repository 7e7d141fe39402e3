"""What can be done with a batch: announce it, note how far it has come, end it, judge it."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from annotator import jobs
from annotator.accounts.models import User
from annotator.actions.services import Verb, record
from annotator.core.errors import Conflict, Invalid, StaleState
from annotator.core.reasons import Code, Reason, as_json
from annotator.core.states import move
from annotator.jobs import Held
from annotator.projects.drafts import MAX_TITLE
from annotator.projects.lifecycle import refuse_if_archived
from annotator.projects.models import Batch, BatchState, BatchVerdict, Project

# What every program that reads JSON holds exactly.
LARGEST_STEP = 2**53


def announced(*, project: Project, user: User, key: str) -> Batch | None:
    """The batch that this person has announced there by this key; None for none, and for ""."""
    if not key:
        return None
    return Batch.objects.filter(project=project, created_by=user, idempotency_key=key).first()


@transaction.atomic
def announce(
    *,
    project: Project,
    user: User,
    name: str,
    filename: str,
    size: int,
    pairs: str,
    place: str,
    step: int | None = None,
    key: str = "",
) -> Batch:
    """A batch that waits for the bytes of its upload, which will lie at `place`.

    Raises IntegrityError where somebody announces the same by the same key at this moment.
    """
    batch = Batch.objects.create(
        project=project,
        name=name,
        filename=filename,
        size=size,
        pairs=pairs,
        place=place,
        step=step,
        created_by=user,
        idempotency_key=key,
    )
    record(
        Verb.BATCH_ANNOUNCED, by=user, now=batch.created_at, project_id=project.pk,
        target=f"batch:{batch.pk}", name=name, bytes=size,
    )  # fmt: skip
    return batch


@transaction.atomic
def rename(batch: Batch, *, name: str, by: User, now: datetime) -> Batch:
    """Gives a batch another name. Raises Invalid; Conflict in an archived project."""
    refuse_if_archived(batch.project)
    if not name.strip() or len(name) > MAX_TITLE:
        raise Invalid(fields={"name": Reason(Code.TEXT_LENGTH, min=1, max=MAX_TITLE)})
    before, batch.name = batch.name, name.strip()
    Batch.objects.filter(pk=batch.pk).update(name=batch.name)
    if before != batch.name:
        record(
            Verb.BATCH_RENAMED, by=by, now=now, project_id=batch.project_id,
            target=f"batch:{batch.pk}", changes={"name": [before, batch.name]},
        )  # fmt: skip
    return batch


def begin_here(
    *,
    project: Project,
    user: User,
    name: str,
    filename: str,
    size: int,
    pairs: str,
    now: datetime,
    step: int | None = None,
) -> Batch:
    """A batch without an upload, for the calling process to take in."""
    return Batch.objects.create(
        project=project,
        name=name,
        filename=filename,
        size=size,
        offset=size,
        pairs=pairs,
        step=step,
        state=BatchState.REQUESTED,
        # A moment's peace from the sweep, before it is held.
        held_until=now + timedelta(seconds=60),
        created_by=user,
    )


@transaction.atomic
def begin_elsewhere(
    *,
    project: Project,
    user: User,
    name: str,
    address: str,
    pairs: str,
    step: int | None = None,
    key: str = "",
) -> Batch:
    """A batch of what lies at an address: workers read it there.

    Raises IntegrityError where somebody asks for the same by the same key at this moment.
    """
    batch = Batch.objects.create(
        project=project,
        name=name,
        filename=address,
        size=0,
        pairs=pairs,
        step=step,
        state=BatchState.REQUESTED,
        created_by=user,
        idempotency_key=key,
    )
    record(
        Verb.BATCH_ANNOUNCED, by=user, now=batch.created_at, project_id=project.pk,
        target=f"batch:{batch.pk}", name=name, bytes=0,
    )  # fmt: skip
    jobs.enqueue(batch)
    return batch


@transaction.atomic
def begin_round(
    *, project: Project, user: User, number: int, design: str, question: str, mode: str,
    items: int, now: datetime, key: str = "",
) -> Batch:  # fmt: skip
    """A batch of pairs of the project's images, for the calling request to fill and open."""
    batch = Batch.objects.create(
        project=project,
        name=f"Round {number}",
        size=0,
        pairs=design,
        round=number,
        state=BatchState.RUNNING,
        created_by=user,
        created_at=now,
        idempotency_key=key,
    )
    record(
        Verb.ROUND_DRAWN, by=user, now=now, project_id=project.pk, target=f"batch:{batch.pk}",
        name=batch.name, design=design, question=question, mode=mode, items=items,
    )  # fmt: skip
    return batch


def receive(batch: Batch, *, offset: int, end: int) -> None:
    """Notes that the bytes from `offset` to `end` have come; the last byte requests the ingest.

    Raises StaleState when the upload stands elsewhere by now.
    """
    waiting = Batch.objects.filter(pk=batch.pk, state=BatchState.UPLOADING, offset=offset)
    if not waiting.update(offset=end):
        raise StaleState
    batch.offset = end
    if end == batch.size:
        move(batch, BatchState.REQUESTED)
        jobs.enqueue(batch)


def advance(held: Held[Batch], *, by: int = 0, total: int | None = None) -> None:
    """Notes rows gone through and renews the lease.

    Call it first in the transaction that writes the rows themselves: it holds the batch's row, and
    raises StaleState for a worker that has lost it.
    """
    columns: dict[str, object] = {}
    if by:
        # Work has come further: crashes are counted anew.
        columns |= {"done_count": held.job.done_count + by, "attempts": 0}
    if total is not None:
        columns["total_count"] = total
    held.save(**columns)


def wait(held: Held[Batch], reason: Reason) -> None:
    """Leaves the batch to another worker, which can do what this one can't; no attempt is lost."""
    attempts = max(0, held.job.attempts - 1)
    again = settings.ENQUEUE_AGAIN_SECONDS
    held.release(seconds=again, attempts=attempts, error=as_json(reason))


def forget_wait(held: Held[Batch]) -> None:
    """The batch has found its worker."""
    if held.job.error is not None:
        held.save(error=None)


def plan(held: Held[Batch], *, images_named: int) -> None:
    """All rows are read; their images are to be fetched."""
    held.save(images_named=images_named, attempts=0)


def come_further(held: Held[Batch]) -> None:
    """Images were fetched: crashes are counted anew, and what was waited for is there.

    Call it first in the transaction that writes them, as `advance`.
    """
    held.save(attempts=0, error=None)


def leave_to_workers(held: Held[Batch]) -> None:
    """Whoever planned it goes; a worker is woken to fetch its images."""
    held.release(seconds=settings.ENQUEUE_AGAIN_SECONDS, attempts=0)
    jobs.enqueue(held.job)


def bring_here(place: str) -> None:
    """After a restore: whatever bytes there are lie here now."""
    Batch.objects.exclude(place="").update(place=place)


def finish(batch: Batch, *, images: int, items: int, now: datetime) -> Batch:
    """Ends a batch whose so many items, of so many judged images, are with people."""
    return move(
        batch,
        BatchState.DONE,
        finished_at=now,
        image_count=images,
        item_count=items,
        holder="",
        held_until=None,
    )


def fail(batch: Batch, *, reason: Reason, now: datetime) -> Batch:
    """Ends a batch that can't be taken in; its problems stay to be read."""
    return move(
        batch,
        BatchState.FAILED,
        error=as_json(reason),
        finished_at=now,
        holder="",
        held_until=None,
    )


def lock(batch_id: int) -> Batch:
    """The batch with its project, whose verdict nobody changes until the transaction ends.

    Before its items, as everywhere.
    """
    rows = Batch.objects.select_for_update(no_key=True, of=("self",)).select_related("project")
    return rows.get(pk=batch_id)


def refuse_if_signed_off(batch_id: int) -> None:
    """Conflict: of a signed-off batch nothing changes unless the sign-off is withdrawn.

    Whoever has locked an item asks then: a sign-off locks all items before it looks at them.
    """
    if Batch.objects.filter(pk=batch_id, verdict=BatchVerdict.SIGNED_OFF).exists():
        raise Conflict(Reason(Code.BATCH_SIGNED_OFF))


def give_verdict(batch: Batch, verdict: BatchVerdict, *, by: User, now: datetime) -> Batch:
    """Notes what a lead says of a batch; OPEN takes back what was said."""
    is_open = verdict == BatchVerdict.OPEN
    batch.verdict, batch.verdict_at = verdict, None if is_open else now
    batch.verdict_by = None if is_open else by
    batch.save(update_fields=["verdict", "verdict_at", "verdict_by"])
    if verdict == BatchVerdict.SIGNED_OFF:
        Project.objects.filter(pk=batch.project_id).update(signs_off=True)
    return batch
