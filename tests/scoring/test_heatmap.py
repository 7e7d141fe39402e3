"""Marks to maps: known answers, and what must hold for any marks."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.heatmap import (
    marks_to_heatmap,
    preset_sigma_px,
    quantise,
)
from tests.peaks import heatmap_peak
from tests.scoring.goldens import golden

unit = st.floats(0, 1, allow_nan=False)
person = st.lists(st.tuples(unit, unit), max_size=4)


def in_fractions(marks: list[list[float]], size: tuple[int, int]) -> list[tuple[float, float]]:
    return [((x + 0.5) / size[0], (y + 0.5) / size[1]) for x, y in marks]


@pytest.mark.parametrize(("given_", "expected"), golden("heatmaps"))
def test_a_map_has_the_known_values(given_: dict[str, Any], expected: dict[str, Any]) -> None:
    size = (given_["size"][0], given_["size"][1])
    people = [in_fractions(marks, size) for marks in given_.pop("people_px")]

    heatmap = marks_to_heatmap(people, **{**given_, "size": size})

    assert heatmap.dtype == np.float32
    for x, y, value in expected["at"]:
        assert heatmap[y, x] == pytest.approx(value, abs=2e-6)
    assert heatmap.sum() == pytest.approx(expected["mass"], abs=1e-4)


@pytest.mark.parametrize("sigma", [3.0, 12.8, 21.743])
def test_the_windowed_gaussian_differs_from_the_full_one_by_less_than_it_states(
    sigma: float,
) -> None:
    marks = np.random.default_rng(0).random((5, 2))
    rows, columns = np.mgrid[0:120, 0:160]
    full = np.max(
        [
            np.exp(
                -((columns - (x * 160 - 0.5)) ** 2 + (rows - (y * 120 - 0.5)) ** 2) / (2 * sigma**2)
            )
            for x, y in marks
        ],
        axis=0,
    )

    heatmap = marks_to_heatmap([marks], size=(160, 120), sigma_px=sigma)

    assert np.abs(heatmap - full).max() <= np.exp(-8) + 1e-6


def test_a_map_agrees_with_itself_at_another_size() -> None:
    marks = [[(0.31, 0.62), (0.7, 0.2)], [(0.33, 0.6)], []]

    large = marks_to_heatmap(marks, size=(512, 512), sigma_px=32)
    small = marks_to_heatmap(marks, size=(64, 64), sigma_px=4)

    shrunk = large.reshape(64, 8, 64, 8).mean(axis=(1, 3))
    assert np.abs(shrunk - small).max() < 0.01


def test_a_mark_in_the_middle_gives_a_map_that_mirrors_onto_itself() -> None:
    heatmap = marks_to_heatmap([[(0.5, 0.5)]], size=(64, 48), sigma_px=5)

    np.testing.assert_allclose(heatmap, heatmap[::-1, ::-1], atol=1e-7)


@given(people=st.lists(person, min_size=1, max_size=4))
def test_an_empty_map_thins_the_others_and_order_does_not_matter(
    people: list[list[tuple[float, float]]],
) -> None:
    heatmap = marks_to_heatmap(people, size=(24, 16), sigma_px=2)

    with_one_more = marks_to_heatmap([[], *reversed(people)], size=(24, 16), sigma_px=2)

    assert heatmap.min() >= 0
    assert heatmap.max() <= 1
    share = len(people) / (len(people) + 1)
    np.testing.assert_allclose(with_one_more, heatmap * share, atol=1e-6)


def test_one_person_who_clicks_thrice_weighs_no_more_than_one_click() -> None:
    once = marks_to_heatmap([[(0.5, 0.5)], []], size=(32, 32))
    thrice = marks_to_heatmap([[(0.5, 0.5)] * 3, []], size=(32, 32))

    np.testing.assert_array_equal(once, thrice)


def test_three_disks_quantise_to_exactly_the_four_levels() -> None:
    people = [[(0.5, 0.5)], [(0.52, 0.5)], [(0.54, 0.5)]]

    levels = quantise(marks_to_heatmap(people, size=(512, 512), kind="disk"))

    assert set(np.unique(levels).tolist()) == {0, 85, 170, 255}


def test_one_gaussian_mark_leaves_the_known_count_of_pixels_after_eight_bits() -> None:
    # Counted: exp(-r² / (2 · 12.8²)) is half an 8-bit step or more at 6,417 whole-pixel offsets.
    heatmap = marks_to_heatmap([[(200.5 / 512, 200.5 / 512)]], size=(512, 512), sigma_px=12.8)

    assert np.count_nonzero(quantise(heatmap)) == 6417


def test_quantising_rounds_halves_up() -> None:
    values = np.array([[0, 0.49 / 255, 0.5 / 255, 1 / 3, 0.5, 1]], dtype=np.float32)

    assert quantise(values).tolist() == [[0, 0, 1, 85, 128, 255]]


def test_presets_come_from_the_disk_of_a_twentieth_of_the_height() -> None:
    assert preset_sigma_px("equal_moment", 512) == pytest.approx(12.8)
    assert preset_sigma_px("half_height", 512) == pytest.approx(21.743, abs=5e-4)


def test_the_peak_is_found_in_fractions() -> None:
    heatmap = marks_to_heatmap([[(0.25, 0.75)], [(0.25, 0.75)], [(0.9, 0.1)]], size=(200, 100))

    peak = heatmap_peak(heatmap)

    assert peak is not None
    assert (peak.x, peak.y) == pytest.approx((0.25, 0.75), abs=0.006)
    assert peak.value == pytest.approx(2 / 3, abs=0.03)


def test_an_empty_map_has_no_peak() -> None:
    assert heatmap_peak(marks_to_heatmap([[], []], size=(8, 8))) is None


@pytest.mark.parametrize(
    ("people", "options", "words"),
    [
        ([], {}, "nobody"),
        ([[(1.2, 0.5)]], {}, "outside the image"),
        ([[(float("nan"), 0.5)]], {}, "outside the image"),
        ([[]], {"sigma_px": 0.0}, "positive"),
        ([[]], {"radius_px": 3.0}, "for a disk"),
        ([[]], {"size": (0, 5)}, "positive size"),
    ],
)
def test_what_is_no_map_is_refused_in_words(
    people: list[Any], options: dict[str, Any], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        marks_to_heatmap(people, **{"size": (8, 8), **options})
