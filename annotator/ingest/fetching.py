"""Planned items → images and items, a stretch at a time in the queue's order.

What a stretch makes, what of it is put to people, and that it is no longer planned, is one
transaction: a worker that is killed loses the files of one stretch, and nothing is doubled.
"""

from collections.abc import Callable, Sequence

from django.conf import settings
from django.db import transaction

from annotator import jobs
from annotator.ingest.models import PlannedItem
from annotator.ingest.planning import row_of
from annotator.ingest.problems import keep_problems, not_kept_yet
from annotator.ingest.reading import Readers
from annotator.ingest.recording import files_of, record
from annotator.ingest.roots import configured
from annotator.ingest.storing import Crew, crew, store_all
from annotator.items import selectors as items
from annotator.items.models import Image, Item
from annotator.jobs import Held
from annotator.projects import batches
from annotator.projects.models import Batch

STRETCH_ROWS = 1000
STRETCH_FILES = 96

Opened = Callable[[Sequence[tuple[Item, Sequence[Image]]]], None]


def fetch(held: Held[Batch], opened: Opened, after: Callable[[], None] = lambda: None) -> None:
    """Takes in what is still planned of a batch.

    `opened` puts a stretch's items to people, in the transaction that makes them; `after` is called
    when it is committed. Raises SourceAway, StaleState.
    """
    batch = held.job
    readers = Readers(configured())
    number = items.last_stretch(batch)
    with crew() as decoders:
        while stretch := _next_stretch(batch):
            number += 1
            _take(held, stretch, number, readers, decoders, opened)
            after()
            jobs.give_way(held)


def _next_stretch(batch: Batch) -> list[PlannedItem]:
    rows = PlannedItem.objects.filter(batch=batch).order_by("position", "pk")
    stretch: list[PlannedItem] = []
    files: set[str] = set()
    for row in rows[:STRETCH_ROWS]:
        stretch.append(row)
        files.update(files_of(row_of(row)))
        if len(files) >= STRETCH_FILES:
            break
    return stretch


def _take(
    held: Held[Batch],
    stretch: Sequence[PlannedItem],
    number: int,
    readers: Readers,
    decoders: Crew,
    opened: Opened,
) -> None:
    batch = held.job
    rows = [row_of(planned) for planned in stretch]
    found = store_all(
        held, lambda address: readers.read(address, settings.IMAGE_MAX_BYTES), decoders, rows
    )
    whole, broken = found.sort_out(rows)
    with transaction.atomic():
        batches.come_further(held)
        made = record(batch, whole, found.stored, stretch=number)
        refusals = not_kept_yet(batch, [*broken, *made.refusals])
        keep_problems(batch, sorted(refusals, key=lambda one: one.line or 0))
        opened(made.items)
        PlannedItem.objects.filter(pk__in=[planned.pk for planned in stretch]).delete()
