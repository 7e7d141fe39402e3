"""Exports whose steps are done by turns on machines that share a bucket, or nothing at all."""

import io
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.utils import timezone
from rest_framework.test import APIClient

from annotator import jobs
from annotator.core.places import BUCKET, MARK
from annotator.core.reasons import from_json
from annotator.exports import expiry, selectors, services, steps
from annotator.exports.models import Export
from annotator.projects.models import Project
from annotator.workers import export as worker  # noqa: F401 - it says what is done with exports
from tests import factories, judged
from tests.drivers import signed_in
from tests.rooms.exported import batch, contents, flaw_project, made, pair_project, people, voted

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Machines:
    """Hosts by name, each with a folder of its own; `on` says whose turn it is."""

    settings: Any
    root: Path

    def on(self, name: str) -> Path:
        self.settings.EXPORT_ROOT = self.root / name
        return self.root / name


@pytest.fixture
def machines(settings: Any, tmp_path: Path) -> Machines:
    return Machines(settings, tmp_path / "machines")


@pytest.fixture
def bucket(settings: Any, tmp_path: Path) -> Path:
    """What both see; a folder stands for it, which each reaches only as it would a bucket."""
    settings.STORAGES = {
        **settings.STORAGES,
        "exports": {
            "BACKEND": "annotator.core.storage.DurableFileStorage",
            "OPTIONS": {"location": str(tmp_path / "bucket")},
        },
    }
    return tmp_path / "bucket"


def in_bucket(bucket: Path) -> list[str]:
    return sorted(str(path.relative_to(bucket)) for path in bucket.rglob("*") if path.is_file())


def pairs() -> Project:
    project = pair_project()
    in_batch = batch(project)
    for number in range(6):
        voted(project, in_batch, str(number), "aab")
    return project


def marks() -> Project:
    project = flaw_project()
    in_batch, three = batch(project), people(project)
    for number in range(6):
        item = judged.item(in_batch, f"{number}", "a hand", ["painter"])
        for slot, person in enumerate(three):
            given = {"marks": {"a": [{"x": 0.25, "y": 0.5}]}}
            answers = {"implausibility": given, "misalignment": given}
            judged.answer(item, person, answers, slot=slot)
        judged.settle(item)
    return project


def asked(project: Project, form: str, **options: object) -> Export:
    return services.request_export(
        project=project,
        format_name=form,
        options={"shard_items": 2, **options},
        created_by=None,
    )


def steps_by_turns(export: Export, turns: Iterator[Callable[[], object]]) -> None:
    for turn in turns:
        turn()
        step = steps.take_step(export_id=export.pk, now=timezone.now())
        if step is None:
            break
        jobs.work(step)
    export.refresh_from_db()


def alternately(machines: Machines) -> Iterator[Callable[[], object]]:
    while True:
        yield lambda: machines.on("one")
        yield lambda: machines.on("two")


def body_of(client: APIClient, path: str, **headers: str) -> tuple[int, bytes]:
    answer = client.get(path, headers=headers)
    return answer.status_code, b"".join(answer.streaming_content)


@pytest.mark.parametrize(
    ("project_of", "form", "options"),
    [
        (pairs, "preferences", {"images": True}),
        (pairs, "preferences", {"aggregation": "dawid_skene"}),
        (pairs, "webdataset", {}),
        (pairs, "pickapic", {}),
        (marks, "heatmaps", {"size": 64, "images": True}),
    ],
)
def test_two_machines_make_what_one_makes_and_each_sends_every_byte_of_it(
    machines: Machines,
    bucket: Path,
    tmp_path: Path,
    project_of: Callable[[], Project],
    form: str,
    options: dict[str, object],
) -> None:
    project = project_of()
    alone = contents(made(project, form, tmp_path / "alone", shard_items=2, **options))
    export = asked(project, form, **options)

    steps_by_turns(export, alternately(machines))

    assert (export.state, export.place, export.folder[-4:]) == ("done", BUCKET, ".zip")
    assert in_bucket(bucket) == [export.folder]
    client = signed_in(factories.member(project, "manager"))
    url = f"/api/v1/exports/{export.pk}"
    # Neither has anything of it left to lose.
    shutil.rmtree(machines.root)
    for machine in ("one", "two"):
        machines.on(machine)
        status, data = body_of(client, f"{url}/archive")
        assert status == 200
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            assert {
                entry.filename.removeprefix(f"{form}/"): archive.read(entry)
                for entry in archive.infolist()
            } == alone
        assert body_of(client, f"{url}/archive", Range="bytes=10-99") == (206, data[10:100])
        for name, content in alone.items():
            assert body_of(client, f"{url}/files/{name}") == (200, content)
            ranged = body_of(client, f"{url}/files/{name}", Range="bytes=1-5")
            assert ranged == (206, content[1:6])


def test_a_machine_whose_folder_is_lost_midway_costs_nothing(
    machines: Machines, bucket: Path, tmp_path: Path
) -> None:
    project = pairs()
    alone = contents(made(project, "preferences", tmp_path / "alone", shard_items=2, images=True))
    export = asked(project, "preferences", images=True)

    def turns() -> Iterator[Callable[[], object]]:
        for turn in alternately(machines):
            yield turn
            shutil.rmtree(site.EXPORT_ROOT)

    steps_by_turns(export, turns())

    assert export.state == "done"
    with zipfile.ZipFile(bucket / export.folder) as archive:
        assert {
            entry.filename.removeprefix("preferences/"): archive.read(entry)
            for entry in archive.infolist()
        } == alone


