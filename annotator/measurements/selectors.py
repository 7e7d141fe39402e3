"""What measurements can be asked. For managers only: the door sees to that."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Count, Prefetch, QuerySet

from annotator.core.states import JobState
from annotator.items.models import Image
from annotator.measurements.models import Chunk, Measurement, MeasurementState
from annotator.projects.models import Batch, Project
from scoring import catalog
from scoring.catalog import Grain, Need

LIVE = (JobState.REQUESTED, JobState.RUNNING)


@dataclass(frozen=True, slots=True)
class MeasuringProgress:
    """Images asked to be measured: all, those through, and those with a value that failed."""

    done: int = 0
    failed: int = 0
    total: int = 0


def progress_by_batch(batch_ids: Collection[int]) -> dict[int, MeasuringProgress]:
    """Batch id → how far its measuring is (2 queries)."""
    if not batch_ids:
        return {}
    asked = Chunk.images.through.objects.filter(chunk__batch_id__in=batch_ids)
    states = asked.values_list("chunk__batch_id", "chunk__state").annotate(n=Count("pk"))
    totals: dict[int, int] = {}
    waiting: dict[int, int] = {}
    for batch_id, state, count in states:
        totals[batch_id] = totals.get(batch_id, 0) + count
        if state in LIVE:
            waiting[batch_id] = waiting.get(batch_id, 0) + count
    broken = Measurement.objects.filter(
        image__batch_id__in=batch_ids, state=MeasurementState.FAILED
    ).values_list("image__batch_id")
    failed = dict(broken.annotate(n=Count("image_id", distinct=True)))
    return {
        pk: MeasuringProgress(
            done=max(0, totals.get(pk, 0) - waiting.get(pk, 0) - failed.get(pk, 0)),
            failed=failed.get(pk, 0),
            total=totals.get(pk, 0),
        )
        for pk in batch_ids
    }


def progress_of(project: Project) -> MeasuringProgress:
    """The same of all batches of a project (3 queries)."""
    ids = Chunk.objects.filter(project=project).values_list("batch_id", flat=True).distinct()
    each = progress_by_batch(list(ids)).values()
    return MeasuringProgress(
        done=sum(one.done for one in each),
        failed=sum(one.failed for one in each),
        total=sum(one.total for one in each),
    )


def measured_images(
    project: Project, *, after: str, count: int, metric: str = ""
) -> Sequence[Image]:
    """A page of judged images after the image `after`, with their `measurements` (2 queries)."""
    values: QuerySet[Measurement] = Measurement.objects.order_by("metric", "version")
    images = Image.objects.filter(project=project, is_reference=False).order_by("pk")
    if metric:
        values = values.filter(metric=metric)
        images = images.filter(measurements__metric=metric).distinct()
    if after:
        images = images.filter(pk__gt=after)
    return list(images.prefetch_related(Prefetch("measurements", queryset=values))[:count])


def hashes_of(project: Project, *, metric: str, version: str) -> list[tuple[str, str]]:
    """(image id, hash) of every image that has this hash, in the order of the ids (1 query)."""
    rows = Measurement.objects.filter(
        project=project, metric=metric, version=version, state=MeasurementState.DONE
    ).exclude(text="")
    return [
        (str(pk), text) for pk, text in rows.order_by("image_id").values_list("image_id", "text")
    ]


def fits(name: str, *, has_reference: bool) -> bool:
    """Whether a metric belongs to one image such as this."""
    entry = catalog.metric(name)
    alone = entry.grain in (Grain.IMAGE, Grain.PAIR)
    return alone and (has_reference or Need.REFERENCE not in entry.needs)


def unmeasured(batch: Batch, metrics: Sequence[str], *, as_asked: str) -> list[uuid.UUID]:
    """Judged images of the batch that lack a value of one of these metrics' present versions.

    Without those that wait in a chunk which asks for the same, or for everything.
    """
    waiting = Chunk.images.through.objects.filter(
        chunk__batch=batch, chunk__state__in=LIVE, chunk__metrics__in=["", as_asked]
    )
    rows = Image.objects.filter(batch=batch, is_reference=False).exclude(
        pk__in=waiting.values("image_id")
    )
    images = list(rows.order_by("pk").values_list("pk", "reference_id"))
    measured = {name: _measured(batch, name) for name in metrics}
    return [
        pk
        for pk, reference in images
        if any(
            pk not in measured[name] and fits(name, has_reference=reference is not None)
            for name in metrics
        )
    ]


def _measured(batch: Batch, name: str) -> set[uuid.UUID]:
    rows = Measurement.objects.filter(
        image__batch=batch,
        metric=name,
        version=catalog.metric(name).version,
        state=MeasurementState.DONE,
    )
    return set(rows.values_list("image_id", flat=True))
