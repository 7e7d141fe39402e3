"""What can be done with measurements: the steps of the worker that makes them."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from annotator import jobs
from annotator.core.states import move
from annotator.items.models import Image
from annotator.jobs import Held, due
from annotator.jobs.models import JobState
from annotator.measurements import duplicates
from annotator.measurements.choices import fits, split
from annotator.measurements.lacking import HASH, Lack, lacks, wanted
from annotator.measurements.models import (
    Broken,
    Chunk,
    Feature,
    Kind,
    Measurement,
    MeasurementState,
)
from annotator.measurements.planning import claimed, rung
from scoring import catalog
from scoring.engine import Provenance

# An image of 40 million pixels is measured alone; of ordinary ones many are together.
LOT_PIXELS = 1 << 25
UNKNOWN = Provenance("", "", "")


@dataclass(frozen=True, slots=True)
class Value:
    """What became of one metric of one image; columns of Measurement."""

    metric: str
    version: str
    state: MeasurementState
    made_by: Provenance = UNKNOWN
    value: float | None = None
    text: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a network saw in an image: float32, little-endian."""

    network: str
    made_by: Provenance
    vector: bytes


@dataclass(frozen=True, slots=True)
class Found:
    """All that was measured of one image at once; `broken`: why its image could not be."""

    image: Image
    values: Sequence[Value] = ()
    seen: Sequence[Seen] = ()
    broken: str = ""


@dataclass(frozen=True, slots=True)
class Lot:
    """Images that lack the same, few enough to be decoded at once."""

    lack: Lack
    images: list[Image] = field(default_factory=list)

    @property
    def pixels(self) -> int:
        return sum(image.width * image.height for image in self.images)


def tell_of(chunk: Chunk, *, now: datetime) -> None:
    """Rings for a chunk that waits, unless somebody has just done so."""
    if not rung(chunk, until=now + timedelta(seconds=settings.ENQUEUE_AGAIN_SECONDS)):
        return
    if chunk.kind == Kind.HEAVY:
        jobs.send("annotator.workers.measure.measure_heavy_chunk", chunk.pk)
    else:
        jobs.send("annotator.workers.measure.measure_chunk", chunk.pk)


def tell_of_next(kind: str, *, now: datetime) -> None:
    """Rings for one chunk of this kind that nobody has been told of."""
    waiting = due(Chunk, now).filter(state=JobState.REQUESTED, kind=kind).first()
    if waiting is not None:
        tell_of(waiting, now=now)


def claim_chunk(chunk_id: int, *, now: datetime, holder: str = "") -> Chunk | None:
    """The chunk, now ours for a lease, its attempt counted; None when it is not to be had.

    `holder` names the message that it is measured for.
    """
    chunk = Chunk.objects.filter(pk=chunk_id).first()
    return chunk if chunk is not None and claimed(chunk, now=now, holder=holder) else None


def renew(chunk: Chunk, *, now: datetime) -> None:
    """Lengthens the lease. Raises StaleState when another worker has taken over."""
    Held(chunk, chunk.holder).save()


def lots_of(chunk: Chunk, *, most: int) -> list[Lot]:
    """What is left to do of a chunk, at most so many images at once.

    What an attempt before this one has stored is left out.
    """
    want = wanted(split(chunk.metrics), split(chunk.networks))
    images = images_of(chunk)
    lacking = lacks(images, want)
    lots: list[Lot] = []
    open_lots: dict[Lack, Lot] = {}
    for image in images:
        lack = lacking.get(image.pk)
        if lack is None:
            continue
        lot = open_lots.get(lack)
        if lot is None or len(lot.images) >= most or lot.pixels + _pixels(image) > LOT_PIXELS:
            lot = open_lots[lack] = Lot(lack)
            lots.append(lot)
        lot.images.append(image)
    return lots


def _pixels(image: Image) -> int:
    return image.width * image.height


@transaction.atomic
def store(chunk: Chunk, found: Sequence[Found], *, now: datetime) -> None:
    """Stores what was measured of some of a chunk's images. Raises StaleState as `renew`.

    A value of the same version and weights is replaced, any other stays beside the new one.
    """
    Held(chunk, chunk.holder).save()
    _store(found, now=now)


@transaction.atomic
def finish_chunk(chunk: Chunk, *, now: datetime) -> Chunk:
    """Notes what looks like the images that are stored now, and ends the chunk."""
    Held(chunk, chunk.holder).save()
    if HASH in split(chunk.metrics):
        duplicates.note_likenesses(list(chunk.images.only("pk")))
    return move(chunk, JobState.DONE, holder="", held_until=None)


