"""Takes uploads in."""

from contextlib import ExitStack
from pathlib import Path

from celery import shared_task

from annotator import jobs, pipeline
from annotator.core import clock
from annotator.core.reasons import Code, Reason
from annotator.ingest import parts, services
from annotator.ingest.fetching import fetch
from annotator.ingest.refusals import SourceAway
from annotator.ingest.roots import is_address
from annotator.ingest.services import Opener, Tell, archive_limits
from annotator.ingest.sources import Source, kind_of, open_upload
from annotator.items.selectors import has_items
from annotator.jobs import Held
from annotator.projects import batches
from annotator.projects.models import Batch, BatchState
from annotator.projects.selectors import is_removing


@shared_task(name=Batch.TASK)
def ingest_batch(batch_id: int) -> None:
    """Takes in an uploaded batch, if it waits for that."""
    jobs.run(Batch, batch_id)


def take_in(held: Held[Batch], opener: Opener, tell: Tell = lambda _done, _total: None) -> bool:
    """Makes the batch's images and items and puts them to people; the batch ends done or failed.

    True: it is planned, and its images are to be fetched.
    """
    if not services.take_in(held, opener, tell):
        return False
    if held.job.is_planned:
        return True
    batches.advance(held)
    pipeline.open_batch(held.job, now=clock.now(), tick=lambda: batches.advance(held))
    return False


def take_in_planned(held: Held[Batch]) -> None:
    """Fetches a planned batch's images and puts its items to people; it ends done or failed.

    Or it waits, for a source that does not answer or can't be seen from this machine.
    """
    batch = held.job
    opening = pipeline.Opening(batch)
    try:
        fetch(held, lambda items: opening.open(items, now=clock.now()), opening.measure)
    except SourceAway as away:
        batches.wait(held, away.reason)
        return
    if has_items(batch):
        pipeline.finish_batch(batch, now=clock.now())
    else:
        services.give_up(batch, Reason(Code.NOTHING_TAKEN))


def _work(held: Held[Batch]) -> None:
    batch = held.job
    if batch.is_planned or _take_in_upload(held):
        take_in_planned(held)
    if batch.state in (BatchState.DONE, BatchState.FAILED):
        parts.drop(batch)


def _take_in_upload(held: Held[Batch]) -> bool:
    """Takes it in where its bytes can be seen; elsewhere it waits for a worker that sees them."""
    batch = held.job
    if (why := _reason_to_wait(batch)) is not None:
        batches.wait(held, why)
        return False
    batches.forget_wait(held)
    if is_address(batch.filename):
        return _take_in_from_elsewhere(held)
    with ExitStack() as stack:
        return take_in(
            held, lambda: _open(stack.enter_context(parts.assembled(batch, held.check)), batch)
        )


def _take_in_from_elsewhere(held: Held[Batch]) -> bool:
    """A dataset by its address. Where that does not answer, the batch waits and goes on later."""
    address = held.job.filename
    try:
        return take_in(held, lambda: services.open_address_here(address))
    except SourceAway as away:
        batches.wait(held, away.reason)
        return False


def _reason_to_wait(batch: Batch) -> Reason | None:
    """A removal would take files that are stored for nobody's before their rows are there."""
    if is_removing(batch.project_id):
        return Reason(Code.REMOVAL_UNDER_WAY)
    if is_address(batch.filename):
        return None
    return parts.reason_to_wait(batch)


def _open(whole: Path, batch: Batch) -> tuple[Source, str]:
    return open_upload(whole, archive_limits(), kind_of(batch.filename))


jobs.register(Batch, work=_work, give_up=services.give_up_after_last_attempt)
