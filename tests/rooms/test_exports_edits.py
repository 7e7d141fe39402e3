"""Exports of edits, by hand: EditReward's pairs and ties, and sources wherever there is room."""

import io
import json
import tarfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from PIL import Image as Pillow

from annotator.core.reasons import Code, Reason
from annotator.exports.formats.editreward import EDITREWARD
from annotator.exports.read.source import specs_of
from annotator.items.models import Item, ItemImage
from annotator.projects.models import Project
from tests import factories, judged
from tests.rooms.exported import batch, made, manifest, people, rows

pytestmark = pytest.mark.django_db(transaction=True)

KEYS = ("instruction_following", "visual_quality")
# Of each person (instruction, quality) of a and of b.
Given = Sequence[tuple[tuple[int, int], tuple[int, int]]]


def asking() -> Project:
    project = factories.project("custom", created_at=judged.START)
    for key in KEYS:
        judged.question(project, key, "rating", scale_min=1, scale_max=4)
    judged.question(project, "overall", "preference")
    return project


def edited(project: Project, key: str, given: Given, *, source: bool = True) -> Item:
    """An edit with these ratings, which a is preferred of."""
    item = judged.item(batch(project), key, f"edit {key}", ["editor-1", "editor-2"])
    if source:
        judged.show_source(item)
    for slot, (person, (a, b)) in enumerate(zip(people(project), given, strict=True)):
        answers: dict[str, Any] = {
            name: {"ratings": {"a": a[place], "b": b[place]}} for place, name in enumerate(KEYS)
        }
        judged.answer(item, person, {**answers, "overall": {"choice": "a"}}, slot=slot)
    judged.settle(item)
    return item


def written(project: Project, folder: Path, **options: Any) -> list[Mapping[str, Any]]:
    found = made(project, "editreward", folder, split="100/0/0", **options)
    listed: list[Mapping[str, Any]] = json.loads((found / "train.json").read_text())
    return listed


def test_editreward_has_means_of_both_dimensions_and_a_number_for_confidence(
    tmp_path: Path,
) -> None:
    project = asking()
    item = edited(project, "one", [((4, 3), (3, 2)), ((4, 4), (2, 2)), ((2, 2), (3, 2))])

    [row] = written(project, tmp_path / "export")

    a, b = (place.image for place in item.places.select_related("image"))
    source = ItemImage.in_any_role.select_related("image").get(item=item, role="source").image
    for name, image in (("path_src", source), ("path1", a), ("path2", b)):
        assert image.sha256 in row[name]
        assert (tmp_path / "export" / row[name]).is_file()
    assert (row["prompt"], row["model1"], row["model2"]) == ("edit one", "editor-1", "editor-2")
    assert row["model1_dim1_score"] == pytest.approx(10 / 3)
    assert row["model1_dim2_score"] == 3
    assert row["model1_overall_score"] == pytest.approx(19 / 3)
    assert row["model2_dim1_score"] == pytest.approx(8 / 3)
    assert row["model2_overall_score"] == pytest.approx(14 / 3)
    # By their own sums two of three are for a.
    assert row["confidence"] == pytest.approx(2 / 3)
    assert row["choice_dist"] == [2, 1]
    assert row["tie_case"] is False


def test_a_tie_of_opposite_dimensions_is_two_rows_and_another_one(tmp_path: Path) -> None:
    project = asking()
    edited(project, "opposite", [((4, 2), (2, 4))] * 3)
    edited(project, "same", [((3, 2), (3, 2))] * 3)

    found = written(project, tmp_path / "export")

    rows_of = {prompt: [row for row in found if row["prompt"] == f"edit {prompt}"]
               for prompt in ("opposite", "same")}  # fmt: skip
    assert [(row["model1"], row["model1_dim1_score"]) for row in rows_of["opposite"]] == [
        ("editor-1", 4), ("editor-2", 2),
    ]  # fmt: skip
    assert len(rows_of["same"]) == 1
    assert {row["tie_case"] for row in found} == {True}
    assert {row["confidence"] for row in found} == {0.5}
    # Of [0, 0] EditReward's loader would take another row instead, where labels are soft.
    assert [row["choice_dist"] for row in found] == [[1.5, 1.5]] * 3
    assert manifest(tmp_path / "export")["counts"]["ties"] == 3


def test_an_equal_sum_is_half_a_vote_for_each_result(tmp_path: Path) -> None:
    project = asking()
    edited(project, "one", [((2, 2), (4, 3)), ((3, 3), (3, 3)), ((2, 3), (3, 2))])

    [row] = written(project, tmp_path / "export")

    assert row["model1"] == "editor-2"
    assert row["choice_dist"] == [2.0, 1.0]
    assert row["confidence"] == pytest.approx(2 / 3)


