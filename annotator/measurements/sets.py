"""Sets of images: asking that they be measured, and the steps of the worker that does it.

A set is all judged images of one generator in a project. Its features are kept image by image; a
job streams them through a bounded memory into what its metrics need. So a killed worker costs a set
no forward pass that is stored, and to measure again is cheap.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from annotator import jobs
from annotator.core.errors import Invalid
from annotator.core.reasons import Code, Reason, as_json
from annotator.core.states import move
from annotator.items.models import Image
from annotator.items.selectors import measured_against
from annotator.jobs import Held
from annotator.jobs.models import IS_LIVE, JobState
from annotator.measurements import requests
from annotator.measurements.choices import require_set_metric
from annotator.measurements.models import (
    Measurement,
    Reference,
    ReferenceSource,
    SetMeasurement,
)
from annotator.measurements.references import forget_file
from annotator.projects.models import Project
from scoring import catalog
from scoring.catalog import Metric, Need
from scoring.engine import Provenance

_OF_SET = ("project_id", "generator", "metric", "reference_id")


@dataclass(frozen=True, slots=True)
class SetValue:
    """What became of one metric of a set; columns of SetMeasurement."""

    value: float | None
    spread: float | None = None
    n: int = 0
    n_reference: int | None = None
    reasons: tuple[Reason, ...] = ()


@transaction.atomic
def request_sets(project: Project, names: Sequence[str], reference: Reference | None) -> int:
    """Asks for metrics of every generator's set, against the reference where they need one.

    Returns how many values that will be. What is asked for already is not asked for twice. Raises
    Invalid for other metrics, and for one that needs a reference when none is named.
    """
    metrics = [require_set_metric(name) for name in dict.fromkeys(names)]
    for metric in metrics:
        _require_reference(metric, reference)
    requests.request_awaited(project, [metric.name for metric in metrics])
    asked = [
        _request(project, generator, metric, reference if Need.REFERENCE in metric.needs else None)
        for generator in generators_of(project)
        for metric in metrics
    ]
    for row in asked:
        jobs.enqueue(row)
    return len(asked)


@transaction.atomic
def measure_again(project_id: int) -> None:
    """After images have gone: asks for every set anew, and forgets those that have none left."""
    rows = SetMeasurement.objects.filter(project_id=project_id, current=True)
    left = Image.objects.filter(project_id=project_id, is_reference=False)
    there = set(left.order_by().values_list("generator", flat=True).distinct())
    for row in rows.select_for_update(no_key=True):
        if row.generator not in there:
            files = SetMeasurement.objects.filter(project_id=project_id, generator=row.generator)
            for sha256 in set(files.values_list("statistics", flat=True)):
                forget_file(project_id, sha256)
            files.delete()
        elif row.state != JobState.REQUESTED:
            move(row, JobState.REQUESTED, holder="", held_until=None, attempts=0, reasons=[])
            jobs.enqueue(row)


def _require_reference(metric: Metric, reference: Reference | None) -> None:
    if Need.REFERENCE not in metric.needs:
        return
    reason = None
    if reference is None:
        reason = Reason(Code.METRIC_NEEDS_REFERENCE_SET, metric=metric.name)
    elif reference.source == ReferenceSource.STATISTICS and reference.network != metric.network:
        reason = Reason(
            Code.REFERENCE_OF_ANOTHER_NETWORK,
            metric=metric.name,
            network=metric.network or "",
            reference=reference.name,
            other=reference.network,
        )
    if reason is not None:
        raise Invalid(reason, fields={"reference": reason})


def generators_of(project: Project) -> list[str]:
    """The generators of the project's judged images; "" is one that was not named."""
    rows = Image.objects.filter(project=project, is_reference=False).order_by("generator")
    return list(rows.values_list("generator", flat=True).distinct())


def _request(
    project: Project, generator: str, metric: Metric, reference: Reference | None
) -> SetMeasurement:
    """The set's current row of this metric, requested."""
    row, _ = SetMeasurement.objects.select_for_update(no_key=True).get_or_create(
        project=project,
        generator=generator,
        metric=metric.name,
        reference=reference,
        current=True,
        defaults={"network": metric.network or "", "version": metric.version},
    )
    if row.state != JobState.REQUESTED:
        # A running one is begun again: it does not know of the images that have come since.
        move(row, JobState.REQUESTED, holder="", held_until=None, attempts=0, reasons=[])
    return row


def sisters_of(row: SetMeasurement) -> list[SetMeasurement]:
    """Other metrics that are requested of the same set, of the same features."""
    rows = SetMeasurement.objects.filter(
        project_id=row.project_id,
        generator=row.generator,
        reference=row.reference,
        network=row.network,
        state=JobState.REQUESTED,
        current=True,
    )
    return list(rows.exclude(pk=row.pk).order_by("pk"))


def features_left(project_id: int, network: str) -> int:
    """Of how many of the project's images a network's features are still being made (1 query)."""
    return Measurement.objects.filter(IS_LIVE, project_id=project_id, metric=network).count()


def images_of_set(row: SetMeasurement) -> Q:
    """Which images the set is."""
    return Q(project_id=row.project_id, generator=row.generator, is_reference=False)


def images_of_reference(reference: Reference) -> Q:
    """Which images a reference set is, of those that a project has."""
    return Q(project_id=reference.project_id) & measured_against()


@transaction.atomic
def finish_set(
    held: Held[SetMeasurement],
    value: SetValue,
    made_by: Provenance,
    *,
    statistics: str,
    now: datetime,
) -> None:
    """Stores a value and ends its job. Raises StaleState when another worker has taken over.

    It takes the place of what was never measured, or of the same version and weights; else the old
    row stays, no longer current, and this is a new one.
    """
    held.save()
    row, before = held.job, held.job.statistics
    version, weights = catalog.metric(row.metric).version, made_by.weights_sha256
    columns = {
        "version": version,
        "weights": weights,
        "device": made_by.device,
        "dtype": made_by.dtype,
        "value": value.value,
        "spread": value.spread,
        "n": value.n,
        "n_reference": value.n_reference,
        "statistics": statistics,
        "reasons": [as_json(reason) for reason in value.reasons],
        "at": now,
    }
    if row.value is None or (row.version, row.weights) == (version, weights):
        end = held.fail if value.value is None else held.finish
        end(**columns)
    else:
        held.finish(current=False)
        _add_beside(row, columns)
    if before != statistics:
        forget_file(row.project_id, before)


def _add_beside(old: SetMeasurement, columns: dict[str, Any]) -> None:
    of_set = {name: getattr(old, name) for name in _OF_SET}
    made_with = {name: columns[name] for name in ("version", "weights")}
    SetMeasurement.objects.filter(**of_set, **made_with, current=False).delete()
    state = JobState.FAILED if columns["value"] is None else JobState.DONE
    SetMeasurement.objects.create(**of_set, **columns, network=old.network, state=state)


def give_up(row: SetMeasurement, reason: Reason) -> None:
    """After the last attempt at a set."""
    move(row, JobState.FAILED, holder="", held_until=None, reasons=[as_json(reason)])


def keep_reference_statistics(reference: Reference, *, network: str, n: int, sha256: str) -> None:
    """Notes the file of what the project's reference images add up to."""
    before = reference.sha256
    Reference.objects.filter(pk=reference.pk).update(network=network, n=n, sha256=sha256)
    if before != sha256:
        forget_file(reference.project_id, before)
