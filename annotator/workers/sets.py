"""Measures a set: streams its features into sums of bounded size. Needs torch; see measure.py."""

from django.db.models import Q
from django.utils import timezone

from annotator.core.reasons import sentence
from annotator.measurements import references, sets
from annotator.measurements.choices import split
from annotator.measurements.models import ReferenceKind, SetJob
from annotator.measurements.sets import SetValue
from annotator.workers.measure import network_provenance
from scoring.engine import Engine
from scoring.measured import Outcome
from scoring.metrics.sets.features import class_logits
from scoring.metrics.sets.measure_set import SetMeasured, measure_set
from scoring.metrics.sets.set_statistics import SetStatistics
from scoring.statistics.feature_statistics import Statistics

RENEWED_EVERY = 8


class NoFeatures(Exception):
    """Nothing to measure; the text says why."""


def measure(job: SetJob, engine: Engine) -> None:
    """Measures a set that the caller holds. Raises StaleState when another worker took over."""
    made_by = network_provenance(job.network, engine)
    if made_by is None:
        sets.fail_set(job, f"The weights of {job.network} are not here, so there are no features.")
        return
    try:
        of, without = gather(job, sets.images_of_set(job), made_by.weights_sha256, engine)
        against = _against(job, made_by.weights_sha256, engine)
    except NoFeatures as why:
        sets.fail_set(job, str(why))
        return
    sets.renew(job, now=timezone.now())
    measured = measure_set(split(job.metrics), of, against, device=engine.device)
    sets.renew(job, now=timezone.now())
    statistics = references.keep_statistics(job.project_id, of.statistics()) if of.n > 1 else ""
    values = [_value(name, one, without) for name, one in measured.items()]
    sets.finish_set(job, values, made_by, statistics=statistics, now=timezone.now())


def gather(job: SetJob, which: Q, weights: str, engine: Engine) -> tuple[SetStatistics, int]:
    """All features that are kept of these images, and how many of them have none.

    Flat memory: a page of features at a time. Raises NoFeatures when not one image has any.
    """
    gathered: SetStatistics | None = None
    without = 0
    # A set by itself is measured by the classes that the network sees (inception score).
    wants_classes = job.reference_id is None
    pages = sets.stream_features(which, network=job.network, weights=weights)
    for number, (ids, rows, missing) in enumerate(pages):
        if number % RENEWED_EVERY == 0:
            sets.renew(job, now=timezone.now())
        without += missing
        if ids:
            if gathered is None:
                gathered = SetStatistics.empty(job.network, rows.shape[1])
            gathered.add(ids, rows, class_logits(rows, engine) if wants_classes else None)
    if gathered is None:
        raise NoFeatures(f"None of its {without:,} images has features of {job.network}.")
    return gathered, without


def _against(job: SetJob, weights: str, engine: Engine) -> SetStatistics | Statistics | None:
    reference = job.reference
    if reference is None:
        return None
    if reference.kind == ReferenceKind.STATISTICS:
        return references.statistics_of(reference)
    try:
        gathered, _ = gather(job, sets.images_of_reference(reference), weights, engine)
    except NoFeatures as why:
        raise NoFeatures(f"“{reference.name}”: {why}") from why
    if gathered.n > 1:
        sets.keep_reference_statistics(
            reference,
            network=job.network,
            n=gathered.n,
            sha256=references.keep_statistics(job.project_id, gathered.statistics()),
        )
    return gathered


def _value(name: str, measured: SetMeasured, without: int) -> SetValue:
    said = " ".join(map(sentence, measured.reasons))
    beside = said if measured.outcome is Outcome.OK else ""
    left_out = f"{without:,} images without features are left out." if without else ""
    return SetValue(
        metric=name,
        value=measured.value,
        spread=measured.spread,
        n=measured.n,
        n_reference=measured.n_reference,
        error=said if measured.outcome is not Outcome.OK else "",
        warning=" ".join(part for part in (beside, left_out) if part),
    )
