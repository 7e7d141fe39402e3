"""Heatmaps, against values by hand."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from tests.rooms.exported import flaw_project, flawed, made, manifest, rows


def image_bytes(path: Path) -> tuple[str, np.ndarray]:
    with Pillow.open(path) as found:
        return found.mode, np.asarray(found)


@pytest.mark.django_db(transaction=True)
def test_heatmaps_take_the_maximum_within_and_the_mean_over_people(tmp_path: Path) -> None:
    project = flaw_project()
    flawed(project)

    folder = made(
        project, "heatmaps", tmp_path / "out", size=16, sigma="px", sigma_px=2.0, images=True
    )

    # Of golden/heatmaps.json at twice the size: at the marks themselves 2/3, 0.5355 and 1/3.
    maps = rows(folder, "heatmaps.jsonl")
    assert [(m["flaw"], m["people"], m["marked"], m["marks"]) for m in maps] == [
        ("implausibility", 3, 3, 4),
        ("misalignment", 3, 0, 0),
    ]
    heatmap = np.load(folder / maps[0]["npy"], allow_pickle=False)
    assert heatmap.dtype == np.float32
    assert heatmap.shape == (16, 16)
    # Marks lie between four pixels of the map, half a pixel away along both axes: e^(-1/16).
    assert heatmap[4:6, 4:6] == pytest.approx(np.full((2, 2), 2 / 3 * np.exp(-1 / 16)), abs=5e-4)
    mode, grey = image_bytes(folder / maps[0]["png"])
    assert mode == "L"
    assert (grey == np.floor(heatmap * 255 + 0.5)).all()
    empty = np.load(folder / maps[1]["npy"], allow_pickle=False)
    assert empty.shape == (16, 16)
    assert not empty.any()
    points = rows(folder, "points.jsonl")
    assert len(points) == 6
    assert points[0]["marks"] == [{"x": 2.5 / 8, "y": 2.5 / 8}, {"x": 3.5 / 8, "y": 2.5 / 8}]
    assert [p["marks"] for p in points[3:]] == [[], [], []]
    assert len({p["annotator"] for p in points}) == 3
    rule = manifest(folder)["aggregation"]
    assert (rule["kind"], rule["size"], rule["sigma_px"], rule["radius_px"]) == (
        "gaussian",
        16,
        2.0,
        None,
    )


@pytest.mark.django_db(transaction=True)
def test_disks_have_four_levels_with_three_people(tmp_path: Path) -> None:
    project = flaw_project()
    flawed(project)

    folder = made(project, "heatmaps", tmp_path / "out", kind="disk")

    _, grey = image_bytes(folder / rows(folder, "heatmaps.jsonl")[0]["png"])
    assert grey.shape == (512, 512)
    assert set(np.unique(grey)) == {0, 85, 170}
    assert manifest(folder)["aggregation"]["radius_px"] == 25.6
    assert manifest(folder)["options"]["size"] == 512
