"""Rows that wait to be measured: waking workers, claiming a slice, putting back what one left.

Projects take turns by chance, so that a large one keeps no other waiting. Where somebody pressed a
button and a job waits for what networks see, that project has turns of its own besides (`wake` with
its id). What its worker died of is claimed again image by image, so that an image that kills
workers ends alone, and fails alone.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib.util import find_spec

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from annotator import jobs
from annotator.core.reasons import Code, Reason
from annotator.jobs.models import JobState
from annotator.jobs.queue import is_crowded
from annotator.jobs.slices import Slice, claim, put_back
from annotator.measurements.choices import HASH, measurable
from annotator.measurements.models import Feature, Fingerprint, Measurement, Queue
from annotator.measurements.results import give_up
from annotator.projects.models import Project
from scoring import catalog
from scoring.catalog import Need

ROWS = 64
# Workers that are woken at once; each sends for the next as long as rows wait.
WORKERS = 4
OF_PIXELS = "annotator.workers.measure.measure_pixels"
BY_NETWORKS = "annotator.workers.measure.measure_by_networks"
TASKS = {Queue.CPU: OF_PIXELS, Queue.GPU: BY_NETWORKS}


def wake(queue: Queue, project_id: int | None = None) -> None:
    """Sends for a worker of a queue, or of what waits there of one project.

    A message that nobody has taken by then is forgotten: the sweep sends another. Not sooner, for
    a worker of both queues has the next one at hand while it is at a slice, and where slices take
    long, the queue whose turn that is would never have one.
    """
    of = () if project_id is None else (project_id,)
    if queue == Queue.GPU:
        jobs.send(BY_NETWORKS, *of, expires=settings.MEASURE_MAX_SECONDS)
    else:
        jobs.send(OF_PIXELS, *of, expires=settings.MEASURE_MAX_SECONDS)


def wake_workers() -> None:
    """Sends for some workers of each queue in which rows wait."""
    for queue in Queue:
        waiting = Measurement.objects.filter(queue=queue, state=JobState.REQUESTED)
        if waiting.exists() and not is_crowded(TASKS[queue]):
            for _ in range(WORKERS):
                wake(queue)


def claim_slice(
    queue: Queue, *, token: str, now: datetime, project_id: int | None = None
) -> Slice[Measurement] | None:
    """Some rows, ours for a lease; None when none wait that can be measured here."""
    here = measurable(queue)
    if find_spec("torch") is None:
        _drop_what_needs_torch(queue)
    waiting = Measurement.objects.filter(queue=queue, state=JobState.REQUESTED, metric__in=here)
    if project_id is None:
        project_id = _whose_turn(waiting)
    waiting = waiting.filter(project=project_id)
    fresh = waiting.filter(attempts=0)
    held = claim(fresh, most=ROWS, token=token, now=now)
    if held is None:
        held = claim(_of_one_image(waiting), most=ROWS, token=token, now=now)
    return held and _without_measured(held, here)


def _whose_turn(waiting: QuerySet[Measurement]) -> int | None:
    of_project = waiting.filter(project=OuterRef("pk"))
    turns = Project.objects.filter(Exists(of_project)).order_by("?")
    return turns.values_list("pk", flat=True).first()


def _of_one_image(waiting: QuerySet[Measurement]) -> QuerySet[Measurement]:
    """Rows that a worker has died of, of the first image."""
    rows = waiting.filter(attempts__gt=0).order_by("pk")
    return rows.filter(image__in=list(rows.values_list("image", flat=True)[:1]))


def _drop_what_needs_torch(queue: Queue) -> None:
    """What no worker of this site can measure is not waited for."""
    needing = [name for name, metric in catalog.CATALOG.items() if Need.TORCH in metric.needs]
    Measurement.objects.filter(queue=queue, state=JobState.REQUESTED, metric__in=needing).delete()


def _without_measured(held: Slice[Measurement], here: Mapping[str, str]) -> Slice[Measurement]:
    """Takes out the rows whose value by the present version and weights is there already."""
    measured = _measured(held.rows, here)
    done = [row.pk for row in held.rows if (row.image_id, row.metric) in measured]
    Measurement.objects.filter(pk__in=done).delete()
    held.rows = [row for row in held.rows if row.pk not in set(done)]
    return held


def _measured(rows: Sequence[Measurement], here: Mapping[str, str]) -> set[tuple[object, str]]:
    """(image, metric or network) of what there is; a hash must be findable (3 queries)."""
    images = {row.image_id for row in rows}
    values = Measurement.objects.filter(
        image__in=images, metric__in={row.metric for row in rows}, state=JobState.DONE
    )
    hashed = Fingerprint.objects.filter(
        image=OuterRef("image"), version=catalog.metric(HASH).version
    )
    findable = values.filter(~Q(metric=HASH) | Q(text="") | Exists(hashed))
    present = {
        (image, metric)
        for image, metric, version, weights in findable.values_list(
            "image", "metric", "version", "weights"
        )
        if (version, weights) == (catalog.metric(metric).version, here[metric])
    }
    kept = Feature.objects.filter(image__in=images, network__in=here)
    return present | {
        (image, network)
        for image, network, weights in kept.values_list("image", "network", "weights")
        if weights == here[network]
    }


def put_back_left(now: datetime) -> None:
    """Rows that their worker has left wait again; after the last attempt they have failed."""
    _put_back(Q(held_until__lt=now), now)


def put_back_of(token: str, now: datetime) -> None:
    """The same of one worker that is known to have died: no need to wait for its lease."""
    _put_back(Q(holder=token), now)


@transaction.atomic
def _put_back(left: Q, now: datetime) -> None:
    rows = put_back(Measurement.objects.filter(left, state=JobState.RUNNING))
    give_up([(row, Reason(Code.WORKER_DIED, count=row.attempts)) for row in rows], now=now)
