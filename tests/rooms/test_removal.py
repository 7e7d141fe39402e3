"""Projects and batches are deleted with all that they hold, in stretches that may be repeated."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models
from django.utils import timezone

from annotator import jobs
from annotator.accounts.models import Role
from annotator.actions.models import Action
from annotator.annotations.models import Annotation
from annotator.core.errors import Conflict, Invalid, NotFound
from annotator.core.storage import names_below
from annotator.exports.models import Export, ExportFile
from annotator.exports.selectors import folder_of
from annotator.exports.services import request_export
from annotator.ingest import parts
from annotator.items.models import Image, Item
from annotator.measurements.models import Likeness, Reference, SetMeasurement
from annotator.pipeline import removal as removing
from annotator.pipeline.holdings import counts_of_holdings, holdings_of_batch, holdings_of_project
from annotator.projects import lifecycle, removals
from annotator.projects.models import Batch, Project, Removal
from annotator.projects.selectors import batch_for, project_for, projects_of, removals_of
from annotator.workers import removal as worker  # noqa: F401 - says what is done with one
from tests import factories
from tests.drivers import Annotator, Reviewer, mps_answers, signed_in
from tests.promises import broken

pytestmark = pytest.mark.django_db

NOON = timezone.now()


def with_files(project: Project) -> None:
    """Gives rows of images files (their bytes need not be images)."""
    for image in Image.objects.filter(project=project):
        content = f"image {image.pk}".encode()
        image.sha256 = hashlib.sha256(content).hexdigest()
        image.save()
        for path in image.all_paths:
            default_storage.save(path, ContentFile(content))


def judged(project: Project, items: int = 3) -> Batch:
    """A batch that two people have answered, with a review and one image's twin in each."""
    made = factories.open_items(project, items)
    with_files(project)
    for _ in range(2):
        driver = Annotator(factories.member(project), project)
        for _ in range(items):
            driver.claim().submit(mps_answers("a"))
    return made[0].batch


def files(project: Project) -> set[str]:
    return set(names_below(default_storage, f"projects/{project.pk}"))


def rows_of(project: Project) -> dict[str, int]:
    """Model → its rows that lead to the project, for every model that has a way there."""
    ways = {"project": project, "batch__project": project, "item__project": project}
    found = {}
    for model in apps.get_models():
        names = {field.name for field in model._meta.get_fields()}
        for way, value in ways.items():
            if way.partition("__")[0] in names and isinstance(
                model._meta.get_field(way.partition("__")[0]), models.ForeignKey
            ):
                found[model.__name__] = model._default_manager.filter(**{way: value}).count()
    return found


def delete_batch(batch: Batch, name: str | None = None) -> Removal:
    return removals.request_batch_removal(
        batch,
        name=name,
        counts=counts_of_holdings(holdings_of_batch(batch)),
        by=batch.project.created_by,
        now=NOON,
    )


def delete_project(project: Project, name: str) -> Removal:
    return removals.request_project_removal(
        project,
        name=name,
        counts=counts_of_holdings(holdings_of_project(project)),
        by=project.created_by,
        now=NOON,
    )


def work(removal: Removal) -> Removal:
    jobs.run(Removal, removal.pk)
    removal.refresh_from_db()
    return removal


def test_a_batch_goes_with_all_that_it_held_and_leaves_the_others_alone(project: Project) -> None:
    Project.objects.filter(pk=project.pk).update(overlap=2, review_rate=0.5)
    project.refresh_from_db()
    going, staying = judged(project), judged(project)
    twin = Image.objects.filter(batch=staying)[0]
    Image.objects.filter(pk=Image.objects.filter(batch=going)[0].pk).update(sha256=twin.sha256)
    one, two = Image.objects.filter(batch=going)[0], twin
    Likeness.objects.create(image=one, other=two, distance=1)
    Likeness.objects.create(image=two, other=one, distance=1)
    kept = {name for image in Image.objects.filter(batch=staying)
            for name in image.all_paths}  # fmt: skip
    answers = Annotation.objects.filter(item__batch=staying).count()

    removal = delete_batch(going, name=going.name)
    with pytest.raises(NotFound):
        batch_for(project.created_by, going.pk)
    work(removal)

    assert (removal.state, removal.done_count, removal.total_count) == ("done", 3, 3)
    assert not Batch.objects.filter(pk=going.pk).exists()
    assert (Item.objects.count(), Annotation.objects.count()) == (3, answers)
    assert Likeness.objects.count() == 0
    assert kept <= files(project)
    # What was the deleted one's alone is gone, but for one that its test made a stray of.
    assert len(files(project) - kept) == 4
    for stray in files(project) - kept:
        default_storage.delete(stray)
    assert broken() == set()
    told = Action.objects.get(verb__startswith="batch.")
    assert (told.verb, told.target) == ("batch.deleted", f"batch:{going.pk}")
    assert told.details["counts"] | {"verdicts": 0} == {
        "batches": 1, "items": 3, "images": 6, "answers": 6, "verdicts": 0, "exports": 0,
    }  # fmt: skip


