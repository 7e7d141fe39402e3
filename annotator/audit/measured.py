"""Promises of what machines measured: all of it is at home, and the newest is what is shown."""

import hashlib

from django.core.files.storage import default_storage
from django.db.models import Exists, F, Model, OuterRef, QuerySet

from annotator.audit.scope import Invariant, Scope, Violations
from annotator.jobs.models import JobState
from annotator.measurements.choices import HASH
from annotator.measurements.duplicates import NEAR, bits
from annotator.measurements.models import (
    Feature,
    Fingerprint,
    Likeness,
    Measurement,
    Reference,
    SetMeasurement,
)
from annotator.measurements.references import path_of
from annotator.rewards.files import path_of as reward_model_path
from annotator.rewards.models import RewardHead

FLOAT32 = 4


def _foreign(scope: Scope) -> list[str]:
    models: tuple[type[Model], ...] = (Measurement, Feature, Fingerprint)
    return [
        f"{model.__name__.lower()} {row.pk}"
        for model in models
        for row in scope.within(model._default_manager.exclude(project=F("image__project")))
    ]


def _shadowed(scope: Scope) -> Violations:
    newer = Measurement.objects.filter(
        image=OuterRef("image"),
        metric=OuterRef("metric"),
        at__gt=OuterRef("at"),
        state=JobState.DONE,
    )
    return scope.within(Measurement.objects.filter(Exists(newer), current=True))


def _without_current(scope: Scope) -> Violations:
    current = Measurement.objects.filter(
        image=OuterRef("image"), metric=OuterRef("metric"), current=True
    )
    return scope.within(Measurement.objects.filter(~Exists(current), state=JobState.DONE))


def _cut_short(scope: Scope) -> list[str]:
    """Vectors that are not as long as the others of their network and weights."""
    wrong = []
    lengths: dict[tuple[str, str], int] = {}
    rows = scope.within(Feature.objects.order_by("pk"))
    for pk, network, weights, vector in rows.values_list(
        "pk", "network", "weights", "vector"
    ).iterator(chunk_size=500):
        expected = lengths.setdefault((network, weights), len(vector))
        if len(vector) != expected or not vector or len(vector) % FLOAT32:
            wrong.append(f"feature {pk} has {len(vector)} bytes")
    return wrong


def _misread_hashes(scope: Scope) -> list[str]:
    """Fingerprints that are not what their image's hash says."""
    rows = scope.within(
        Measurement.objects.filter(metric=HASH, current=True, state=JobState.DONE)
    ).exclude(text="")
    wrong = []
    for row in rows.iterator():
        own = Fingerprint.objects.filter(image_id=row.image_id, version=row.version).first()
        if own is not None and f"{bits(own):016x}" != row.text:
            wrong.append(f"image {row.image_id}")
    return wrong


def _unlike(scope: Scope) -> list[str]:
    """Likenesses that are not as near as they say, or stand in one direction alone."""
    back = Likeness.objects.filter(
        image=OuterRef("other"), other=OuterRef("image"), distance=OuterRef("distance")
    )
    rows: QuerySet[Likeness] = scope.within(Likeness.objects.all(), "image__project")
    wrong = [f"likeness {pk}" for pk in rows.filter(~Exists(back)).values_list("pk", flat=True)]
    words = {row.image_id: bits(row) for row in scope.within(Fingerprint.objects.all())}
    for row in rows.iterator():
        if row.image_id in words and row.other_id in words:
            distance = (words[row.image_id] ^ words[row.other_id]).bit_count()
            if distance != row.distance or distance > NEAR:
                wrong.append(f"likeness {row.pk}")
    return wrong


def _unmeasured_sets(scope: Scope) -> Violations:
    return scope.within(SetMeasurement.objects.filter(state=JobState.DONE, value=None))


def _lost_statistics(scope: Scope) -> list[str]:
    named = {
        *scope.within(SetMeasurement.objects.exclude(statistics="")).values_list(
            "project", "statistics"
        ),
        *scope.within(Reference.objects.exclude(sha256="")).values_list("project", "sha256"),
    }
    return [
        f"{path_of(project, sha256)} is missing or has other bytes"
        for project, sha256 in sorted(named)
        if not _is_whole(path_of(project, sha256), sha256)
    ]


def _lost_reward_models(scope: Scope) -> list[str]:
    done = scope.within(RewardHead.objects.exclude(sha256="")).values_list("project", "sha256")
    paths = {reward_model_path(project, sha256): sha256 for project, sha256 in done}
    return [
        f"{path} is missing or has other bytes"
        for path, sha256 in sorted(paths.items())
        if not _is_whole(path, sha256)
    ]


def _is_whole(path: str, sha256: str) -> bool:
    if not default_storage.exists(path):
        return False
    with default_storage.open(path) as stream:
        return hashlib.sha256(stream.read()).hexdigest() == sha256


INVARIANTS = (
    Invariant("numbers-home", "What is measured is of its image's project.", _foreign),
    Invariant("numbers-newest", "No current value has a newer one beside it.", _shadowed),
    Invariant("numbers-shown", "Of an image's values one is current.", _without_current),
    Invariant("features-whole", "Features of one network are of one length.", _cut_short),
    Invariant("hashes-found", "A hash is found by what it says.", _misread_hashes),
    Invariant("likeness-true", "Near duplicates are as near as noted, both ways.", _unlike),
    Invariant("sets-measured", "A set that is done has a value.", _unmeasured_sets),
    Invariant("statistics-there", "Every file of statistics is whole.", _lost_statistics),
    Invariant("reward-models-there", "Every reward model is whole.", _lost_reward_models),
)
