"""Measuring through a real worker: killed in the middle, and by one image again and again."""

import os
import signal
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from PIL import Image as PillowImage
from skimage.metrics import peak_signal_noise_ratio

from annotator.core.errors import StaleState
from annotator.core.reasons import Code, Reason, as_json
from annotator.ingest.restoring import Limits, restore
from annotator.ingest.services import store_image
from annotator.items.models import Image
from annotator.jobs.models import IS_LIVE, JobState
from annotator.measurements import requests, selectors
from annotator.measurements.models import Measurement, Queue
from annotator.measurements.queue import claim_slice, put_back_left
from annotator.measurements.results import Result, store
from annotator.projects.models import Batch, Project
from scoring.measured import Measured
from scoring.reasons import Code as ScoringCode
from tests import factories
from tests.uploads import encoded, image_bytes, pixels
from tests.waiting import until
from tests.workers import Worker

pytestmark = pytest.mark.django_db(transaction=True)
LIMITS = Limits(8192, 40_000_000, 50 * 1024**2, 384)
WITHOUT_REFERENCE = ["colourfulness", "contrast", "phash", "sharpness"]


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Worker]:
    made = Worker(tmp_path / "worker")
    yield made
    made.stop()


def images(batch: Batch, count: int, *, reference: bytes | None = None) -> list[Image]:
    """Stored images as an ingest leaves them."""
    other = _image(batch, "reference", reference) if reference else None
    return [
        _image(batch, f"{place}.png", image_bytes(place, width=64, height=48), other)
        for place in range(count)
    ]


def _image(batch: Batch, name: str, data: bytes, reference: Image | None = None) -> Image:
    kept = store_image(batch.project_id, data, restore(data, LIMITS))
    return Image.objects.create(
        project=batch.project,
        batch=batch,
        prompt="p",
        source_name=name,
        source_sha256=kept.source_sha256,
        sha256=kept.sha256,
        bytes=kept.bytes,
        width=kept.width,
        height=kept.height,
        reference=reference,
        is_reference=name == "reference",
    )


def live() -> int:
    """Rows that wait or are being measured."""
    return Measurement.objects.filter(IS_LIVE).count()


def values_of(image: Image) -> dict[str, str]:
    rows = Measurement.objects.filter(image=image)
    return dict(rows.values_list("metric", "state"))


def codes_of(image: Image, metric: str) -> list[str]:
    row = Measurement.objects.get(image=image, metric=metric)
    return [reason["code"] for reason in row.reasons]


def hang_at(image: Image) -> Path:
    """Makes the image's file one that whoever opens it waits for, for ever."""
    path = Path(settings.MEDIA_ROOT) / image.path
    path.unlink()
    os.mkfifo(path)
    return path


