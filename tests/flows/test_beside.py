"""Items that show a source or references beside: from the upload to the desk, counted nowhere."""

import io
import math
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from annotator.accounts.models import Role
from annotator.consensus.models import Consensus
from annotator.ingest import uploads
from annotator.ingest.models import Problem
from annotator.items.models import Image, Item, ItemImage
from annotator.items.selectors import image_count, judged_images, measured_against
from annotator.items.services import copy_of
from annotator.measurements.models import Measurement, Reference
from annotator.projects.models import Batch, BatchState, Project, Template
from annotator.projects.services import ProjectSettings, create_project
from annotator.workers.ingest import ingest_batch
from scoring.images import read_region, read_rgb
from tests import factories
from tests.drivers import Annotator, signed_in
from tests.promises import broken
from tests.uploads import image_bytes, lines, zipped

pytestmark = pytest.mark.django_db(transaction=True)
FILES = {name: image_bytes(seed) for seed, name in enumerate(("in", "other", "x", "y", "m", "r"))}


def edits(template: Template = Template.EDIT) -> Project:
    return create_project(
        by=factories.user(can_create_projects=True),
        template=template,
        settings=ProjectSettings(name="edits", review_rate=1.0),
    )


def line(**more: Any) -> dict[str, Any]:
    images = [{"file": "x.png", "generator": "one"}, {"file": "y.png", "generator": "two"}]
    return {"prompt": "make it blue", "images": images, "source_image": "in.png", **more}


def uploaded(project: Project, *rows: dict[str, Any]) -> Batch:
    data = zipped(
        {"manifest.jsonl": lines(rows), **{f"{name}.png": data for name, data in FILES.items()}}
    )
    batch = uploads.begin_upload(
        project=project,
        user=project.created_by,
        name="b",
        filename="a.zip",
        size=len(data),
        pairs="",
    )
    uploads.receive(batch, offset=0, data=data)
    ingest_batch(batch.pk)
    batch.refresh_from_db()
    return batch


def taken(project: Project, *rows: dict[str, Any]) -> Batch:
    batch = uploaded(project, *rows)
    assert batch.state == BatchState.DONE, batch.reason
    return batch


def roles(item: Item) -> list[tuple[int, str, str]]:
    rows = ItemImage.in_any_role.filter(item=item).select_related("image")
    return [(row.place, row.role, row.image.source_name) for row in rows]


def rated(value: int = 3) -> dict[str, Any]:
    keys = ("instruction_following", "preservation", "visual_quality")
    return {key: {"ratings": {"a": value, "b": 4 - value}} for key in keys}


def test_the_desk_has_the_source_beside_the_results_and_nothing_counts_it() -> None:
    project = edits()
    batch = taken(project, line(mask_image="m.png", shown_references=["r.png"]))
    (item,) = Item.objects.all()
    person = factories.member(project)

    held = Annotator(person, project).claim().held[0]

    shown = held["item"]
    assert [image["letter"] for image in shown["images"]] == ["a", "b"]
    assert [image["role"] for image in shown["beside"]] == ["source", "mask", "reference"]
    assert sorted(held["shown"]["order"]) == ["a", "b"]
    # A letter is drawn for each result; what is shown beside has none.
    assert [row[:2] for row in roles(item)] == [
        (0, "candidate"), (1, "candidate"), (9, "source"), (10, "mask"), (11, "reference"),
    ]  # fmt: skip
    assert {row[2] for row in roles(item)[2:]} == {"in.png", "m.png", "r.png"}
    assert image_count(batch) == 2
    assert judged_images([batch.pk]) == {batch.pk: 2}
    assert {place.image.generator for place in item.places.all()} == {"one", "two"}
    assert broken() == set()


def test_who_was_given_the_item_sees_its_source_and_nobody_else_does() -> None:
    project = edits()
    taken(project, line())
    person, other = factories.member(project), factories.member(project)
    held = Annotator(person, project).claim().held[0]
    url = held["item"]["beside"][0]["url"]

    seen = signed_in(person).get(url)
    assert seen.status_code == 200
    seen.close()
    assert signed_in(other).get(url).status_code == 404


def test_no_answer_can_be_about_the_source() -> None:
    project = edits()
    taken(project, line())
    drawn = Annotator(factories.member(project), project).claim()
    answers = rated()
    answers["preservation"]["ratings"]["j"] = 4

    refused = drawn.put(drawn.held[0]["id"], answers)

    assert refused.status_code == 400
    assert not Consensus.objects.exists()


