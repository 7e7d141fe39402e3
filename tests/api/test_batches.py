"""Uploads over HTTP: announced, sent in pieces, continued after a break, refused in words."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone
from rest_framework.response import Response
from rest_framework.test import APIClient

from annotator.accounts.models import Role
from annotator.core import places
from annotator.core.places import Files
from annotator.core.reasons import Code, Reason
from annotator.ingest import parts, uploads
from annotator.ingest.models import UploadPart
from annotator.ingest.refusals import Refusal
from annotator.ingest.services import keep_problems
from annotator.projects.models import Batch, Project
from tests import factories
from tests.drivers import signed_in
from tests.uploads import bytes_of, parts_of


@pytest.fixture
def manager(project: Project) -> APIClient:
    return signed_in(factories.member(project, Role.MANAGER))


def announce(client: APIClient, project: Project, **body: Any) -> Response:
    return client.post(
        f"/api/v1/projects/{project.pk}/batches",
        {"name": "first", "filename": "a.zip", "size": 10, "pairs": None, **body},
        format="json",
    )


def send(client: APIClient, batch: int, offset: object, data: bytes) -> Response:
    return client.patch(
        f"/api/v1/batches/{batch}/upload",
        data,
        content_type="application/octet-stream",
        headers={"Upload-Offset": str(offset)},
    )


def test_an_announced_upload_waits_for_its_bytes(manager: APIClient, project: Project) -> None:
    answer = announce(manager, project)

    assert answer.status_code == 201
    body = answer.json()
    assert (body["state"], body["name"], body["filename"]) == ("uploading", "first", "a.zip")
    assert body["progress"] == {"done": 0, "total": 0}
    assert (body["images"], body["items"], body["sampled"], body["problem_count"]) == (0, 0, 0, 0)
    assert body["measured"] == {"done": 0, "failed": 0, "total": 0}
    assert manager.get(f"/api/v1/batches/{body['id']}/upload").json() == {"offset": 0, "size": 10}


def test_an_upload_may_be_of_a_step_of_a_training_run(manager: APIClient, project: Project) -> None:
    assert announce(manager, project, step=1200).json()["step"] == 1200
    assert announce(manager, project).json()["step"] is None
    listed = manager.get(f"/api/v1/projects/{project.pk}/batches").json()
    assert [batch["step"] for batch in listed] == [None, 1200]
    refused = announce(manager, project, step=-1)
    assert (refused.status_code, list(refused.json()["fields"])) == (400, ["step"])
    assert Batch.objects.count() == 2


def test_the_last_byte_requests_the_ingest(manager: APIClient, project: Project) -> None:
    batch = announce(manager, project).json()["id"]

    first = send(manager, batch, 0, b"01234")
    between = manager.get(f"/api/v1/batches/{batch}").json()["state"]
    second = send(manager, batch, 5, b"56789")

    assert (first.status_code, first.json()) == (200, {"offset": 5})
    assert between == "uploading"
    assert (second.status_code, second.json()) == (200, {"offset": 10})
    assert manager.get(f"/api/v1/batches/{batch}").json()["state"] == "requested"
    assert bytes_of(batch) == b"0123456789"


@pytest.mark.parametrize("offset", [0, 3, 6, 100])
def test_a_chunk_at_the_wrong_place_changes_nothing(
    manager: APIClient, project: Project, offset: int
) -> None:
    batch = announce(manager, project).json()["id"]
    send(manager, batch, 0, b"01234")

    answer = send(manager, batch, offset, b"xxxx")

    assert answer.status_code == 409
    assert answer.json()["code"] == "offset_mismatch"
    assert answer.json()["params"] == {"offset": 5}
    assert manager.get(f"/api/v1/batches/{batch}/upload").json()["offset"] == 5
    assert bytes_of(batch) == b"01234"


def test_a_chunk_after_the_last_byte_changes_nothing(manager: APIClient, project: Project) -> None:
    batch = announce(manager, project).json()["id"]
    send(manager, batch, 0, b"0123456789")

    answer = send(manager, batch, 0, b"xxxxxxxxxx")

    assert (answer.status_code, answer.json()["params"]) == (409, {"offset": 10})
    assert bytes_of(batch) == b"0123456789"


def test_more_bytes_than_announced_are_refused(manager: APIClient, project: Project) -> None:
    batch = announce(manager, project).json()["id"]

    answer = send(manager, batch, 0, b"0123456789x")

    assert answer.status_code == 400
    assert answer.json()["code"] == "chunk_beyond_end"
    assert answer.json()["params"] == {"end": 11, "size": 10}
    assert manager.get(f"/api/v1/batches/{batch}/upload").json()["offset"] == 0


def test_a_chunk_over_8_mib_is_refused(manager: APIClient, project: Project) -> None:
    batch = announce(manager, project, size=20 * 1024**2).json()["id"]

    assert send(manager, batch, 0, bytes(8 * 1024**2)).status_code == 200
    answer = send(manager, batch, 8 * 1024**2, bytes(8 * 1024**2 + 1))

    assert (answer.status_code, answer.json()["code"]) == (413, "chunk_too_large")
    assert manager.get(f"/api/v1/batches/{batch}/upload").json()["offset"] == 8 * 1024**2


@pytest.mark.parametrize("offset", ["", "-1", "x", "1e3", "9" * 30])
def test_an_offset_that_is_no_number_is_refused(
    manager: APIClient, project: Project, offset: str
) -> None:
    batch = announce(manager, project).json()["id"]

    assert send(manager, batch, offset, b"01").status_code == 400


def test_an_empty_chunk_and_another_content_type_are_refused(
    manager: APIClient, project: Project
) -> None:
    batch = announce(manager, project).json()["id"]

    assert send(manager, batch, 0, b"").status_code == 400
    as_json = manager.patch(
        f"/api/v1/batches/{batch}/upload", {}, format="json", headers={"Upload-Offset": "0"}
    )
    assert as_json.status_code == 415


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"filename": "a.rar"}, "filename"),
        ({"filename": "a.csv.gz"}, "filename"),
        ({"size": 0}, "size"),
        ({"size": -1}, "size"),
        ({"pairs": "some"}, "pairs"),
        ({"state": "done"}, "state"),
    ],
)
def test_an_announcement_that_makes_no_sense_is_refused(
    manager: APIClient, project: Project, body: dict[str, Any], field: str
) -> None:
    answer = announce(manager, project, **body)

    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == [field]
    assert not Batch.objects.exists()


def test_pairs_are_refused_where_items_have_one_image(db: None) -> None:
    single = factories.project(template="richhf")
    client = signed_in(single.created_by)

    answer = announce(client, single, pairs="all")

    assert answer.status_code == 400
    assert answer.json()["fields"]["pairs"]["code"] == "pairs_do_not_fit"


def test_an_upload_over_the_limit_is_refused_with_the_limit(
    manager: APIClient, project: Project, settings: Any
) -> None:
    settings.UPLOAD_MAX_BYTES = 1024**3

    answer = announce(manager, project, size=2 * 1024**3)

    assert answer.status_code == 413
    assert answer.json()["code"] == "upload_too_large"
    assert answer.json()["params"] == {"gib": 2.0, "max": 1.0}


def test_an_upload_that_would_fill_the_disk_is_refused(
    manager: APIClient, project: Project, settings: Any
) -> None:
    settings.UPLOAD_MAX_BYTES = 10**18

    answer = announce(manager, project, size=10**17)

    assert answer.status_code == 413
    assert answer.json()["code"] == "disk_too_full"
    assert not Batch.objects.exists()


def test_a_person_has_only_so_many_unfinished_uploads(manager: APIClient, project: Project) -> None:
    for _ in range(uploads.MAX_OPEN_UPLOADS):
        assert announce(manager, project).status_code == 201

    assert announce(manager, project).status_code == 409


def test_a_path_in_a_file_name_is_dropped(manager: APIClient, project: Project) -> None:
    answer = announce(manager, project, filename="C:\\secret\\..\\a.zip", name="")

    assert (answer.json()["filename"], answer.json()["name"]) == ("a.zip", "a.zip")


def test_only_managers_upload(project: Project, client: APIClient, manager: APIClient) -> None:
    batch = announce(manager, project).json()["id"]
    reviewer = signed_in(factories.member(project, Role.REVIEWER))
    annotator = signed_in(factories.member(project, Role.ANNOTATOR))
    stranger = signed_in(factories.user())
    calls = {
        "list": lambda who: who.get(f"/api/v1/projects/{project.pk}/batches"),
        "announce": lambda who: announce(who, project),
        "read": lambda who: who.get(f"/api/v1/batches/{batch}"),
        "where": lambda who: who.get(f"/api/v1/batches/{batch}/upload"),
        "send": lambda who: send(who, batch, 0, b"01"),
    }

    got = {
        name: [call(who).status_code for who in (reviewer, annotator, stranger, client)]
        for name, call in calls.items()
    }

    assert got == {
        "list": [200, 403, 404, 401],
        "announce": [403, 403, 404, 401],
        "read": [200, 403, 404, 401],
        "where": [403, 403, 404, 401],
        "send": [403, 403, 404, 401],
    }
    assert not parts_of(batch)


def test_another_projects_upload_is_not_there(manager: APIClient) -> None:
    other = factories.project()
    batch = announce(signed_in(other.created_by), other).json()["id"]

    for answer in (
        manager.get(f"/api/v1/batches/{batch}"),
        manager.get(f"/api/v1/batches/{batch}/upload"),
        send(manager, batch, 0, b"01"),
        manager.get("/api/v1/batches/999999"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_problems_come_in_pages(manager: APIClient, project: Project) -> None:
    batch = factories.batch(project)
    empty = Reason(Code.IMAGE_EMPTY)
    keep_problems(batch, [Refusal(n, f"{n}.png", empty) for n in range(1, 451)])

    first = manager.get(f"/api/v1/batches/{batch.pk}").json()
    second = manager.get(
        f"/api/v1/batches/{batch.pk}", {"problems_after": first["problems_next"]}
    ).json()
    third = manager.get(
        f"/api/v1/batches/{batch.pk}", {"problems_after": second["problems_next"]}
    ).json()

    assert first["problem_count"] == 450
    assert first["problems"][0] == {
        "line": 1,
        "file": "1.png",
        "reason": {"code": "image_empty", "params": {}, "message": "It is empty (0 bytes)."},
    }
    assert [row["line"] for part in (first, second, third) for row in part["problems"]] == list(
        range(1, 451)
    )
    assert third["problems_next"] is None


def test_batches_are_listed_newest_first_at_a_fixed_cost(
    manager: APIClient, project: Project, django_assert_num_queries: Any
) -> None:
    for name in ("old", "new"):
        factories.batch(project, name=name)
    # Membership, batches; images, items, reviews, problems, datasets; of the measuring: judged
    # images of which something was asked, of which some wait, and some have failed.
    with django_assert_num_queries(10):
        answer = manager.get(f"/api/v1/projects/{project.pk}/batches")

    assert [row["name"] for row in answer.json()] == ["new", "old"]
    assert "problems" not in answer.json()[0]


def test_uploads_that_nobody_continues_are_collected(manager: APIClient, project: Project) -> None:
    left, going_on = (announce(manager, project).json()["id"] for _ in range(2))
    for batch in (left, going_on):
        send(manager, batch, 0, b"01234")
    two_days_ago = timezone.now() - timedelta(days=2)
    UploadPart.objects.filter(batch=left).update(received_at=two_days_ago)
    Batch.objects.update(created_at=two_days_ago)

    uploads.drop_abandoned(timezone.now())

    assert manager.get(f"/api/v1/batches/{left}").json()["state"] == "failed"
    assert manager.get(f"/api/v1/batches/{going_on}").json()["state"] == "uploading"
    assert bytes_of(going_on) == b"01234"
    assert not parts_of(left)
    answer = send(manager, left, 5, b"56789")
    assert answer.status_code == 409


def test_bytes_that_no_row_names_are_collected_a_day_later(
    manager: APIClient, project: Project
) -> None:
    batch = announce(manager, project).json()["id"]
    send(manager, batch, 0, b"01234")
    (named,) = parts_of(batch)
    unnamed = named.with_name(f"{batch}-{5:020d}-{'0' * 32}")
    half = named.with_name(f"{unnamed.name}.abc.part")
    assembled = named.with_name(f".{batch}-abc")
    others = named.with_name("notes")
    for path in (unnamed, half, assembled, others):
        path.write_bytes(b"left")
    for path in (named, unnamed, half, assembled, others):
        os.utime(path, (0, 0))

    uploads.drop_abandoned(timezone.now())

    assert not any(path.exists() for path in (unnamed, half, assembled))
    assert others.exists()
    assert bytes_of(batch) == b"01234"


@pytest.mark.django_db(transaction=True)
def test_of_two_writers_at_one_offset_one_is_taken_and_its_bytes_stay(
    manager: APIClient, project: Project
) -> None:
    batch = announce(manager, project, size=100).json()["id"]
    together = threading.Barrier(4)

    def send_own(number: int) -> tuple[int, bytes]:
        data = bytes([number]) * (10 + number)
        together.wait()
        try:
            return send(signed_in(project.created_by), batch, 0, data).status_code, data
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as writers:
        answers = list(writers.map(send_own, range(4)))

    assert sorted(status for status, _ in answers) == [200, 409, 409, 409]
    (taken,) = [data for status, data in answers if status == 200]
    assert bytes_of(batch) == taken
    assert len(parts_of(batch)) == 1
    assert manager.get(f"/api/v1/batches/{batch}/upload").json()["offset"] == len(taken)


def test_a_machine_that_cannot_see_an_uploads_bytes_refuses_more_of_them(
    manager: APIClient, project: Project, settings: Any, tmp_path: Path
) -> None:
    batch = announce(manager, project).json()["id"]
    send(manager, batch, 0, b"01234")
    first = settings.UPLOAD_ROOT

    settings.UPLOAD_ROOT = tmp_path / "another machine's"
    answer = send(manager, batch, 5, b"56789")

    assert (answer.status_code, answer.json()["code"]) == (409, "upload_elsewhere")
    assert not parts_of(batch)
    settings.UPLOAD_ROOT = first
    assert send(manager, batch, 5, b"56789").status_code == 200
    assert bytes_of(batch) == b"0123456789"


def test_a_folder_keeps_its_id_and_another_has_its_own(settings: Any, tmp_path: Path) -> None:
    once, again = (places.here(Files.UPLOADS) for _ in range(2))
    settings.UPLOAD_ROOT = tmp_path / "another machine's"

    assert once == again
    assert places.here(Files.UPLOADS) not in (once, places.BUCKET)
    assert not places.reaches(Files.UPLOADS, once)
    assert not places.reaches(Files.UPLOADS, places.BUCKET)


def test_an_upload_under_way_at_the_upgrade_goes_on(
    manager: APIClient, project: Project, settings: Any
) -> None:
    """It was one file, whose end may be torn, and which is now the first part."""
    batch = Batch.objects.create(
        project=project, name="old", filename="a.zip", size=10, offset=5,
        created_by=project.created_by,
    )  # fmt: skip
    settings.UPLOAD_ROOT.mkdir()
    (settings.UPLOAD_ROOT / str(batch.pk)).write_bytes(b"01234torn")

    import_module("annotator.ingest.migrations.0002_upload_parts").take_over(apps, None)

    assert send(manager, batch.pk, 5, b"56789").status_code == 200
    batch.refresh_from_db()
    with parts.assembled(batch, lambda: None) as whole:
        assert whole.read_bytes() == b"0123456789"
    parts.drop(batch)
    assert not list(settings.UPLOAD_ROOT.iterdir())


def test_an_upload_that_is_announced_again_by_its_key_is_the_same_batch(
    manager: APIClient, project: Project
) -> None:
    def post(key: str, who: APIClient = manager, **body: Any) -> Response:
        values = {"name": "a", "filename": "a.zip", "size": 100, **body}
        return who.post(
            f"/api/v1/projects/{project.pk}/batches", values, format="json",
            headers={"Idempotency-Key": key},
        )  # fmt: skip

    first, again = post("upload-0001"), post("upload-0001")
    colleague = signed_in(factories.member(project, "manager"))

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json()["id"] == first.json()["id"]
    assert Batch.objects.count() == 1
    assert post("upload-0002").json()["id"] != first.json()["id"]
    assert post("upload-0001", colleague).json()["id"] != first.json()["id"]
    for other in ({"size": 101}, {"filename": "b.zip"}, {"pairs": "all"}, {"step": 1}):
        refused = post("upload-0001", **other)
        assert (refused.status_code, refused.json()["code"]) == (422, "key_reused")
    assert post("short").json()["fields"]["Idempotency-Key"]["code"] == "key_length"
    assert Batch.objects.count() == 3