def test_what_makes_no_row_is_counted_by_its_reason(tmp_path: Path) -> None:
    project = asking()
    edited(project, "no source", [((4, 4), (1, 1))] * 3, source=False)
    # One likes b much better; two like a a little better.
    edited(project, "against", [((1, 1), (4, 4)), ((3, 3), (3, 2)), ((3, 3), (3, 2))])

    assert written(project, tmp_path / "export") == []

    skipped = json.dumps(manifest(tmp_path / "export"))
    assert '"no_source": 1' in skipped
    assert '"decided_against_the_votes": 1' in skipped


def test_editreward_fits_projects_with_two_ratings_of_four_points() -> None:
    five = factories.project("custom")
    judged.question(five, "alignment", "rating", scale_min=1, scale_max=5)
    judged.question(five, "quality", "rating", scale_min=1, scale_max=4)

    assert EDITREWARD.misfit(specs_of(asking())) is None
    assert EDITREWARD.misfit(specs_of(five)) == Reason(Code.NO_FOUR_POINTS)


def test_the_source_stands_in_every_layout_that_has_room_for_it(tmp_path: Path) -> None:
    project = asking()
    item = edited(project, "one", [((4, 3), (3, 2))] * 3)
    source = ItemImage.in_any_role.select_related("image").get(item=item, role="source").image

    [line, *_] = rows(
        made(project, "annotations", tmp_path / "a", images=True), "annotations.jsonl"
    )
    assert [(one["role"], one["sha256"]) for one in line["beside"]] == [("source", source.sha256)]
    assert (tmp_path / "a" / line["beside"][0]["file"]).is_file()
    assert [one["letter"] for one in line["images"]] == ["a", "b"]

    [swift] = rows(made(project, "swift", tmp_path / "s", split="100/0/0"), "train.jsonl")
    for side in ("images", "rejected_images"):
        assert source.sha256 in swift[side][0]
        assert len(swift[side]) == 2
        assert all((tmp_path / "s" / name).is_file() for name in swift[side])
    assert swift["messages"][0]["content"].count("<image>") == 2
    assert "edit one" in swift["messages"][0]["content"]

    trl = table_of(made(project, "trl", tmp_path / "t", split="100/0/0"))
    assert len(trl[0]["images"]) == 3
    assert source.sha256 in trl[0]["images"][0]["path"]
    assert trl[0]["chosen"][0]["content"] in ("The first result.", "The second result.")

    [hub] = table_of(made(project, "hf-dataset", tmp_path / "h", split="100/0/0"))
    assert hub["beside_roles"] == ["source"]
    assert Pillow.open(io.BytesIO(hub["beside"][0]["bytes"])).getpixel((0, 0)) == (200, 0, 3)
    assert len(hub["images"]) == len(hub["letters"]) == 2

    folder = made(project, "webdataset", tmp_path / "w", split="100/0/0")
    with tarfile.open(next((folder / "data").glob("*.tar"))) as tar:
        endings = {name.partition(".")[2] for name in tar.getnames()}
    assert endings == {"json", "a.png", "b.png", "source0.png"}

    folder = made(project, "unifiedreward", tmp_path / "u", split="100/0/0")
    [ranked] = json.loads((folder / "pair_rank_train.json").read_text())
    assert len(ranked["images"]) == ranked["messages"][0]["content"].count("<image>") == 3
    assert source.sha256 in ranked["images"][0]
    points = json.loads((folder / "point_score_train.json").read_text())
    assert [len(one["images"]) for one in points] == [2, 2]
    assert all((folder / name).is_file() for one in points for name in one["images"])

    folder = made(project, "llamafactory", tmp_path / "l", split="100/0/0")
    for kind, images in (("judge", 3), ("score", 2)):
        for one in json.loads((folder / f"{kind}_train.json").read_text()):
            asked = one["messages"][0]["content"]
            assert len(one["images"]) == asked.count("<image>") == images
            assert source.sha256 in one["images"][0]
            assert "The first image was edited by this instruction" in asked
            assert all((folder / name).is_file() for name in one["images"])
            assert len(one["generators"]) == images - 1


def table_of(folder: Path) -> list[dict[str, Any]]:
    files = sorted((folder / "data").glob("train-*.parquet"))
    return [row for file in files for row in pq.ParquetFile(file).read().to_pylist()]


def test_a_project_that_shows_nothing_beside_has_no_such_columns(tmp_path: Path) -> None:
    project = asking()
    edited(project, "one", [((4, 3), (3, 2))] * 3, source=False)

    [line, *_] = rows(made(project, "annotations", tmp_path / "a"), "annotations.jsonl")
    assert "beside" not in line
    [hub] = table_of(made(project, "hf-dataset", tmp_path / "h", split="100/0/0"))
    assert not {"beside", "beside_roles"} & hub.keys()
    [swift] = rows(made(project, "swift", tmp_path / "s", split="100/0/0"), "train.jsonl")
    assert len(swift["images"]) == 1
