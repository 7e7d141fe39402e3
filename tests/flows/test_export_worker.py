"""A real Celery worker that is killed while it builds an export."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from annotator.config.celery import app
from annotator.core import jobs
from annotator.exports import selectors, services
from annotator.exports.models import Export
from tests import judged
from tests.rooms.exported import batch, flaw_project, people

ITEMS = 24


def wait_until(is_so: Callable[[], bool], what: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"waited {seconds} s for this: {what}"
        time.sleep(0.02)


class Workers:
    """Celery workers of this test's own queue, on the test's database and folders."""

    def __init__(self, settings) -> None:
        self.queue = f"test-{uuid.uuid4()}"
        self.running: list[subprocess.Popen[bytes]] = []
        database = connection.settings_dict
        self.env = {
            **os.environ,
            "DATABASE_URL": (
                f"postgres://{database['USER']}:{database['PASSWORD']}"
                f"@{database['HOST']}:{database['PORT'] or 5432}/{database['NAME']}"
            ),
            "MEDIA_ROOT": str(settings.MEDIA_ROOT),
            "EXPORT_ROOT": str(settings.EXPORT_ROOT),
        }

    def start(self) -> subprocess.Popen[bytes]:
        command = ["-m", "celery", "-A", "annotator.config.celery", "worker", "-Q", self.queue]
        process = subprocess.Popen(
            [sys.executable, *command, "-c", "1", "--without-gossip", "--without-mingle"],
            env=self.env,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.running.append(process)
        return process

    def ring(self, export: Export) -> None:
        app.send_task(services.TASK, args=(export.pk,), queue=self.queue)

    @staticmethod
    def kill(process: subprocess.Popen[bytes]) -> None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture
def workers(transactional_db, settings) -> Iterator[Workers]:
    workers = Workers(settings)
    yield workers
    for process in workers.running:
        if process.poll() is None:
            workers.kill(process)
    with app.connection_for_write() as broker:
        broker.default_channel.queue_delete(workers.queue)


def marked_items(count: int):
    project = flaw_project()
    in_batch = batch(project)
    three = people(project)
    points = {"marks": {"a": [{"x": 0.25, "y": 0.5}]}}
    for number in range(count):
        item = judged.item(in_batch, f"{number:04}", "a hand", ["painter"])
        for slot, person in enumerate(three):
            answers = {"implausibility": points, "misalignment": points}
            judged.answer(item, person, answers, slot=slot)
        judged.settle(item)
    return project


def test_a_killed_worker_leaves_nothing_half_and_another_completes(workers, settings) -> None:
    project = marked_items(ITEMS)
    export = services.request_export(
        project=project, format_name="heatmaps", options={"size": 1024}, created_by=None
    )
    root = Path(settings.EXPORT_ROOT)
    half = root / f".{export.pk}-1.part"
    first = workers.start()
    workers.ring(export)
    wait_until(lambda: len(list(half.rglob("*.npy"))) >= 5, "the first worker is at it")

    workers.kill(first)

    assert [path.name for path in root.iterdir()] == [half.name]
    export.refresh_from_db()
    assert (export.state, export.attempts, export.rows) == ("running", 1, None)
    assert not export.files.exists()
    assert services.claim_export(export_id=export.pk, now=timezone.now()) is None

    silent_since = timezone.now() - timedelta(seconds=1)
    Export.objects.filter(pk=export.pk).update(held_until=silent_since)
    assert list(jobs.due(Export, timezone.now())) == [export]
    workers.start()
    workers.ring(export)
    wait_until(lambda: Export.objects.get(pk=export.pk).state == "done", "it is done")

    export.refresh_from_db()
    folder = selectors.folder_of(export)
    assert [path.name for path in root.iterdir()] == [folder.name]
    assert (export.attempts, export.rows, export.done_count) == (2, 2 * ITEMS, ITEMS)
    listed = json.loads((folder / "manifest.json").read_text())["files"]
    assert len(listed) == 2 * 2 * ITEMS + 2
    for file in listed:
        data = (folder / file["name"]).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (file["bytes"], file["sha256"])
    assert {(f.name, f.sha256) for f in export.files.exclude(name="manifest.json")} == {
        (file["name"], file["sha256"]) for file in listed
    }


@pytest.mark.django_db(transaction=True)
def test_an_export_whose_workers_go_silent_three_times_has_failed() -> None:
    project = flaw_project()
    export = Export.objects.create(project=project, format="heatmaps", options={})
    for _ in range(3):
        assert services.claim_export(export_id=export.pk, now=timezone.now()) is not None
        silent_since = timezone.now() - timedelta(seconds=1)
        Export.objects.filter(pk=export.pk).update(held_until=silent_since)

    claimed = services.claim_export(export_id=export.pk, now=timezone.now())

    assert claimed is None
    export.refresh_from_db()
    assert (export.state, export.attempts) == ("failed", 3)
    assert export.error == "The worker ended without a word, 3 times."
