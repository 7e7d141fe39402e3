"""The sweep: workers are sent for anew, what is left over is collected."""

import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from celery import current_app
from celery.signals import worker_ready
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from annotator import jobs, pipeline
from annotator.assignments.models import Assignment, AssignmentState
from annotator.core import clock
from annotator.core.errors import StaleState
from annotator.core.reasons import Code, Reason
from annotator.ingest.restoring import Limits, restore
from annotator.ingest.services import store_image
from annotator.items import services as making
from annotator.items.models import Image, Item
from annotator.jobs.queue import MOST_WAITING, is_crowded
from annotator.measurements import requests
from annotator.measurements.models import Measurement, Queue
from annotator.measurements.queue import WORKERS, claim_slice
from annotator.ops import heartbeat
from annotator.ops.models import Heartbeat
from annotator.projects import batches
from annotator.projects.models import Batch, BatchState, Project
from annotator.workers.sweep import COLLECT, collect, sweep, sweep_measurements
from tests import factories
from tests.cables import Cable
from tests.uploads import image_bytes
from tests.waiting import until
from tests.workers import Worker

pytestmark = pytest.mark.django_db
LIMITS = Limits(8192, 40_000_000, 50 * 1024**2, 384)
NOW = timezone.now()
LATER = NOW + timedelta(hours=1)


def held(project: Project, **fields: object) -> Batch:
    return factories.batch(project, state="running", holder="a worker", **fields)


def test_a_batch_left_by_its_worker_waits_again(project: Project) -> None:
    batch = held(project, held_until=NOW - timedelta(seconds=1), attempts=1)

    jobs.sweep(Batch, now=NOW)

    batch.refresh_from_db()
    assert batch.state == BatchState.REQUESTED
    assert batch.held_until == NOW + timedelta(seconds=settings.ENQUEUE_AGAIN_SECONDS)


def test_a_batch_in_a_workers_hands_is_left_alone(project: Project) -> None:
    batch = held(project, held_until=NOW + timedelta(seconds=1), attempts=3)

    jobs.sweep(Batch, now=NOW)

    batch.refresh_from_db()
    assert (batch.state, batch.attempts) == (BatchState.RUNNING, 3)


def test_a_batch_that_killed_three_workers_has_failed_and_nothing_of_it_stays(
    project: Project,
) -> None:
    (item,) = factories.items(project, 1)
    Batch.objects.filter(pk=item.batch_id).update(
        holder="a worker", held_until=NOW, attempts=3, total_count=9
    )

    jobs.sweep(Batch, now=LATER)

    batch = Batch.objects.get(pk=item.batch_id)
    assert batch.state == BatchState.FAILED
    assert batch.reason == Reason(Code.WORKER_DIED, count=3)
    assert not Item.objects.exists()
    assert not Image.objects.exists()


def test_items_that_are_with_people_are_never_taken_back(project: Project) -> None:
    (item,) = factories.open_items(project, 1)
    Batch.objects.filter(pk=item.batch_id).update(
        state="running", holder="x", held_until=NOW, attempts=3, total_count=1, done_count=1
    )

    jobs.sweep(Batch, now=LATER)

    assert Batch.objects.get(pk=item.batch_id).state == BatchState.FAILED
    assert Assignment.objects.filter(item=item).count() == 3


def test_a_worker_that_lost_its_batch_can_write_nothing(project: Project) -> None:
    batch = factories.batch(project, state="requested")
    slow = jobs.take(Batch.objects.get(), now=NOW)
    assert slow is not None
    jobs.sweep(Batch, now=LATER)
    quick = jobs.take(Batch.objects.get(), now=LATER)
    assert quick is not None

    with pytest.raises(StaleState):
        batches.advance(slow, by=7)

    batch.refresh_from_db()
    assert (batch.done_count, batch.held_until) == (0, quick.job.held_until)


def test_work_that_came_further_is_tried_anew(project: Project) -> None:
    batch = factories.batch(project, state="requested", attempts=2)
    taken = jobs.take(batch, now=NOW)
    assert taken is not None
    assert taken.job.attempts == 3

    batches.advance(taken, by=1)

    batch.refresh_from_db()
    assert (batch.done_count, batch.attempts) == (1, 0)


def test_two_workers_never_take_the_same_batch(project: Project) -> None:
    batch = factories.batch(project, state="requested")

    assert jobs.take(Batch.objects.get(), now=NOW) is not None
    assert jobs.take(batch, now=NOW) is None


def test_no_more_workers_are_woken_than_soon_come(
    project: Project, django_capture_on_commit_callbacks: Any
) -> None:
    """A message for every value of a large project would flood a broker."""
    made = factories.items(project, 400, images=1)
    requests.request_of_batch(made[0].batch)
    later = NOW + timedelta(seconds=settings.ENQUEUE_AGAIN_SECONDS + 1)
    sent = []

    for now in (NOW, NOW + timedelta(seconds=5), later):
        with django_capture_on_commit_callbacks() as messages:
            sweep_measurements(now)
        sent.append(len(messages))

    assert Measurement.objects.count() > 400
    assert sent == [WORKERS, 0, WORKERS]


