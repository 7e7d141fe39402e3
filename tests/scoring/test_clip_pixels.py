"""Framing of odd-sized images against transformers', open_clip's and torchvision's."""

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from scoring.images import RGB
from scoring.metrics.networks.clip_pixels import Framing, clip_pixels
from tests.scoring.tiny_networks import (
    hps_transform,
    image_processor,
    open_clip_transform,
    random_image,
)

SIDE = 224
# Upright and lying, larger and smaller than 224, odd and even remainders, no remainder.
SIZES = [(480, 640), (641, 479), (225, 224), (224, 227), (224, 229), (100, 333), (31, 30), (9, 500)]


def close(ours: Tensor, theirs: Tensor) -> None:
    """Within float32's rounding of a number near 2."""
    torch.testing.assert_close(ours, theirs, rtol=0, atol=5e-7)


@pytest.mark.parametrize(("height", "width"), SIZES)
def test_floor_is_what_transformers_does(height: int, width: int) -> None:
    image = random_image(height, width)

    theirs = image_processor()(Image.fromarray(image), return_tensors="pt")["pixel_values"][0]

    close(clip_pixels(image, side=SIDE, framing=Framing.FLOOR), theirs)


@pytest.mark.parametrize(("height", "width"), SIZES)
def test_round_is_what_open_clip_does(height: int, width: int) -> None:
    image = random_image(height, width)

    theirs = open_clip_transform(SIDE)(Image.fromarray(image))

    close(clip_pixels(image, side=SIDE, framing=Framing.ROUND), theirs)


@pytest.mark.parametrize(("height", "width"), [*SIZES, (224, 224), (120, 224)])
def test_pad_is_what_hps_does(height: int, width: int) -> None:
    image = random_image(height, width)

    theirs = hps_transform(image, SIDE)

    close(clip_pixels(image, side=SIDE, framing=Framing.PAD), theirs)


def test_an_odd_remainder_tells_the_two_crops_apart() -> None:
    """227 wide: floor cuts 1 left, round (1.5 to even) cuts 2."""
    image = random_image(224, 227)

    floor = clip_pixels(image, side=SIDE, framing=Framing.FLOOR)
    rounded = clip_pixels(image, side=SIDE, framing=Framing.ROUND)

    assert torch.equal(floor[..., 1:], rounded[..., :-1])
    assert not torch.equal(floor, rounded)


def test_a_strip_is_refused() -> None:
    strip: RGB = np.zeros((2, 200, 3), dtype=np.uint8)

    with pytest.raises(ValueError, match="200×2 is more than 64 times longer than wide"):
        clip_pixels(strip, side=SIDE, framing=Framing.FLOOR)
