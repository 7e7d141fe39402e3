"""Sets of images: asking that they be measured, and the steps of the worker that does it.

A set is all judged images of one generator in a project. Its features are kept image by image
(services.py); a job streams them through a bounded memory into what its metrics need. So a killed
worker costs a set no forward pass that is stored, and to measure again is cheap.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from numpy.typing import NDArray

from annotator import jobs
from annotator.accounts.models import Role, User
from annotator.core.errors import Invalid, NotFound
from annotator.core.states import move
from annotator.items.models import Image
from annotator.jobs import Held, due
from annotator.jobs.models import JobState
from annotator.measurements import planning
from annotator.measurements.choices import joined, require_set_metric, split
from annotator.measurements.models import (
    LIVE,
    Chunk,
    Feature,
    Reference,
    ReferenceKind,
    Request,
    SetJob,
    SetMeasurement,
)
from annotator.measurements.planning import claimed, rung
from annotator.measurements.references import forget_file
from annotator.measurements.selectors import MeasuringProgress
from annotator.projects.models import Project
from annotator.projects.selectors import project_for
from scoring import catalog
from scoring.catalog import Metric, Need
from scoring.engine import Provenance

MEASURE_SET = "annotator.workers.measure.measure_set"
ROWS_AT_ONCE = 512

Rows = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class SetValue:
    """What became of one metric of a set; columns of SetMeasurement."""

    metric: str
    value: float | None
    spread: float | None = None
    n: int = 0
    n_reference: int | None = None
    error: str = ""
    warning: str = ""


@transaction.atomic
def request_sets(
    project: Project, names: Sequence[str], reference: Reference | None, *, now: datetime
) -> int:
    """Asks for metrics of every generator's set, against the reference where they need one.

    Returns how many values that will be. What is asked for already is not asked for twice. Raises
    Invalid for other metrics, and for one that wants a reference when none is named.
    """
    entries = [require_set_metric(name) for name in dict.fromkeys(names)]
    for entry in entries:
        _require_reference(entry, reference)
    planning.request_measuring_of(project, [entry.name for entry in entries])
    count = 0
    for generator in generators_of(project):
        for (against, network), metrics in _groups(entries, reference).items():
            job = _ask(project, generator, against, network, metrics, now=now)
            jobs.send(MEASURE_SET, job.pk)
            count += len(metrics)
    return count


def _require_reference(entry: Metric, reference: Reference | None) -> None:
    if Need.REFERENCE not in entry.needs:
        return
    if reference is None:
        raise Invalid(
            f"{entry.name} compares with a reference set; name one.",
            fields={"reference": ["Is needed."]},
        )
    statistics = reference.kind == ReferenceKind.STATISTICS
    if statistics and reference.network != entry.network:
        raise Invalid(
            f"{entry.name} compares features of {entry.network}; “{reference.name}” is of "
            f"{reference.network}.",
            fields={"reference": ["Is of another network."]},
        )


def _groups(
    entries: Sequence[Metric], reference: Reference | None
) -> dict[tuple[Reference | None, str], list[str]]:
    """(reference, network) → metrics that one job measures."""
    groups: dict[tuple[Reference | None, str], list[str]] = {}
    for entry in entries:
        against = reference if Need.REFERENCE in entry.needs else None
        groups.setdefault((against, entry.network or ""), []).append(entry.name)
    return groups


def generators_of(project: Project) -> list[str]:
    """The generators of the project's judged images; "" is one that was not named."""
    rows = Image.objects.filter(project=project, is_reference=False).order_by("generator")
    return list(rows.values_list("generator", flat=True).distinct())


