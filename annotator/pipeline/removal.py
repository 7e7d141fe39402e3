"""How a project or a batch is taken away: a stretch of items at a time, then what else there is.

Each stretch is one transaction that first holds the job's row, and does no harm when it is done
again: a worker may be killed anywhere. Files go before the rows that name them, so that none is
left that nobody knows of. Items are locked first, as by everybody who answers one.
"""

from django.db import transaction

from annotator import jobs
from annotator.core import clock
from annotator.core.reasons import Code, Reason
from annotator.exports import selectors as exports
from annotator.exports import services as exporting
from annotator.ingest import parts
from annotator.items import services as making
from annotator.jobs import Held
from annotator.measurements import sets
from annotator.projects import removals
from annotator.projects.models import Batch, Project, Removal
from annotator.projects.selectors import batches_being_read

ITEMS_AT_ONCE = 200
IMAGES_AT_ONCE = 500


def take_away(held: Held[Removal]) -> None:
    """Takes away what there is of a project or a batch, and at last its row."""
    removal = held.job
    if (why := _reason_to_wait(removal)) is not None:
        removals.wait(held, why)
        return
    batches = _batches_of(removal)
    while _take_items(held, batches) or _take_images(held, batches):
        jobs.give_way(held)
    for batch in batches:
        parts.drop(batch)
    if removal.batch_id is None:
        _take_files(held, Project.objects.get(pk=removal.project_id))
    elif removal.counts.get("images"):
        sets.measure_again(removal.project_id)
    removals.finish(held, now=clock.now())


def _reason_to_wait(removal: Removal) -> Reason | None:
    """What is still at work with what is to go: it stores files, or reads them."""
    # The batch itself is read no more: it is being deleted.
    reading = batches_being_read(removal.project_id).first()
    if reading is not None:
        return Reason(Code.BATCH_UNDER_WAY, name=reading.name)
    if exports.is_exporting(removal.project_id):
        return Reason(Code.EXPORT_READS)
    return None


def _batches_of(removal: Removal) -> list[Batch]:
    rows = Batch.objects.filter(project=removal.project_id)
    return list(rows if removal.batch_id is None else rows.filter(pk=removal.batch_id))


@transaction.atomic
def _take_items(held: Held[Removal], batches: list[Batch]) -> bool:
    """Whether there were any left."""
    removals.advance(held)
    gone = making.remove_items(batches, most=ITEMS_AT_ONCE)
    removals.advance(held, by=gone)
    return gone > 0


@transaction.atomic
def _take_images(held: Held[Removal], batches: list[Batch]) -> bool:
    removals.advance(held)
    return making.remove_images(batches, most=IMAGES_AT_ONCE) > 0


def _take_files(held: Held[Removal], project: Project) -> None:
    """What lies in the storage and in folders besides, of a project that has no images any more."""
    for export in exports.exports_of(project, limit=None):
        removals.advance(held)
        exporting.remove_export(export)
    removals.advance(held)
    making.remove_folder(project.pk)