def test_a_round_lapses_leases_and_leaves_word(project: Project) -> None:
    factories.open_items(project, 1)
    annotator = factories.member(project)
    pipeline.claim(annotator, project.pk, count=1, now=timezone.now() - timedelta(hours=2))

    sweep()

    assert not Assignment.objects.filter(state=AssignmentState.CLAIMED).exists()
    assert heartbeat.ages(timezone.now())[heartbeat.SWEEP] < 60


def test_a_duty_that_fails_keeps_no_other_from_being_done(project: Project, settings: Any) -> None:
    factories.batch(project, state="requested")
    settings.ENQUEUE_AGAIN_SECONDS = "no number: nothing can be sent for again"

    sweep()

    assert {COLLECT, heartbeat.SWEEP} <= heartbeat.ages(timezone.now()).keys()


def test_a_beat_from_the_future_holds_nothing_up(project: Project) -> None:
    now = timezone.now()
    heartbeat.beat(COLLECT, now + timedelta(hours=1))

    collect(now)

    assert heartbeat.ages(now)[COLLECT] == 0


def test_a_long_queue_is_made_no_longer(project: Project) -> None:
    batch = factories.batch(project, state="requested")
    with current_app.connection_for_write() as connection:
        channel = connection.default_channel
        before = channel.queue_declare("jobs").message_count
        for _ in range(MOST_WAITING - before):
            connection.SimpleQueue("jobs").put("nobody takes it")
        crowded = is_crowded(Batch.TASK)
        channel.queue_purge("jobs")

    assert crowded
    assert not is_crowded(Batch.TASK)
    assert batch.state == BatchState.REQUESTED


def test_sessions_that_have_ended_are_collected(db: None) -> None:
    keys = []
    for seconds in (-1, 3600):
        session = SessionStore()
        session.set_expiry(NOW + timedelta(seconds=seconds))
        session.create()
        keys.append(session.session_key)

    collect(LATER)

    assert list(Session.objects.values_list("session_key", flat=True)) == keys[1:]


def stored(project: Project, seed: int) -> Image:
    """A stored image whose row is not saved."""
    kept = store_image(project.pk, b"source", restore(image_bytes(seed), LIMITS))
    return Image(project=project, sha256=kept.sha256, width=kept.width, height=kept.height)


def names_of(image: Image) -> list[str]:
    """Its files, as ingest leaves them and somebody who looks closely."""
    making.made_exact(image)
    return image.all_paths


def age(name: str, hours: float) -> Path:
    path = Path(settings.MEDIA_ROOT) / name
    then = (timezone.now() - timedelta(hours=hours)).timestamp()
    os.utime(path, (then, then))
    return path


def collect_all(now: datetime) -> int:
    return sum(making.collect_files(now, shard=shard) for shard in range(256))


def test_files_that_nobody_points_at_are_collected_after_a_day(project: Project) -> None:
    (item,) = factories.items(project, 1, images=1)
    named, forgotten, young = (stored(project, seed) for seed in range(3))
    Image.objects.update(sha256=named.sha256, width=named.width, height=named.height)
    for image, hours in ((named, 48), (forgotten, 48), (young, 23)):
        for name in names_of(image):
            age(name, hours)
    half = Path(settings.MEDIA_ROOT) / f"{named.path}.x.part"
    half.write_bytes(b"half")
    age(f"{named.path}.x.part", 48)

    removed = collect_all(timezone.now())

    # An image, its thumbnail, its view, its exact pixels; and the half of a file.
    assert removed == 5
    left = {path.name for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()}
    assert left == {Path(name).name for image in (named, young) for name in image.all_paths}
    assert item.pk


def test_what_a_worker_died_of_waits_again(project: Project) -> None:
    made = factories.items(project, 5, images=1)
    requests.request_of_batch(made[0].batch, ["contrast", "sharpness"])
    held = claim_slice(Queue.CPU, token="a worker", now=NOW)
    assert held is not None

    sweep_measurements(NOW)
    left_alone = set(Measurement.objects.values_list("state", "attempts"))
    sweep_measurements(LATER)

    assert left_alone == {("running", 1)}
    assert set(Measurement.objects.values_list("state", "attempts", "holder")) == {
        ("requested", 1, "")
    }
    with pytest.raises(StaleState):
        held.lock(held.rows)


@pytest.mark.django_db(transaction=True)
def test_workers_are_called_again_when_the_broker_is_back(tmp_path: Path) -> None:
    parts = urlsplit(settings.REDIS_URL)
    cable = Cable((parts.hostname or "", parts.port or 6379))
    by_cable = urlunsplit(parts._replace(netloc=f"127.0.0.1:{cable.port}"))
    worker = Worker(tmp_path / "worker", env={"REDIS_URL": by_cable})
    called = Heartbeat.objects.filter(name=heartbeat.CALL)
    try:
        worker.start()
        until(called.exists, "the workers have answered a call")

        cable.cut()
        until(lambda: "can't be called" in worker.log, "a call fails")
        cable.mend()
        mended = timezone.now()
        until(called.filter(at__gt=mended).exists, "the workers have answered another")
    finally:
        worker.stop()
        if cable.whole:
            cable.cut()


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_has_begun_is_heard_before_anybody_calls() -> None:
    class Consumer:
        hostname = "worker@here"

    worker_ready.send(sender=Consumer())

    assert heartbeat.ages(clock.now()).keys() == {"worker@here"}
