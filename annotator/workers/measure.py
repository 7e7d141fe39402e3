"""Measures images, a chunk at a time. The only part of the site that may load torch."""

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from celery import Task, shared_task
from django.conf import settings
from django.core.files.storage import storages
from django.utils import timezone

from annotator.core.errors import StaleState
from annotator.core.reasons import sentence
from annotator.items.models import Image
from annotator.jobs.models import JobState
from annotator.measurements import planning, services, sets
from annotator.measurements.choices import weights_of_network
from annotator.measurements.models import Chunk, Kind, MeasurementState, Request, SetJob
from annotator.measurements.services import Found, Lot, Seen, Value
from scoring import catalog
from scoring.catalog import Need
from scoring.engine import Engine, Provenance
from scoring.images import RGB, read_rgb
from scoring.measure import FAULTS, features, measure
from scoring.measured import Measured, Outcome, refused
from scoring.metric_functions import Subject
from scoring.reasons import Code, Reason
from scoring.weights.files import REGISTRY, Unavailable

log = logging.getLogger(__name__)

# What an image that can't be read, or is too large for a metric, may end in.
IMAGE_FAULTS = (OSError, *FAULTS)
READERS = 4
RUNG_AT_ONCE = 32
# Images in one forward pass. On a CPU few, so that the lease is renewed in time.
TOGETHER = {Kind.LIGHT: 16, Kind.HEAVY: 4}
TOGETHER_ON_GPU = 32


@shared_task(
    bind=True,
    name="annotator.workers.measure.plan_request",
    time_limit=settings.MEASURE_MAX_SECONDS,
)
def plan_request(self: "Task[Any, Any]", request_id: int) -> None:
    """Cuts a request into chunks, and rings for the first of them."""
    request = planning.claim_request(request_id, now=timezone.now(), holder=self.request.id or "")
    if request is not None:
        plan_claimed(request)


def plan_claimed(request: Request) -> None:
    """Plans a request that the caller holds, to its end or as far ahead as is good."""
    try:
        while request.state == JobState.RUNNING:
            chunks = planning.plan(request, now=timezone.now())
            for chunk in chunks[:RUNG_AT_ONCE]:
                services.tell_of(chunk, now=timezone.now())
    except StaleState:
        log.warning("Request %s was taken over by another worker.", request.pk)


@shared_task(
    bind=True,
    name="annotator.workers.measure.measure_chunk",
    time_limit=settings.MEASURE_MAX_SECONDS,
)
def measure_chunk(self: "Task[Any, Any]", chunk_id: int) -> None:
    """Measures one chunk, if it waits for that, and tells of the next."""
    _measure_chunk(self, chunk_id)


@shared_task(
    bind=True,
    name="annotator.workers.measure.measure_heavy_chunk",
    time_limit=settings.MEASURE_MAX_SECONDS,
)
def measure_heavy_chunk(self: "Task[Any, Any]", chunk_id: int) -> None:
    """The same of a chunk that runs networks; its queue is served where the GPU is."""
    _measure_chunk(self, chunk_id)


def _measure_chunk(task: "Task[Any, Any]", chunk_id: int) -> None:
    holder = task.request.id or ""
    redelivered = (task.request.delivery_info or {}).get("redelivered")
    if redelivered and take_back_if_running(chunk_id, holder=holder):
        return
    chunk = services.claim_chunk(chunk_id, now=timezone.now(), holder=holder)
    if chunk is not None:
        measure_claimed(chunk)
        services.tell_of_next(chunk.kind, now=timezone.now())
        planning.tell_of_starved(chunk.project_id, now=timezone.now())


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
    on_gpu = engine().device.startswith("cuda")
    most = TOGETHER_ON_GPU if on_gpu else TOGETHER[Kind(chunk.kind)]
    try:
        for lot in services.lots_of(chunk, most=most):
            services.renew(chunk, now=timezone.now())
            services.store(chunk, measure_lot(lot), now=timezone.now())
        services.finish_chunk(chunk, now=timezone.now())
    except StaleState:
        log.warning("Chunk %s was taken over by another worker.", chunk.pk)


def engine() -> Engine:
    """This process's networks, where MEASURE_DEVICE says; new ones when files of weights change."""
    root = Path(settings.WEIGHTS_ROOT)
    return _engine(root, settings.MEASURE_DEVICE, settings.MEASURE_THREADS or None, _files(root))


def _files(root: Path) -> tuple[tuple[str, int, int], ...]:
    """The files of weights that are here, with their sizes and times."""
    places = sorted({file.place for weights in REGISTRY.values() for file in weights.files})
    there = [(place, (root / place).stat()) for place in places if (root / place).is_file()]
    return tuple((place, stat.st_size, stat.st_mtime_ns) for place, stat in there)


@lru_cache(maxsize=1)
def _engine(
    weights_root: Path,
    device: str,
    threads: int | None,
    _weights: tuple[tuple[str, int, int], ...],
) -> Engine:
    if device == "auto":
        device = "cpu"
        if find_spec("torch") is not None:
            device = import_module("scoring.metrics.devices").best_device()
    return Engine(weights_root=weights_root, device=device, threads=threads)


