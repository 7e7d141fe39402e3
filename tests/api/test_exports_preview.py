"""A look before loading, and ready choices, over HTTP."""

import base64
import io
from typing import Any

import pytest
from PIL import Image as Pillow
from rest_framework.test import APIClient

from annotator.exports.formats.format import options_of
from annotator.exports.formats.registry import FORMATS
from annotator.exports.models import Export
from annotator.exports.read.draws import Splitter
from annotator.exports.read.source import specs_of
from annotator.exports.store.preview import in_words, shown
from annotator.items.models import Item
from annotator.projects.models import Project
from tests import factories, judged
from tests.drivers import signed_in
from tests.rooms.exported import batch, flaw_project, flawed, pair_project, people, voted
from tests.rooms.test_exports_bytes import judged_pair, project_that_fits_all


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

    answer = looked(project, "preferences", split="100/0/0")

    assert answer.status_code == 200, answer.data
    found = answer.data
    assert [(r["outputs"], r["value"]["key"]) for r in found["rows"]] == [
        (["preferences.jsonl", "train/metadata.parquet"], key) for key in ("0", "1", "6")
    ]
    assert (found["items"], found["seen"], found["row_count"]) == (7, 7, 3)
    assert {one["code"]: one["count"] for one in found["skipped"]} == {
        "no_majority": 1, "tie": 1, "both_bad": 1, "unsure": 1,
    }  # fmt: skip
    assert found["counts"] == [
        {"by": "splits", "counts": {"train": 3}},
        {"by": "dimensions", "counts": {"overall": 3}},
    ]
    assert found["questions"] == [
        {
            "question": "overall", "kind": "preference", "answered": 7, "undecided": 1,
            "decided": {"a": 2, "b": 1, "tie": 1, "both_bad": 1, "unsure": 1},
        }
    ]  # fmt: skip
    assert (found["settled"], found["not_settled"]) == (7, 1)
    for row in found["rows"]:
        chosen, rejected = row["figures"]
        assert (chosen["name"], chosen["outcome"]) == ("chosen", "preferred")
        assert (rejected["name"], rejected["outcome"]) == ("rejected", "other")
        assert chosen["thumbnail_url"].endswith("/thumbnail")
        assert {fact["name"]: fact["value"] for fact in row["facts"]}["dimension"] == "overall"
    assert [row["prompt"] for row in found["rows"]] == ["prompt of 0", "prompt of 1", "prompt of 6"]
    assert not Export.objects.exists()


@pytest.mark.django_db
def test_a_preview_goes_through_few_items_however_many_there_are() -> None:
    project = pair_project()
    in_batch = batch(project)
    for key in range(14):
        voted(project, in_batch, f"{key:02}", "aab")

    found = looked(project, "preferences").data

    assert (len(found["rows"]), found["seen"], found["items"], found["settled"]) == (10, 10, 14, 14)


@pytest.mark.django_db
def test_maps_are_shown_small() -> None:
    project = flaw_project()
    flawed(project)

    found = looked(project, "heatmaps").data

    drawn = [figure for row in found["rows"] for figure in row["figures"] if figure["map"]]
    assert [figure["name"] for figure in drawn] == ["implausibility", "misalignment"]
    head, _, data = drawn[0]["map"].partition(",")
    assert head == "data:image/png;base64"
    with Pillow.open(io.BytesIO(base64.b64decode(data))) as image:
        assert image.size == (192, 192)
        assert image.getextrema()[1] > 100


@pytest.mark.django_db
def test_a_preview_refuses_as_an_export_does_and_says_why_it_would_be_empty() -> None:
    project = pair_project()

    misfit = looked(project, "heatmaps")
    unknown = looked(project, "preferences", colour="red")
    nothing = looked(project, "preferences")

    assert (misfit.status_code, unknown.status_code, nothing.status_code) == (400, 400, 200)
    # Nothing is wrong with a project that has nothing yet.
    assert (nothing.data["empty"]["code"], nothing.data["rows"]) == ("nothing_to_export", [])
    assert misfit.data["code"] == "no_marks"
    assert list(unknown.data["fields"]) == ["colour"]


@pytest.mark.django_db
def test_weighing_is_said_to_take_all_answers() -> None:
    project = pair_project()
    voted(project, batch(project), "1", "aab")

    chosen = {"aggregation": "dawid_skene", "split": "100/0/0"}
    found = looked(project, "preferences", **chosen).data

    assert len(found["rows"]) == 1
    assert [warning["code"] for warning in found["warnings"]] == [
        "never_signed_off",
        "people_weighed_later",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "empty"),
    [
        ("richhf", ["train", "dev"]),
        ("pickapic", ["train", "validation"]),
        ("dsdl", ["train", "val"]),
    ],
)
def test_splits_that_no_prompt_falls_into_are_said_before(name: str, empty: list[str]) -> None:
    project = of_all_formats()

    # One prompt, which is in one of them.
    found = looked(project, name, split="1/1/98", seed=_seed_of_test(project)).data["warnings"]
    none = looked(project, name, split="0/0/100").data["warnings"]

    [warning] = [one for one in found if one["code"] == "splits_empty"]
    assert warning["params"] == {"names": empty}
    assert "splits_empty" not in {one["code"] for one in none}


