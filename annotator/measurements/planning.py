"""Asking for measurements, and cutting what was asked into chunks, a slice of images at a time.

Asking writes one row a batch, whatever the batch's size. A worker goes through the batch's images
in the order of their ids; where it has come to and the chunks made on the way are written together,
so that a killed one is gone on with and nothing is made twice. It never runs far ahead of those who
measure.
"""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone

from annotator import jobs
from annotator.core.errors import StaleState
from annotator.core.states import move
from annotator.items.models import Image
from annotator.jobs import Held, due
from annotator.jobs.lease import lease
from annotator.jobs.models import Job, JobState
from annotator.measurements.choices import as_asked, chosen_of, split
from annotator.measurements.lacking import Lack, Wanted, lacks, together, wanted, without
from annotator.measurements.models import LIVE, Chunk, Kind, Reference, ReferenceKind, Request
from annotator.projects.models import Batch, Project

PLAN = "annotator.workers.measure.plan_request"
SLICE = 1024
# A request waits while so many of its project's chunks do.
AHEAD = 256
CHUNKS = {Kind.LIGHT: 16, Kind.HEAVY: 32}
ROWS_AT_ONCE = 5000
IMAGES_OF_PROJECT = "The project's reference images"


def request_measuring(batch: Batch, metrics: Sequence[str] = ()) -> int:
    """Asks for the named metrics (else those chosen) of a batch's images that lack a value.

    Returns how many images will be gone through. Who asks twice is not served twice. Raises
    UnknownMetric.
    """
    return _request(Batch.objects.filter(pk=batch.pk), as_asked(metrics))


def request_measuring_of(project: Project, metrics: Sequence[str] = ()) -> int:
    """The same for every batch of a project."""
    return _request(Batch.objects.filter(project=project), as_asked(metrics))


@transaction.atomic
def _request(batches: Iterable[Batch], asked: str) -> int:
    ids = {batch.pk: batch.project_id for batch in batches}
    images = Image.objects.filter(batch_id__in=ids)
    judged = _by_batch(images.filter(is_reference=False))
    references = _by_batch(images.filter(is_reference=True))
    for project_id in {ids[pk] for pk in references}:
        _name_reference(project_id)
    waiting = Request.objects.filter(batch_id__in=ids, metrics=asked, state__in=LIVE)
    asked_already = set(waiting.values_list("batch_id", flat=True))
    new = [
        Request(
            project_id=ids[pk],
            batch_id=pk,
            metrics=asked,
            total=judged.get(pk, 0),
        )
        for pk in sorted({*judged, *references} - asked_already)
    ]
    Request.objects.bulk_create(new, ignore_conflicts=True)
    for request in Request.objects.filter(batch_id__in=ids, metrics=asked, held_until=None):
        tell_of_request(request, now=timezone.now())
    return sum(judged.get(request.batch_id, 0) for request in new)


def _by_batch(images: QuerySet[Image]) -> dict[int, int]:
    return dict(images.values_list("batch_id").annotate(n=Count("pk")))


def _name_reference(project_id: int) -> None:
    """A project with reference images has a reference set, to be named when sets are compared."""
    Reference.objects.get_or_create(
        project_id=project_id,
        kind=ReferenceKind.IMAGES,
        defaults={"name": IMAGES_OF_PROJECT},
    )


def claimed(row: Job, *, now: datetime, holder: str) -> bool:
    """Whether the row was free and is now ours."""
    try:
        lease(row, now=now, token=holder)
    except StaleState:
        return False
    return True


def rung(row: Job, *, until: datetime) -> bool:
    """Notes that somebody is told of a requested row; False when it has moved on meanwhile."""
    as_seen = type(row)._default_manager.filter(
        pk=row.pk, state=JobState.REQUESTED, held_until=row.held_until
    )
    return bool(as_seen.update(held_until=until))


def claim_request(request_id: int, *, now: datetime, holder: str = "") -> Request | None:
    """The request, now ours for a lease; None when it is not to be had."""
    request = Request.objects.select_related("project").filter(pk=request_id).first()
    return request if request is not None and claimed(request, now=now, holder=holder) else None


