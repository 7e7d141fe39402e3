"""Measures a slice of rows: each image is decoded once. A fault of one image is that image's alone.

Only here is anything measured; torch is loaded when a metric asks for it.
"""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import storages

from annotator.core import clock
from annotator.items.edits import edits_of
from annotator.items.models import Image
from annotator.measurements.models import Measurement, Queue
from annotator.measurements.queue import claim_slice
from annotator.measurements.results import UNKNOWN, Result, store
from scoring import catalog
from scoring.catalog import Need
from scoring.engine import Engine, Provenance
from scoring.images import RGB, read_region, read_rgb
from scoring.measure import FAULTS, best_device, features, measure
from scoring.measured import Measured, refused, unavailable
from scoring.metric_functions import Subject
from scoring.reasons import Code, Reason
from scoring.weights.files import REGISTRY, Unavailable

# What an image that can't be read, or is too large for a metric, may end in.
IMAGE_FAULTS = (OSError, *FAULTS)
READERS = 4
# Images in one forward pass. An image of 40 million pixels is measured alone.
TOGETHER = {Queue.CPU: 16, Queue.GPU: 4}
TOGETHER_ON_GPU = 32
PIXELS_TOGETHER = 1 << 25


@dataclass(frozen=True, slots=True)
class _Group:
    """Images of which the same is requested, few enough to be decoded at once."""

    names: tuple[str, ...]
    rows: list[dict[str, Measurement]] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)

    @property
    def metrics(self) -> list[str]:
        return [name for name in self.names if name in catalog.CATALOG]

    @property
    def networks(self) -> list[str]:
        return [name for name in self.names if name not in catalog.CATALOG]


def measure_slice(queue: Queue, *, token: str, project_id: int | None = None) -> bool:
    """Measures some rows of a queue; False when none wait that can be measured here.

    Raises StaleState when another worker has taken them over.
    """
    held = claim_slice(queue, token=token, now=clock.now(), project_id=project_id)
    if held is None:
        return False
    with held.renewed():
        for group in _groups(held.rows, _together(queue)):
            store(held, _measured(group), now=clock.now())
    return True


def _together(queue: Queue) -> int:
    return TOGETHER_ON_GPU if engine().device.startswith("cuda") else TOGETHER[queue]


def _groups(rows: Sequence[Measurement], most: int) -> list[_Group]:
    by_image: dict[uuid.UUID, dict[str, Measurement]] = defaultdict(dict)
    for row in rows:
        by_image[row.image_id][row.metric] = row
    images = Image.objects.select_related("reference").in_bulk(list(by_image))
    groups: list[_Group] = []
    open_groups: dict[tuple[str, ...], _Group] = {}
    for image_id, rows_of in by_image.items():
        image, names = images.get(image_id), tuple(sorted(rows_of))
        if image is None:
            continue  # removed with its batch, and its rows with it
        group = open_groups.get(names)
        if group is None or len(group.images) >= most or _is_full(group, image):
            group = open_groups[names] = _Group(names)
            groups.append(group)
        for row in rows_of.values():
            row.image = image
        group.rows.append(rows_of)
        group.images.append(image)
    return groups


def _is_full(group: _Group, image: Image) -> bool:
    pixels = sum(one.width * one.height for one in (*group.images, image))
    return pixels > PIXELS_TOGETHER


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
    device = best_device() if device == "auto" else device
    return Engine(weights_root=weights_root, device=device, threads=threads)


def _measured(group: _Group) -> list[Result]:
    """What became of each row of a group."""
    read = _subjects(group)
    subjects = [subject for subject in read if isinstance(subject, Subject)]
    values = iter(measure(group.metrics, subjects, engine()))
    seen = {network: iter(_seen(network, subjects)) for network in group.networks}
    engine().end_batch()
    made_by = {name: _provenance_of(name) for name in group.names}
    results = []
    for rows, subject in zip(group.rows, read, strict=True):
        found: dict[str, Measured | bytes]
        if isinstance(subject, Reason):
            found = dict.fromkeys(rows, refused(subject))
        else:
            found = {**next(values), **{network: next(column) for network, column in seen.items()}}
        results += [_result(row, found[name], made_by[name]) for name, row in rows.items()]
    return results


def _result(row: Measurement, found: Measured | bytes, made_by: Provenance | None) -> Result:
    if isinstance(found, bytes):
        return Result(row, Measured(None), made_by or UNKNOWN, found)
    return Result(row, found, made_by or UNKNOWN)


def _provenance_of(name: str) -> Provenance | None:
    """What values of a metric, or features of a network, are made with here; None: not here."""
    metrics = catalog.CATALOG.values()
    metric = next((one.name for one in metrics if name in (one.name, one.network)), name)
    try:
        return engine().provenance(metric)
    except Unavailable:
        return None


def _subjects(group: _Group) -> list[Subject | Reason]:
    """Each image's subject, or why its image cannot be measured."""
    needs = {need for name in group.metrics for need in catalog.metric(name).needs}
    edits = edits_of([image.pk for image in group.images]) if Need.MASK in needs else {}

    def read(image: Image) -> Subject | Reason:
        try:
            subject = Subject(_decoded(image), prompt=image.prompt)
            if Need.REFERENCE in needs and image.reference is not None:
                subject = replace(subject, reference=_decoded(image.reference))
            if edit := edits.get(image.pk):
                with _opened(edit.mask) as mask:
                    subject = replace(subject, source=_decoded(edit.source), mask=read_region(mask))
            return subject
        except IMAGE_FAULTS as fault:
            return Reason(Code.IMAGE_UNREADABLE, error=_named(fault))

    if len(group.images) == 1:
        return [read(group.images[0])]
    with ThreadPoolExecutor(READERS) as readers:
        return list(readers.map(read, group.images))


def _decoded(image: Image) -> RGB:
    with _opened(image) as stream:
        return read_rgb(stream)


def _opened(image: Image) -> "File[bytes]":
    return storages["default"].open(image.path)


def _named(fault: Exception) -> str:
    return f"{type(fault).__name__}: {fault}"[:400]


def _seen(network: str, subjects: Sequence[Subject]) -> list[Measured | bytes]:
    """Each subject's feature, or why there is none."""
    if not subjects:
        return []
    try:
        rows = features(network, subjects, engine())
    except Unavailable as missing:
        return [unavailable(*missing.reasons)] * len(subjects)
    except FAULTS as fault:
        if len(subjects) == 1:
            return [refused(Reason(Code.METRIC_FAILED, error=_named(fault)))]
        # One of them is to blame: each for itself.
        engine().end_batch()
        return [one for subject in subjects for one in _seen(network, [subject])]
    return [
        row.astype("<f4").tobytes() if np.isfinite(row).all() else refused(Reason(Code.NOT_FINITE))
        for row in rows
    ]
