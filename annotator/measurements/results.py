"""Storing what was measured: values beside older ones, features, and why there is neither."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from annotator.core.reasons import Reason, as_json
from annotator.core.states import move_all
from annotator.jobs.models import IS_LIVE, JobState
from annotator.jobs.slices import Slice
from annotator.measurements import duplicates, learnt
from annotator.measurements.choices import HASH
from annotator.measurements.models import Feature, Measurement
from scoring import catalog
from scoring.engine import Provenance
from scoring.measured import Measured, Outcome, refused

UNKNOWN = Provenance("", "", "")


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a row: a value, or a feature's float32 (little-endian), or why there is none.

    Undefined is a finding, done without a number; refused is a failure.
    """

    row: Measurement
    measured: Measured
    made_by: Provenance = UNKNOWN
    vector: bytes = b""

    @property
    def failed(self) -> bool:
        return self.measured.outcome not in (Outcome.OK, Outcome.UNDEFINED)


def store(held: Slice[Measurement], results: Sequence[Result], *, now: datetime) -> None:
    """Stores results of rows that are held. Raises StaleState when a worker has taken them over.

    Hashes are committed first: so of two images that are stored at the same time at least one
    finds the other. So are features: a reward head that comes meanwhile finds them, or is found.
    """
    rows = [result.row for result in results]
    hashes = {
        result.row.image: str(result.measured.value)
        for result in results
        if result.row.metric == HASH and result.measured.value is not None
    }
    seen = [result for result in results if result.vector]
    if hashes or seen:
        with transaction.atomic():
            held.lock(rows)
            duplicates.keep_hashes(hashes, version=catalog.metric(HASH).version)
            _keep_features(seen)
    with transaction.atomic():
        held.lock(rows)
        duplicates.note_likenesses(list(hashes))
        _measure_learnt(seen)
        _store_values([result for result in results if not result.vector], now)


def give_up(left: Sequence[tuple[Measurement, Reason]], *, now: datetime) -> None:
    """Rows whose workers died: nobody knows by which weights. What has a value keeps it."""
    _store_values([Result(row, refused(reason)) for row, reason in left], now)


def _keep_features(results: Sequence[Result]) -> None:
    Feature.objects.bulk_create(
        (
            Feature(
                project_id=result.row.project_id,
                image_id=result.row.image_id,
                network=result.row.metric,
                weights=result.made_by.weights_sha256,
                device=result.made_by.device,
                dtype=result.made_by.dtype,
                vector=result.vector,
            )
            for result in results
        ),
        update_conflicts=True,
        unique_fields=["image", "network", "weights"],
        update_fields=["device", "dtype", "vector"],
    )


def _measure_learnt(results: Sequence[Result]) -> None:
    """What reward heads make of features that are kept; these were all that was asked for."""
    if results:
        # A slice is of one project.
        learnt.measure(results[0].row.project_id, {result.row.image_id for result in results})
    Measurement.objects.filter(pk__in=[result.row.pk for result in results]).delete()


def _store_values(results: Sequence[Result], now: datetime) -> None:
    valued = _make_way(results)
    for result in results:
        _fill(result, now)
        unknown = result.failed and result.made_by == UNKNOWN
        has_value = unknown and (result.row.image_id, result.row.metric) in valued
        result.row.current = catalog.find(result.row.metric) is not None and not has_value
    columns = ["version", "weights", "device", "dtype", "current", "value", "text", "reasons", "at"]
    Measurement.objects.bulk_update([result.row for result in results], columns)
    # After what they found: no row has failed for a moment without saying why.
    for state in (JobState.DONE, JobState.FAILED):
        ours = [one.row.pk for one in results if one.failed == (state == JobState.FAILED)]
        move_all(Measurement.objects.filter(pk__in=ours), state, holder="", held_until=None)


def _fill(result: Result, now: datetime) -> None:
    row, value = result.row, result.measured.value
    row.version = catalog.metric(row.metric).version if catalog.find(row.metric) else ""
    row.weights = result.made_by.weights_sha256
    row.device, row.dtype = result.made_by.device, result.made_by.dtype
    row.value = value if isinstance(value, float | int) else None
    row.text = value if isinstance(value, str) else ""
    row.reasons = [as_json(reason) for reason in result.measured.reasons]
    row.at = now


def _make_way(results: Sequence[Result]) -> set[tuple[uuid.UUID, str]]:
    """Older failures go, as does a value by the same version and weights; others stay, not current.

    Where nobody knows by which weights it failed, a value stays current: (image, metric) of those.
    """
    ours = {(one.row.image_id, one.row.metric): one for one in results}
    others = Measurement.objects.exclude(IS_LIVE).filter(
        image__in={image for image, _ in ours}, metric__in={metric for _, metric in ours}
    )
    gone, old = [], []
    valued: set[tuple[uuid.UUID, str]] = set()
    for row in others.only("image_id", "metric", "version", "weights", "state", "current"):
        result = ours.get((row.image_id, row.metric))
        if result is None:
            continue
        if row.state == JobState.FAILED or _same(row, result):
            gone.append(row.pk)
        elif result.failed and result.made_by == UNKNOWN:
            valued.update({(row.image_id, row.metric)} if row.current else ())
        else:
            old.append(row.pk)
    Measurement.objects.filter(pk__in=gone).delete()
    Measurement.objects.filter(pk__in=old).update(current=False)
    return valued


def _same(row: Measurement, result: Result) -> bool:
    made_by = (catalog.metric(row.metric).version, result.made_by.weights_sha256)
    return result.made_by != UNKNOWN and (row.version, row.weights) == made_by
