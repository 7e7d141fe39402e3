"""Measurements over HTTP: pages, asking, and nobody but managers."""

from math import inf
from typing import Any

import pytest
from rest_framework.test import APIClient

from annotator.accounts.models import Role
from annotator.core.reasons import Code, Reason, as_json
from annotator.items.models import Image
from annotator.measurements.duplicates import keep_hashes, note_likenesses
from annotator.measurements.models import Measurement, ProjectMetric
from annotator.projects.models import Project
from scoring.reasons import Code as ScoringCode
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
    keep_hashes(dict(zip(made, hashes, strict=False)), version="1")
    note_likenesses(made)
    return made


NOTHING = {"device": "", "dtype": "", "weights": ""}
WHY = as_json(Reason(ScoringCode.SIZES_DIFFER, image="8×8", reference="64×48"))


def test_a_page_holds_images_with_their_values(manager: APIClient, project: Project) -> None:
    image, *_ = measured(project, 3)
    Measurement.objects.create(
        project=project, image=image, metric="contrast", version="1", state="done", value=0.25
    )
    Measurement.objects.create(
        project=project, image=image, metric="psnr", version="1", state="failed", reasons=[WHY]
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
        "problem": None,
    }
    done = {
        "version": "1",
        "state": "done",
        "text": "",
        "infinite": False,
        "reasons": [],
        **NOTHING,
    }
    assert row["values"] == [
        {"metric": "contrast", **done, "value": 0.25},
        {"metric": "phash", **done, "value": None, "text": "00000000000000ff"},
        {"metric": "psnr", **done, "value": None, "state": "failed", "reasons": [WHY]},
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
        # Membership, images, values, near duplicates; progress: the batches, the images of those
        # that are not finished, what was asked for, what of it waits, and what has failed.
        with django_assert_num_queries(9):
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
    again = manager.post(url(project), {"metrics": ["contrast"]}, format="json")

    assert (answer.status_code, answer.json()) == (202, {"images": 20})
    assert again.json() == {"images": 0}
    rows = Measurement.objects.values_list("metric", "state", "queue", "current").distinct()
    assert (list(rows), Measurement.objects.count()) == (
        [("contrast", "requested", "cpu", False)], 20,
    )  # fmt: skip
    body = manager.get(url(project)).json()
    assert body["progress"] == {"done": 0, "failed": 0, "total": 20}


def test_an_old_value_stays_and_the_newest_is_shown(manager: APIClient, project: Project) -> None:
    image, *_ = measured(project, 2)
    common = {"project": project, "image": image, "metric": "contrast", "version": "1"}
    Measurement.objects.create(**common, state="done", value=0.25, current=False, weights="a" * 64)
    Measurement.objects.create(**common, state="done", value=0.5, weights="b" * 64, device="cuda")

    values = manager.get(url(project), {"metric": "contrast"}).json()["results"][0]["values"]

    assert [(one["value"], one["weights"], one["device"]) for one in values] == [
        (0.5, "b" * 64, "cuda")
    ]


def test_a_broken_image_says_so(manager: APIClient, project: Project) -> None:
    image, *_ = measured(project, 2)
    why = as_json(Reason(ScoringCode.IMAGE_UNREADABLE, error="OSError: cut short"))
    Measurement.objects.create(
        project=project, image=image, metric="contrast", version="1", state="failed", reasons=[why]
    )

    rows = manager.get(url(project)).json()["results"]

    assert [row["image"]["problem"] for row in rows] == [why, None]


def test_what_networks_can_not_see_is_the_images_problem(
    manager: APIClient, project: Project
) -> None:
    image, *_ = measured(project, 2)
    why = as_json(Reason(ScoringCode.NOT_FINITE))
    Measurement.objects.create(
        project=project, image=image, metric="a network", state="failed", reasons=[why],
        current=False,
    )  # fmt: skip

    body = manager.get(url(project)).json()

    assert [row["image"]["problem"] for row in body["results"]] == [why, None]
    assert [len(row["values"]) for row in body["results"]] == [1, 1]
    assert body["progress"]["failed"] == 1


def chosen(project: Project) -> str:
    return f"/api/v1/projects/{project.pk}/metrics"


def test_by_default_all_that_need_no_weights_are_chosen(
    manager: APIClient, project: Project
) -> None:
    body = manager.get(chosen(project)).json()
    catalog = {metric["name"]: metric for metric in manager.get("/api/v1/metrics-catalog").json()}

    assert body["by_default"] is True
    assert {"psnr", "ssim", "ms_ssim", "contrast", "phash"} <= set(body["chosen"])
    assert [name for name in body["chosen"] if catalog[name]["weights"]] == []
    assert [name for name in catalog if not catalog[name]["weights"]] == body["chosen"]


def test_a_choice_is_kept_in_the_catalogs_order(manager: APIClient, project: Project) -> None:
    answer = manager.put(chosen(project), {"chosen": ["phash", "psnr", "psnr"]}, format="json")
    none = factories.project()
    signed_in(none.created_by).put(chosen(none), {"chosen": []}, format="json")

    assert answer.json() == {"chosen": ["psnr", "phash"], "by_default": False, "learnt": []}
    assert manager.get(chosen(project)).json() == answer.json()
    assert signed_in(none.created_by).get(chosen(none)).json() == {
        "chosen": [], "by_default": False, "learnt": [],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("names", "code"),
    [(["beauty"], Code.METRIC_UNKNOWN), (["ppl"], Code.METRIC_NEEDS_GENERATOR)],
)
def test_what_cannot_be_measured_cannot_be_chosen(
    manager: APIClient, project: Project, names: list[str], code: Code
) -> None:
    answer = manager.put(chosen(project), {"chosen": names}, format="json")

    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert not ProjectMetric.objects.exists()


def test_the_catalog_says_which_weights_are_missing(manager: APIClient) -> None:
    by_name = {metric["name"]: metric for metric in manager.get("/api/v1/metrics-catalog").json()}

    fid = by_name["fid"]
    assert (fid["grain"], fid["family"], fid["available"]) == ("set", "sets", False)
    assert fid["weights"]["name"] == "inception"
    assert fid["weights"]["state"] == "missing"
    assert [reason["code"] for reason in fid["unavailable"]] == [
        ScoringCode.WEIGHTS_MISSING, ScoringCode.WEIGHTS_FETCH,
    ]  # fmt: skip
    assert by_name["ppl"]["available"] is False
    assert by_name["psnr"]["weights"] is None
    assert by_name["psnr"]["available"] is True


def test_generators_are_compared_by_their_means(manager: APIClient, project: Project) -> None:
    """Student's t for n = 4: 3.182446; the standard error of 1, 2, 3, 4 is 1.290994 / 2."""
    for place, value in enumerate((1.0, 2.0, 3.0, 4.0)):
        factories.items(project, 1, images=1, prompt=f"prompt {place}")
        image = Image.objects.get(prompt=f"prompt {place}")
        Measurement.objects.create(
            project=project, image=image, metric="sharpness", version="1", state="done", value=value
        )
    factories.items(project, 1, images=2)
    alone = Image.objects.get(generator="generator-1")
    Measurement.objects.create(
        project=project, image=alone, metric="psnr", version="1", state="failed", reasons=[WHY]
    )

    rows = manager.get(f"{url(project)}/generators").json()["rows"]

    assert [(row["generator"], row["images"]) for row in rows] == [
        ("generator-0", 5), ("generator-1", 1),
    ]  # fmt: skip
    (sharpness,) = rows[0]["metrics"]
    assert sharpness["mean"] == 2.5
    assert sharpness["sd"] == pytest.approx(1.2909944487, abs=1e-9)
    assert sharpness["low"] == pytest.approx(2.5 - 3.182446 * 0.6454972244, abs=1e-4)
    assert sharpness["high"] == pytest.approx(2.5 + 3.182446 * 0.6454972244, abs=1e-4)
    assert (sharpness["n"], sharpness["failed"], sharpness["reason"]) == (4, 0, None)
    (psnr,) = rows[1]["metrics"]
    assert (psnr["mean"], psnr["n"], psnr["failed"]) == (None, 0, 1)
    assert psnr["reason"]["code"] == ScoringCode.NO_VALUE


def test_what_is_infinite_is_a_value_and_its_cap_stands_in_the_mean(
    manager: APIClient, project: Project
) -> None:
    for place, value in enumerate((20.0, 40.0, inf)):
        factories.items(project, 1, images=1, prompt=f"prompt {place}")
        image = Image.objects.get(prompt=f"prompt {place}")
        Measurement.objects.create(
            project=project, image=image, metric="psnr", version="1", state="done", value=value
        )

    (row,) = manager.get(f"{url(project)}/generators").json()["rows"]
    rows = manager.get(url(project)).json()["results"]

    (psnr,) = row["metrics"]
    # 100 dB for the one that is infinite: (20 + 40 + 100) / 3.
    assert (psnr["n"], psnr["infinite"], psnr["mean"]) == (3, 1, pytest.approx(160 / 3))
    values = sorted((v["infinite"], v["value"] or 0) for one in rows for v in one["values"])
    assert values == [(False, 20.0), (False, 40.0), (True, 0)]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"metrics": ["beauty"]}, "metrics"),
        ({"metrics": "contrast"}, "metrics"),
        ({}, "metrics"),
        ({"metrics": [], "project": 7}, "project"),
    ],
)
def test_asking_for_nonsense_is_refused(
    manager: APIClient, project: Project, body: dict[str, Any], field: str
) -> None:
    factories.items(project, 1, images=1)

    answer = manager.post(url(project), body, format="json")

    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])
    assert not Measurement.objects.exists()


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
    assert not Measurement.objects.exists()