@pytest.mark.parametrize("end", ["cancelled", "removed", "expired", "failed and forgotten"])
def test_nothing_of_an_export_that_has_ended_stays_in_the_bucket(
    machines: Machines, bucket: Path, end: str
) -> None:
    project = pairs()
    export = asked(project, "preferences", images=True)
    turns = alternately(machines)
    if end in ("cancelled", "failed and forgotten"):
        for turn in (next(turns), next(turns)):
            turn()
            step = steps.take_step(export_id=export.pk, now=timezone.now())
            assert step is not None
            jobs.work(step)
    else:
        steps_by_turns(export, turns)
    export.refresh_from_db()
    assert in_bucket(bucket)

    later = timezone.now() + timedelta(days=365)
    if end == "cancelled":
        services.cancel_export(export=export, now=timezone.now())
    elif end == "removed":
        services.delete_export(export=export)
    else:
        if end == "failed and forgotten":
            steps.fail_export(export, from_json({"code": "error", "params": {}}))
        expiry.expire_exports(later)

    assert in_bucket(bucket) == []


def test_what_was_in_a_bucket_is_read_from_a_folder_after_a_restore(
    machines: Machines, bucket: Path, settings: Any
) -> None:
    project = pairs()
    export = asked(project, "preferences")
    steps_by_turns(export, alternately(machines))
    client = signed_in(factories.member(project, "manager"))
    before = read(client, export)
    root = machines.on("three")
    root.mkdir(parents=True)
    shutil.move(bucket / export.folder, root)
    settings.STORAGES = {name: one for name, one in site.STORAGES.items() if name != "exports"}

    assert expiry.forget_lost_files(timezone.now()) == 0
    assert read(client, export) == before
    expiry.expire_exports(timezone.now() + timedelta(days=365))
    assert [path.name for path in root.iterdir()] == [MARK]


def test_what_was_in_a_folder_is_read_from_a_bucket_after_a_restore(
    machines: Machines, request: Any
) -> None:
    project = pairs()
    export = asked(project, "preferences")
    root = machines.on("one")
    steps_by_turns(export, iter([lambda: None] * 9))
    client = signed_in(factories.member(project, "manager"))
    before = read(client, export)
    bucket = request.getfixturevalue("bucket")
    bucket.mkdir()
    shutil.move(root / export.folder, bucket)

    assert expiry.forget_lost_files(timezone.now()) == 0
    assert read(client, export) == before
    expiry.expire_exports(timezone.now() + timedelta(days=365))
    assert in_bucket(bucket) == []


def read(client: APIClient, export: Export) -> tuple[tuple[int, bytes], ...]:
    url = f"/api/v1/exports/{export.pk}"
    paths = ("archive", "files/manifest.json", "files/preferences.jsonl")
    return tuple(body_of(client, f"{url}/{path}") for path in paths)


def test_what_no_row_claims_is_collected_from_the_bucket(machines: Machines, bucket: Path) -> None:
    project = pairs()
    export = asked(project, "preferences")
    steps_by_turns(export, alternately(machines))
    for left in ("987654321-a.zip", f"{export.pk}-b.zip", f"{export.pk}-b.work/spool/x", "notes"):
        (bucket / left).parent.mkdir(parents=True, exist_ok=True)
        (bucket / left).write_bytes(b"left")

    expiry.collect_folders(timezone.now())
    young = in_bucket(bucket)
    expiry.collect_folders(timezone.now() + timedelta(hours=2))

    assert len(young) == 5
    assert in_bucket(bucket) == sorted([export.folder, "notes"])
    # Nor on the machine that built shards and did not put them together.
    assert {path.name for name in ("one", "two") for path in machines.on(name).iterdir()} <= {
        MARK, selectors.work_of(export).root.name,
    }  # fmt: skip


def test_without_a_bucket_an_export_waits_for_the_machine_that_has_its_work(
    machines: Machines,
) -> None:
    project = pairs()
    export = asked(project, "preferences")
    client = signed_in(factories.member(project, "manager"))
    url = f"/api/v1/exports/{export.pk}"
    machines.on("one")
    step = steps.take_step(export_id=export.pk, now=timezone.now())
    assert step is not None
    jobs.work(step)

    machines.on("two")
    elsewhere = [steps.take_step(export_id=export.pk, now=timezone.now()) for _ in range(5)]
    waiting = client.get(url).json()
    steps_by_turns(export, iter([lambda: machines.on("one")] * 9))
    done = client.get(url).json()
    at_home = body_of(client, f"{url}/archive")
    machines.on("two")
    refused = client.get(f"{url}/archive")

    assert elsewhere == [None] * 5
    assert (waiting["state"], waiting["error"]["code"]) == ("running", "export_elsewhere")
    assert (done["state"], done["error"]) == ("done", None)
    assert (at_home[0], len(at_home[1])) == (200, done["archive_bytes"])
    assert (refused.status_code, refused.json()["code"]) == (409, "export_elsewhere")
