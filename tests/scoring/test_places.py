"""Agreement of marked places: the published example, and planted people."""

import numpy as np
import pytest
from numpy.typing import NDArray

from scoring.heatmap import marks_to_heatmap
from scoring.places import leave_one_out, place_agreement, region_agreement
from scoring.reasons import Code, Reason


def at(*pixels: tuple[float, float], of: int = 8) -> list[tuple[float, float]]:
    """Pixels of a map of 8 as fractions."""
    return [((x + 0.5) / of, (y + 0.5) / of) for x, y in pixels]


def test_each_person_is_held_against_the_mean_of_the_others() -> None:
    """NumPy's corrcoef on Gaussians of sigma 1: 0.5354, 0.6558, -0.2326."""
    people = [at((2, 2), (3, 2)), at((2, 2)), at((6, 6))]
    maps = [marks_to_heatmap([marks], size=(8, 8), sigma_px=1.0) for marks in people]

    found = leave_one_out(maps)

    assert found == pytest.approx([0.5354, 0.6558, -0.2326], abs=1e-4)
    others = (maps[0] + maps[1]) / 2
    by_numpy = np.corrcoef(maps[2].ravel(), others.ravel())[0, 1]
    assert found[2] == pytest.approx(by_numpy, abs=1e-6)


def test_two_maps_have_the_known_correlation() -> None:
    """quality.md C13: saliency cc."""
    truth = marks_to_heatmap(
        [at((2, 2), (3, 2)), at((2, 2)), at((6, 6))], size=(8, 8), sigma_px=1.0
    )
    predicted = 0.8 * marks_to_heatmap([at((2, 2), (5, 5))], size=(8, 8), sigma_px=1.2)

    assert leave_one_out([truth, predicted])[0] == pytest.approx(0.724425, abs=1e-6)


def test_one_who_marked_nothing_has_no_correlation() -> None:
    maps = [marks_to_heatmap([marks], size=(8, 8)) for marks in (at((2, 2)), at((2, 2)), [])]

    assert leave_one_out(maps) == [pytest.approx(1.0), pytest.approx(1.0), None]


def test_two_who_mark_opposite_corners_do_not_agree() -> None:
    found = place_agreement([[[(0.1, 0.1)], [(0.9, 0.9)]]] * 30, resamples=50)

    assert found.loo_cc.value is not None
    assert found.loo_cc.value < 0
    assert found.corrected.value == pytest.approx(-1.0)
    assert found.corrected.n == 30


def test_the_same_places_agree_wholly_and_near_ones_nearly() -> None:
    rng = np.random.default_rng(0)
    spots = [rng.random((1, 2)) * 0.8 + 0.1 for _ in range(60)]
    same = place_agreement([[spot, spot] for spot in spots])
    near = place_agreement(
        [[spot + rng.normal(0, 0.01, (1, 2)) for _ in range(3)] for spot in spots], resamples=100
    )

    assert same.corrected.value == pytest.approx(1.0)
    assert same.loo_cc.value == pytest.approx(1.0)
    assert near.corrected.value is not None
    assert 0.8 < near.corrected.value < 1.0
    assert near.corrected.interval is not None
    low, high = near.corrected.interval
    assert low < near.corrected.value < high


def test_a_middle_that_all_mark_on_every_image_is_chance() -> None:
    """People who click near the middle whatever they see agree as much across images as within."""
    rng = np.random.default_rng(1)
    images = [[0.5 + rng.normal(0, 0.03, (1, 2)) for _ in range(3)] for _ in range(200)]

    found = place_agreement(images, resamples=100)

    assert found.loo_cc.value is not None
    assert found.loo_cc.value > 0.4
    assert found.corrected.value == pytest.approx(0.0, abs=0.03)
    low, high = found.corrected.interval or (1.0, 1.0)
    assert low < 0 < high


def test_marks_at_random_agree_no_better_than_chance() -> None:
    rng = np.random.default_rng(2)
    images = [[rng.random((2, 2)), rng.random((1, 2)), rng.random((3, 2))] for _ in range(200)]

    assert place_agreement(images).corrected.value == pytest.approx(0.0, abs=0.01)


def test_neither_the_order_of_people_nor_of_images_matters() -> None:
    rng = np.random.default_rng(3)
    images = [[rng.random((2, 2)), rng.random((1, 2)), rng.random((3, 2))] for _ in range(20)]
    turned = [image[::-1] for image in images[::-1]]

    found, other = place_agreement(images), place_agreement(turned)

    assert found.corrected.value == pytest.approx(other.corrected.value, abs=1e-12)
    assert found.loo_cc.value == pytest.approx(other.loo_cc.value, abs=1e-12)


def test_what_can_not_be_told_says_why() -> None:
    nobody = place_agreement([[[], [(0.5, 0.5)]], [[], []]])
    alone = place_agreement([[[(0.5, 0.5)], [(0.5, 0.5)]]])
    always = place_agreement([[[(0.5, 0.5)], [(0.5, 0.5)]]] * 3)

    assert nobody.loo_cc.undefined == Reason(Code.NO_IMAGE_MARKED_TWICE)
    assert (nobody.loo_cc.n, nobody.corrected.value) == (0, None)
    assert alone.corrected.undefined == Reason(Code.ONE_IMAGE_MARKED)
    assert alone.loo_cc.value == pytest.approx(1.0)
    few = place_agreement(
        [[[(0.1, 0.5)], [(0.5, 0.5)]], [[(0.5, 0.9)], [(0.5, 0.9)]]], resamples=50
    )
    assert few.loo_cc.value is not None
    assert few.loo_cc.interval is None
    assert always.corrected.undefined == Reason(Code.NO_VARIATION)


def test_regions_are_compared_by_iou_less_what_other_images_agree_by_themselves() -> None:
    def row(text: str) -> NDArray[np.bool_]:
        return np.array([[letter == "x" for letter in text]])

    # Within: 1/3 and 1. Across, of four pairs each: xx.. and .xx. with ..xx: 0, 0, 1/3, 1/3.
    images = [[row("xx.."), row(".xx.")], [row("..xx"), row("..xx"), row("....")]]

    found = region_agreement(images)

    assert found.iou.value == pytest.approx((1 / 3 + 1) / 2)
    expected = (1 / 3 + 1 / 3) / 4
    assert found.corrected.value == pytest.approx((2 / 3 - expected) / (1 - expected))
    assert found.corrected.n == 2
    nothing = region_agreement([[row("xx.."), row("....")]])
    assert nothing.iou.undefined == Reason(Code.NO_IMAGE_MARKED_TWICE)
    alone = region_agreement([[row("xx.."), row("xx..")]])
    assert (alone.iou.value, alone.corrected.undefined) == (1.0, Reason(Code.ONE_IMAGE_MARKED))
