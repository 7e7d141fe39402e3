"""What measurements can be asked. For managers only: the door sees to that."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, F, Max, OuterRef, Prefetch, Q, QuerySet, Sum

from annotator.items.models import Image
from annotator.measurements.models import (
    LIVE,
    Broken,
    Chunk,
    Measurement,
    MeasurementState,
    Request,
)
from annotator.projects.models import Project


@dataclass(frozen=True, slots=True)
class MeasuringProgress:
    """Images asked to be measured: all, those through, and those of which something failed."""

    done: int = 0
    failed: int = 0
    total: int = 0


def progress_by_batch(batch_ids: Collection[int]) -> dict[int, MeasuringProgress]:
    """Batch id → how far its measuring is (4 queries)."""
    if not batch_ids:
        return {}
    asked = Request.objects.filter(batch_id__in=batch_ids).order_by().values_list("batch_id")
    unplanned = Sum(F("total") - F("looked"), filter=Q(state__in=LIVE))
    rows = list(asked.annotate(n=Max("total"), unseen=unplanned))
    totals = {pk: total for pk, total, _ in rows}
    unseen = {pk: left or 0 for pk, _, left in rows}
    in_chunks = Chunk.images.through.objects.filter(
        chunk__batch_id__in=batch_ids, chunk__state__in=LIVE
    )
    waiting = dict(
        in_chunks.values_list("chunk__batch_id").annotate(n=Count("image_id", distinct=True))
    )
    failed = _failed(batch_ids)
    return {pk: _progress(pk, totals, unseen, waiting, failed) for pk in batch_ids}


def _progress(
    pk: int,
    totals: dict[int, int],
    unseen: dict[int, int],
    waiting: dict[int, int],
    failed: dict[int, int],
) -> MeasuringProgress:
    total, out = totals.get(pk, 0), failed.get(pk, 0)
    left = min(total, unseen.get(pk, 0) + waiting.get(pk, 0))
    return MeasuringProgress(done=max(0, total - left - out), failed=out, total=total)


def _failed(batch_ids: Collection[int]) -> dict[int, int]:
    """Batch id → images with a value that failed, or an image that cannot be measured."""
    failed = Measurement.objects.filter(state=MeasurementState.FAILED, current=True)
    counted = dict(
        failed.filter(image__batch_id__in=batch_ids)
        .values_list("image__batch_id")
        .annotate(n=Count("image_id", distinct=True))
    )
    rows = Broken.objects.filter(image__batch_id__in=batch_ids).exclude(
        Exists(failed.filter(image=OuterRef("image")))
    )
    for batch_id, more in rows.values_list("image__batch_id").annotate(n=Count("pk")):
        counted[batch_id] = counted.get(batch_id, 0) + more
    return counted


def progress_of(project: Project) -> MeasuringProgress:
    """The same of all batches of a project (5 queries)."""
    ids = Request.objects.filter(project=project).values_list("batch_id", flat=True).distinct()
    each = progress_by_batch(list(ids)).values()
    return MeasuringProgress(
        done=sum(one.done for one in each),
        failed=sum(one.failed for one in each),
        total=sum(one.total for one in each),
    )


def measured_images(
    project: Project, *, after: str, count: int, metric: str = ""
) -> Sequence[Image]:
    """A page of judged images after the image `after`, with their current `measurements`.

    And why the image is `problem`atic, "" when it is not (2 queries).
    """
    values: QuerySet[Measurement] = Measurement.objects.filter(current=True).order_by("metric")
    images = Image.objects.filter(project=project, is_reference=False).order_by("pk")
    if metric:
        values = values.filter(metric=metric)
        having = Measurement.objects.filter(image=OuterRef("pk"), metric=metric, current=True)
        images = images.filter(Exists(having))
    if after:
        images = images.filter(pk__gt=after)
    return list(
        images.annotate(problem=F("broken__reason")).prefetch_related(
            Prefetch("measurements", queryset=values)
        )[:count]
    )
