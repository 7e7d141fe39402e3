"""Asking for measurements: a row for each image and metric that has no value yet.

A row is asked for once, however often it is asked, and by one statement a batch: a million rows
take seconds, not a worker. Workers claim the rows in the order in which they were written, image by
image.
"""

from collections.abc import Iterable, Sequence

from django.db import connection, transaction
from django.db.models import CharField, Count, Exists, Max, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Trim

from annotator.items.edits import masked_edits
from annotator.items.models import Image
from annotator.items.selectors import measured_against
from annotator.jobs.models import IS_LIVE, JobState
from annotator.measurements import queue
from annotator.measurements.choices import (
    HASH,
    chosen_of,
    noted_sha256_of,
    queue_of,
    require_measurable,
    weights_of_network,
)
from annotator.measurements.models import (
    Feature,
    Fingerprint,
    LearntMetric,
    Measurement,
    Queue,
    Reference,
    ReferenceSource,
)
from annotator.projects.lifecycle import refuse_if_archived
from annotator.projects.models import Batch, Project
from scoring.catalog import Grain, Metric, Need

IMAGES_OF_PROJECT = "The project's reference images"

# {missing}: image, metric, queue of what is not there. The ORM has no INSERT … SELECT.
INSERT = """
WITH missing (project_id, id, metric, queue) AS ({missing})
INSERT INTO measurements_measurement
    (project_id, image_id, metric, queue, state, holder, attempts,
     version, weights, device, dtype, current, text, reasons)
SELECT project_id, id, metric, queue, 'requested', '', 0, '', '', '', '', FALSE, '', '[]'
FROM missing WHERE TRUE ORDER BY id
ON CONFLICT DO NOTHING
"""


def request_of_project(project: Project, names: Sequence[str] = ()) -> int:
    """Asks for the named metrics (else those chosen) of all images that lack a value.

    Returns how many judged images something new is now asked of. Raises Invalid for what is
    no metric of images, Conflict for an archived project.
    """
    refuse_if_archived(project)
    metrics = [require_measurable(name) for name in names or chosen_of(project).chosen]
    batches = Batch.objects.filter(project=project).order_by("pk")
    images = sum(_request(batch, metrics) for batch in batches)
    queue.wake_workers()
    return images


def request_awaited(project: Project, names: Sequence[str]) -> None:
    """Asks for the same where a job waits for what networks see: the project has turns besides."""
    request_of_project(project, names)
    queue.wake(Queue.GPU, project.pk)


def request_of_batch(batch: Batch, names: Sequence[str] = ()) -> int:
    """The same of one batch's images."""
    metrics = [require_measurable(name) for name in names or chosen_of(batch.project).chosen]
    images = _request(batch, metrics)
    queue.wake_workers()
    return images


@transaction.atomic
def _request(batch: Batch, metrics: Sequence[Metric]) -> int:
    images = Image.objects.filter(batch=batch).order_by()
    if images.filter(measured_against()).exists():
        name_reference(batch.project_id)
    learnt = LearntMetric.objects.filter(project=batch.project_id).values_list("network", flat=True)
    before = Measurement.objects.aggregate(last=Max("pk"))["last"] or 0
    _insert([*_of_images(images, metrics), *_of_networks(images, metrics, learnt)])
    new = Measurement.objects.filter(pk__gt=before, image__batch=batch, image__is_reference=False)
    asked: int = new.aggregate(n=Count("image", distinct=True))["n"]
    return asked


def name_reference(project_id: int) -> Reference:
    """A project with reference images has a reference set, to be named when sets are compared."""
    reference, _ = Reference.objects.get_or_create(
        project_id=project_id,
        source=ReferenceSource.IMAGES,
        defaults={"name": IMAGES_OF_PROJECT},
    )
    return reference


def _insert(missing: Sequence[QuerySet[Image]]) -> None:
    if not missing:
        return
    first, *others = missing
    sql, params = first.union(*others, all=True).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(INSERT.format(missing=sql), params)


def _of_images(images: QuerySet[Image], metrics: Iterable[Metric]) -> list[QuerySet[Image]]:
    """Judged images that a metric fits, and that have no value by its version and weights."""
    return [
        _columns(
            _fitting(images, metric).exclude(Exists(_done(metric))), metric.name, queue_of(metric)
        )
        for metric in metrics
        if metric.grain in (Grain.IMAGE, Grain.PAIR)
    ]


def _of_networks(
    images: QuerySet[Image], metrics: Iterable[Metric], learnt: Iterable[str]
) -> list[QuerySet[Image]]:
    """Images without a feature of the networks of these metrics of sets, or of reward heads."""
    compared = images.filter(Q(is_reference=False) | measured_against())
    networks = {metric.network for metric in metrics if metric.grain is Grain.SET} | set(learnt)
    return [
        _columns(compared.exclude(Exists(_kept(network))), network, Queue.GPU)
        for network in sorted(name for name in networks if name)
    ]


def _columns(images: QuerySet[Image], metric: str, queue: Queue) -> QuerySet[Image]:
    waiting = Measurement.objects.filter(IS_LIVE, image=OuterRef("pk"), metric=metric)
    texts = {"metric": metric, "queue": queue.value}
    columns = {name: Value(text, CharField()) for name, text in texts.items()}
    found: QuerySet[Image] = images.exclude(Exists(waiting)).annotate(**columns)
    return found.values("project_id", "id", *columns)  # type: ignore[no-any-return]


def _fitting(images: QuerySet[Image], metric: Metric) -> QuerySet[Image]:
    fitting = images.filter(is_reference=False)
    if Need.REFERENCE in metric.needs:
        fitting = fitting.filter(reference__isnull=False)
    if {Need.SOURCE, Need.MASK} & metric.needs:
        fitting = fitting.filter(pk__in=masked_edits().values("image"))
    if Need.PROMPT in metric.needs:
        fitting = fitting.alias(words=Trim("prompt")).exclude(words="")
    return fitting


def _done(metric: Metric) -> QuerySet[Measurement]:
    """Values of an image by the present version and weights; a hash must be findable."""
    weights = noted_sha256_of(metric.weights) if metric.weights else ""
    rows = Measurement.objects.filter(
        image=OuterRef("pk"),
        metric=metric.name,
        version=metric.version,
        weights=weights,
        state=JobState.DONE,
    )
    if metric.weights and not weights:
        return rows.none()
    if metric.name == HASH:
        found = Fingerprint.objects.filter(image=OuterRef("image"), version=metric.version)
        rows = rows.filter(Q(text="") | Exists(found))
    return rows


def _kept(network: str) -> QuerySet[Feature]:
    weights = noted_sha256_of(weights_of_network(network) or "")
    return Feature.objects.filter(image=OuterRef("pk"), network=network, weights=weights)
