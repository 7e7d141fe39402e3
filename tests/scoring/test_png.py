"""Grey PNGs: what a real decoder reads out of them."""

from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from PIL import Image

from scoring.heatmap import marks_to_heatmap, quantise
from scoring.png import grey_png


@given(
    levels=arrays(
        np.uint8, array_shapes(min_dims=2, max_dims=2, max_side=40), elements=st.integers(0, 255)
    )
)
def test_pillow_reads_what_was_written(levels: np.ndarray) -> None:
    with Image.open(BytesIO(grey_png(levels))) as image:
        assert image.mode == "L"
        image.load()
        np.testing.assert_array_equal(np.asarray(image), levels)


def test_a_map_takes_less_room_than_pillow_gives_it_at_its_quickest() -> None:
    marks = np.random.default_rng(3).random((5, 2))
    levels = quantise(marks_to_heatmap([marks, marks[:2], []], size=(512, 512)))
    theirs = BytesIO()
    Image.fromarray(levels).save(theirs, format="PNG", compress_level=1)

    ours = grey_png(levels)

    assert len(ours) < len(theirs.getvalue())


def test_part_of_a_larger_map_is_written_as_if_it_stood_alone() -> None:
    whole = np.arange(200, dtype=np.uint8).reshape(10, 20)

    assert grey_png(whole[2:7, 3:9]) == grey_png(whole[2:7, 3:9].copy())


@pytest.mark.parametrize(
    "levels", [np.zeros((2, 2)), np.zeros((2, 2, 3), np.uint8), np.zeros((0, 4), np.uint8)]
)
def test_what_is_no_grey_map_is_refused(levels: np.ndarray) -> None:
    with pytest.raises(ValueError, match="a grey map is uint8"):
        grey_png(levels)
