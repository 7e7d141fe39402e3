"""Exports over HTTP: who may, what is refused, and downloads that go on where they broke off."""

import hashlib
import io
import os
import time
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.response import Response
from rest_framework.test import APIClient

from annotator.core.errors import StaleState
from annotator.core.places import MARK
from annotator.exports import expiry, selectors, steps
from annotator.exports.models import Export
from annotator.projects.models import Project
from annotator.workers.export import build_export
from tests import factories, judged
from tests.drivers import signed_in
from tests.rooms.exported import batch, pair_project, voted


def ask(client: APIClient, project: Project, **body: Any) -> Response:
    """Asks for an export, of preferences if nothing else is said."""
    wanted = body or {"format": "preferences"}
    return client.post(f"/api/v1/projects/{project.pk}/exports", wanted, format="json")


def body_of(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.fixture
def project(transactional_db):
    project = pair_project()
    voted(project, batch(project), "1", "aab")
    return project


@pytest.fixture
def manager(project) -> APIClient:
    return signed_in(factories.member(project, "manager"))


@pytest.fixture
def done(project, manager) -> int:
    """The number of an export that a worker has made."""
    asked = manager.post(
        f"/api/v1/projects/{project.pk}/exports", {"format": "preferences"}, "json"
    )
    build_export(asked.data["id"])
    return asked.data["id"]


def test_a_manager_asks_follows_and_downloads(project, manager) -> None:
    asked = ask(manager, project, format="preferences", options={"min_margin": 0.25})

    assert asked.status_code == 202
    assert asked.data["state"] == "requested"
    assert asked.data["options"]["min_margin"] == 0.25
    build_export(asked.data["id"])
    found = manager.get(f"/api/v1/exports/{asked.data['id']}").data
    assert (found["state"], found["rows"], found["error"]) == ("done", 1, None)
    assert found["progress"] == {
        "stage": "assembly", "done": 1, "total": 1, "shards_done": 0, "shards": 0,
    }  # fmt: skip
    names = [file["name"] for file in found["files"]]
    assert [name for name in names if "/" not in name] == [
        "README.md", "manifest.json", "preferences.jsonl",
    ]  # fmt: skip
    of_split = [name.split("/") for name in names if "/" in name]
    assert len(of_split) == 3
    assert len({folder for folder, _ in of_split}) == 1
    assert "metadata.parquet" in {name for _, name in of_split}
    assert found["file_count"] == 6
    for file in found["files"]:
        response = manager.get(file["url"])
        data = body_of(response)
        assert response.status_code == 200
        assert (len(data), hashlib.sha256(data).hexdigest()) == (file["bytes"], file["sha256"])
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Disposition"].startswith("attachment; filename=")
    listed = manager.get(f"/api/v1/projects/{project.pk}/exports").data
    assert [(row["id"], row["files"], row["file_count"]) for row in listed] == [
        (found["id"], [], 6)
    ]


def test_formats_say_what_can_be_chosen_and_why_they_do_not_fit(project, manager) -> None:
    found = {
        f["name"]: f for f in manager.get(f"/api/v1/projects/{project.pk}/export-formats").data
    }

    assert {"annotations", "preferences", "heatmaps"} <= set(found)
    assert all(f["use"] for f in found.values())
    assert found["preferences"]["reason"] is None
    assert found["heatmaps"]["reason"]["code"] == "no_marks"
    assert found["heatmaps"]["options"] == []
    dimension = found["preferences"]["options"][0]
    assert dimension.pop("help")
    assert dimension == {
        "name": "dimension",
        "type": "question",
        "default": "all",
        "choices": ["all", "overall"],
        "minimum": None,
        "maximum": None,
        "whole": False,
        "rare": False,
        "needs": {},
    }
    margin = next(o for o in found["preferences"]["options"] if o["name"] == "min_margin")
    assert (margin["type"], margin["minimum"], margin["maximum"]) == ("number", 0.0, 1.0)
    assert [o["name"] for o in found["preferences"]["options"]] == [
        "dimension", "aggregation", "min_margin", "partial", "split", "seed", "images", "encoding",
        "answers_of", "batches", "shard_items",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "field", "code"),
    [
        ({"format": "preferences", "options": {"colour": 1}}, "colour", "options_invalid"),
        ({"format": "preferences", "options": {"min_margin": 2}}, "min_margin", "options_invalid"),
        ({"format": "preferences", "path": "/etc"}, "path", "invalid"),
        ({"format": "everything"}, "format", "no_such_format"),
        ({"format": "heatmaps"}, "format", "no_marks"),
        ({}, "format", "invalid"),
    ],
)
def test_what_is_not_understood_is_refused(project, manager, asked, field, code) -> None:
    refused = manager.post(f"/api/v1/projects/{project.pk}/exports", asked, format="json")

    assert refused.status_code == 400
    assert refused.data["code"] == code
    assert list(refused.data["fields"]) == [field]
    assert not Export.objects.exists()


