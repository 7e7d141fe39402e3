"""Sets of images, from features that are there: what is measured, against what, and how often."""

import io
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.utils import timezone
from numpy.typing import NDArray
from rest_framework.test import APIClient
from scipy.linalg import sqrtm

from annotator import jobs
from annotator.core.errors import Invalid, StaleState
from annotator.core.reasons import Code
from annotator.items.models import Image
from annotator.jobs.models import JobState
from annotator.measurements import features, requests, sets
from annotator.measurements.models import (
    Feature,
    Measurement,
    Reference,
    ReferenceSource,
    SetMeasurement,
)
from annotator.measurements.set_table import measured_sets, waiting_sets
from annotator.measurements.set_work import gather
from annotator.projects.models import Project
from annotator.workers.measure import measure_set as measure_set_task
from scoring import catalog
from scoring.metrics.sets.measure_set import measure_set
from scoring.metrics.sets.set_statistics import SetStatistics
from scoring.reasons import Code as ScoringCode
from scoring.weights.published import PUBLISHED
from tests import factories
from tests.drivers import signed_in
from tests.own_weights import ENTRY, something_here

pytestmark = pytest.mark.django_db

D = 8
NETWORK = str(catalog.metric("fid").network)
WITH_REFERENCE = ["fid", "kid", "precision", "recall"]
Rows = NDArray[np.float32]