def _store(found: Sequence[Found], *, now: datetime) -> None:
    images = [one.image for one in found]
    # Two chunks may hold the same image: they take turns.
    list(
        Image.objects.select_for_update(no_key=True)
        .filter(pk__in=[image.pk for image in images])
        .order_by("pk")
        .values_list("pk")
    )
    _make_way(found)
    Measurement.objects.bulk_create(
        (_measurement(one.image, value, now) for one in found for value in one.values),
        update_conflicts=True,
        unique_fields=["image", "metric", "version", "weights"],
        update_fields=["device", "dtype", "current", "state", "value", "text", "error", "at"],
    )
    Feature.objects.bulk_create(
        (_feature(one.image, seen) for one in found for seen in one.seen),
        update_conflicts=True,
        unique_fields=["image", "network", "weights"],
        update_fields=["device", "dtype", "vector"],
    )
    Broken.objects.filter(image__in=images).delete()
    Broken.objects.bulk_create(
        Broken(image=one.image, project_id=one.image.project_id, reason=one.broken)
        for one in found
        if one.broken
    )
    hashes = {
        one.image: value.text
        for one in found
        for value in one.values
        if value.metric == HASH and value.text
    }
    if hashes:
        duplicates.keep_hashes(hashes, version=catalog.metric(HASH).version)


def _make_way(found: Sequence[Found]) -> None:
    """The values that are current now are so no more, where a new one comes."""
    alike: dict[tuple[str, ...], list[uuid.UUID]] = defaultdict(list)
    for one in found:
        alike[tuple(value.metric for value in one.values)].append(one.image.pk)
    for metrics, ids in alike.items():
        if metrics:
            rows = Measurement.objects.filter(image_id__in=ids, metric__in=metrics, current=True)
            rows.update(current=False)


def _measurement(image: Image, value: Value, now: datetime) -> Measurement:
    return Measurement(
        project_id=image.project_id,
        image=image,
        metric=value.metric,
        version=value.version,
        weights=value.made_by.weights_sha256,
        device=value.made_by.device,
        dtype=value.made_by.dtype,
        current=True,
        state=value.state,
        value=value.value,
        text=value.text,
        error=value.error,
        at=now,
    )


def _feature(image: Image, seen: Seen) -> Feature:
    return Feature(
        project_id=image.project_id,
        image=image,
        network=seen.network,
        weights=seen.made_by.weights_sha256,
        device=seen.made_by.device,
        dtype=seen.made_by.dtype,
        vector=seen.vector,
    )


@transaction.atomic
def take_back(chunk: Chunk, *, now: datetime) -> list[Chunk]:
    """After a worker died of a chunk: halves it, or fails the image that is alone in it.

    So the image that kills workers ends alone, and fails alone after JOB_MAX_ATTEMPTS; the others
    are measured. Returns the chunks that wait anew. Raises StaleState when it has moved on.
    """
    images = images_of(chunk)
    if len(images) > 1:
        return [_shrunk(chunk), _other_half(chunk, images[len(images) // 2 :])]
    if chunk.attempts < settings.JOB_MAX_ATTEMPTS:
        return [move(chunk, JobState.REQUESTED, holder="", held_until=None)]
    reason = f"The worker died {chunk.attempts} times while it measured this image."
    move(chunk, JobState.FAILED, holder="", held_until=None, error=reason)
    _store(
        [Found(image, _all_failed(chunk, image, reason), (), reason) for image in images], now=now
    )
    return []


def _shrunk(chunk: Chunk) -> Chunk:
    return move(chunk, JobState.REQUESTED, holder="", held_until=None, attempts=0)


def _other_half(chunk: Chunk, images: Sequence[Image]) -> Chunk:
    other = Chunk.objects.create(
        project_id=chunk.project_id,
        batch_id=chunk.batch_id,
        kind=chunk.kind,
        metrics=chunk.metrics,
        networks=chunk.networks,
    )
    through = Chunk.images.through
    through.objects.filter(chunk_id=chunk.pk, image__in=images).update(chunk_id=other.pk)
    return other


def _all_failed(chunk: Chunk, image: Image, reason: str) -> list[Value]:
    """Nobody knows any more by which weights; what has a value keeps it."""
    if image.is_reference:
        return []
    done = Measurement.objects.filter(
        image=image, current=True, state=MeasurementState.DONE
    ).values_list("metric", flat=True)
    entries = [catalog.CATALOG[name] for name in split(chunk.metrics) if name in catalog.CATALOG]
    has_reference, has_prompt = image.reference_id is not None, bool(image.prompt.strip())
    return [
        Value(entry.name, entry.version, MeasurementState.FAILED, error=reason)
        for entry in entries
        if entry.name not in set(done)
        and fits(entry, has_reference=has_reference, has_prompt=has_prompt)
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

    So many that `most` of a kind have been told of and wait: of a hundred thousand images' chunks
    the broker holds no more than its workers soon come to, and where nobody serves one kind, the
    other goes on.
    """
    return [chunk for kind in Kind for chunk in _due(kind, now=now, most=most)]


def _due(kind: Kind, *, now: datetime, most: int) -> list[Chunk]:
    rows = Chunk.objects.filter(kind=kind)
    told = rows.filter(state=JobState.REQUESTED, held_until__gte=now).count()
    return list(due(Chunk, now).filter(kind=kind)[: max(most - told, 0)])


def waiting_chunks(project_id: int) -> list[int]:
    """Chunks of a project that nobody works at."""
    rows = Chunk.objects.filter(project_id=project_id, state=JobState.REQUESTED).order_by("pk")
    return list(rows.values_list("pk", flat=True))