def test_a_batch_with_answers_is_not_deleted_without_its_name(project: Project) -> None:
    batch = judged(project)
    for name in (None, "another"):
        with pytest.raises(Invalid) as refused:
            delete_batch(batch, name=name)
        assert refused.value.fields["name"].code == "name_differs"

    assert Batch.objects.get().state == "done"
    assert Removal.objects.count() == 0


def test_a_failed_or_unfinished_upload_disappears_with_one_press(project: Project) -> None:
    unfinished = factories.batch(project, state="uploading", size=10)
    parts.keep(unfinished, offset=0, data=b"12345")
    failed = factories.batch(project, state="failed", error={"code": "nothing_taken", "params": {}})
    client = signed_in(project.created_by)

    for batch in (unfinished, failed):
        answer = client.post(f"/api/v1/batches/{batch.pk}/delete", {}, format="json")
        assert answer.status_code == 202, answer.content
    assert client.get(f"/api/v1/projects/{project.pk}/batches").json() == []
    assert [one.state for one in removals_of(project.created_by)] == ["requested"] * 2
    for removal in removals_of(project.created_by):
        work(removal)

    assert Batch.objects.count() == 0
    assert not list(Path(str(parts.places.root(parts.Files.UPLOADS))).glob("[0-9]*"))
    assert removals_of(project.created_by) == []


def test_what_is_being_read_or_exported_is_not_deleted(project: Project) -> None:
    batch = judged(project)
    running = factories.batch(project, state="running", holder="w")
    with pytest.raises(Conflict) as refused:
        delete_batch(batch, name=batch.name)
    assert refused.value.reason.code == "batch_under_way"
    running.delete()
    export = Export.objects.create(project=project, format="annotations", state="running")

    waiting = work(delete_batch(batch, name=batch.name))

    assert waiting.state == "requested"
    assert waiting.reason is not None
    assert waiting.reason.code == "export_reads"
    assert Item.objects.count() == 3
    Export.objects.filter(pk=export.pk).update(state="cancelled")
    assert work(waiting).state == "done"


def test_nothing_is_exported_or_read_while_something_is_being_deleted(project: Project) -> None:
    batch = judged(project)
    delete_batch(batch, name=batch.name)

    with pytest.raises(Conflict) as refused:
        request_export(
            project=project, format_name="annotations", options={}, created_by=project.created_by
        )

    assert refused.value.reason.code == "removal_under_way"
    assert Export.objects.count() == 0


