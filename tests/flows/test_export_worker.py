"""A real Celery worker that is killed while it builds an export."""

import hashlib
import json
import os
import shutil
import signal
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
from django.db import connection
from django.utils import timezone

from annotator import jobs
from annotator.config.celery import app
from annotator.core.places import MARK
from annotator.core.reasons import Code, Reason, as_json
from annotator.exports import selectors, services, steps
from annotator.exports.models import Export, ExportShard
from annotator.jobs.services import due
from annotator.projects.models import Project
from annotator.workers import export as _registered  # noqa: F401
from tests import judged
from tests.commands import of_any_site
from tests.rooms.exported import batch, contents, flaw_project, made, people
from tests.waiting import until

ITEMS = 24


class Workers:
    """Celery workers of this test's own queue, on the test's database and folders."""

    def __init__(self, settings) -> None:
        self.queue = f"test-{uuid.uuid4()}"
        self.running: list[psutil.Process] = []
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

    def start(self) -> psutil.Process:
        process = of_any_site().begin(
            "celery", "-A", "annotator.config.celery", "worker", "-Q", self.queue,
            "-c", "1", "--without-gossip", "--without-mingle",
            env=self.env, log=Path(os.devnull),
        )  # fmt: skip
        self.running.append(process)
        return process

    def wake(self, export: Export) -> None:
        app.send_task(Export.TASK, args=(export.pk,), queue=self.queue)

    @staticmethod
    def kill(process: psutil.Process) -> None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture
def workers(transactional_db, settings) -> Iterator[Workers]:
    workers = Workers(settings)
    yield workers
    for process in workers.running:
        if process.is_running():
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


def asked_for(project: Project, **options: object) -> Export:
    return services.request_export(
        project=project,
        format_name="heatmaps",
        options={"size": 1024, "shard_items": 4, **options},
        created_by=None,
    )


def work_folder(export: Export) -> Path:
    export.refresh_from_db()
    return selectors.work_of(export).root


def go_silent(export: Export) -> None:
    """As if the leases of everything that is held had run out."""
    silent_since = timezone.now() - timedelta(seconds=1)
    Export.objects.filter(pk=export.pk).update(held_until=silent_since)
    ExportShard.objects.filter(export=export, state="running").update(held_until=silent_since)


def check_whole(export: Export, settings) -> dict[str, bytes]:
    """The export's files, which are those that the manifest and the rows name."""
    export.refresh_from_db()
    folder = selectors.folder_of(export)
    root = Path(settings.EXPORT_ROOT)
    until(lambda: {path.name for path in root.iterdir()} == {MARK, folder.name}, "it is cleared")
    assert (export.state, export.rows, export.done_count) == ("done", 2 * ITEMS, ITEMS)
    listed = json.loads((folder / "manifest.json").read_text())["files"]
    for file in listed:
        data = (folder / file["name"]).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (file["bytes"], file["sha256"])
    assert {(f.name, f.sha256) for f in export.files.exclude(name="manifest.json")} == {
        (file["name"], file["sha256"]) for file in listed
    }
    return contents(folder)


def test_a_worker_killed_in_a_shard_costs_that_shard(workers, settings) -> None:
    project = marked_items(ITEMS)
    export = asked_for(project)
    first = workers.start()
    workers.wake(export)
    done = ExportShard.objects.filter(export=export, state="done")
    until(lambda: done.count() >= 2, "two shards are done")
    until(
        lambda: len(list(work_folder(export).glob("shards/*.part/**/*.npy"))) >= 2,
        "a third is under way",
    )

    workers.kill(first)

    kept = {
        path: path.stat().st_ino
        for path in work_folder(export).glob("shards/[0-9][0-9][0-9][0-9][0-9]")
    }
    assert len(kept) >= 2
    assert {path.name[0] for path in Path(settings.EXPORT_ROOT).iterdir()} == {"."}
    assert not export.files.exists()
    go_silent(export)
    assert list(due(Export, timezone.now())) == [export]
    rebuilt: set[Path] = set()

    def is_done() -> bool:
        rebuilt.update(
            path for path, inode in kept.items() if path.exists() and path.stat().st_ino != inode
        )
        return Export.objects.get(pk=export.pk).state == "done"

    workers.start()
    workers.wake(export)
    until(is_done, "it is done")

    assert not rebuilt
    check_whole(export, settings)


