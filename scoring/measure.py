"""Measures images by any number of metrics; each image is decoded once.

Families are imported when first asked for, so that only a process that measures loads torch.
A family module holds ``METRICS``: name → ``Function`` (``scoring/metric_functions.py``).
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from scoring.catalog import Grain, Metric, Need, metric
from scoring.engine import Engine
from scoring.images import require_rgb
from scoring.measured import Measured, refused, unavailable
from scoring.metric_functions import NO_MASK, NO_REFERENCE, NO_SOURCE, Function, Subject
from scoring.reasons import Code, Reason
from scoring.weights.files import Unavailable

if TYPE_CHECKING:
    from scoring.metrics.sets.measure_set import Against, SetMeasured
    from scoring.metrics.sets.set_statistics import SetStatistics

# What images that are too large, or odd in another way, may end a forward pass in.
FAULTS = (ValueError, ArithmeticError, RuntimeError, MemoryError)


def measure(
    names: Iterable[str], subjects: Sequence[Subject], engine: Engine
) -> list[dict[str, Measured]]:
    """For each subject, in order, the named metrics' values.

    One metric's refusal of one subject (no reference, other size, too large) is its own
    ``Measured`` and leaves the others alone. Missing weights make it ``unavailable``. Raises
    UnknownMetric for a name that is not in the catalog and ValueError for arrays that are no
    images.
    """
    for subject in subjects:
        require_rgb(subject.image)
        for other in (subject.reference, subject.source):
            if other is not None:
                require_rgb(other)
    try:
        columns = {name: _column(metric(name), subjects, engine) for name in names}
    finally:
        engine.end_batch()
    return [{name: column[row] for name, column in columns.items()} for row in range(len(subjects))]


def features(network: str, subjects: Sequence[Subject], engine: Engine) -> NDArray[np.float32]:
    """(n, d): each image's features by the network that a set metric's entry names.

    Raises Unavailable when its weights are missing, KeyError for a network that is not there.
    """
    _prepare(engine)
    made: NDArray[np.float32] = import_module("scoring.metrics.sets.features").FEATURES[network](
        subjects, engine
    )
    return made


def class_logits(
    network: str, rows: NDArray[np.float32], engine: Engine
) -> NDArray[np.float32] | None:
    """(n, classes) of a network's features, for the score by classes; None: it knows no classes."""
    made: NDArray[np.float32] | None = import_module("scoring.metrics.sets.features").class_logits(
        network, rows, engine
    )
    return made


def measure_set(
    names: Iterable[str], of: "SetStatistics", against: "Against", engine: Engine
) -> Mapping[str, "SetMeasured"]:
    """Each named set metric's value of one set against another, both in the same network."""
    made: Mapping[str, SetMeasured] = import_module("scoring.metrics.sets.measure_set").measure_set(
        names, of, against, device=engine.device
    )
    return made


def best_device() -> str:
    """The GPU where there is one that torch can use, else the CPU."""
    if find_spec("torch") is None:
        return "cpu"
    device: str = import_module("scoring.metrics.devices").best_device()
    return device


def _column(entry: Metric, subjects: Sequence[Subject], engine: Engine) -> list[Measured]:
    if entry.grain not in (Grain.IMAGE, Grain.PAIR):
        why = Reason(Code.NOT_OF_ONE_IMAGE, metric=entry.name)
        return [refused(why)] * len(subjects)
    missing = [_missing(entry, subject) for subject in subjects]
    fit = [subject for subject, why in zip(subjects, missing, strict=True) if why is None]
    try:
        values = iter(_values(entry, fit, engine))
    except Unavailable as error:
        return [unavailable(*error.reasons)] * len(subjects)
    return [next(values) if why is None else refused(why) for why in missing]


def _missing(entry: Metric, subject: Subject) -> Reason | None:
    if Need.REFERENCE in entry.needs and subject.reference is None:
        return NO_REFERENCE
    if Need.PROMPT in entry.needs and not subject.prompt.strip():
        return Reason(Code.NO_PROMPT)
    if Need.SOURCE in entry.needs and subject.source is None:
        return NO_SOURCE
    if Need.MASK in entry.needs and subject.mask is None:
        return NO_MASK
    return None


def _values(entry: Metric, subjects: Sequence[Subject], engine: Engine) -> Sequence[Measured]:
    if not subjects:
        return []
    if Need.TORCH in entry.needs:
        _prepare(engine)
    function = _functions(entry.family)[entry.name]
    try:
        return function(subjects, engine)
    except FAULTS as fault:
        if len(subjects) == 1:
            error = f"{type(fault).__name__}: {fault}"[:400]
            return [refused(Reason(Code.METRIC_FAILED, error=error))]
    # One of them is to blame: each for itself, so that the others keep their values.
    engine.end_batch()
    return [one for subject in subjects for one in _values(entry, [subject], engine)]


def _prepare(engine: Engine) -> None:
    import_module("scoring.metrics.devices").prepare(engine)


@cache
def _functions(family: str) -> Mapping[str, Function]:
    functions: Mapping[str, Function] = import_module(f"scoring.metrics.{family}").METRICS
    return functions
