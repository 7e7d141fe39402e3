"""Measurements over HTTP: pages, asking, and nobody but managers."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from annotator.accounts.models import Role
from annotator.items.models import Image
from annotator.measurements.models import Chunk, Measurement
from annotator.projects.models import Project
from tests import factories
from tests.drivers import signed_in


@pytest.fixture
def manager(project: Project) -> APIClient:
    return signed_in(project.created_by)


def url(project: Project) -> str:
    return f"/api/v1/projects/{project.pk}/measurements"


def measured(project: Project, count: int) -> list[Image]:
    """Images with a hash each; the first two nearly the same."""
    factories.items(project, count, images=1)
    made = list(Image.objects.filter(project=project).order_by("pk"))
    hashes = [
        "00000000000000ff",
        "00000000000000fe",
        *(f"{n * 0x0F0F0F0F0F0F:016x}" for n in range(1, count)),
    ]
    Measurement.objects.bulk_create(
        Measurement(
            project=project, image=image, metric="phash", version="1", state="done", text=text
        )
        for image, text in zip(made, hashes, strict=False)
    )
    return made


def test_a_page_holds_images_with_their_values(manager: APIClient, project: Project) -> None:
    image, *_ = measured(project, 3)
    Measurement.objects.create(
        project=project, image=image, metric="contrast", version="1", state="done", value=0.25
    )
    Measurement.objects.create(
        project=project, image=image, metric="psnr", version="1", state="failed", error="why"
    )

    body = manager.get(url(project)).json()

    row = next(row for row in body["results"] if row["image"]["id"] == str(image.pk))
    assert row["image"] == {
        "id": str(image.pk),
        "url": f"/api/v1/images/{image.pk}/file",
        "thumbnail_url": f"/api/v1/images/{image.pk}/thumbnail",
        "generator": "generator-0",
        "prompt": "a red cube",
        "width": 512,
        "height": 512,
    }
    assert row["values"] == [
        {"metric": "contrast", "version": "1", "value": 0.25, "state": "done", "error": ""},
        {
            "metric": "phash",
            "version": "1",
            "value": "00000000000000ff",
            "state": "done",
            "error": "",
        },
        {"metric": "psnr", "version": "1", "value": None, "state": "failed", "error": "why"},
    ]
    assert body["next"] is None


def test_near_duplicates_are_named(manager: APIClient, project: Project) -> None:
    first, second, third = measured(project, 3)

    rows = {row["image"]["id"]: row for row in manager.get(url(project)).json()["results"]}

    assert rows[str(first.pk)]["near_duplicates"] == [str(second.pk)]
    assert rows[str(second.pk)]["near_duplicates"] == [str(first.pk)]
    assert rows[str(third.pk)]["near_duplicates"] == []


def test_pages_hold_every_image_once_at_a_fixed_cost(
    manager: APIClient, project: Project, django_assert_num_queries: Any
) -> None:
    made = measured(project, 100)
    seen: list[str] = []
    cursor: str | None = ""

    while cursor is not None:
        # Membership, images, values, hashes; progress: batches with chunks.
        with django_assert_num_queries(5):
            body = manager.get(url(project), {"cursor": cursor} if cursor else {}).json()
        seen += [row["image"]["id"] for row in body["results"]]
        cursor = body["next"]

    assert seen == [str(image.pk) for image in made]


def test_a_page_of_one_metric_holds_those_that_have_it(
    manager: APIClient, project: Project
) -> None:
    image, *_ = measured(project, 3)
    Measurement.objects.create(
        project=project, image=image, metric="contrast", version="1", state="done", value=0.25
    )

    body = manager.get(url(project), {"metric": "contrast"}).json()

    assert [row["image"]["id"] for row in body["results"]] == [str(image.pk)]
    assert [value["metric"] for value in body["results"][0]["values"]] == ["contrast"]


def test_asking_for_a_metric_makes_work_for_the_workers(
    manager: APIClient, project: Project
) -> None:
    factories.items(project, 20, images=1)

    answer = manager.post(url(project), {"metrics": ["contrast"]}, format="json")

    assert (answer.status_code, answer.json()) == (202, {"images": 20})
    assert sorted(chunk.images.count() for chunk in Chunk.objects.all()) == [4, 16]
    assert set(Chunk.objects.values_list("metrics", "state")) == {("contrast", "requested")}
    body = manager.get(url(project)).json()
    assert body["progress"] == {"done": 0, "failed": 0, "total": 20}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"metrics": ["beauty"]}, "There is no metric “beauty”"),
        ({"metrics": "contrast"}, "metrics: Expected a list"),
        ({}, "metrics: This field is required."),
        ({"metrics": [], "project": 7}, "project: there is no such field here."),
    ],
)
def test_asking_for_nonsense_is_refused(
    manager: APIClient, project: Project, body: dict[str, Any], said: str
) -> None:
    factories.items(project, 1, images=1)

    answer = manager.post(url(project), body, format="json")

    assert answer.status_code == 400
    assert said in answer.json()["message"]
    assert not Chunk.objects.exists()


@pytest.mark.parametrize("query", [{"cursor": "x"}, {"metric": "beauty"}])
def test_a_query_that_makes_no_sense_is_refused(
    manager: APIClient, project: Project, query: dict[str, str]
) -> None:
    assert manager.get(url(project), query).status_code == 400


def test_the_catalog_says_what_each_metric_is(manager: APIClient) -> None:
    by_name = {metric["name"]: metric for metric in manager.get("/api/v1/metrics-catalog").json()}

    assert {"psnr", "ssim", "sharpness", "contrast", "colourfulness", "phash"} <= set(by_name)
    assert by_name["contrast"]["range"] == [0, 0.5]
    assert by_name["psnr"]["needs"] == ["reference", "torch"]
    assert by_name["psnr"]["direction"] == "higher"
    assert by_name["phash"]["unit"] == "hash"


def test_only_managers_read_or_ask(project: Project, client: APIClient) -> None:
    people = [
        signed_in(factories.member(project, Role.REVIEWER)),
        signed_in(factories.member(project, Role.ANNOTATOR)),
        signed_in(factories.user()),
        client,
    ]

    assert [who.get(url(project)).status_code for who in people] == [403, 403, 404, 401]
    asked = [who.post(url(project), {"metrics": []}, format="json").status_code for who in people]
    assert asked == [403, 403, 404, 401]
    assert [who.get("/api/v1/metrics-catalog").status_code for who in people] == [
        403, 403, 403, 401,
    ]  # fmt: skip
    assert not Chunk.objects.exists()
