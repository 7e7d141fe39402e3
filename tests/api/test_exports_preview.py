"""A look before loading, and ready choices, over HTTP."""

import base64
import io
from typing import Any

import pytest
from PIL import Image as Pillow
from rest_framework.test import APIClient

from annotator.exports.models import Export
from annotator.exports.preview import shown
from annotator.projects.models import Project
from tests import factories, judged
from tests.drivers import signed_in
from tests.rooms.exported import batch, flaw_project, flawed, pair_project, people, voted


def looked(project: Project, name: str, **options: object) -> Any:
    client: APIClient = signed_in(factories.member(project, "manager"))
    body = {"format": name, "options": options}
    return client.post(f"/api/v1/projects/{project.pk}/exports/preview", body, format="json")


@pytest.mark.django_db
def test_a_preview_shows_rows_and_counts_what_is_left_out() -> None:
    project = pair_project()
    in_batch = batch(project)
    for key, choices in enumerate(["aab", "bbb", "abt", "tta", "nnb", "uuu", "aat"]):
        voted(project, in_batch, str(key), choices)
    voted(project, in_batch, "8", "aa", settled=False)

    answer = looked(project, "preferences")

    assert answer.status_code == 200, answer.data
    found = answer.data
    assert [(r["output"], r["row"]["key"]) for r in found["rows"]] == [
        ("preferences.jsonl", key) for key in ("0", "1", "6")
    ]
    assert (found["items"], found["seen"], found["sample_rows"]) == (7, 7, 3)
    assert found["sample_left_out"]["dimensions"]["overall"] == {
        "no_majority": 1, "tie": 1, "both_bad": 1, "unsure": 1,
    }  # fmt: skip
    assert found["sample_counts"] == {"dimensions": {"overall": 3}}
    assert found["counts"] == [
        {
            "question": "overall", "kind": "preference", "answered": 7, "undecided": 1,
            "decided": {"a": 2, "b": 1, "tie": 1, "both_bad": 1, "unsure": 1},
        }
    ]  # fmt: skip
    assert (found["counted"], found["not_settled"]) == (7, 1)
    shown_images = {image["sha256"] for image in found["images"]}
    assert len(shown_images) == 14
    for row in found["rows"]:
        assert row["row"]["chosen"].removeprefix("images/").removesuffix(".png") in shown_images
    assert found["images"][0]["thumbnail_url"].endswith("/thumbnail")
    assert not Export.objects.exists()


@pytest.mark.django_db
def test_a_preview_goes_through_few_items_however_many_there_are() -> None:
    project = pair_project()
    in_batch = batch(project)
    for key in range(14):
        voted(project, in_batch, f"{key:02}", "aab")

    found = looked(project, "preferences").data

    assert (len(found["rows"]), found["seen"], found["items"], found["counted"]) == (10, 10, 14, 14)


@pytest.mark.django_db
def test_maps_are_shown_small() -> None:
    project = flaw_project()
    flawed(project)

    found = looked(project, "heatmaps").data

    assert [one["name"].rpartition("/")[0].split("/")[1] for one in found["drawn"]] == [
        "implausibility",
        "misalignment",
    ]
    head, _, data = found["drawn"][0]["url"].partition(",")
    assert head == "data:image/png;base64"
    with Pillow.open(io.BytesIO(base64.b64decode(data))) as image:
        assert image.size == (192, 192)
        assert image.getextrema()[1] > 100


@pytest.mark.django_db
def test_a_preview_refuses_as_an_export_does() -> None:
    project = pair_project()

    misfit = looked(project, "heatmaps")
    unknown = looked(project, "preferences", colour="red")
    nothing = looked(project, "preferences")

    assert (misfit.status_code, unknown.status_code, nothing.status_code) == (400, 400, 409)
    assert misfit.data["message"] == "This project asks for no marks on the images."
    assert list(unknown.data["fields"]) == ["colour"]


@pytest.mark.django_db
def test_weighing_is_said_to_take_all_answers() -> None:
    project = pair_project()
    voted(project, batch(project), "1", "aab")

    found = looked(project, "preferences", aggregation="dawid_skene").data

    assert len(found["rows"]) == 1
    assert "Weighing people takes all answers" in found["notes"][0]


def test_bytes_are_shown_as_text_or_by_size_and_hash() -> None:
    out = io.BytesIO()
    Pillow.new("RGB", (400, 200), (200, 0, 0)).save(out, "JPEG")

    plain, image = shown({"a": b"\xd3"})["a"], shown([out.getvalue()])[0]

    # SHA256ShortMsg.rsp of NIST's CAVP, Len = 8.
    assert plain == {
        "bytes": 1,
        "sha256": "28969cdfa74a12c82f3bad960b0b000aca2ac329deea5c2328ebc6f2ba9802c1",
    }
    assert shown([b"1 0 1", "train/\u00e9.png".encode()]) == ["1 0 1", "train/\u00e9.png"]
    assert shown(b"a" * 5000)["bytes"] == 5000
    assert image["image"].startswith("data:image/png;base64,")


@pytest.mark.django_db
def test_ready_choices_fit_or_say_why() -> None:
    def presets(project: Project) -> dict[str, Any]:
        client = signed_in(factories.member(project, "manager"))
        answer = client.get(f"/api/v1/projects/{project.pk}/export-presets")
        assert answer.status_code == 200
        return {preset["name"]: preset for preset in answer.data}

    pairs, flaws = presets(pair_project()), presets(flaw_project())

    assert list(pairs) == ["reward-model", "diffusion-dpo", "inpainting", "cleaning", "choosing"]
    assert pairs["reward-model"]["fits"] is True
    assert (pairs["reward-model"]["format"], pairs["reward-model"]["options"]) == (
        "preferences",
        {"dimension": "overall", "min_margin": 0.3},
    )
    assert pairs["inpainting"]["fits"] is False
    assert "marks" in pairs["inpainting"]["why_not"]
    assert flaws["inpainting"]["fits"] is True
    assert flaws["reward-model"]["fits"] is False
    assert "compares two images" in flaws["reward-model"]["why_not"]


@pytest.mark.django_db
def test_every_preset_that_fits_is_accepted_as_it_stands() -> None:
    project = flaw_project()
    judged.question(project, "overall", "preference")
    item = judged.item(batch(project), "1", "a pair", ["painter", "drawer"])
    no_marks = {"marks": {"a": [], "b": []}}
    answers = {"implausibility": no_marks, "misalignment": no_marks, "overall": {"choice": "a"}}
    for slot, person in enumerate(people(project)):
        judged.answer(item, person, answers, slot=slot)
    judged.settle(item)
    client = signed_in(factories.member(project, "manager"))

    for preset in client.get(f"/api/v1/projects/{project.pk}/export-presets").data:
        if preset["fits"]:
            body = {"format": preset["format"], "options": preset["options"]}
            asked = client.post(f"/api/v1/projects/{project.pk}/exports", body, format="json")
            assert asked.status_code == 202, (preset, asked.data)