def test_a_killed_worker_is_followed_by_one_that_goes_on(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(removing, "ITEMS_AT_ONCE", 2)
    batch = judged(project, items=5)
    removal = delete_batch(batch, name=batch.name)
    held = jobs.take(removal, now=timezone.now())
    assert held is not None
    assert removing._take_items(held, [batch]) is True
    assert Item.objects.count() == 3
    assert broken() == set()
    # As the sweep leaves it once the worker's lease is over.
    Removal.objects.filter(pk=removal.pk).update(state="requested", holder="", held_until=None)

    work(removal)

    assert (removal.state, removal.done_count, removal.total_count) == ("done", 5, 5)
    assert Item.objects.count() == 0
    assert broken() == set()


def test_an_answer_to_what_has_gone_is_not_found_and_does_no_harm(project: Project) -> None:
    made = factories.open_items(project, 1)
    with_files(project)
    ada = Annotator(factories.member(project), project).claim()
    work(delete_batch(made[0].batch))

    answer = ada.put(ada.held[0]["id"], mps_answers("a"))

    assert answer.status_code == 404
    assert ada.claim().held == []


def test_sets_are_measured_anew_and_those_of_nobody_forgotten(project: Project) -> None:
    first = judged(project)
    judged(project)
    Image.objects.filter(batch=first, source_name__endswith="-0.png").update(generator="gone")
    values = {"network": "n", "metric": "is", "version": "1", "state": "done", "value": 1.0,
              "at": NOON}  # fmt: skip
    for generator in ("gone", "generator-0"):
        SetMeasurement.objects.create(project=project, generator=generator, **values)

    work(delete_batch(first, name=first.name))

    assert list(SetMeasurement.objects.values_list("generator", "state")) == [
        ("generator-0", "requested")
    ]


def finished_export(project: Project) -> Export:
    export = Export.objects.create(
        project=project, format="annotations", state="done", folder="7-x",
        created_by=project.created_by,
    )  # fmt: skip
    ExportFile.objects.create(export=export, name="manifest.json", bytes=2, sha256="", crc32=0)
    folder_of(export).mkdir(parents=True)
    (folder_of(export) / "manifest.json").write_text("{}")
    return export


def test_a_project_goes_with_everything(
    project: Project, django_capture_on_commit_callbacks: Any
) -> None:
    Project.objects.filter(pk=project.pk).update(overlap=2, review_rate=1.0)
    project.refresh_from_db()
    other = factories.project()
    factories.open_items(other, 2)
    with_files(other)
    judged(project)
    rita = Reviewer(factories.member(project, Role.REVIEWER), project)
    if review := rita.next():
        rita.decide(review)
    Reference.objects.create(project=project, name="cats", source="statistics", sha256="ab")
    default_storage.save(f"projects/{project.pk}/statistics/ab/ab.npz", ContentFile(b"x"))
    folder = folder_of(finished_export(project))
    untouched = rows_of(other)
    lead = project.created_by
    lifecycle.pause(project, by=lead, now=NOON)

    removal = delete_project(project, name=f" {project.name} ")
    assert projects_of(lead) == []
    with pytest.raises(NotFound):
        project_for(lead, project.pk)
    with django_capture_on_commit_callbacks(execute=True):
        work(removal)

    assert removal.state == "done"
    assert set(rows_of(project).values()) == {0}
    assert not Project.objects.filter(pk=project.pk).exists()
    assert files(project) == set()
    assert not folder.exists()
    assert rows_of(other) == untouched
    assert len(files(other)) == 16
    assert broken() == set()
    told = Action.objects.get(verb__startswith="project.deleted")
    assert (told.verb, told.project_id, told.details["name"]) == (
        "project.deleted", project.pk, project.name,
    )  # fmt: skip
    assert told.details["counts"]["items"] == 3


def test_a_project_at_work_or_under_another_name_is_not_deleted(project: Project) -> None:
    with pytest.raises(Conflict) as refused:
        delete_project(project, name=project.name)
    assert refused.value.reason.code == "project_not_paused"
    lifecycle.archive(project, by=project.created_by, now=NOON)
    with pytest.raises(Invalid):
        delete_project(project, name="another")

    assert Project.objects.get(pk=project.pk).state == "archived"
    assert Removal.objects.count() == 0


def test_the_preview_counts_what_would_go(project: Project, django_assert_num_queries: Any) -> None:
    Project.objects.filter(pk=project.pk).update(overlap=2, review_rate=0.0)
    project.refresh_from_db()
    batch = judged(project)
    factories.open_items(project, 1)
    Annotator(factories.member(project), project).claim()
    Export.objects.create(project=project, format="annotations", state="running")

    with django_assert_num_queries(10):
        found = holdings_of_project(project)
    of_batch = holdings_of_batch(batch)

    assert (found.batches, found.items, found.settled, found.images) == (2, 4, 3, 8)
    assert (found.answers, found.held, found.exports, found.members) == (6, 1, 1, 4)
    assert (found.image_bytes, found.in_the_way) == (8000, 1)
    assert (of_batch.items, of_batch.answers, of_batch.held, of_batch.exports) == (3, 6, 0, 0)


def test_a_failed_removal_is_told_and_gone_on_with_by_hand(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = judged(project)
    removal = delete_batch(batch, name=batch.name)
    Removal.objects.filter(pk=removal.pk).update(attempts=99, holder="dead", state="running",
                                                 held_until=NOON.replace(year=2000))  # fmt: skip
    work(removal)
    assert removal.state == "failed"
    assert removal.reason is not None
    assert removal.reason.code == "worker_died"
    client = signed_in(project.created_by)
    [told] = client.get("/api/v1/removals").json()
    assert (told["state"], told["error"]["code"]) == ("failed", "worker_died")

    assert client.post(f"/api/v1/removals/{removal.pk}/retry").status_code == 202
    assert work(removal).state == "done"


def test_an_orphan_of_a_deletion_is_seen(project: Project) -> None:
    Project.objects.filter(pk=project.pk).update(state="deleting")

    assert "deletions-end" in broken()
