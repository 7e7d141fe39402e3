"""Reward heads as metrics: what they give each image that their network has looked at.

An image that a head has learnt from keeps what a head gave it that had seen no vote on its prompt.
All others get the head's own value: with the head, or when their feature comes.
"""

import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from django.db import transaction
from django.db.models import Q

from annotator.core import clock
from annotator.core.reasons import Code, Reason, as_json
from annotator.items.models import Image
from annotator.jobs.models import JobState
from annotator.measurements.features import stream_features
from annotator.measurements.models import Feature, LearntMetric, Measurement, Queue
from annotator.projects.models import Project
from scoring.arrays import Floats
from scoring.rewards.linear import Linear

# Values that one transaction writes.
ROWS = 512


@dataclass(frozen=True, slots=True)
class NewMetric:
    """A head that is a metric from now on. `held_out`: image id → its cross-fitted value.

    `mean`: of the heads that gave those values. What else: columns of LearntMetric.
    """

    metric: str
    version: str
    sha256: str
    network: str
    network_weights: str
    linear: Linear
    mean: Linear
    held_out: Mapping[str, float]


def publish(
    project_id: int,
    metrics: Sequence[NewMetric],
    advance: Callable[[int], None] = lambda images: None,
) -> None:
    """Makes heads a project's metrics, in the place of those of the same names, and measures.

    `advance` is told of each page how many images it has. Who stores a feature meanwhile measures
    it by the new heads: features are committed before heads are read, heads before features are.
    """
    with transaction.atomic():
        for one in metrics:
            LearntMetric.objects.update_or_create(
                project_id=project_id, metric=one.metric, defaults=_columns(one)
            )
    for one in metrics:
        ids = sorted(one.held_out)
        for at in range(0, len(ids), ROWS):
            some = {uuid.UUID(key): one.held_out[key] for key in ids[at : at + ROWS]}
            with transaction.atomic():
                for metric in _held(project_id, one.metric):
                    _keep(metric, some, (Reason(Code.VALUE_CROSS_FITTED),))
            advance(0)
    judged = Q(project_id=project_id, is_reference=False)
    networks = {(one.network, one.network_weights) for one in metrics}
    for network, weights in sorted(networks):
        for ids, _, unseen in stream_features(judged, network=network, weights=weights):
            with transaction.atomic():
                measure(project_id, [uuid.UUID(key) for key in ids])
            advance(len(ids) + unseen)


def _columns(one: NewMetric) -> dict[str, object]:
    return {
        "version": one.version,
        "sha256": one.sha256,
        "network": one.network,
        "network_weights": one.network_weights,
        "direction": one.linear.weights.astype("<f8").tobytes(),
        "offset": one.linear.offset,
        "mean_direction": one.mean.weights.astype("<f8").tobytes(),
        "mean_offset": one.mean.offset,
    }


def measure(project_id: int, images: Collection[uuid.UUID]) -> None:
    """Gives those of the judged images that have a feature their missing values, in a transaction.

    Another head cannot take the place of one that is measured here until that ends.
    """
    for metric in _held(project_id):
        rows = _features(metric, images)
        if rows:
            told = linear(metric)(np.stack(list(rows.values())).astype(np.float64))
            _keep(metric, dict(zip(rows, told.tolist(), strict=True)))


def _held(project_id: int, metric: str = "") -> list[LearntMetric]:
    found = LearntMetric.objects.filter(project_id=project_id).order_by("pk")
    found = found.filter(metric=metric) if metric else found
    return list(found.select_for_update(no_key=True))


def _features(metric: LearntMetric, images: Collection[uuid.UUID]) -> dict[uuid.UUID, Floats]:
    kept = Feature.objects.filter(
        image_id__in=images,
        image__is_reference=False,
        network=metric.network,
        weights=metric.network_weights,
    )
    return {pk: np.frombuffer(row, "<f4") for pk, row in kept.values_list("image_id", "vector")}


def _keep(
    metric: LearntMetric, values: Mapping[uuid.UUID, float], reasons: Sequence[Reason] = ()
) -> None:
    """Values of images that have none by this very head; older ones stay, no longer current."""
    ours = Measurement.objects.filter(image__in=values, metric=metric.metric)
    there = set(
        ours.filter(version=metric.version, weights=metric.sha256).values_list(
            "image_id", flat=True
        )
    )
    # An image may have gone meanwhile.
    images = Image.objects.filter(pk__in=values.keys() - there).values_list("pk", flat=True)
    new = list(images.order_by("pk").select_for_update(no_key=True))
    ours.filter(image__in=new, current=True).update(current=False)
    notes, now = [as_json(reason) for reason in reasons], clock.now()
    Measurement.objects.bulk_create(
        Measurement(
            project_id=metric.project_id, image_id=pk, queue=Queue.GPU, metric=metric.metric,
            version=metric.version, weights=metric.sha256, state=JobState.DONE, current=True,
            value=values[pk], reasons=notes, at=now,
        )
        for pk in new
    )  # fmt: skip


def by_mean_of_folds(project: Project, name: str) -> dict[uuid.UUID, float]:
    """Values of images that a head has not learnt from, by the mean of the cross-fitted heads.

    None where the project has no such head. What holds a head against votes on some images, and
    leans on it for others, needs the same of both: no head that has learnt from more votes.
    """
    metric = LearntMetric.objects.filter(project=project, metric=name).first()
    if metric is None:
        return {}
    values = Measurement.objects.filter(
        project=project, metric=name, current=True, weights=metric.sha256, reasons=[]
    )
    found: dict[uuid.UUID, float] = {}
    network = {"network": metric.network, "weights": metric.network_weights}
    for ids, rows, _ in stream_features(Q(measurements__in=values), **network):
        if ids:
            told = mean_of_folds(metric)(rows.astype(np.float64))
            found.update(zip(map(uuid.UUID, ids), told.tolist(), strict=True))
    return found


def linear(metric: LearntMetric) -> Linear:
    """The head's rewards of features."""
    return Linear(np.frombuffer(metric.direction, "<f8"), metric.offset)


def mean_of_folds(metric: LearntMetric) -> Linear:
    """Rewards by the mean of the cross-fitted heads."""
    return Linear(np.frombuffer(metric.mean_direction, "<f8"), metric.mean_offset)
