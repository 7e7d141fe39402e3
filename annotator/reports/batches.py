"""What a batch's row of a list says besides its own columns."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count

from annotator.items.models import Image, Item
from annotator.measurements.selectors import MeasuringProgress, progress_by_batch
from annotator.projects.models import Problem
from annotator.reviews.models import Review


@dataclass(frozen=True, slots=True)
class BatchCounts:
    """Judged images, items, items drawn for review, rows left out, and the measuring."""

    images: int
    items: int
    sampled: int
    problems: int
    measured: MeasuringProgress


def batch_counts(batch_ids: Collection[int]) -> dict[int, BatchCounts]:
    """Counts by batch; 7 queries, 0 for no batches."""
    if not batch_ids:
        return {}
    counted = []
    for rows in (
        Image.objects.filter(is_reference=False),
        Item.objects.all(),
        Review.objects.all(),
        Problem.objects.order_by(),
    ):
        found = rows.filter(batch_id__in=batch_ids).values_list("batch_id")
        counted.append(dict(found.annotate(n=Count("pk"))))
    measured = progress_by_batch(batch_ids)
    images, items, sampled, problems = counted
    return {
        pk: BatchCounts(
            images=images.get(pk, 0),
            items=items.get(pk, 0),
            sampled=sampled.get(pk, 0),
            problems=problems.get(pk, 0),
            measured=measured[pk],
        )
        for pk in batch_ids
    }
