"""What can be done with measurements: ask for them, and the steps of the worker that makes them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from annotator.core import bell, jobs
from annotator.core.states import JobState, move
from annotator.items.models import Image
from annotator.measurements import selectors
from annotator.measurements.models import Chunk, Measurement, MeasurementState
from annotator.projects.models import Batch, Project
from scoring import catalog

CHUNK = 16
ROWS_AT_ONCE = 5000
# Told at once; each that is finished tells of the next, and the sweep of those forgotten.
RUNG_AT_ONCE = 32


@dataclass(frozen=True, slots=True)
class Value:
    """What became of one metric of one image; columns of Measurement."""

    metric: str
    version: str
    state: MeasurementState
    value: float | None = None
    text: str = ""
    error: str = ""


@transaction.atomic
def request_measuring(batch: Batch, metrics: Sequence[str] = ()) -> int:
    """Asks for the named metrics (else all there are) of a batch's images that lack a value.

    Returns how many images that are. Who asks twice is not served twice. Raises UnknownMetric.
    """
    ids = selectors.unmeasured(batch, metrics or list(catalog.CATALOG), as_asked=_names(metrics))
    chunks = Chunk.objects.bulk_create(
        Chunk(project_id=batch.project_id, batch=batch, metrics=_names(metrics))
        for _ in range(0, len(ids), CHUNK)
    )
    through = Chunk.images.through
    through.objects.bulk_create(
        (
            through(chunk_id=chunks[place // CHUNK].pk, image_id=image_id)
            for place, image_id in enumerate(ids)
        ),
        batch_size=ROWS_AT_ONCE,
    )
    for chunk in chunks[:RUNG_AT_ONCE]:
        tell_of(chunk, now=timezone.now())
    return len(ids)


def request_measuring_of(project: Project, metrics: Sequence[str] = ()) -> int:
    """The same for every batch of a project."""
    for name in metrics:
        catalog.metric(name)
    batches = Batch.objects.filter(project=project).order_by("pk")
    return sum(request_measuring(batch, metrics) for batch in batches)


def _names(metrics: Sequence[str]) -> str:
    return ",".join(sorted(catalog.metric(name).name for name in metrics))


def tell_of(chunk: Chunk, *, now: datetime) -> None:
    """Rings for a chunk that waits, unless somebody has just done so."""
    if jobs.rung(chunk, until=now + timedelta(seconds=settings.RING_AGAIN_SECONDS)):
        bell.ring("annotator.workers.measure.measure_chunk", chunk.pk)


def tell_of_next(*, now: datetime) -> None:
    """Rings for one chunk that nobody has been told of."""
    waiting = jobs.due(Chunk, now).filter(state=JobState.REQUESTED).first()
    if waiting is not None:
        tell_of(waiting, now=now)


def claim_chunk(chunk_id: int, *, now: datetime, holder: str = "") -> Chunk | None:
    """The chunk, now ours for a lease, its attempt counted; None when it is not to be had.

    `holder` names the message that it is measured for.
    """
    chunk = Chunk.objects.filter(pk=chunk_id).first()
    lease = settings.JOB_LEASE_SECONDS
    if chunk is None or not jobs.take(chunk, now=now, seconds=lease, holder=holder):
        return None
    return chunk


def renew(chunk: Chunk, *, now: datetime) -> None:
    """Lengthens the lease. Raises StaleState when another worker has taken over."""
    jobs.keep(chunk, now=now, seconds=settings.JOB_LEASE_SECONDS)


@transaction.atomic
def finish_chunk(
    chunk: Chunk, values: Iterable[tuple[Image, Sequence[Value]]], *, now: datetime
) -> Chunk:
    """Stores the values, replacing those of the same version, and ends the chunk."""
    jobs.keep(chunk, now=now, seconds=settings.JOB_LEASE_SECONDS)
    for image, each in values:
        _store(image, each, now=now)
    return move(chunk, JobState.DONE, held_until=None)


def _store(image: Image, values: Sequence[Value], *, now: datetime) -> None:
    Measurement.objects.bulk_create(
        (
            Measurement(
                project_id=image.project_id,
                image=image,
                metric=one.metric,
                version=one.version,
                state=one.state,
                value=one.value,
                text=one.text,
                error=one.error,
                at=now,
            )
            for one in values
        ),
        update_conflicts=True,
        unique_fields=["image", "metric", "version"],
        update_fields=["state", "value", "text", "error", "at"],
    )


@transaction.atomic
def take_back(chunk: Chunk, *, now: datetime) -> list[Chunk]:
    """After a worker died of a chunk: halves it, or fails the image that is alone in it.

    So the image that kills workers ends alone, and fails alone after JOB_MAX_ATTEMPTS; the others
    are measured. Returns the chunks that wait anew. Raises StaleState when it has moved on.
    """
    images = list(chunk.images.order_by("pk"))
    if len(images) > 1:
        return [_shrunk(chunk), _other_half(chunk, images[len(images) // 2 :])]
    if chunk.attempts < settings.JOB_MAX_ATTEMPTS:
        return [move(chunk, JobState.REQUESTED, held_until=None)]
    reason = f"The worker died {chunk.attempts} times while it measured this image."
    move(chunk, JobState.FAILED, held_until=None, error=reason)
    for image in images:
        _store(image, _all_failed(chunk, image, reason), now=now)
    return []


def _shrunk(chunk: Chunk) -> Chunk:
    return move(chunk, JobState.REQUESTED, held_until=None, attempts=0)


def _other_half(chunk: Chunk, images: Sequence[Image]) -> Chunk:
    other = Chunk.objects.create(
        project_id=chunk.project_id, batch_id=chunk.batch_id, metrics=chunk.metrics
    )
    through = Chunk.images.through
    through.objects.filter(chunk_id=chunk.pk, image__in=images).update(chunk_id=other.pk)
    return other


def _all_failed(chunk: Chunk, image: Image, reason: str) -> list[Value]:
    return [
        Value(name, catalog.metric(name).version, MeasurementState.FAILED, error=reason)
        for name in metrics_for(chunk, has_reference=image.reference_id is not None)
    ]


def metrics_for(chunk: Chunk, *, has_reference: bool) -> list[str]:
    """The metrics that this process can measure of such an image, as the chunk asks for."""
    asked = chunk.metrics.split(",") if chunk.metrics else list(catalog.CATALOG)
    return [
        name
        for name in asked
        if catalog.available(name, settings.WEIGHTS_ROOT)[0]
        and selectors.fits(name, has_reference=has_reference)
    ]


def images_of(chunk: Chunk) -> list[Image]:
    """The chunk's images with their references (1 query)."""
    return list(chunk.images.select_related("reference").order_by("pk"))


def running_chunk(chunk_id: int, *, holder: str) -> Chunk | None:
    """The chunk if a worker holds it for this message.

    Another message of the same chunk may come again while it is measured well: that says nothing.
    """
    return Chunk.objects.filter(pk=chunk_id, state=JobState.RUNNING, holder=holder).first()


def due_chunks(*, now: datetime, most: int) -> list[Chunk]:
    """Chunks that somebody should be told of, and those left by their worker.

    So many that `most` at a time have been told of and wait: of a hundred thousand pictures' chunks
    the broker holds no more than its workers soon come to.
    """
    told = Chunk.objects.filter(state=JobState.REQUESTED, held_until__gte=now).count()
    return list(jobs.due(Chunk, now)[: max(most - told, 0)])


def waiting_chunks(project: Project) -> list[int]:
    """Chunks of a project that nobody works at."""
    rows = Chunk.objects.filter(project=project, state=JobState.REQUESTED).order_by("pk")
    return list(rows.values_list("pk", flat=True))