def test_a_worker_killed_while_it_spools_or_assembles_is_followed_by_another(
    workers, settings
) -> None:
    project = marked_items(ITEMS)
    export = asked_for(project, size=64)
    now = timezone.now()
    spooling = steps.take_step(export_id=export.pk, now=now)
    assert spooling is not None
    half = selectors.work_of(spooling.job).begin("spool")
    (half / "00000.jsonl.gz").write_bytes(b"half")

    assert steps.take_step(export_id=export.pk, now=now) is None
    go_silent(export)
    workers.start()
    workers.wake(export)
    until(lambda: Export.objects.get(pk=export.pk).state == "done", "it is done")

    # The first worker's half stays until nobody can be writing to it any more.
    shutil.rmtree(half.parent)
    first = check_whole(export, settings)
    again = asked_for(project, size=64)
    _spool_and_shards(again)
    assembling = steps.take_step(export_id=again.pk, now=now)
    assert assembling is not None
    assert assembling.job.stage == "assembly"
    left = selectors.work_of(assembling.job).folder
    left.mkdir()
    (left / "heatmaps.jsonl").write_text("half")
    shutil.rmtree(selectors.folder_of(export))

    go_silent(again)
    workers.wake(again)
    until(lambda: Export.objects.get(pk=again.pk).state == "done", "it is done again")

    assert check_whole(again, settings) == first


def _spool_and_shards(export: Export) -> None:
    """The first two steps, by the worker's own hands."""
    while Export.objects.get(pk=export.pk).stage != "assembly":
        unfinished = ExportShard.objects.filter(export=export).exclude(state="done")
        if Export.objects.get(pk=export.pk).stage == "shards" and not unfinished.exists():
            return
        step = steps.take_step(export_id=export.pk, now=timezone.now())
        assert step is not None
        jobs.work(step)


def test_however_many_workers_there_are_the_bytes_are_the_same(workers, settings) -> None:
    project = marked_items(ITEMS)
    alone = contents(
        made(project, "heatmaps", Path(settings.EXPORT_ROOT) / "alone", size=256, shard_items=3)
    )
    shutil.rmtree(Path(settings.EXPORT_ROOT) / "alone")
    export = asked_for(project, size=256, shard_items=3)
    for _ in range(3):
        workers.start()
        workers.wake(export)
    until(lambda: Export.objects.get(pk=export.pk).stage == "shards", "it is spooled")
    for _ in range(3):
        workers.wake(export)
    until(lambda: Export.objects.get(pk=export.pk).state == "done", "it is done")

    assert check_whole(export, settings) == alone


@pytest.mark.django_db(transaction=True)
def test_an_export_whose_workers_go_silent_three_times_has_failed() -> None:
    project = flaw_project()
    export = Export.objects.create(project=project, format="heatmaps", options={})
    for _ in range(3):
        assert steps.take_step(export_id=export.pk, now=timezone.now()) is not None
        go_silent(export)

    taken = steps.take_step(export_id=export.pk, now=timezone.now())

    assert taken is None
    export.refresh_from_db()
    assert (export.state, export.attempts) == ("failed", 3)
    assert export.error == as_json(Reason(Code.WORKER_DIED, count=3))


@pytest.mark.django_db(transaction=True)
def test_a_shard_that_ends_three_workers_fails_the_export() -> None:
    export = Export.objects.create(
        project=flaw_project(), format="heatmaps", options={}, state="running", stage="shards"
    )
    ExportShard.objects.create(export=export, number=0)
    for _ in range(3):
        step = steps.take_step(export_id=export.pk, now=timezone.now())
        assert step is not None
        assert isinstance(step.job, ExportShard)
        go_silent(export)

    assert steps.take_step(export_id=export.pk, now=timezone.now()) is None

    export.refresh_from_db()
    assert (export.state, export.error) == (
        "failed",
        as_json(Reason(Code.WORKER_DIED, count=3)),
    )
