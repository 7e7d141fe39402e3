"""From an upload to FID, through a real worker that is killed in the middle. A random Inception."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.conf import settings
from django.core.management import call_command
from PIL import Image as PillowImage

from annotator.core.reasons import Code
from annotator.ingest.restoring import Limits, restore
from annotator.ingest.services import store_image
from annotator.items.models import Image
from annotator.jobs.models import IS_LIVE, JobState
from annotator.measurements import choices, requests, sets
from annotator.measurements.models import Feature, Measurement, Reference, SetMeasurement
from annotator.measurements.selectors import measured_page
from annotator.projects.models import Batch, Project
from scoring import catalog
from scoring.measure import features
from scoring.metric_functions import Subject
from scoring.metrics.sets.measure_set import measure_set
from scoring.metrics.sets.set_statistics import SetStatistics
from scoring.reasons import Code as ScoringCode
from scoring.weights.published import PUBLISHED
from tests import factories
from tests.own_weights import ENTRY, random_inception_here
from tests.scoring.inceptions import inception_engine
from tests.uploads import encoded
from tests.waiting import until
from tests.workers import Worker

pytestmark = pytest.mark.django_db(transaction=True)

LIMITS = Limits(8192, 40_000_000, 50 * 1024**2, 384)
NETWORK = str(catalog.metric("fid").network)
GENERATORS = {"cubist": 10, "fauvist": 11, "": 6}
"""Images of each; of "" reference images. An inception score takes ten."""
IMAGES = sum(GENERATORS.values())


@pytest.fixture(scope="module")
def inception(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    root = tmp_path_factory.mktemp("weights")
    random_inception_here(root)
    yield root
    shutil.rmtree(root)


@pytest.fixture
def weights(settings: Any, inception: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setitem(PUBLISHED, "inception", ENTRY)
    settings.WEIGHTS_ROOT = inception
    return inception


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Worker]:
    made = Worker(tmp_path / "worker", app="tests.own_weights_worker:app")
    yield made
    made.stop()


def pixels(place: int) -> np.ndarray[Any, np.dtype[np.uint8]]:
    random = np.random.default_rng(place)
    small = random.integers(0, 256, (6, 6, 3), dtype=np.uint8)
    return np.asarray(PillowImage.fromarray(small).resize((80, 64)))


def stored(project: Project) -> Batch:
    """A batch of the same images each time, as an ingest leaves it."""
    batch = factories.batch(project)
    names = [name for name, count in GENERATORS.items() for _ in range(count)]
    for place, generator in enumerate(names):
        data = encoded(PillowImage.fromarray(pixels(place)))
        kept = store_image(project.pk, data, restore(data, LIMITS))
        Image.objects.create(
            project=project, batch=batch, prompt="p", generator=generator,
            source_name=f"{place}.png", source_sha256=kept.source_sha256, sha256=kept.sha256,
            bytes=kept.bytes, width=kept.width, height=kept.height, is_reference=not generator,
        )  # fmt: skip
    return batch


def in_one_piece(weights: Path) -> dict[str, float]:
    """Generator → FID of its images against the reference ones, measured by the library alone."""
    engine = inception_engine(weights)
    place, wholes = 0, {}
    for generator, count in GENERATORS.items():
        subjects = [Subject(pixels(place + each)) for each in range(count)]
        whole = wholes[generator] = SetStatistics.empty(NETWORK)
        whole.add([str(place + each) for each in range(count)], features(NETWORK, subjects, engine))
        place += count
    reference = wholes.pop("")
    found = {}
    for name, whole in wholes.items():
        value = measure_set(["fid"], whole, reference)["fid"].value
        assert value is not None
        found[name] = value
    return found


def live() -> int:
    return sum(model.objects.filter(IS_LIVE).count() for model in (Measurement, SetMeasurement))


def fids(project: Project) -> dict[str, float | None]:
    rows = SetMeasurement.objects.filter(project=project, metric="fid", current=True)
    return dict(rows.values_list("generator", "value"))


def codes_of(row: SetMeasurement) -> list[str]:
    return [reason["code"] for reason in row.reasons]


def test_a_worker_killed_in_the_middle_of_a_set_costs_no_image_that_is_stored(
    worker: Worker, project: Project, weights: Path
) -> None:
    choices.choose(project, ["fid", "contrast"])
    requests.request_of_batch(stored(project))
    worker.start()
    until(lambda: Feature.objects.count() >= 4)
    worker.kill()
    before = set(Feature.objects.values_list("pk", flat=True))
    assert 4 <= len(before) < IMAGES

    worker.start()
    until(lambda: not live())
    reference = Reference.objects.get(project=project)
    sets.request_sets(project, ["fid"], reference)
    until(lambda: not live())

    assert Feature.objects.count() == IMAGES
    assert before <= set(Feature.objects.values_list("pk", flat=True))
    assert Measurement.objects.filter(metric="contrast", current=True).count() == 21
    expected = in_one_piece(weights)
    assert fids(project) == pytest.approx(expected, rel=1e-6)
    row = SetMeasurement.objects.filter(metric="fid")[0]
    assert ScoringCode.SINGULAR_COVARIANCE in codes_of(row)
    assert (row.device, row.dtype) == ("cpu", "float32")


def test_a_broken_image_is_flagged_and_its_set_is_measured_without_it(
    project: Project, weights: Path
) -> None:
    choices.choose(project, ["fid", "is", "contrast"])
    stored(project)
    broken = Image.objects.filter(generator="fauvist").order_by("source_name")[0]
    (Path(settings.MEDIA_ROOT) / broken.path).write_bytes(b"not an image any more")

    call_command("measure", str(project.pk), "--sets")

    page = measured_page(project, after="", count=48)
    problems = {row.image.id: row.image.problem for row in page.results if row.image.problem}
    assert list(problems) == [broken.pk]
    assert problems[broken.pk].code == ScoringCode.IMAGE_UNREADABLE
    rows = {(row.metric, row.generator): row for row in SetMeasurement.objects.filter(current=True)}
    assert rows["fid", "cubist"].value == pytest.approx(in_one_piece(weights)["cubist"], rel=1e-6)
    assert rows["fid", "fauvist"].n == 10
    assert Code.IMAGES_WITHOUT_FEATURES in codes_of(rows["fid", "fauvist"])
    score = rows["is", "cubist"]
    assert score.value is not None
    assert score.value >= 1
    assert score.reference is None
    assert set(SetMeasurement.objects.values_list("state", flat=True)) == {JobState.DONE}
