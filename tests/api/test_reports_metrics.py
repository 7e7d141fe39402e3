"""Metrics' agreement with people over HTTP: shapes, queries, and nobody but managers."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from annotator.items.models import ItemImage
from annotator.measurements.models import Measurement
from annotator.projects.models import Project
from tests import factories
from tests.drivers import signed_in
from tests.rooms.exported import batch, pair_project, voted

REPORTS = ("", "/points", "/disagreements")
ESTIMATE = {"value", "interval", "n", "undefined", "no_interval"}


@pytest.fixture
def project(db) -> Project:
    """Twelve settled pairs: people prefer image a in all but two, the metric in all but one."""
    project = pair_project()
    in_batch = batch(project)
    for key in range(12):
        voted(project, in_batch, f"{key:02}", "bba" if key in (3, 7) else "aab")
    for place in ItemImage.objects.select_related("item"):
        better = "b" if place.item.key == "03" else "a"
        value = 0.5 + int(place.item.key) / 100 if place.letter == better else 0.25
        Measurement.objects.create(
            project=project, image_id=place.image_id, metric="contrast", version="1",
            state="done", value=value,
        )  # fmt: skip
    return project


@pytest.fixture
def manager(project: Project) -> APIClient:
    return signed_in(project.created_by)


def url(project: Project, report: str = "") -> str:
    return f"/api/v1/projects/{project.pk}/reports/metrics{report}"


def read(client: APIClient, project: Project, report: str = "", **query: str) -> Any:
    answer = client.get(url(project, report), query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_a_row_has_the_contracts_shape(manager: APIClient, project: Project) -> None:
    body = read(manager, project)

    [row] = body["rows"]
    assert body["empty"] is None
    assert (row["dimension"], row["title"], row["metric"], row["version"], row["direction"]) == (
        "overall", "overall", "contrast", "1", "",
    )  # fmt: skip
    assert (row["human_unit"], row["n_items"]) == ("pair", 12)
    assert (row["n_images"], row["n_prompts"]) == (24, 12)
    assert row["kind"] == "preference"
    for estimates in (row["pooled"], row["per_prompt"]):
        assert [set(estimates[name]) for name in ("srcc", "plcc", "tau_b")] == [ESTIMATE] * 3
    assert row["per_prompt"]["groups"] == 0
    assert row["per_prompt"]["srcc"]["undefined"] == {
        "code": "no_prompt_varies",
        "params": {},
        "message": "In no prompt do both people and metric tell images apart.",
    }
    raw = row["accuracy"]["raw"]
    assert raw["value"] == pytest.approx(11 / 12)
    low, high = raw["interval"]
    assert low <= raw["value"] <= high
    assert raw["undefined"] is None
    assert (row["accuracy"]["n_pairs"], row["accuracy"]["held_out"]) == (12, False)
    assert set(row["ceiling"]) == set(row["human_accuracy"]) == ESTIMATE
    # aab: each a is met by an a and a b, which is no decision; the b by two a's, and misses.
    assert row["human_accuracy"]["value"] == 0.0
    assert row["by_generator"]["n"] == 2
    assert row["by_generator"]["srcc"]["undefined"]["code"] == "few_generators"


def test_a_query_narrows_and_nonsense_is_refused(manager: APIClient, project: Project) -> None:
    assert len(read(manager, project, dimension="overall", metric="contrast")["rows"]) == 1
    nothing = read(manager, project, metric="sharpness")
    assert nothing["rows"] == []
    assert nothing["empty"]["code"] == "no_values_of_metric_yet"
    assert nothing["empty"]["params"] == {"metric": "sharpness"}
    for report in REPORTS:
        for query in ({"dimension": "joy"}, {"metric": "beauty"}, {"dimension": "\0"}):
            answer = manager.get(url(project, report), query)
            assert answer.status_code == 400, (report, query)
            assert set(answer.json()["fields"]) == set(query)
    assert manager.get(url(project, "/disagreements"), {"cursor": "-7"}).status_code == 400
    assert manager.get(url(project, "/disagreements"), {"cursor": "nan_x"}).status_code == 400


def test_points_open_their_images(manager: APIClient, project: Project) -> None:
    body = read(manager, project, "/points", dimension="overall", metric="contrast")

    assert (body["x"], body["y"], body["human_unit"], body["direction"], body["empty"]) == (
        "contrast", "overall", "pair", "", None,
    )  # fmt: skip
    assert (body["total"], body["drawn"], len(body["results"])) == (12, 12, 12)
    [point] = [each for each in body["results"] if each["prompt"] == "prompt of 03"]
    assert (point["x"], point["y"]) == (pytest.approx(-0.28), pytest.approx(-1 / 3))
    assert [(each["letter"], each["generator"]) for each in point["images"]] == [
        ("a", "painter"),
        ("b", "drawer"),
    ]
    image = manager.get(point["images"][1]["url"])
    assert (image.status_code, image.getvalue()[8:12]) == (200, b"WEBP")


def test_the_queue_names_the_item_and_says_why(manager: APIClient, project: Project) -> None:
    body = read(manager, project, "/disagreements", dimension="overall", metric="contrast")

    [row] = body["results"]
    assert body["next"] is None
    assert (row["key"], row["prompt"]) == ("07", "prompt of 07")
    assert row["reason"]["code"] == "people_prefer_another"
    assert row["reason"]["params"] == {
        "preferred": "b", "percent": 67, "metric": "contrast", "other": "a",
    }  # fmt: skip
    assert row["disagreement"] > 0
    assert [(each["image"]["letter"], each["metric"]) for each in row["images"]] == [
        ("a", pytest.approx(0.57)),
        ("b", pytest.approx(0.25)),
    ]
    assert [each["human"] for each in row["images"]] == pytest.approx([1 / 3, 2 / 3])
    assert set(row["images"][0]["image"]) == {"id", "letter", "generator", "url", "thumbnail_url"}


def test_without_values_every_report_says_so(manager: APIClient, project: Project) -> None:
    Measurement.objects.all().delete()

    assert read(manager, project)["empty"]["code"] == "no_values_yet"
    points = read(manager, project, "/points")
    assert (points["x"], points["results"]) == ("", [])
    assert points["empty"]["code"] == "no_judged_values"
    named = read(manager, project, "/disagreements", metric="contrast")
    assert (named["results"], named["empty"]["code"]) == ([], "no_values_of_metric")


@pytest.mark.parametrize(
    ("role", "status"), [("reviewer", 403), ("annotator", 403), (None, 404), ("nobody", 401)]
)
def test_only_managers_read(project: Project, client: APIClient, role, status) -> None:
    if role != "nobody":
        client = signed_in(factories.member(project, role) if role else factories.user())

    assert {client.get(url(project, report)).status_code for report in REPORTS} == {status}
