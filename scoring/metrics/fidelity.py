"""How close an image is to its reference: PSNR, SSIM and MS-SSIM, in float64.

All need images of equal size: resizing one would measure the resizing. They go through an image
in strips, so that one of 40 megapixels takes hardly more memory than its pixels.
"""

import math
from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from scoring.images import RGB, Region, size_text
from scoring.measured import Measured, refused
from scoring.metric_functions import of_pair
from scoring.metrics.devices import one_thread
from scoring.reasons import Code, Reason

Plane = NDArray[Any]
"""(height, width), uint8 or float64: one channel, values in [0, 255]."""

_RANGE = 255.0
WINDOW, _SIGMA, _K1, _K2 = 11, 1.5, 0.01, 0.03
_C1, _C2 = (_K1 * _RANGE) ** 2, (_K2 * _RANGE) ** 2
# Wang, Simoncelli & Bovik 2003, from the finest scale to the coarsest.
_SCALE_WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)
_MS_LEAST = (WINDOW - 1) * 2 ** (len(_SCALE_WEIGHTS) - 1) + 1
# Pixels of a strip: its ten float64 planes stay in the processor's cache.
_STRIP_PIXELS, _STRIP_LEAST_ROWS = 1 << 15, 16


def psnr(image: RGB, reference: RGB) -> Measured:
    """10 log10(255² / MSE) in dB over all channels; of identical images it is infinite."""
    if problem := misfit(image, reference):
        return refused(problem)
    return in_decibels(psnr_in(image, reference))


def in_decibels(value: float) -> Measured:
    """A PSNR, and why it is infinite where it is."""
    return Measured(value, reasons=(Reason(Code.IDENTICAL_IMAGES),) if math.isinf(value) else ())


def psnr_in(image: RGB, reference: RGB, region: Region | None = None) -> float:
    """The PSNR of two equally large images over a region's pixels alone, which are some."""
    squares, values = 0, image.size if region is None else 3 * int(region.sum())
    for rows in _strips(*image.shape[:2]):
        difference = image[rows].astype(np.int32) - reference[rows]
        if region is not None:
            difference = difference[region[rows]]
        squares += int(np.sum(difference * difference, dtype=np.int64))
    return 10 * math.log10(_RANGE**2 * values / squares) if squares else math.inf


def ssim(image: RGB, reference: RGB) -> Measured:
    """Mean structural similarity, in [-1, 1]; 1 for identical images.

    Wang, Bovik, Sheikh & Simoncelli 2004: Gaussian window 11×11, sigma 1.5, K1 = .01, K2 = .03,
    population covariance, L = 255; only where the window fits; mean over the three channels.
    Equals scikit-image's with gaussian_weights, sigma 1.5, use_sample_covariance=False.
    """
    if problem := misfit(image, reference):
        return refused(problem)
    if min(image.shape[:2]) < WINDOW:
        return refused(too_small(image, WINDOW))
    return Measured(ssim_in(image, reference))


@one_thread()
def ssim_in(image: RGB, reference: RGB, region: Region | None = None) -> float:
    """The SSIM of two equally large images over the windows whose middle lies in a region.

    NaN where there is none such.
    """
    middles = None
    if region is not None:
        edge = WINDOW // 2
        middles = region[edge : region.shape[0] - edge, edge : region.shape[1] - edge]
        if not middles.any():
            return math.nan
    means = [_similarity(image[..., c], reference[..., c], middles)[0] for c in range(3)]
    return math.fsum(means) / 3


@one_thread()
def ms_ssim(image: RGB, reference: RGB) -> Measured:
    """Multi-scale structural similarity, in [0, 1]; 1 for identical images.

    Wang, Simoncelli & Bovik 2003: five scales, each half the one before by the mean of 2×2 pixels
    (an odd row or column at the end is doubled, as their own ``imfilter`` with "symmetric" does);
    the product of the contrast terms and, at the coarsest scale, of SSIM, each to its weight. A
    term below zero, which has no such power, counts as zero. Mean over the three channels; windows
    and constants are those of ``ssim``.
    """
    if problem := misfit(image, reference):
        return refused(problem)
    if min(image.shape[:2]) < _MS_LEAST:
        return refused(too_small(image, _MS_LEAST))
    values = [_over_scales(image[..., c], reference[..., c]) for c in range(3)]
    return Measured(math.fsum(values) / 3)


