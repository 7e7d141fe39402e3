"""Regions in exports, by hand: two people draw boxes that overlap, a third sees nothing."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow

from annotator.annotations.models import Annotation, AnnotationPiece
from annotator.items.models import Item
from annotator.projects.models import Project
from tests import judged
from tests.rooms.exported import LEFT, RIGHT, made, manifest, region_project, rows

pytestmark = pytest.mark.django_db(transaction=True)

WIDTH, HEIGHT = 32, 16


@pytest.fixture
def project() -> Project:
    return region_project()


def told_in(folder: Path) -> Any:
    return json.loads((folder / "annotations.json").read_text())


def array_of(folder: Path, name: str) -> Any:
    return np.load(folder / name)


def test_coco_has_each_persons_regions_and_what_k_of_n_drew(
    project: Project, tmp_path: Path
) -> None:
    folder = made(project, "coco", tmp_path / "coco")

    found = told_in(folder)
    names = {one["id"]: one["name"] for one in found["categories"]}
    assert [(one["name"], one["supercategory"]) for one in found["categories"]] == [
        ("body", "flaws"),
        ("hands", "body"),
        ("text", "flaws"),
    ]
    (image,) = found["images"]
    assert (image["id"], image["width"], image["height"], image["people"]) == (1, 32, 16, 3)
    assert (folder / image["file_name"]).exists()
    told = [
        (names[one["category_id"]], one["layer"], one["of"], one["bbox"], one["area"])
        for one in found["annotations"]
    ]
    assert told == [
        ("hands", None, None, [0, 0, 16, 8], 128),
        ("body", None, None, [8, 0, 16, 8], 128),
        # A hand is a body: two people drew bodies.
        ("body", 1, 3, [0, 0, 24, 8], 192),
        ("body", 2, 3, [8, 0, 8, 8], 64),
        ("hands", 1, 3, [0, 0, 16, 8], 128),
    ]
    people_told = [one["annotator"] for one in found["annotations"]]
    assert None not in people_told[:2]
    assert people_told[0] != people_told[1]
    assert people_told[2:] == [None] * 3
    assert {(one["image_id"], one["iscrowd"]) for one in found["annotations"]} == {(1, 0)}
    assert [one["id"] for one in found["annotations"]] == [1, 2, 3, 4, 5]
    # Column by column: 0, then 16 times 8 inside, 8 outside between; at the end 8 + 256 outside.
    # From the fourth on they are differences: 29 times 0, and 256 in two characters.
    first = found["annotations"][0]["segmentation"]
    assert first["size"] == [16, 32]
    assert first["counts"] == "088" + 29 * "0" + "P8"
    assert manifest(folder)["counts"]["annotations"] == 5


@pytest.mark.parametrize(("kept", "layers"), [("people", [None] * 2), ("layers", [1, 2, 1])])
def test_coco_keeps_what_is_chosen(
    project: Project, tmp_path: Path, kept: str, layers: list[int | None]
) -> None:
    folder = made(project, "coco", tmp_path / "coco", kept=kept, images=False)

    found = told_in(folder)
    assert [one["layer"] for one in found["annotations"]] == layers
    assert not (folder / "images").exists()


def test_masks_are_what_so_many_people_drew(project: Project, tmp_path: Path) -> None:
    by_two = made(project, "masks", tmp_path / "two", each_person=True)
    by_one = made(project, "masks", tmp_path / "one", votes=1)
    by_three = made(project, "masks", tmp_path / "three", votes=3, empty=True)

    (two,), (one,), (three,) = (rows(at, "masks.jsonl") for at in (by_two, by_one, by_three))
    mask = np.asarray(Pillow.open(by_two / two["mask"]))
    expected = np.zeros((HEIGHT, WIDTH), np.uint8)
    expected[:8, 8:16] = 255
    assert mask.tolist() == expected.tolist()
    assert [row["share"] for row in (one, two, three)] == [192 / 512, 64 / 512, 0]
    assert (two["peak"], two["people"], two["marked"]) == (pytest.approx(2 / 3), 3, 2)
    each = [np.asarray(Pillow.open(by_two / person["mask"])) for person in two["each"]]
    assert sorted(int((mask == 255).sum()) for mask in each) == [0, 128, 128]
    assert "each" not in one


def test_heatmaps_are_means_over_people_with_their_variance(
    project: Project, tmp_path: Path
) -> None:
    folder = made(project, "heatmaps", tmp_path / "maps", size=16, variance=True)

    (row,) = rows(folder, "heatmaps.jsonl")
    third = np.float32(1 / 3)
    line = [third] * 4 + [2 * third] * 4 + [third] * 4 + [0] * 4
    assert array_of(folder, row["npy"])[0] == pytest.approx(line)
    assert not array_of(folder, row["npy"])[8:].any()
    assert array_of(folder, row["variance"])[7] == pytest.approx([2 / 9] * 12 + [0] * 4)
    assert (row["people"], row["marked"], row["marks"]) == (3, 2, 2)
    drawn = [one["regions"] for one in rows(folder, "points.jsonl")]
    assert sorted(map(len, drawn)) == [0, 1, 1]
    assert [LEFT] in drawn


def test_a_latent_grid_is_an_eighth_of_the_image_for_regions_and_marks(
    project: Project, tmp_path: Path
) -> None:
    judged.question(project, "spots", "marks")
    item = Item.objects.get()
    for answer in Annotation.objects.filter(item=item):
        AnnotationPiece.objects.create(
            annotation=answer,
            question=project.questions.get(key="spots"),
            type="point",
            letter="a",
            x=0.875,
            y=0.75,
        )

    folder = made(
        project, "heatmaps", tmp_path / "maps", grid="latent", kind="disk", arrays="float16"
    )

    regions, spots = (array_of(folder, row["npy"]) for row in rows(folder, "heatmaps.jsonl"))
    third = 1 / 3
    assert regions.tolist() == [
        pytest.approx([third, 2 * third, third, 0], abs=1e-3),
        [0, 0, 0, 0],
    ]
    # The mark lies in the middle of the last latent, and a disk of a tenth of one around it.
    assert spots.tolist() == [[0, 0, 0, 0], [0, 0, 0, 1]]
    assert manifest(folder)["aggregation"]["grid"] == "latent"


def test_tables_have_the_numbers_of_regions(project: Project, tmp_path: Path) -> None:
    folder = made(project, "scores", tmp_path / "scores", images=False)

    header, line = (folder / "scores.csv").read_text("utf-8-sig").splitlines()
    found = dict(zip(header.split(","), line.split(","), strict=True))
    # Both drew a quarter of the image, one of three nothing.
    assert float(found["flaws.area"]) == pytest.approx(0.25 * 2 / 3)
    assert float(found["flaws.regions"]) == pytest.approx(2 / 3)
    assert float(found["flaws.flaw_body"]) == pytest.approx(2 / 3)
    assert float(found["flaws.flaw_hands"]) == pytest.approx(1 / 3)


@pytest.mark.parametrize("name", ["annotations", "hf-dataset", "webdataset"])
def test_other_formats_take_regions_as_they_are(
    project: Project, tmp_path: Path, name: str
) -> None:
    folder = made(project, name, tmp_path / name)

    assert manifest(folder)["rows"] > 0
    if name == "annotations":
        given = [
            row["answers"]["flaws"]["regions"]["a"] for row in rows(folder, "annotations.jsonl")
        ]
        assert sorted(given, key=str) == sorted([[LEFT], [RIGHT], []], key=str)
