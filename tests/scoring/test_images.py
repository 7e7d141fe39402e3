"""Images of all kinds to uint8 RGB."""

import io

import numpy as np
import pytest
from PIL import Image

from scoring.images import read_rgb


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_of_sixteen_bits_the_upper_eight_count(kind: str) -> None:
    levels = np.arange(0, 65536, 257, dtype=np.uint16).reshape(16, 16)
    file = io.BytesIO()
    Image.fromarray(levels).save(file, format=kind)
    file.seek(0)

    image = read_rgb(file)

    assert image.shape == (16, 16, 3)
    assert (image == np.arange(256).reshape(16, 16, 1)).all()