def _seed_of_test(project: Project) -> int:
    """One by which the project's only prompt falls into the split test."""
    [prompt] = set(Item.objects.filter(project=project).values_list("prompt", flat=True))
    splitters = (Splitter(project.seed, seed, (1, 1, 98)) for seed in range(100))
    return next(one.seed for one in splitters if one.split_of(prompt) == "test")


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
    assert pairs["reward-model"]["reason"] is None
    assert (pairs["reward-model"]["format"], pairs["reward-model"]["options"]) == (
        "preferences",
        {"dimension": "overall", "min_margin": 0.3},
    )
    assert pairs["inpainting"]["reason"]["code"] == "no_marks"
    assert flaws["inpainting"]["reason"] is None
    assert flaws["reward-model"]["reason"]["code"] == "no_comparison"


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
        if preset["reason"] is None:
            body = {"format": preset["format"], "options": preset["options"]}
            asked = client.post(f"/api/v1/projects/{project.pk}/exports", body, format="json")
            assert asked.status_code == 202, (preset, asked.data)


def of_all_formats() -> Project:
    """One pair of which a is better and flawed; asks what any of the formats needs."""
    project = project_that_fits_all()
    item, _ = judged_pair(project, "1", people(project))
    judged.settle(item)
    return project


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "options", "output", "figures"),
    [
        ("preferences", {}, "preferences.jsonl", ["preferred", "other"]),
        ("pickapic", {}, "data/train.parquet", ["preferred", "other"]),
        ("diffusion-dpo", {}, "data/train.parquet", None),
        ("imagereward", {}, "train.json", [1, 2]),
        ("imagerewarddb", {}, "metadata-train.parquet", [1]),
        ("hpdv2", {}, "train.json", ["preferred", "other"]),
        ("hpdv2", {"split": "0/0/100"}, "test.json", [1, 2]),
        ("hpdv3", {}, "train.json", ["preferred", "other"]),
        ("mmrb2", {}, "t2i.json", ["preferred", "other"]),
        ("editreward", {}, "train.json", [None, "preferred", "other"]),
        ("evalmuse", {}, "train_list.json", [None]),
        ("dsg", {}, "answers.csv", [None]),
        ("llamafactory", {}, "check_train.json", [None]),
        ("mps", {}, "train.jsonl", [None, None]),
        ("hpdv3pp", {}, "train/train_better.json", ["preferred", "other"]),
        ("trl", {}, "data/train.parquet", None),
        ("swift", {}, "train.jsonl", ["preferred", "other"]),
        ("llamafactory", {}, "judge_train.json", None),
        ("llamafactory", {}, "score_train.json", [None]),
        ("unifiedreward", {"dimension": "better"}, "pair_rank_train.json", None),
        ("unifiedreward", {}, "point_score_train.json", [None]),
        ("lora-pairs", {}, "pairs.jsonl", ["preferred", "other"]),
        ("prompts", {}, "train.jsonl", []),
        ("heatmaps", {}, "heatmaps.jsonl", [None]),
        ("richhf", {}, "train.tfrecord", [None, None]),
        ("masks", {"empty": True}, "masks.jsonl", [None]),
        ("coco", {}, "annotations.json", [None]),
        ("dsdl", {}, "set-train/train_samples.json", [None, None]),
        ("scores", {}, "data/scores.parquet", [None]),
        ("annotations", {}, "annotations.jsonl", [None, None]),
        ("hf-dataset", {}, "data/train.parquet", [None, None]),
        ("webdataset", {}, "data/train.tar", [None, None]),
    ],
)
def test_every_formats_rows_come_with_their_images_and_what_they_say_of_them(
    name: str, options: dict[str, object], output: str, figures: list[object] | None
) -> None:
    project = of_all_formats()
    split = {"split": "100/0/0"} if any(
        option.name == "split" for option in options_of(FORMATS[name], specs_of(project))
    ) else {}  # fmt: skip

    found = looked(project, name, **{**split, **options})

    assert found.status_code == 200, found.data
    row = next(row for row in found.data["rows"] if output in row["outputs"])
    told = [one["outcome"] if one["rank"] is None else one["rank"] for one in row["figures"]]
    if figures is None:  # The order is drawn.
        assert sorted(told) == ["other", "preferred"]
    else:
        assert told == figures
    assert "a pair 1" in row["prompt"]
    assert all(one["url"].startswith("/api/v1/images/") for one in row["figures"])
    assert all(bool(one["map"]) == (name in WITH_MAPS) for one in row["figures"])
    assert all(fact["value"] for fact in row["facts"])


WITH_MAPS = ("heatmaps", "masks", "coco", "richhf")


@pytest.mark.django_db
def test_what_stands_in_two_files_alike_is_one_row() -> None:
    found = looked(of_all_formats(), "scores").data

    assert [row["outputs"] for row in found["rows"]] == [["data/scores.parquet", "scores.csv"]] * 2


def test_a_value_is_told_in_a_line() -> None:
    assert in_words({"a": 2, "b": None, "tie": 0}) == "a 2 · tie 0"
    assert [in_words(one) for one in (0.58333333, True, "x", None, 3)] == [
        "0.5833", "true", "x", "", "3",
    ]  # fmt: skip
    assert in_words(list(range(9))) == "0, 1, 2, 3, 4, 5, 6, 7 …"
