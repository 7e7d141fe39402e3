"""Inpainting masks, against values by hand."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from tests.rooms.exported import flaw_project, flawed, made, manifest, rows


def mask_in(folder: Path, name: str) -> np.ndarray:
    with Pillow.open(folder / name) as found:
        assert found.mode == "L"
        return np.asarray(found)


@pytest.mark.django_db(transaction=True)
def test_a_mask_covers_what_enough_people_marked(tmp_path: Path) -> None:
    project = flaw_project()
    item = flawed(project)

    # On a map of the image's own 8 × 8, a disk reaches 0.4 pixels: the marked pixel alone.
    folder = made(
        project, "masks", tmp_path / "out", kind="disk", size=16, threshold=0.6, margin_px=0
    )

    (row,) = rows(folder, "masks.jsonl")
    mask = mask_in(folder, row["mask"])
    # Two of three marked around pixel (2, 2); the other two spots are one person's each.
    assert mask.shape == (8, 8)
    assert [tuple(at) for at in np.argwhere(mask)] == [(2, 2)]
    assert set(np.unique(mask)) == {0, 255}
    assert (row["share"], row["flaws"]) == (1 / 64, ["implausibility", "misalignment"])
    assert row["peak"] == pytest.approx(2 / 3, abs=1e-6)
    assert (row["people"], row["marked"], row["item"]) == (3, 3, str(item.pk))
    assert (folder / row["image"]).is_file()


@pytest.mark.django_db(transaction=True)
def test_a_margin_grows_it_and_a_low_threshold_takes_one_persons_word(tmp_path: Path) -> None:
    project = flaw_project()
    flawed(project)

    narrow = made(project, "masks", tmp_path / "1", kind="disk", size=16, margin_px=0)
    wide = made(project, "masks", tmp_path / "2", kind="disk", size=16, margin_px=2)

    small = mask_in(narrow, rows(narrow, "masks.jsonl")[0]["mask"])
    large = mask_in(wide, rows(wide, "masks.jsonl")[0]["mask"])
    assert [tuple(at) for at in np.argwhere(small)] == [(2, 2), (2, 3), (6, 6)]
    assert (large >= small).all()
    assert large[2, 1] == large[5, 6] == 255


@pytest.mark.django_db(transaction=True)
def test_where_nobody_saw_a_flaw_there_is_no_mask_unless_asked_for(tmp_path: Path) -> None:
    project = flaw_project()
    flawed(project)

    none = made(project, "masks", tmp_path / "1", flaw="misalignment")
    empty = made(project, "masks", tmp_path / "2", flaw="misalignment", empty=True)

    assert rows(none, "masks.jsonl") == []
    assert manifest(none)["left_out"] == {
        "items_not_settled": 0,
        "items_excluded": 0,
        "nothing_masked": 1,
    }
    (row,) = rows(empty, "masks.jsonl")
    assert (row["share"], row["marked"]) == (0.0, 0)
    assert not mask_in(empty, row["mask"]).any()
