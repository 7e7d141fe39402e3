"""Regions to pixels, run lengths and maps."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scoring import regions
from scoring.regions import rasterise

DATA = json.loads((Path(__file__).parents[1] / "data" / "regions.json").read_text("utf-8"))


@pytest.mark.parametrize("case", DATA["cases"], ids=lambda case: case["name"])
def test_shapes_become_the_pixels_of_the_rule_and_cocos_run_lengths(case: dict[str, Any]) -> None:
    size = case["width"], case["height"]

    mask = rasterise(case["shapes"], size)

    counts = regions.run_lengths(mask)
    assert counts == case["counts"]
    assert regions.packed(counts) == case["packed"]
    assert regions.unpacked(case["packed"]) == counts
    assert regions.mask_of(counts, size).tolist() == mask.tolist()
    assert int(mask.sum()) == case["area"]
    assert list(regions.box_around(mask) or (0, 0, 0, 0)) == case["bbox"]


def test_an_empty_and_a_full_mask_have_run_lengths() -> None:
    empty, full = np.zeros((2, 3), np.bool_), np.ones((2, 3), np.bool_)

    assert (regions.run_lengths(empty), regions.run_lengths(full)) == ([6], [0, 6])
    assert regions.box_around(empty) is None
    with pytest.raises(ValueError, match="5 pixels, not 3 × 2"):
        regions.mask_of([5], (3, 2))


def test_an_image_is_drawn_in_a_frame_of_another_shape() -> None:
    # A disk of a quarter of the height, on an image twice as wide as high, in a square frame:
    # half as wide as high.
    dab = {"strokes": [{"tool": "brush", "radius": 0.25, "points": [[0.5, 0.5]]}]}

    mask = rasterise([dab], (64, 64), aspect=2.0)

    assert regions.box_around(mask) == (24, 16, 16, 32)
    # Its pixels are every other one of the image's.
    assert mask.sum() == pytest.approx(rasterise([dab], (128, 64)).sum() / 2, rel=0.02)


def test_layers_mean_and_variance_are_of_people() -> None:
    # Pixels that three, two, one and none of three people have inside.
    people = [np.array([[True, True, True, False]]), np.array([[True, True, False, False]])]
    people.append(np.array([[True, False, False, False]]))

    assert [layer.tolist() for layer in regions.layers(people)] == [
        [[True, True, True, False]],
        [[True, True, False, False]],
        [[True, False, False, False]],
    ]
    third = 1 / 3
    assert regions.mean_map(people)[0] == pytest.approx([1, 2 * third, third, 0])
    assert regions.variance_map(people)[0] == pytest.approx([0, 2 / 9, 2 / 9, 0], abs=1e-7)
    assert regions.iou(people[0], people[1]) == pytest.approx(2 / 3)
    assert regions.iou(~people[0] & people[1], np.zeros((1, 4), np.bool_)) is None
    with pytest.raises(ValueError, match="nobody"):
        regions.mean_map([])


def test_an_areas_share_is_of_the_image() -> None:
    assert regions.area_share([{"box": [0, 0, 0.5, 0.25]}], (4000, 1000)) == 0.125