@pytest.fixture
def weights(settings: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setitem(PUBLISHED, "inception", ENTRY)
    return something_here(Path(settings.WEIGHTS_ROOT))


@pytest.fixture
def manager(project: Project) -> APIClient:
    return signed_in(project.created_by)


def rows_of(count: int, seed: int) -> Rows:
    random = np.random.default_rng(seed)
    mixed = random.normal(size=(count, D)) @ random.normal(size=(D, D)) + seed
    return mixed.astype(np.float32)


def keep(images: Sequence[Image], rows: Rows, weights: str) -> None:
    Feature.objects.bulk_create(
        Feature(
            project_id=image.project_id, image=image, network=NETWORK, weights=weights,
            device="cpu", dtype="float32", vector=row.astype("<f4").tobytes(),
        )
        for image, row in zip(images, rows, strict=True)
    )  # fmt: skip


def made(project: Project, count: int, generator: str) -> list[Image]:
    """Judged images of a generator; of the generator "" reference images."""
    factories.items(project, count, images=1)
    batch = Image.objects.filter(project=project).order_by("batch_id").last().batch_id  # type: ignore[union-attr]
    images = Image.objects.filter(batch_id=batch)
    images.update(generator=generator, is_reference=not generator)
    return list(images.order_by("pk"))


def filled(project: Project, weights: str) -> tuple[Rows, Rows]:
    """40 images of "cubist" and 50 reference images, with features: (theirs, the reference's)."""
    ours, theirs = rows_of(40, 1), rows_of(50, 2)
    keep(made(project, 40, "cubist"), ours, weights)
    keep(made(project, 50, ""), theirs, weights)
    requests.name_reference(project.pk)
    return ours, theirs


def fid(a: Rows, b: Rows) -> float:
    """By its definition, with SciPy's matrix square root (Heusel 2017)."""
    first, second = (np.cov(each.astype(np.float64), rowvar=False) for each in (a, b))
    gap = a.astype(np.float64).mean(axis=0) - b.astype(np.float64).mean(axis=0)
    root = np.real(sqrtm(first @ second))
    return float(gap @ gap + np.trace(first + second - 2 * root))


def ask(project: Project, metrics: Sequence[str], reference: Reference | None) -> int:
    return sets.request_sets(project, metrics, reference)


def measured(project: Project, metrics: Sequence[str], reference: Reference | None = None) -> None:
    """Asks and does what workers do."""
    ask(project, metrics, reference)
    Measurement.objects.all().delete()
    for set_id in waiting_sets(project):
        measure_set_task(set_id)


def images_reference(project: Project) -> Reference:
    return Reference.objects.get(project=project, source=ReferenceSource.IMAGES)


def npz(rows: Rows, **more: Any) -> bytes:
    stream = io.BytesIO()
    np.savez(stream, mu=rows.mean(axis=0), sigma=np.cov(rows, rowvar=False), **more)
    return stream.getvalue()


def upload(manager: APIClient, project: Project, data: bytes, **fields: Any) -> Any:
    body = {"name": "cats", "network": NETWORK, "file": SimpleUploadedFile("c.npz", data)}
    return manager.post(
        f"/api/v1/projects/{project.pk}/references", {**body, **fields}, format="multipart"
    )


def value_of(metric: str) -> SetMeasurement:
    return SetMeasurement.objects.get(metric=metric, current=True)


def codes_of(row: SetMeasurement) -> list[str]:
    return [reason["code"] for reason in row.reasons]


def test_a_generators_set_is_measured_against_the_reference_images(
    project: Project, weights: str
) -> None:
    ours, theirs = filled(project, weights)

    measured(project, WITH_REFERENCE, images_reference(project))

    row = value_of("fid")
    assert row.value == pytest.approx(fid(ours, theirs), rel=1e-6)
    assert (row.n, row.n_reference, row.generator) == (40, 50, "cubist")
    assert (row.weights, row.device, row.dtype) == (weights, "cpu", "float32")
    kid = value_of("kid")
    assert (kid.n, kid.n_reference) == (40, 50)
    assert kid.spread is not None
    assert codes_of(kid) == [ScoringCode.SMALL_SUBSETS]
    for name in ("precision", "recall"):
        assert 0 <= (value_of(name).value or 0) <= 1


def test_metrics_of_one_set_are_measured_from_one_stream(project: Project, weights: str) -> None:
    filled(project, weights)
    ask(project, WITH_REFERENCE, images_reference(project))
    Measurement.objects.all().delete()

    measure_set_task(waiting_sets(project)[0])

    assert waiting_sets(project) == []
    assert SetMeasurement.objects.filter(state=JobState.DONE).count() == len(WITH_REFERENCE)


def test_shards_and_another_order_come_to_the_same(project: Project, weights: str) -> None:
    ours, theirs = filled(project, weights)
    measured(project, ["fid", "kid"], images_reference(project))
    images = list(Image.objects.filter(generator="cubist").order_by("pk"))
    shards = [SetStatistics.empty(NETWORK, D) for _ in range(3)]
    for place in np.random.default_rng(5).permutation(40):
        shards[place % 3].add([str(images[place].pk)], ours[place : place + 1])
    whole = SetStatistics.empty(NETWORK, D)
    for shard in reversed(shards):
        whole.merge(shard)
    reference = SetStatistics.empty(NETWORK, D)
    pks = Image.objects.filter(is_reference=True).order_by("pk").values_list("pk", flat=True)
    reference.add([str(pk) for pk in pks], theirs)

    again = measure_set(["fid", "kid"], whole, reference)

    assert value_of("fid").value == pytest.approx(again["fid"].value, rel=1e-6)
    assert value_of("kid").value == pytest.approx(again["kid"].value, rel=1e-6)


def test_a_set_is_streamed_in_pages(
    project: Project, weights: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = filled(project, weights)
    monkeypatch.setattr(features, "ROWS_AT_ONCE", 7)

    measured(project, ["fid"], images_reference(project))

    assert value_of("fid").value == pytest.approx(fid(ours, theirs), rel=1e-6)
    assert value_of("fid").n == 40


def test_against_a_file_only_fid_can_be_had(
    manager: APIClient, project: Project, weights: str
) -> None:
    ours, theirs = filled(project, weights)
    answer = upload(manager, project, npz(theirs.astype(np.float64)), n="50", zero_shot="true")
    assert answer.status_code == 201, answer.content
    reference = Reference.objects.get(pk=answer.json()["id"])

    measured(project, ["fid", "kid"], reference)

    rows = {row["metric"]: row for row in _sets(manager, project)["results"]}
    assert rows["fid"]["value"] == pytest.approx(fid(ours, theirs), rel=1e-6)
    assert (rows["fid"]["zero_shot"], rows["fid"]["reference"]["name"]) == (True, "cats")
    assert (rows["fid"]["state"], rows["kid"]["state"]) == ("done", "failed")
    assert [reason["code"] for reason in rows["kid"]["reasons"]] == [
        ScoringCode.REFERENCE_WITHOUT_IMAGES
    ]
    assert _sets(manager, project)["progress"] == {"done": 1, "failed": 1, "total": 2}
    assert {row.metric: row.label for row in measured_sets(project).results}["fid"] == "zs_fid"


def _sets(manager: APIClient, project: Project) -> Any:
    return manager.get(f"/api/v1/projects/{project.pk}/sets").json()


def test_other_weights_give_another_value_and_the_old_one_stays(
    project: Project, weights: str
) -> None:
    filled(project, weights)
    measured(project, ["fid"], images_reference(project))
    first = value_of("fid").value
    other = something_here(Path(settings.WEIGHTS_ROOT), b"other bytes")
    for seed, generator in ((8, "cubist"), (9, "")):
        images = Image.objects.filter(generator=generator).order_by("pk")
        keep(list(images), rows_of(images.count(), seed), other)

    measured(project, ["fid"], images_reference(project))

    old, new = SetMeasurement.objects.order_by("pk")
    assert (old.weights, old.current, old.value) == (weights, False, first)
    assert (new.weights, new.current) == (other, True)
    assert new.value != first


def test_to_ask_again_changes_nothing(project: Project, weights: str) -> None:
    filled(project, weights)
    reference = images_reference(project)
    measured(project, ["fid"], reference)
    before = SetMeasurement.objects.values("pk", "value", "n").get()

    measured(project, ["fid"], reference)

    assert SetMeasurement.objects.values("pk", "value", "n").get() == before


def test_a_set_waits_while_its_features_are_made(project: Project, weights: str) -> None:
    filled(project, weights)
    made(project, 3, "latecomer")
    ask(project, ["fid"], images_reference(project))
    row = SetMeasurement.objects.get(generator="cubist")

    measure_set_task(row.pk)

    row.refresh_from_db()
    assert (row.state, row.attempts) == (JobState.REQUESTED, 0)
    assert SetMeasurement.objects.filter(at__isnull=False).count() == 0


def test_images_without_features_are_left_out_and_counted(project: Project, weights: str) -> None:
    filled(project, weights)
    Feature.objects.filter(image__in=Image.objects.filter(generator="cubist")[:1]).delete()

    measured(project, ["fid"], images_reference(project))

    assert value_of("fid").n == 39
    assert Code.IMAGES_WITHOUT_FEATURES in codes_of(value_of("fid"))


def test_without_weights_a_set_says_why_not(manager: APIClient, project: Project) -> None:
    made(project, 3, "cubist")

    measured(project, ["is"])

    (row,) = _sets(manager, project)["results"]
    assert (row["state"], row["value"], row["metric"]) == ("failed", None, "is")
    assert row["reasons"][0]["code"] == ScoringCode.WEIGHTS_MISSING
    assert row["reference"] is None


@pytest.mark.parametrize(
    ("metrics", "code"),
    [
        (["fid"], Code.METRIC_NEEDS_REFERENCE_SET),
        (["psnr"], Code.METRIC_NOT_OF_SETS),
        (["beauty"], Code.METRIC_UNKNOWN),
        (["ppl"], Code.METRIC_NEEDS_GENERATOR),
    ],
)
def test_what_makes_no_sense_is_not_asked_for(
    manager: APIClient, project: Project, metrics: list[str], code: Code
) -> None:
    made(project, 3, "cubist")

    answer = manager.post(
        f"/api/v1/projects/{project.pk}/sets",
        {"metrics": metrics, "reference": None},
        format="json",
    )

    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert not SetMeasurement.objects.exists()
    assert not Measurement.objects.exists()


def test_a_reference_of_another_project_is_none(manager: APIClient, project: Project) -> None:
    other = Reference.objects.create(project=factories.project(), name="x", source="images")

    answer = manager.post(
        f"/api/v1/projects/{project.pk}/sets",
        {"metrics": ["fid"], "reference": other.pk},
        format="json",
    )

    assert answer.status_code == 400
    assert answer.json()["fields"]["reference"]["code"] == Code.REFERENCE_UNKNOWN


def test_statistics_of_another_network_are_not_compared(
    manager: APIClient, project: Project, weights: str
) -> None:
    reference = upload(manager, project, npz(rows_of(20, 3))).json()["id"]

    with pytest.raises(Invalid) as refused:
        ask(project, ["fid_clean"], Reference.objects.get(pk=reference))

    assert refused.value.reason.code == Code.REFERENCE_OF_ANOTHER_NETWORK


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"not a zip", ScoringCode.STATISTICS_NOT_NPZ),
        (npz(rows_of(20, 3))[:-40], ScoringCode.STATISTICS_NOT_NPZ),
        (
            npz(rows_of(20, 3), n=np.array(["x"], dtype=object)),
            ScoringCode.STATISTICS_ENTRY_UNREADABLE,
        ),
        (npz(np.full((20, 3), np.nan, np.float32)), ScoringCode.STATISTICS_NOT_FINITE),
    ],
)
def test_what_is_no_statistics_is_refused(
    manager: APIClient, project: Project, data: bytes, code: ScoringCode
) -> None:
    answer = upload(manager, project, data)

    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert not Reference.objects.exists()