def _ask(
    project: Project,
    generator: str,
    reference: Reference | None,
    network: str,
    metrics: Sequence[str],
    *,
    now: datetime,
) -> SetJob:
    """The set's one job, waiting for these metrics too."""
    rows = SetJob.objects.select_for_update(no_key=True)
    job, _ = rows.get_or_create(
        project=project,
        generator=generator,
        network=network,
        reference=reference,
        defaults={"metrics": joined(metrics)},
    )
    every = joined([*split(job.metrics), *metrics])
    if job.state != JobState.REQUESTED:
        # A running one is begun again: it does not know of the metrics added here.
        move(job, JobState.REQUESTED, holder="", held_until=None, attempts=0, error="")
    SetJob.objects.filter(pk=job.pk).update(metrics=every)
    there = set(
        SetMeasurement.objects.filter(job=job, current=True).values_list("metric", flat=True)
    )
    SetMeasurement.objects.bulk_create(
        SetMeasurement(job=job, metric=name, version=catalog.metric(name).version)
        for name in split(every)
        if name not in there
    )
    return job


def claim_set(job_id: int, *, now: datetime, holder: str = "") -> SetJob | None:
    """The job, now ours for a lease; None when it is not to be had."""
    job = SetJob.objects.select_related("project", "reference").filter(pk=job_id).first()
    return job if job is not None and claimed(job, now=now, holder=holder) else None


def renew(job: SetJob, *, now: datetime) -> None:
    """Lengthens the lease. Raises StaleState when another worker has taken over."""
    Held(job, job.holder).save()


def features_come(job: SetJob) -> bool:
    """Whether features that the job's set needs are still being asked for or made (2 queries)."""
    chunks = Chunk.objects.filter(project_id=job.project_id, state__in=LIVE)
    asked = Request.objects.filter(project_id=job.project_id, state__in=LIVE)
    return chunks.filter(networks__contains=job.network).exists() or asked.exists()


def wait(job: SetJob, *, now: datetime) -> None:
    """Lets the job wait a while: nothing has gone wrong."""
    again = now + timedelta(seconds=settings.ENQUEUE_AGAIN_SECONDS)
    move(job, JobState.REQUESTED, holder="", held_until=again, attempts=0)


def images_of_set(job: SetJob) -> Q:
    """Which images the set is."""
    return Q(project_id=job.project_id, generator=job.generator, is_reference=False)


def images_of_reference(reference: Reference) -> Q:
    """Which images a reference set is, of those that a project has."""
    return Q(project_id=reference.project_id, is_reference=True)


def stream_features(
    which: Q, *, network: str, weights: str
) -> Iterator[tuple[list[str], Rows, int]]:
    """(ids, float32 (n, d), how many images without) a page of images at a time, by their ids."""
    after: uuid.UUID | None = None
    while True:
        rows = Image.objects.filter(which).order_by("pk")
        if after is not None:
            rows = rows.filter(pk__gt=after)
        page = list(rows.values_list("pk", flat=True)[:ROWS_AT_ONCE])
        if not page:
            return
        kept = Feature.objects.filter(image_id__in=page, network=network, weights=weights)
        vectors = list(kept.order_by("image_id").values_list("image_id", "vector"))
        ids = [str(pk) for pk, _ in vectors]
        table = [np.frombuffer(vector, "<f4") for _, vector in vectors]
        if table:
            yield ids, np.stack(table), len(page) - len(ids)
        else:
            yield [], np.zeros((0, 0), np.float32), len(page)
        after = page[-1]


@transaction.atomic
def finish_set(
    job: SetJob,
    values: Sequence[SetValue],
    made_by: Provenance,
    *,
    statistics: str,
    now: datetime,
) -> SetJob:
    """Stores a set's values and ends the job. Raises StaleState as `renew`."""
    Held(job, job.holder).save()
    current = {row.metric: row for row in job.measurements.filter(current=True)}
    for value in values:
        _store(job, current.get(value.metric), value, made_by, now)
    if job.statistics != statistics:
        forget_file(job.project_id, job.statistics)
    return move(job, JobState.DONE, holder="", held_until=None, statistics=statistics, error="")