@pytest.mark.parametrize(
    ("role", "status"), [("manager", 200), ("reviewer", 403), ("annotator", 403), (None, 404)]
)
def test_only_managers_of_the_project_see_exports(project, done, role, status) -> None:
    person = factories.member(project, role) if role else factories.user()
    client = signed_in(person)

    for url in (
        f"/api/v1/projects/{project.pk}/export-formats",
        f"/api/v1/projects/{project.pk}/exports",
        f"/api/v1/exports/{done}",
        f"/api/v1/exports/{done}/files/manifest.json",
        f"/api/v1/exports/{done}/archive",
    ):
        assert client.get(url).status_code == status
    asked = ask(client, project, format="annotations")
    assert asked.status_code == (202 if status == 200 else status)
    assert Export.objects.count() == (2 if status == 200 else 1)


def test_a_stranger_is_told_to_sign_in(project, done, client) -> None:
    for url in (f"/api/v1/exports/{done}", f"/api/v1/exports/{done}/archive"):
        assert client.get(url).status_code == 401


@pytest.mark.parametrize("what", ["files/preferences.jsonl", "archive"])
def test_a_download_goes_on_where_it_broke_off(done, manager, what) -> None:
    url = f"/api/v1/exports/{done}/{what}"
    whole = body_of(manager.get(url))
    size = len(whole)

    for asked, part in [
        ("bytes=0-9", (0, 10)),
        ("bytes=10-", (10, size)),
        ("bytes=-5", (size - 5, size)),
        ("bytes=0-99999999", (0, size)),
    ]:
        response = manager.get(url, headers={"Range": asked})
        assert response.status_code == 206
        assert body_of(response) == whole[slice(*part)]
        assert response["Content-Range"] == f"bytes {part[0]}-{part[1] - 1}/{size}"
        assert response["Content-Length"] == str(part[1] - part[0])
    for beyond in ("bytes=99999999-", "bytes=-0"):
        response = manager.get(url, headers={"Range": beyond})
        assert (response.status_code, response["Content-Range"]) == (416, f"bytes */{size}")
    for not_one in ("bytes=0-1,4-5", "rows=0-1", "bytes=-", "", f"bytes={'1' * 5000}-"):
        response = manager.get(url, headers={"Range": not_one})
        assert (response.status_code, body_of(response)) == (200, whole)


def test_behind_a_proxy_it_sends_the_files_and_no_thread_of_the_site_does(
    project, done, manager, settings
) -> None:
    settings.ACCEL_REDIRECT_EXPORTS = "/_exports/"
    url = f"/api/v1/exports/{done}/files/preferences.jsonl"
    folder = Export.objects.get(pk=done).folder

    answer = manager.get(url, headers={"Range": "bytes=5-"})
    archive = manager.get(f"/api/v1/exports/{done}/archive")
    annotator = signed_in(factories.member(project)).get(url)
    absent = manager.get(f"/api/v1/exports/{done}/files/.place")

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["X-Accel-Redirect"] == f"/_exports/{folder}/preferences.jsonl"
    assert answer["Content-Disposition"] == 'attachment; filename="preferences.jsonl"'
    assert answer["Cache-Control"] == "private, no-cache"
    # No file: it is put together while it is sent.
    assert archive.streaming
    assert "X-Accel-Redirect" not in archive.headers
    assert (annotator.status_code, absent.status_code) == (403, 404)
    for refused in (annotator, absent):
        assert "X-Accel-Redirect" not in refused.headers


def test_a_changed_file_starts_over(done, manager) -> None:
    url = f"/api/v1/exports/{done}/archive"
    etag = manager.get(url)["ETag"]

    same = manager.get(url, headers={"Range": "bytes=5-", "If-Range": etag})
    other = manager.get(url, headers={"Range": "bytes=5-", "If-Range": '"other"'})

    assert (same.status_code, other.status_code) == (206, 200)


def test_the_archive_holds_the_folder_and_nothing_else(project, done, manager) -> None:
    response = manager.get(f"/api/v1/exports/{done}/archive", headers={"Accept": "application/zip"})
    data = body_of(response)

    assert int(response["Content-Length"]) == len(data)
    assert response["Content-Disposition"] == f'attachment; filename="preferences-{done}.zip"'
    folder = selectors.folder_of(Export.objects.get(pk=done))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        for entry in archive.infolist():
            assert entry.filename.startswith("preferences/")
            assert ".." not in entry.filename
            assert (entry.external_attr >> 16, entry.date_time) == (0o100644, (1980, 1, 1, 0, 0, 0))
            stored = folder / entry.filename.removeprefix("preferences/")
            assert archive.read(entry) == stored.read_bytes()
        on_disk = [path for path in folder.rglob("*") if path.is_file()]
        assert len(archive.infolist()) == len(on_disk) == 6


