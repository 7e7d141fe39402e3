"""What a worker does with a set: adds its features up, and measures what they come to."""

from collections.abc import Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q

from annotator import jobs
from annotator.core import clock
from annotator.core.reasons import Code, Reason, as_json
from annotator.jobs import Held
from annotator.measurements import references, sets
from annotator.measurements.features import stream_features
from annotator.measurements.measuring import engine
from annotator.measurements.models import ReferenceSource, SetMeasurement
from annotator.measurements.sets import SetValue
from scoring.engine import Provenance
from scoring.measure import class_logits, measure_set
from scoring.metrics.sets.set_statistics import SetStatistics
from scoring.statistics.feature_statistics import Statistics
from scoring.weights.files import Unavailable

if TYPE_CHECKING:
    from scoring.metrics.sets.measure_set import SetMeasured

RENEWED_EVERY = 8


class NoFeatures(Exception):
    """There is nothing to measure."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def measure(held: Held[SetMeasurement]) -> None:
    """Measures a set that is held, in every metric that is requested of it.

    It waits while its features are still being made.
    """
    row = held.job
    try:
        made_by = engine().provenance(row.metric)
    except Unavailable as missing:
        held.fail(reasons=[as_json(reason) for reason in missing.reasons])
        return
    if sets.features_left(row.project_id, row.network):
        held.release(seconds=settings.ENQUEUE_AGAIN_SECONDS, attempts=0)
        return
    with ExitStack() as renewed:
        together = [held]
        for sister in sets.sisters_of(row):
            if (taken := jobs.take(sister, now=clock.now())) is not None:
                renewed.enter_context(taken.renewed())
                together.append(taken)
        _measure(together, made_by)


def _measure(together: Sequence[Held[SetMeasurement]], made_by: Provenance) -> None:
    first = together[0]
    try:
        of, without = gather(first, sets.images_of_set(first.job), made_by.weights_sha256)
        against = _against(first, made_by.weights_sha256)
    except NoFeatures as why:
        for held in together:
            held.fail(reasons=[as_json(why.reason)])
        return
    names = [held.job.metric for held in together]
    measured = measure_set(names, of, against, engine())
    project_id = first.job.project_id
    statistics = references.keep_statistics(project_id, of.statistics()) if of.n > 1 else ""
    for held in together:
        value = _value(measured[held.job.metric], without)
        sets.finish_set(held, value, made_by, statistics=statistics, now=clock.now())


def gather(held: Held[SetMeasurement], which: Q, weights: str) -> tuple[SetStatistics, int]:
    """All features that are kept of these images, and how many of them have none.

    Flat memory: a page of features at a time. Raises NoFeatures when not one image has any.
    """
    row = held.job
    gathered: SetStatistics | None = None
    without = 0
    # A set by itself is measured by the classes that the network sees (inception score).
    with_classes = row.reference_id is None
    pages = stream_features(which, network=row.network, weights=weights)
    for number, (ids, rows, missing) in enumerate(pages):
        if number % RENEWED_EVERY == 0:
            held.save()
        without += missing
        if ids:
            logits = class_logits(row.network, rows, engine()) if with_classes else None
            if gathered is None:
                gathered = SetStatistics.for_rows(row.network, rows, logits)
            gathered.add(ids, rows, logits)
    if gathered is None:
        raise NoFeatures(Reason(Code.SET_WITHOUT_FEATURES, count=without, network=row.network))
    return gathered, without


def _against(held: Held[SetMeasurement], weights: str) -> SetStatistics | Statistics | None:
    reference = held.job.reference
    if reference is None:
        return None
    if reference.source == ReferenceSource.STATISTICS:
        return references.statistics_of(reference)
    network = held.job.network
    try:
        gathered, _ = gather(held, sets.images_of_reference(reference), weights)
    except NoFeatures:
        reason = Reason(Code.REFERENCE_WITHOUT_FEATURES, reference=reference.name, network=network)
        raise NoFeatures(reason) from None
    if gathered.n > 1:
        sets.keep_reference_statistics(
            reference,
            network=network,
            n=gathered.n,
            sha256=references.keep_statistics(reference.project_id, gathered.statistics()),
        )
    return gathered


def _value(measured: "SetMeasured", without: int) -> SetValue:
    skipped = (Reason(Code.IMAGES_WITHOUT_FEATURES, count=without),) if without else ()
    return SetValue(
        value=measured.value,
        spread=measured.spread,
        n=measured.n,
        n_reference=measured.n_reference,
        reasons=(*measured.reasons, *skipped),
    )