def _store(
    job: SetJob,
    now_current: SetMeasurement | None,
    value: SetValue,
    made_by: Provenance,
    now: datetime,
) -> None:
    """Takes the place of what was never measured, or of the same version and weights."""
    version = catalog.metric(value.metric).version
    weights = made_by.weights_sha256
    row = now_current
    if row is not None and row.at is not None and (row.version, row.weights) != (version, weights):
        job.measurements.filter(pk=row.pk).update(current=False)
        row = job.measurements.filter(metric=value.metric, version=version, weights=weights).first()
    row = row or SetMeasurement(job=job, metric=value.metric)
    row.version, row.weights, row.current = version, weights, True
    row.device, row.dtype = made_by.device, made_by.dtype
    row.value, row.spread = value.value, value.spread
    row.n, row.n_reference = value.n, value.n_reference
    row.error, row.warning, row.at = value.error, value.warning, now
    row.save()


def fail_set(job: SetJob, reason: str) -> SetJob:
    """Ends a job of which nothing can be had."""
    return move(job, JobState.FAILED, holder="", held_until=None, error=reason)


def keep_reference_statistics(reference: Reference, *, network: str, n: int, sha256: str) -> None:
    """Notes the file of what the project's reference images add up to."""
    before = reference.sha256
    Reference.objects.filter(pk=reference.pk).update(network=network, n=n, sha256=sha256)
    if before != sha256:
        forget_file(reference.project_id, before)


def tend_sets(*, now: datetime, most: int) -> None:
    """Rings for jobs that wait; those whose worker is gone wait again, or have failed."""
    for job in due(SetJob, now)[:most]:
        if job.state == JobState.RUNNING:
            if job.attempts >= settings.JOB_MAX_ATTEMPTS:
                fail_set(job, f"The worker died {job.attempts} times while it measured this set.")
                continue
            move(job, JobState.REQUESTED, holder="", held_until=None)
        tell_of_set(job, now=now)


def tell_of_set(job: SetJob, *, now: datetime) -> None:
    """Rings for a job that waits, unless somebody has just done so."""
    if rung(job, until=now + timedelta(seconds=settings.ENQUEUE_AGAIN_SECONDS)):
        jobs.send(MEASURE_SET, job.pk)


def tell_of_sets(project_id: int) -> None:
    """Rings for the project's sets that wait, when features have come in."""
    for job in SetJob.objects.filter(project_id=project_id, state=JobState.REQUESTED):
        jobs.send(MEASURE_SET, job.pk)


def waiting_sets(project: Project) -> list[int]:
    """Jobs of a project that nobody works at."""
    rows = SetJob.objects.filter(project=project, state=JobState.REQUESTED).order_by("pk")
    return list(rows.values_list("pk", flat=True))


def measured_sets(project: Project) -> list[SetMeasurement]:
    """The newest value of each set and metric, with its job and reference (1 query)."""
    rows = SetMeasurement.objects.filter(job__project=project, current=True)
    return list(
        rows.select_related("job", "job__reference").order_by(
            "job__reference_id", "metric", "job__generator", "pk"
        )
    )


def state_of(row: SetMeasurement) -> tuple[str, str]:
    """(state, why it failed): the job's, but a value that could not be had is a failure."""
    if row.job.state == JobState.DONE and row.value is None:
        return JobState.FAILED, row.error
    return row.job.state, row.job.error


def progress_of(rows: Sequence[SetMeasurement]) -> MeasuringProgress:
    """How many of these values there are, and how many cannot be had."""
    states: Mapping[SetMeasurement, str] = {row: state_of(row)[0] for row in rows}
    failed = sum(state == JobState.FAILED for state in states.values())
    done = sum(state == JobState.DONE for state in states.values())
    return MeasuringProgress(done=done, failed=failed, total=len(rows))


def set_for(user: User, set_id: int) -> SetMeasurement:
    """A set's measurement, of a project that this person manages; NotFound, RoleRequired else."""
    row = SetMeasurement.objects.select_related("job").filter(pk=set_id).first()
    if row is None:
        raise NotFound
    project_for(user, row.job.project_id, Role.MANAGER)
    return row


def label_of(row: SetMeasurement) -> str:
    """The name that a value is published by: FID against a zero-shot reference is zs_fid."""
    zero_shot = row.job.reference is not None and row.job.reference.zero_shot
    return f"zs_{row.metric}" if zero_shot else row.metric