def measure_lot(lot: Lot) -> list[Found]:
    """What the images lack: a value, or the reason why there is none, for each metric; features.

    Every image is decoded once.
    """
    read = _subjects(lot)
    broken = {at: subject for at, subject in enumerate(read) if isinstance(subject, Reason)}
    whole = [at for at, subject in enumerate(read) if at not in broken]
    subjects = [subject for subject in read if isinstance(subject, Subject)]
    measured = dict(zip(whole, measure(lot.lack.metrics, subjects, engine()), strict=True))
    seen = dict(zip(whole, _seen(lot, subjects), strict=True))
    found = []
    for at, image in enumerate(lot.images):
        if at in broken:
            values = {name: refused(broken[at]) for name in lot.lack.metrics}
            found.append(Found(image, _values(image, values), broken=sentence(broken[at])))
        else:
            rows = [one for one in seen[at] if isinstance(one, Seen)]
            why = next((one for one in seen[at] if isinstance(one, str)), "")
            found.append(Found(image, _values(image, measured[at]), rows, why))
    return found


def _subjects(lot: Lot) -> list[Subject | Reason]:
    """Each image's subject, or why its image cannot be measured."""
    needs_reference = any(Need.REFERENCE in catalog.metric(name).needs for name in lot.lack.metrics)

    def read(image: Image) -> Subject | Reason:
        try:
            reference = None
            if needs_reference and image.reference is not None:
                reference = _decoded(image.reference)
            return Subject(_decoded(image), reference, image.prompt)
        except IMAGE_FAULTS as fault:
            error = f"{type(fault).__name__}: {fault}"[:400]
            return Reason(Code.IMAGE_UNREADABLE, error=error)

    if len(lot.images) == 1:
        return [read(lot.images[0])]
    with ThreadPoolExecutor(READERS) as readers:
        return list(readers.map(read, lot.images))


def _decoded(image: Image) -> RGB:
    with storages["default"].open(image.path) as stream:
        return read_rgb(stream)


def _values(image: Image, measured: dict[str, Measured]) -> list[Value]:
    """Without what this machine turned out not to have the weights for."""
    made_by = {name: _provenance(name) for name in measured}
    return [
        _value(name, one, provenance)
        for name, one in measured.items()
        if (provenance := made_by[name]) is not None and one.outcome is not Outcome.UNAVAILABLE
    ]


def _provenance(name: str) -> Provenance | None:
    try:
        return engine().provenance(name)
    except Unavailable:
        return None


def _value(name: str, measured: Measured, made_by: Provenance) -> Value:
    """Undefined is a finding, done without a number; refused is a failure. Both say why."""
    failed = measured.outcome is Outcome.REFUSED
    return Value(
        metric=name,
        version=catalog.metric(name).version,
        state=MeasurementState.FAILED if failed else MeasurementState.DONE,
        made_by=made_by,
        value=measured.value if isinstance(measured.value, float | int) else None,
        text=measured.value if isinstance(measured.value, str) else "",
        error=" ".join(map(sentence, measured.reasons)),
    )


def _seen(lot: Lot, subjects: Sequence[Subject]) -> list[list[Seen | str]]:
    """For each subject: its features by every network that is wanted, or why there are none."""
    seen: list[list[Seen | str]] = [[] for _ in subjects]
    for network in lot.lack.networks:
        made_by = network_provenance(network, engine())
        if made_by is None:
            continue
        try:
            rows = _rows(network, subjects)
        except Unavailable as why:
            log.warning("No features of %s: %s", network, why)
            continue
        for place, row in enumerate(rows):
            seen[place].append(row if isinstance(row, str) else Seen(network, made_by, row))
    engine().end_batch()
    return seen


def network_provenance(network: str, on: Engine) -> Provenance | None:
    """What features of this network are made with here; None when its weights are missing."""
    entries = catalog.CATALOG.values()
    name = next((entry.name for entry in entries if entry.network == network), None)
    if name is None or weights_of_network(network) is None:
        return None
    try:
        return on.provenance(name)
    except Unavailable:
        return None


def _rows(network: str, subjects: Sequence[Subject]) -> list[bytes | str]:
    if not subjects:
        return []
    try:
        rows = features(network, subjects, engine())
    except FAULTS as fault:
        if len(subjects) == 1:
            return [f"Its features could not be had: {type(fault).__name__}: {fault}"[:500]]
        engine().end_batch()
        return [row for subject in subjects for row in _rows(network, [subject])]
    finite = [bool(np.isfinite(row).all()) for row in rows]
    return [
        row.astype("<f4").tobytes() if good else f"{network} sees nothing finite in it."
        for row, good in zip(rows, finite, strict=True)
    ]


@shared_task(
    bind=True,
    name="annotator.workers.measure.measure_set",
    # It runs no network, but may stream a million images' features.
    time_limit=4 * settings.MEASURE_MAX_SECONDS,
)
def measure_set(self: "Task[Any, Any]", job_id: int) -> None:
    """Measures one set, if it waits for that and its features are there."""
    job = sets.claim_set(job_id, now=timezone.now(), holder=self.request.id or "")
    if job is not None:
        measure_claimed_set(job)


def measure_claimed_set(job: SetJob) -> None:
    """Measures a set that the caller holds; lets it wait while features are still being made."""
    try:
        if sets.features_come(job):
            sets.wait(job, now=timezone.now())
        else:
            import_module("annotator.workers.sets").measure(job, engine())
    except StaleState:
        log.warning("Set %s was taken over by another worker.", job.pk)
