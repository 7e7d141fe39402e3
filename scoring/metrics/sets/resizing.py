"""Images to the 299×299 that Inception sees, in the three ways that published distances use.

The way matters as much as the network (Parmar et al. 2022), so it has a name, which goes with every
value:

- ``pytorch``: bilinear between pixel centres, no antialias, as pytorch-fid (torch's
  ``interpolate`` with ``align_corners=False``); then 2x - 1 of [0, 1];
- ``clean``: Pillow's antialiased bicubic on each channel in float32, clipped to [0, 255], as
  clean-fid; then (x - 128) / 128;
- ``tensorflow``: bilinear between top left corners, no antialias, as TensorFlow 1 and
  torch-fidelity; then (x - 128) / 128.

In NumPy and Pillow, which let threads decode and resize beside the network.
"""

from collections.abc import Callable, Mapping
from enum import Enum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from scoring.images import RGB
from scoring.metrics.networks.inception import SIDE

Pixels = NDArray[np.float32]
"""(299, 299, 3), in about [-1, 1]."""
Positions = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]


class Resize(Enum):
    PYTORCH = "pytorch"
    CLEAN = "clean"
    TENSORFLOW = "tensorflow"


def resized(image: RGB, resize: Resize) -> Pixels:
    """The image as the network is to see it; an image of any size."""
    return _WAYS[resize](image)


def _pytorch(image: RGB) -> Pixels:
    x = _bilinear(image, _centres(image.shape[0]), _centres(image.shape[1]))
    x /= np.float32(127.5)
    x -= np.float32(1)
    return x


def _tensorflow(image: RGB) -> Pixels:
    x = _bilinear(image, _corners(image.shape[0]), _corners(image.shape[1]))
    x -= np.float32(128)
    x /= np.float32(128)
    return x


def _clean(image: RGB) -> Pixels:
    x = antialiased(image, SIDE)
    x -= np.float32(128)
    x /= np.float32(128)
    return x


def antialiased(image: RGB, side: int) -> Pixels:
    """(side, side, 3) in [0, 255], unrounded: Pillow's bicubic on each channel, as clean-fid."""
    channels = [
        np.asarray(
            Image.fromarray(image[..., channel].astype(np.float32)).resize(
                (side, side), Image.Resampling.BICUBIC
            )
        )
        for channel in range(3)
    ]
    x = np.stack(channels, axis=2)
    return np.clip(x, 0, 255, out=x)


_WAYS: Mapping[Resize, Callable[[RGB], Pixels]] = {
    Resize.PYTORCH: _pytorch,
    Resize.CLEAN: _clean,
    Resize.TENSORFLOW: _tensorflow,
}


@lru_cache(maxsize=64)
def _centres(size: int) -> Positions:
    """Between which two of ``size`` pixels each output pixel lies, and how far along."""
    # torch rounds the scale to float32, then multiplies and subtracts in one step, rounding once.
    scale = np.float64(np.float32(size) / np.float32(SIDE))
    at = (scale * (np.arange(SIDE) + 0.5) - 0.5).astype(np.float32)
    return _positions(np.maximum(at, np.float32(0)), size)


@lru_cache(maxsize=64)
def _corners(size: int) -> Positions:
    scale = np.float32(size / SIDE)
    return _positions(np.arange(SIDE, dtype=np.float32) * scale, size)


def _positions(at: NDArray[np.float32], size: int) -> Positions:
    low = np.minimum(at.astype(np.int64), size - 1)
    share = at - low.astype(np.float32)
    return low, np.minimum(low + 1, size - 1), share


def _bilinear(image: RGB, rows: Positions, columns: Positions) -> Pixels:
    top, bottom, down = rows
    left, right, along = columns
    along, down = along[None, :, None], down[:, None, None]
    upper = _across(image[top], left, right, along)
    lower = _across(image[bottom], left, right, along)
    lower -= upper
    lower *= down
    upper += lower
    return upper


def _across(
    lines: RGB,
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    share: NDArray[np.float32],
) -> Pixels:
    first = lines[:, left].astype(np.float32)
    second = lines[:, right].astype(np.float32)
    second -= first
    second *= share
    first += second
    return first
