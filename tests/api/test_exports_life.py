"""Exports that are refused, cancelled, tried again, grown old and removed, over HTTP."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings as site
from django.utils import timezone
from rest_framework.test import APIClient

from annotator import jobs
from annotator.core.errors import StaleState
from annotator.core.places import MARK
from annotator.exports import expiry, free_space, selectors, steps
from annotator.exports.formats.options import Options
from annotator.exports.formats.registry import FORMATS
from annotator.exports.models import Export, ExportFile, ExportShard
from annotator.exports.read.source import Selection, source_of
from annotator.projects.models import Project
from annotator.workers.export import build_export
from tests import factories, judged
from tests.drivers import signed_in
from tests.rooms.exported import batch, pair_project, voted


@pytest.fixture
def project(transactional_db) -> Project:
    project = pair_project()
    in_batch = batch(project)
    for number in range(6):
        voted(project, in_batch, str(number), "aab")
    return project


@pytest.fixture
def manager(project) -> APIClient:
    return signed_in(factories.member(project, "manager"))


@pytest.fixture
def ask(project, manager) -> Callable[..., int]:
    def asked(**options: object) -> int:
        body = {"format": "preferences", "options": {"shard_items": 2, **options}}
        answer = manager.post(f"/api/v1/projects/{project.pk}/exports", body, format="json")
        assert answer.status_code == 202, answer.data
        return int(answer.data["id"])

    return asked


def folders() -> list[str]:
    root = Path(site.EXPORT_ROOT)
    return sorted({path.name for path in root.iterdir()} - {MARK}) if root.exists() else []


def one_step(export: int) -> None:
    step = steps.take_step(export_id=export, now=timezone.now())
    assert step is not None
    jobs.work(step)


def test_progress_is_told_by_stage(ask, manager) -> None:
    export = ask()
    url = f"/api/v1/exports/{export}"

    assert manager.get(url).data["progress"]["stage"] == "spool"
    one_step(export)
    spooled = manager.get(url).data
    one_step(export)
    begun = manager.get(url).data["progress"]
    build_export(export)
    done = manager.get(url).data

    assert spooled["state"] == "running"
    assert spooled["progress"] == {
        "stage": "shards", "done": 0, "total": 6, "shards_done": 0, "shards": 3,
    }  # fmt: skip
    assert (begun["done"], begun["shards_done"]) == (2, 1)
    assert done["state"] == "done"
    assert done["total_bytes"] == sum(file["bytes"] for file in done["files"])
    archive = manager.get(f"{url}/archive")
    assert int(archive["Content-Length"]) == done["archive_bytes"]
    assert len(b"".join(archive.streaming_content)) == done["archive_bytes"]


@pytest.mark.parametrize("after", [0, 1, 2])
def test_a_cancelled_export_stops_and_leaves_nothing(ask, manager, after: int) -> None:
    export = ask()
    for _ in range(after):
        one_step(export)
    held = steps.take_step(export_id=export, now=timezone.now())
    assert held is not None

    answer = manager.post(f"/api/v1/exports/{export}/cancel")

    assert (answer.status_code, answer.data["state"]) == (200, "cancelled")
    assert folders() == []
    assert not ExportShard.objects.exists()
    with pytest.raises(StaleState):
        held.save(done_count=1)
    jobs.work(held)
    assert manager.get(f"/api/v1/exports/{export}").data["state"] == "cancelled"
    assert steps.take_step(export_id=export, now=timezone.now()) is None
    assert manager.post(f"/api/v1/exports/{export}/cancel").status_code == 409
    assert manager.post(f"/api/v1/exports/{export}/retry").status_code == 409
    assert manager.get(f"/api/v1/exports/{export}/archive").status_code == 409


def test_a_failed_export_is_tried_again_from_where_it_is(ask, project, manager) -> None:
    places = judged.ItemImage.objects.filter(item__project=project).order_by("item__key", "place")
    lost = places[5].image
    stored = Path(site.MEDIA_ROOT) / lost.path
    content = stored.read_bytes()
    stored.unlink()
    export = ask()
    build_export(export)
    failed = manager.get(f"/api/v1/exports/{export}").data
    assert (failed["state"], failed["progress"]["stage"]) == ("failed", "shards")
    assert failed["error"]["code"] == "image_lost"
    voted(project, project_batch(project), "later", "bbb")

    stored.write_bytes(content)
    again = manager.post(f"/api/v1/exports/{export}/retry")
    first_done = ExportShard.objects.filter(export=export, state="done").count()
    build_export(export)

    assert (again.status_code, again.data["state"], again.data["error"]) == (202, "requested", None)
    assert first_done == 1
    done = manager.get(f"/api/v1/exports/{export}").data
    # Of the same snapshot: what came later is not in it.
    assert (done["state"], done["rows"]) == ("done", 6)
    assert folders() == [Export.objects.get(pk=export).folder]


def project_batch(project: Project):
    return judged.Batch.objects.get(project=project)


def test_a_failed_export_that_nobody_tried_again_begins_anew(ask, project, manager) -> None:
    lost = judged.ItemImage.objects.filter(item__project=project).first().image
    stored = Path(site.MEDIA_ROOT) / lost.path
    content = stored.read_bytes()
    stored.unlink()
    export = ask()
    build_export(export)
    stored.write_bytes(content)

    expiry.expire_exports(timezone.now() + timedelta(days=2))

    assert folders() == []
    manager.post(f"/api/v1/exports/{export}/retry")
    build_export(export)
    assert manager.get(f"/api/v1/exports/{export}").data["state"] == "done"


def test_a_removed_export_is_gone_with_its_files(ask, manager) -> None:
    export = ask()
    assert manager.delete(f"/api/v1/exports/{export}").status_code == 409
    build_export(export)
    assert len(folders()) == 1

    assert manager.delete(f"/api/v1/exports/{export}").status_code == 204

    assert folders() == []
    assert not Export.objects.exists()
    assert manager.get(f"/api/v1/exports/{export}").status_code == 404


def test_an_old_export_keeps_its_row_and_loses_its_files(ask, manager, settings) -> None:
    settings.EXPORT_KEEP_DAYS = 30
    export = ask()
    build_export(export)
    found = manager.get(f"/api/v1/exports/{export}").data
    finished_at = datetime.fromisoformat(found["finished_at"])
    assert datetime.fromisoformat(found["expires_at"]) == finished_at + timedelta(days=30)

    expiry.expire_exports(finished_at + timedelta(days=29))
    assert len(folders()) == 1
    expiry.expire_exports(finished_at + timedelta(days=31))

    assert folders() == []
    assert not ExportFile.objects.exists()
    old = manager.get(f"/api/v1/exports/{export}").data
    assert (old["state"], old["rows"], old["files"]) == ("expired", 6, [])
    refused = manager.get(f"/api/v1/exports/{export}/archive")
    assert refused.status_code == 409
    assert refused.json()["code"] == "export_expired"


def test_exports_are_kept_for_good_where_that_is_set(ask, settings) -> None:
    settings.EXPORT_KEEP_DAYS = 0
    build_export(ask())

    expiry.expire_exports(timezone.now() + timedelta(days=9999))

    assert len(folders()) == 1


def test_an_empty_project_is_told_before_it_starts(manager, project) -> None:
    empty = pair_project()
    other = signed_in(factories.member(empty, "manager"))
    url = f"/api/v1/projects/{empty.pk}/exports"

    nothing = other.post(url, {"format": "preferences"}, format="json")
    voted(empty, batch(empty), "1", "aa", settled=False)
    unsettled = other.post(url, {"format": "preferences"}, format="json")
    partial = other.post(
        url, {"format": "preferences", "options": {"partial": True}}, format="json"
    )

    assert (nothing.status_code, unsettled.status_code, partial.status_code) == (409, 409, 202)
    assert nothing.data["code"] == "nothing_to_export"
    assert (unsettled.data["code"], unsettled.data["params"]) == ("none_settled", {"count": 1})
    assert Export.objects.count() == 1


def test_batches_can_be_chosen(manager, project) -> None:
    other = batch(project)
    voted(project, other, "z", "bbb")
    url = f"/api/v1/projects/{project.pk}/exports"

    def rows(batches: str) -> int:
        body = {"format": "preferences", "options": {"batches": batches}}
        asked = manager.post(url, body, format="json")
        assert asked.status_code == 202, asked.data
        build_export(asked.data["id"])
        return int(manager.get(f"/api/v1/exports/{asked.data['id']}").data["rows"])

    first = project_batch_ids(project)[0]
    assert (rows(""), rows(str(other.pk)), rows(f"{first},{other.pk}")) == (7, 1, 7)
    body = {"format": "preferences", "options": {"batches": "all of them"}}
    refused = manager.post(url, body, format="json")
    assert (refused.status_code, list(refused.data["fields"])) == (400, ["batches"])


def project_batch_ids(project: Project) -> list[int]:
    rows = judged.Batch.objects.filter(project=project).order_by("pk")
    return list(rows.values_list("pk", flat=True))


def test_a_full_disk_is_told_before_it_starts(manager, project, settings) -> None:
    settings.MIN_FREE_BYTES = 10**18

    refused = manager.post(
        f"/api/v1/projects/{project.pk}/exports", {"format": "preferences"}, format="json"
    )

    assert refused.status_code == 409
    assert refused.data["code"] == "no_free_space"
    assert not Export.objects.exists()


def test_only_unclaimed_folders_of_ours_are_collected(ask, settings) -> None:
    export = ask()
    build_export(export)
    kept = folders()
    root = Path(settings.EXPORT_ROOT)
    for left in ("987654321-1", ".987654321-1.work", "notes", f".{export}-99.work"):
        (root / left).mkdir()

    expiry.collect_folders(timezone.now())
    young = folders()
    expiry.collect_folders(timezone.now() + timedelta(hours=2))

    assert len(young) == len(kept) + 4
    assert folders() == sorted([*kept, "notes"])


def test_a_list_of_exports_takes_as_many_queries_however_long(
    ask, project, django_assert_num_queries
) -> None:
    for _ in range(3):
        one_step(ask())

    with django_assert_num_queries(2):
        # 1 the exports with their makers, 1 the shards of those under way.
        exports = selectors.exports_of(project)
        progress = selectors.progress_of(exports)

    assert [progress[export.pk].shards for export in exports] == [3, 3, 3]


def test_room_is_reckoned_from_images_and_maps(project) -> None:
    form = replace(FORMATS["preferences"], bytes_an_image=lambda options, questions: 1000)
    source = source_of(project, Selection())
    images = sum(
        place.image.bytes for place in judged.ItemImage.objects.filter(item__project=project)
    )

    def needed(**values: bool) -> int:
        return free_space.bytes_needed(source, form, Options(values))

    assert needed() == 6 * free_space.ROW_BYTES + 12 * 1000
    assert needed(images=True) - needed() == images