METRICS = {"psnr": of_pair(psnr), "ssim": of_pair(ssim), "ms_ssim": of_pair(ms_ssim)}


def misfit(image: RGB, reference: RGB) -> Reason | None:
    """Why these two cannot be compared pixel by pixel; None when they can."""
    if image.shape == reference.shape:
        return None
    return Reason(Code.SIZES_DIFFER, image=size_text(image), reference=size_text(reference))


def too_small(image: RGB, least: int) -> Reason:
    """That an image has fewer than ``least`` pixels along one of its sides."""
    return Reason(Code.IMAGE_TOO_SMALL, size=size_text(image), least=least)


def _over_scales(x: Plane, y: Plane) -> float:
    value = 1.0
    for scale, weight in enumerate(_SCALE_WEIGHTS):
        if scale:
            x, y = _halved(x), _halved(y)
        whole, contrast = _similarity(x, y)
        coarsest = scale == len(_SCALE_WEIGHTS) - 1
        value *= max(whole if coarsest else contrast, 0.0) ** weight
    return value


def _halved(plane: Plane) -> NDArray[np.float64]:
    """Means of 2×2 pixels; an odd last row or column counts twice."""
    height, width = plane.shape
    half = np.empty((-(-height // 2), -(-width // 2)))
    for rows in _strips(*half.shape):
        strip = plane[2 * rows.start : 2 * rows.stop].astype(np.float64)
        strip = np.pad(strip, [(0, strip.shape[0] % 2), (0, width % 2)], mode="edge")
        upper, lower = strip[::2], strip[1::2]
        half[rows] = (upper[:, ::2] + upper[:, 1::2] + lower[:, ::2] + lower[:, 1::2]) / 4
    return half


def _similarity(x: Plane, y: Plane, middles: Region | None = None) -> tuple[float, float]:
    """The means of SSIM and of its contrast-structure term over all windows, or over some."""
    height, width = (side - WINDOW + 1 for side in x.shape)
    whole, contrast = [], []
    for rows in _strips(height, width):
        window = slice(rows.start, rows.stop + WINDOW - 1)
        maps = _similarity_maps(_tensor(x[window]), _tensor(y[window]))
        if middles is not None:
            some = torch.from_numpy(np.ascontiguousarray(middles[rows]))
            maps = maps[0][some], maps[1][some]
        whole.append(float(maps[0].sum()))
        contrast.append(float(maps[1].sum()))
    count = height * width if middles is None else int(middles.sum())
    return math.fsum(whole) / count, math.fsum(contrast) / count


def _similarity_maps(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    planes = torch.stack([x, y, x * x, y * y, x * y])
    mean_x, mean_y, xx, yy, xy = _blur_along(_blur_along(planes, 1), 2)
    squares, product = mean_x**2 + mean_y**2, mean_x * mean_y
    contrast = (2 * (xy - product) + _C2) / (xx + yy - squares + _C2)
    return (2 * product + _C1) / (squares + _C1) * contrast, contrast


def _strips(height: int, width: int) -> Iterator[slice]:
    rows = max(_STRIP_LEAST_ROWS, _STRIP_PIXELS // width)
    for top in range(0, height, rows):
        yield slice(top, min(top + rows, height))


def _tensor(strip: Plane) -> Tensor:
    return torch.from_numpy(strip.astype(np.float64))


@cache
def _weights() -> tuple[float, ...]:
    """The window from its middle outwards: one weight for each distance."""
    raw = [math.exp(-(offset**2) / (2 * _SIGMA**2)) for offset in range(WINDOW // 2 + 1)]
    total = 2 * sum(raw) - raw[0]
    return tuple(weight / total for weight in raw)


def _blur_along(planes: Tensor, axis: int) -> Tensor:
    """Windowed means along one axis, where the window fits.

    As sums of shifted slices: float64 convolutions are ten times slower.
    """
    middle = WINDOW // 2
    size = planes.shape[axis] - WINDOW + 1
    weights = _weights()
    total = planes.narrow(axis, middle, size) * weights[0]
    for offset in range(1, middle + 1):
        for start in (middle - offset, middle + offset):
            total.add_(planes.narrow(axis, start, size), alpha=weights[offset])
    return total