def test_a_file_that_unpacks_to_too_much_is_refused(manager: APIClient, project: Project) -> None:
    stream = io.BytesIO()
    np.savez_compressed(stream, mu=np.zeros(2), sigma=np.zeros((6000, 6000)))

    answer = upload(manager, project, stream.getvalue())

    assert len(stream.getvalue()) < 2**20
    assert answer.status_code == 413
    assert not Reference.objects.exists()


def test_statistics_can_be_had_as_a_file(
    manager: APIClient, project: Project, weights: str
) -> None:
    ours, theirs = filled(project, weights)
    measured(project, ["fid"], images_reference(project))

    of_set = manager.get(f"/api/v1/sets/{value_of('fid').pk}/statistics.npz")
    of_reference = manager.get(f"/api/v1/references/{images_reference(project).pk}/statistics.npz")

    for answer, rows in ((of_set, ours), (of_reference, theirs)):
        assert answer.status_code == 200
        with np.load(io.BytesIO(answer.content), allow_pickle=False) as archive:
            np.testing.assert_allclose(archive["mu"], rows.mean(axis=0), rtol=1e-5)
            np.testing.assert_allclose(
                archive["sigma"], np.cov(rows.astype(np.float64), rowvar=False), rtol=1e-6
            )
            assert int(archive["n"]) == len(rows)


