"""Masks, against distances taken pixel by pixel and against SciPy's dilation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.ndimage import binary_dilation

from scoring.heatmap import marks_to_heatmap
from scoring.masks import dilate, heatmap_to_mask


def disk(radius: float) -> np.ndarray:
    reach = int(radius)
    rows, columns = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    return rows**2 + columns**2 <= radius**2


@given(
    mask=arrays(np.bool_, (12, 17), elements=st.booleans()),
    radius=st.sampled_from([0, 0.9, 1, 1.5, 2, 3, 5, 7.2]),
)
def test_a_mask_grows_as_scipy_lets_it(mask: np.ndarray, radius: float) -> None:
    expected = binary_dilation(mask, structure=disk(radius))

    np.testing.assert_array_equal(dilate(mask, radius), expected)


def test_one_pixel_grows_to_the_disk_of_richhf() -> None:
    """Radius 25.6 around one pixel holds 2,061 pixels."""
    mask = np.zeros((512, 512), dtype=np.bool_)
    mask[100, 200] = True

    assert np.count_nonzero(dilate(mask, 25.6)) == 2061


def test_a_third_of_three_people_meets_a_threshold_of_a_third() -> None:
    heatmap = marks_to_heatmap([[(0.5, 0.5)], [], []], size=(64, 64), kind="disk")

    assert heatmap_to_mask(heatmap, threshold=1 / 3).any()
    assert not heatmap_to_mask(heatmap, threshold=0.34).any()


def test_nothing_marked_is_an_empty_mask() -> None:
    heatmap = marks_to_heatmap([[]], size=(64, 48))

    assert not heatmap_to_mask(heatmap, threshold=0.01, margin_px=9).any()


@pytest.mark.parametrize(
    ("threshold", "margin"), [(0, 1), (1.1, 1), (0.5, -1), (0.5, float("nan"))]
)
def test_a_senseless_threshold_or_margin_is_refused(threshold: float, margin: float) -> None:
    with pytest.raises(ValueError, match=r"threshold|margin"):
        heatmap_to_mask(np.zeros((4, 4), np.float32), threshold=threshold, margin_px=margin)
