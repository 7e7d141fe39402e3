"""Measures pictures, a chunk at a time. The only part of the site that may load torch."""

import logging
from functools import cache
from typing import Any

from celery import Task, shared_task
from django.conf import settings
from django.core.files.storage import storages
from django.utils import timezone

from annotator.core.errors import StaleState
from annotator.items.models import Image
from annotator.measurements import services
from annotator.measurements.models import Chunk, MeasurementState
from annotator.measurements.services import Value
from scoring import catalog
from scoring.engine import Engine
from scoring.images import RGB, read_rgb
from scoring.measure import measure
from scoring.measured import Measured, Outcome
from scoring.subjects import Subject

log = logging.getLogger(__name__)

# What a picture that can't be read, or is too large for a metric, may end in.
PICTURE_FAULTS = (OSError, ValueError, ArithmeticError, RuntimeError, MemoryError)


@shared_task(
    bind=True,
    name="annotator.workers.measure.measure_chunk",
    time_limit=settings.MEASURE_MAX_SECONDS,
)
def measure_chunk(self: "Task[Any, Any]", chunk_id: int) -> None:
    """Measures one chunk, if it waits for that, and tells of the next."""
    redelivered = (self.request.delivery_info or {}).get("redelivered")
    if redelivered and take_back_if_running(chunk_id, holder=self.request.id or ""):
        return
    chunk = services.claim_chunk(chunk_id, now=timezone.now(), holder=self.request.id or "")
    if chunk is not None:
        measure_claimed(chunk)
        services.tell_of_next(now=timezone.now())


def take_back_if_running(chunk_id: int, *, holder: str) -> bool:
    """The broker brings a message again when its worker died of it: no need to wait for the lease.

    Whether there was a chunk that this very message's worker had begun.
    """
    chunk = services.running_chunk(chunk_id, holder=holder)
    if chunk is None:
        return False
    for waiting in services.take_back(chunk, now=timezone.now()):
        services.tell_of(waiting, now=timezone.now())
    return True


def measure_claimed(chunk: Chunk) -> None:
    """Measures a chunk that the caller holds. A fault of one image is that image's alone."""
    values: list[tuple[Image, list[Value]]] = []
    try:
        for image in services.images_of(chunk):
            services.renew(chunk, now=timezone.now())
            values.append((image, measure_image(chunk, image)))
        services.finish_chunk(chunk, values, now=timezone.now())
    except StaleState:
        log.warning("Chunk %s was taken over by another worker.", chunk.pk)


def measure_image(chunk: Chunk, image: Image) -> list[Value]:
    """A value, or the reason why there is none, for each metric that is asked of this image."""
    names = services.metrics_for(chunk, has_reference=image.reference is not None)
    try:
        reference = None if image.reference is None else _pixels(image.reference)
        subject = Subject(_pixels(image), reference, image.prompt)
        measured = measure(names, [subject], engine())[0]
    except PICTURE_FAULTS as fault:
        reason = f"The picture could not be measured: {type(fault).__name__}: {fault}"[:500]
        return [_value(name, Measured(None, Outcome.REFUSED, reason)) for name in names]
    return [
        _value(name, one)
        for name, one in measured.items()
        if one.outcome is not Outcome.UNAVAILABLE
    ]


@cache
def engine() -> Engine:
    """This process's networks."""
    return Engine(weights_root=settings.WEIGHTS_ROOT)


def _pixels(image: Image) -> RGB:
    with storages["default"].open(image.path) as stream:
        return read_rgb(stream)


def _value(name: str, measured: Measured) -> Value:
    """Undefined is a finding, done without a number; refused is a failure. Both say why."""
    failed = measured.outcome is Outcome.REFUSED
    return Value(
        metric=name,
        version=catalog.metric(name).version,
        state=MeasurementState.FAILED if failed else MeasurementState.DONE,
        value=measured.value if isinstance(measured.value, float | int) else None,
        text=measured.value if isinstance(measured.value, str) else "",
        error=measured.why,
    )