def plan(request: Request, *, now: datetime, ahead: int = AHEAD) -> list[Chunk]:
    """Makes the chunks of one more slice of a request that the caller holds; rings for none.

    Ends the request after the last slice; lets it wait while `ahead` chunks of its project do.
    Raises StaleState when another worker has taken over.
    """
    asked = split(request.metrics) or list(chosen_of(request.project).metrics)
    want = wanted(asked)
    with transaction.atomic():
        Held(request, request.holder).save()
        if Chunk.objects.filter(project_id=request.project_id, state__in=LIVE).count() >= ahead:
            again = now + timedelta(seconds=settings.ENQUEUE_AGAIN_SECONDS)
            move(request, JobState.REQUESTED, holder="", held_until=again, attempts=0)
            return []
        images = _next(request)
        chunks = _chunks(request, images, want)
        if len(images) < SLICE:
            move(request, JobState.DONE, holder="", held_until=None, looked=request.total)
        else:
            Held(request, request.holder).save(
                after=images[-1].pk,
                looked=request.looked + sum(not image.is_reference for image in images),
                attempts=0,
            )
    return chunks


def _next(request: Request) -> list[Image]:
    rows = Image.objects.filter(batch_id=request.batch_id).order_by("pk")
    if request.after is not None:
        rows = rows.filter(pk__gt=request.after)
    return list(rows.only("pk", "batch_id", "prompt", "reference_id", "is_reference")[:SLICE])


def _chunks(request: Request, images: Sequence[Image], want: Wanted) -> list[Chunk]:
    lacking = without(lacks(images, want), _waiting(images))
    made: list[Chunk] = []
    rows = []
    through = Chunk.images.through
    for kind, size in CHUNKS.items():
        of_kind = want.of_kind(kind)
        left = [(pk, cut) for pk, lack in lacking.items() if (cut := _cut(lack, of_kind))]
        for start in range(0, len(left), size):
            part = left[start : start + size]
            all_of_them = together(lack for _, lack in part)
            chunk = Chunk.objects.create(
                project_id=request.project_id,
                batch_id=request.batch_id,
                kind=kind,
                metrics=",".join(all_of_them.metrics),
                networks=",".join(all_of_them.networks),
            )
            made.append(chunk)
            rows += [through(chunk_id=chunk.pk, image_id=pk) for pk, _ in part]
    through.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE)
    return made


def _cut(lack: Lack, want: Wanted) -> Lack:
    return Lack(
        tuple(name for name in lack.metrics if name in want.metrics),
        tuple(name for name in lack.networks if name in want.networks),
    )


def _waiting(images: Sequence[Image]) -> dict[uuid.UUID, Lack]:
    """What chunks that wait or run will give these images (1 query)."""
    rows = Chunk.images.through.objects.filter(
        image_id__in=[image.pk for image in images], chunk__state__in=LIVE
    )
    waiting: dict[uuid.UUID, Lack] = {}
    for pk, metrics, networks in rows.values_list("image_id", "chunk__metrics", "chunk__networks"):
        coming = Lack(tuple(split(metrics)), tuple(split(networks)))
        waiting[pk] = together([waiting.get(pk, Lack()), coming])
    return waiting


def tend_requests(*, now: datetime, most: int) -> None:
    """Rings for requests that wait; those whose worker is gone wait again, or have failed."""
    for request in due(Request, now)[:most]:
        if request.state == JobState.RUNNING:
            if request.attempts >= settings.JOB_MAX_ATTEMPTS:
                reason = f"The worker died {request.attempts} times while it planned this."
                move(request, JobState.FAILED, holder="", held_until=None, error=reason)
                continue
            move(request, JobState.REQUESTED, holder="", held_until=None)
        tell_of_request(request, now=now)


def tell_of_request(request: Request, *, now: datetime) -> None:
    """Rings for a request that waits, unless somebody has just done so."""
    if rung(request, until=now + timedelta(seconds=settings.ENQUEUE_AGAIN_SECONDS)):
        jobs.send(PLAN, request.pk)


def waiting_requests(project: Project) -> list[int]:
    """Requests of a project that nobody works at."""
    rows = Request.objects.filter(project=project, state=JobState.REQUESTED).order_by("pk")
    return list(rows.values_list("pk", flat=True))


def tell_of_starved(project_id: int, *, now: datetime) -> None:
    """Rings for a request that waited until its project's chunks got fewer, once they have."""
    if Chunk.objects.filter(project_id=project_id, state__in=LIVE).count() <= AHEAD // 2:
        rows = Request.objects.filter(project_id=project_id, state=JobState.REQUESTED)
        for request in rows.filter(looked__gt=0).order_by("pk")[:1]:
            jobs.send(PLAN, request.pk)