def test_the_archive_of_the_same_data_has_the_same_bytes(project, done, manager) -> None:
    asked = manager.post(
        f"/api/v1/projects/{project.pk}/exports", {"format": "preferences"}, "json"
    )
    build_export(asked.data["id"])

    first = body_of(manager.get(f"/api/v1/exports/{done}/archive"))
    again = body_of(manager.get(f"/api/v1/exports/{done}/archive"))
    other = body_of(manager.get(f"/api/v1/exports/{asked.data['id']}/archive"))

    assert first == again == other


def test_no_name_from_outside_reaches_the_disk(done, manager) -> None:
    for name in (
        "../manifest.json",
        "..%2f..%2fsecret_key",
        "%2fetc%2fpasswd",
        "images/../manifest.json",
        "./manifest.json",
        "manifest.json%00",
        "images",
        "",
    ):
        assert manager.get(f"/api/v1/exports/{done}/files/{name}").status_code == 404


def test_an_export_under_way_has_no_files(project, manager) -> None:
    asked = manager.post(
        f"/api/v1/projects/{project.pk}/exports", {"format": "preferences"}, "json"
    )

    for what in ("archive", "files/manifest.json"):
        refused = manager.get(f"/api/v1/exports/{asked.data['id']}/{what}")
        assert refused.status_code == 409
        assert refused.json()["code"] == "export_not_done"


def kept(settings) -> list[str]:
    """What lies where exports are made, but the folder's own id."""
    return sorted({path.name for path in Path(settings.EXPORT_ROOT).iterdir()} - {MARK})


def test_a_failed_export_says_why(project, manager, settings) -> None:
    place = judged.ItemImage.objects.filter(item__project=project).first()
    (Path(settings.MEDIA_ROOT) / place.image.path).unlink()
    asked = manager.post(
        f"/api/v1/projects/{project.pk}/exports", {"format": "preferences"}, "json"
    )

    build_export(asked.data["id"])

    found = manager.get(f"/api/v1/exports/{asked.data['id']}").data
    assert found["state"] == "failed"
    assert (found["error"]["code"], found["error"]["params"]) == (
        "image_lost",
        {"sha256": place.image.sha256},
    )
    assert found["files"] == []
    # What is needed to go on from here is kept, under a name that no download reaches.
    assert kept(settings) == [f".{asked.data['id']}-{Export.objects.get().spooled_by}.work"]


def test_what_a_killed_attempt_left_is_cleared_away(project, manager, settings) -> None:
    asked = ask(manager, project)
    root = Path(settings.EXPORT_ROOT)
    long_ago = time.time() - 7200
    for left in (f".{asked.data['id']}-0.work", f"{asked.data['id']}-0", "987654321-1", "notes"):
        (root / left).mkdir(parents=True)
        (root / left / "half").write_text("half")
        os.utime(root / left, (long_ago, long_ago))

    build_export(asked.data["id"])
    expiry.collect_folders(timezone.now())

    assert kept(settings) == [Export.objects.get().folder, "notes"]
    assert manager.get(f"/api/v1/exports/{asked.data['id']}").data["state"] == "done"


def test_a_worker_that_was_thought_dead_changes_nothing(project, manager, settings) -> None:
    asked = ask(manager, project)
    slow = steps.take_step(export_id=asked.data["id"], now=timezone.now())
    assert slow is not None
    Export.objects.update(held_until=timezone.now() - timedelta(seconds=1))
    build_export(asked.data["id"])
    done = manager.get(f"/api/v1/exports/{asked.data['id']}").data

    with pytest.raises(StaleState):
        slow.save(done_count=1)
    with pytest.raises(StaleState):
        slow.fail(error="late")

    assert manager.get(f"/api/v1/exports/{asked.data['id']}").data == done
    assert done["state"] == "done"
    assert kept(settings) == [Export.objects.get().folder]
    assert slow.token not in Export.objects.get().folder


def test_an_export_that_is_asked_for_again_by_its_key_is_the_same(
    project: Project, manager: APIClient
) -> None:
    def post(key: str, who: APIClient = manager, **options: Any) -> Response:
        return who.post(
            f"/api/v1/projects/{project.pk}/exports",
            {"format": "preferences", "options": options}, format="json",
            headers={"Idempotency-Key": key},
        )  # fmt: skip

    first, again = post("export-0001", min_margin=0.25), post("export-0001", min_margin=0.25)
    build_export(first.json()["id"])
    done = post("export-0001", min_margin=0.25)

    assert [one.status_code for one in (first, again, done)] == [202, 202, 202]
    assert {one.json()["id"] for one in (again, done)} == {first.json()["id"]}
    assert (again.json()["state"], done.json()["state"]) == ("requested", "done")
    refused = post("export-0001", min_margin=0.5)
    assert (refused.status_code, refused.json()["code"]) == (422, "key_reused")
    assert post("short").json()["fields"]["Idempotency-Key"]["code"] == "key_length"
    assert Export.objects.count() == 1
    colleague = signed_in(factories.member(project, "manager"))
    assert post("export-0001", colleague, min_margin=0.25).json()["id"] != first.json()["id"]
    assert post("export-0002").json()["id"] != first.json()["id"]