def test_there_are_no_statistics_before_a_set_is_measured(
    manager: APIClient, project: Project
) -> None:
    reference = Reference.objects.create(project=project, name="own", source="images")

    answer = manager.get(f"/api/v1/references/{reference.pk}/statistics.npz")

    assert answer.status_code == 404


def test_a_deleted_reference_takes_its_values_along(
    manager: APIClient,
    project: Project,
    weights: str,
    django_capture_on_commit_callbacks: Any,
) -> None:
    _, theirs = filled(project, weights)
    made_id = upload(manager, project, npz(theirs)).json()["id"]
    measured(project, ["fid"], Reference.objects.get(pk=made_id))
    files = list(Path(settings.MEDIA_ROOT).rglob("*.npz"))

    with django_capture_on_commit_callbacks(execute=True):
        answer = manager.delete(f"/api/v1/references/{made_id}")

    assert answer.status_code == 204
    assert not SetMeasurement.objects.exists()
    assert len(files) == 2
    assert list(Path(settings.MEDIA_ROOT).rglob("*.npz")) == []


def test_the_projects_own_reference_images_stay(manager: APIClient, project: Project) -> None:
    made(project, 3, "")
    requests.request_of_project(project)
    listed = manager.get(f"/api/v1/projects/{project.pk}/references").json()["results"]

    answer = manager.delete(f"/api/v1/references/{listed[0]['id']}")

    assert [(row["source"], row["n"], row["sha256"]) for row in listed] == [("images", 3, "")]
    assert answer.status_code == 409
    assert Reference.objects.count() == 1


def test_a_worker_that_was_overtaken_stores_nothing(project: Project, weights: str) -> None:
    filled(project, weights)
    ask(project, ["fid"], images_reference(project))
    now = timezone.now()
    slow = jobs.take(SetMeasurement.objects.get(), now=now)
    assert jobs.take(SetMeasurement.objects.get(), now=now + timedelta(hours=1)) is not None
    assert slow is not None

    with pytest.raises(StaleState):
        gather(slow, sets.images_of_set(slow.job), weights)

    assert not SetMeasurement.objects.filter(at__isnull=False).exists()


def test_a_set_that_kills_three_workers_has_failed(project: Project) -> None:
    SetMeasurement.objects.create(
        project=project, network=NETWORK, metric="is", version="1", state="running", attempts=3,
        holder="x", held_until=timezone.now() - timedelta(minutes=1),
    )  # fmt: skip

    jobs.sweep(SetMeasurement, now=timezone.now())

    row = SetMeasurement.objects.get()
    assert (row.state, codes_of(row)) == (JobState.FAILED, [Code.WORKER_DIED])
    assert row.reasons[0]["params"] == {"count": 3}


def test_the_command_measures_sets(
    project: Project, weights: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ours, theirs = filled(project, weights)

    call_command("measure", str(project.pk), "--sets", "--metric", "fid")

    assert f"{fid(ours, theirs):.6g}" in capsys.readouterr().out
    with pytest.raises(CommandError, match="Name the reference set"):
        call_command("measure", str(project.pk), "--sets", "--metric", "fid", "--reference", "x")


def test_the_command_says_at_once_what_it_can_not_measure(project: Project) -> None:
    with pytest.raises(
        CommandError, match=r"fid can't be measured here: .*weights fetch inception"
    ):
        call_command("measure", str(project.pk), "--metric", "fid")

    assert not Measurement.objects.exists()