def kill_whoever_hangs(worker: Worker, fifo: Path, over: threading.Event, kills: list[int]) -> None:
    """SIGKILL, as from the kernel, for each worker process that has come to the poison.

    A FIFO can be opened for writing without waiting only while somebody waits to read it.
    """
    while not over.wait(0.02):
        try:
            descriptor = os.open(fifo, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            continue
        for pid in worker.children:
            os.kill(pid, signal.SIGKILL)
        kills.append(1)
        os.close(descriptor)
        over.wait(0.2)


def test_a_poison_image_fails_alone_after_three_attempts(worker: Worker, project: Project) -> None:
    batch = factories.batch(project)
    made = images(batch, 20)
    poison = made[7]
    fifo = hang_at(poison)
    requests.request_of_batch(batch)
    over = threading.Event()
    kills: list[int] = []
    killer = threading.Thread(target=kill_whoever_hangs, args=(worker.start(), fifo, over, kills))
    killer.start()

    try:
        until(lambda: not live())
    finally:
        over.set()
        killer.join()

    for image in made:
        expected = JobState.FAILED if image == poison else JobState.DONE
        assert values_of(image) == dict.fromkeys(WITHOUT_REFERENCE, expected)
    for row in Measurement.objects.filter(image=poison):
        assert [reason["code"] for reason in row.reasons] == [Code.WORKER_DIED]
        assert (row.reasons[0]["params"], row.attempts) == ({"count": 3}, 3)
    # Once with its neighbours, then twice alone. Fewer on a slow machine, where the short lease of
    # tests/workers.py may run out first: such an attempt ends without a kill.
    assert 3 <= len(kills) <= 8
    progress = selectors.progress_of(batch.project)
    assert (progress.done, progress.failed, progress.total) == (19, 1, 20)


def test_a_worker_killed_in_the_middle_loses_and_doubles_nothing(
    worker: Worker, project: Project
) -> None:
    batch = factories.batch(project)
    made = images(batch, 40)
    requests.request_of_batch(batch)
    worker.start()
    until(lambda: Measurement.objects.filter(state=JobState.RUNNING).exists())
    worker.kill()

    worker.start()
    until(lambda: not live())

    assert Measurement.objects.count() == 40 * len(WITHOUT_REFERENCE)
    for image in made:
        assert values_of(image) == dict.fromkeys(WITHOUT_REFERENCE, JobState.DONE)


def test_the_command_measures_against_the_reference(project: Project) -> None:
    batch = factories.batch(project)
    (image,) = images(batch, 1, reference=image_bytes(99, width=64, height=48))

    call_command("measure", project.name)

    psnr = Measurement.objects.get(image=image, metric="psnr")
    expected = peak_signal_noise_ratio(
        pixels(99, width=64, height=48), pixels(0, width=64, height=48), data_range=255
    )
    assert psnr.value == pytest.approx(expected, abs=1e-6)
    assert not Measurement.objects.filter(image=image.reference).exists()


def test_an_image_that_is_gone_or_of_another_size_says_so_and_the_rest_is_measured(
    project: Project,
) -> None:
    batch = factories.batch(project)
    gone, other_size = images(batch, 2, reference=encoded(PillowImage.new("RGB", (8, 8))))
    (Path(settings.MEDIA_ROOT) / gone.path).unlink()

    call_command("measure", str(project.pk))

    assert set(values_of(gone).values()) == {JobState.FAILED}
    assert codes_of(gone, "contrast") == [ScoringCode.IMAGE_UNREADABLE]
    states = values_of(other_size)
    assert {name for name, state in states.items() if state == JobState.FAILED} == {
        "ms_ssim", "psnr", "ssim",
    }  # fmt: skip
    assert codes_of(other_size, "ssim") == [ScoringCode.SIZES_DIFFER]


def test_asking_twice_measures_once(project: Project) -> None:
    batch = factories.batch(project)
    images(batch, 3)

    first = requests.request_of_batch(batch)
    second = requests.request_of_batch(batch)
    call_command("measure", str(project.pk))
    third = requests.request_of_batch(batch, ["phash"])
    call_command("measure", str(project.pk))

    assert (first, second, third) == (3, 0, 0)
    assert Measurement.objects.count() == 3 * len(WITHOUT_REFERENCE)


def test_only_the_named_metric_is_measured(project: Project) -> None:
    batch = factories.batch(project)
    (image,) = images(batch, 1)

    call_command("measure", str(project.pk), "--metric", "contrast")

    assert list(values_of(image)) == ["contrast"]
    value = Measurement.objects.get(image=image).value
    luma = pixels(0, width=64, height=48).astype(np.float64) @ [0.299, 0.587, 0.114]
    assert value == pytest.approx(luma.std() / 255, abs=1e-9)


def test_a_project_that_somebody_waits_for_has_its_turn_without_chance(project: Project) -> None:
    others = [factories.project() for _ in range(5)]
    for one in (project, *others):
        images(factories.batch(one), 1)
        requests.request_of_project(one, ["sharpness"])

    held = claim_slice(Queue.CPU, token="a worker", now=timezone.now(), project_id=project.pk)
    left = claim_slice(Queue.CPU, token="a worker", now=timezone.now(), project_id=project.pk)

    assert held is not None
    assert {row.project_id for row in held.rows} == {project.pk}
    assert left is None
    assert Measurement.objects.filter(state=JobState.REQUESTED).count() == len(others)


def test_a_value_is_stored_once_a_version(project: Project) -> None:
    batch = factories.batch(project)
    (image,) = images(batch, 1)
    call_command("measure", str(project.pk))
    Measurement.objects.filter(image=image, metric="phash").update(
        state=JobState.FAILED, reasons=[as_json(Reason(Code.WORKER_DIED, count=3))]
    )

    call_command("measure", str(project.pk))

    assert Measurement.objects.filter(image=image).count() == len(WITHOUT_REFERENCE)
    assert Measurement.objects.get(image=image, metric="phash").state == JobState.DONE
    assert connection.vendor == "postgresql"


def test_a_row_that_lost_its_worker_is_claimed_alone_and_its_neighbours_lose_nothing(
    project: Project,
) -> None:
    batch = factories.batch(project)
    images(batch, 3)
    requests.request_of_batch(batch)
    now = timezone.now()
    held = claim_slice(Queue.CPU, token="a worker", now=now)
    assert held is not None
    assert len(held.rows) == 3 * len(WITHOUT_REFERENCE)

    put_back_left(now + timedelta(hours=1))
    alone = claim_slice(Queue.CPU, token="another", now=now)

    assert alone is not None
    assert len({row.image_id for row in alone.rows}) == 1
    assert sorted(row.metric for row in alone.rows) == WITHOUT_REFERENCE
    assert {row.attempts for row in alone.rows} == {2}
    with pytest.raises(StaleState):
        store(held, [Result(held.rows[0], Measured(0.5))], now=now)
    assert not Measurement.objects.filter(state=JobState.DONE).exists()