def test_a_reviewer_and_a_lead_see_the_source_beside_the_answers() -> None:
    project = edits()
    taken(project, line())
    for _ in range(3):
        drawn = Annotator(factories.member(project), project).claim()
        assert drawn.put(drawn.held[0]["id"], rated()).status_code in (200, 201)

    reviewer = factories.member(project, role=Role.REVIEWER)
    review = signed_in(reviewer).post(f"/api/v1/projects/{project.pk}/reviews/claims").json()
    shown = review["review"]["item"]
    assert [image["role"] for image in shown["beside"]] == ["source"]
    detail = signed_in(project.created_by).get(f"/api/v1/items/{Item.objects.get().pk}").json()
    assert [image["letter"] for image in detail["images"]] == ["a", "b"]
    assert [image["role"] for image in detail["beside"]] == ["source"]
    assert broken() == set()


def test_the_same_results_of_another_source_are_another_item() -> None:
    project = edits()
    first = taken(project, line())
    again = taken(project, line(source_image="other.png"))

    assert {item.batch_id for item in Item.objects.all()} == {first.pk, again.pk}
    third = uploaded(project, line())
    assert third.state == BatchState.FAILED
    assert Problem.objects.get(batch=third, code="item_repeated").line == 1


def test_a_source_that_is_broken_or_missing_leaves_its_item_out() -> None:
    project = edits()
    batch = taken(project, line(), line(prompt="another", source_image="absent.png"))

    assert Item.objects.count() == 1
    problem = Problem.objects.get(batch=batch, line=2)
    assert (problem.file, problem.code) == ("absent.png", "file_missing")


def test_a_copy_shows_what_its_item_shows() -> None:
    project = edits()
    taken(project, line())
    (item,) = Item.objects.all()

    copy = copy_of(item, now=timezone.now())

    assert roles(copy) == roles(item)


def test_sources_are_measured_by_nothing_and_are_no_set_of_references() -> None:
    project = edits()
    taken(project, line())

    assert Measurement.objects.filter(image__is_reference=False).exists()
    assert not Measurement.objects.filter(image__is_reference=True).exists()
    assert not Reference.objects.filter(project=project).exists()
    assert not Image.objects.filter(measured_against()).exists()
    # One that results are measured against as well is one.
    both = line(prompt="other words")
    both["images"] = [{**image, "reference": "in.png"} for image in both["images"]]
    taken(project, both)
    assert Image.objects.filter(measured_against()).count() == 1
    assert Reference.objects.filter(project=project).exists()


def test_images_at_a_source_of_the_site_are_fetched_with_what_is_beside(
    tmp_path: Path, settings: Any
) -> None:
    settings.IMAGE_SOURCES = f"lake={tmp_path}"
    for name, data in FILES.items():
        (tmp_path / f"{name}.png").write_bytes(data)
    project = edits()
    row = line(source_image="lake://in.png")
    row["images"] = [{**image, "file": f"lake://{image['file']}"} for image in row["images"]]
    data = lines([row])
    batch = uploads.begin_upload(
        project=project,
        user=project.created_by,
        name="b",
        filename="m.jsonl",
        size=len(data),
        pairs="",
    )
    uploads.receive(batch, offset=0, data=data)

    ingest_batch(batch.pk)

    (item,) = Item.objects.all()
    assert [row[1] for row in roles(item)] == ["candidate", "candidate", "source"]
    assert roles(item)[2][2] == "lake://in.png"


@pytest.mark.parametrize(("place", "role"), [(2, "source"), (9, "candidate"), (18, "mask")])
def test_the_database_keeps_letters_for_candidates(place: int, role: str) -> None:
    project = factories.project()
    (item,) = factories.items(project, 1, images=2)
    image = Image.objects.filter(project=project).first()
    assert image is not None

    with pytest.raises(IntegrityError), transaction.atomic():
        ItemImage.in_any_role.create(item=item, image=image, place=place, role=role)


def test_edits_are_measured_against_their_source_inside_and_outside_their_mask() -> None:
    project = edits()
    masked = line(mask_image="m.png", id="masked")
    bare = {**line(id="bare"), "images": [{"file": "r.png"}, {"file": "other.png"}]}
    taken(project, masked, bare)

    for name in ("psnr_outside_mask", "psnr_inside_mask"):
        call_command("measure", str(project.pk), "--metric", name)

    values = {
        (row.image.source_name, row.metric): row.value
        for row in Measurement.objects.filter(metric__startswith="psnr_").select_related("image")
    }
    source, mask = read_rgb(io.BytesIO(FILES["in"])), read_region(io.BytesIO(FILES["m"]))
    expected = {}
    for name in ("x", "y"):
        error = (read_rgb(io.BytesIO(FILES[name])).astype(float) - source) ** 2
        for part, region in (("inside", mask), ("outside", ~mask)):
            decibel = 10 * math.log10(255**2 / error[region].mean())
            expected[f"{name}.png", f"psnr_{part}_mask"] = pytest.approx(decibel, rel=1e-12)
    assert values == expected
    assert broken() == set()
