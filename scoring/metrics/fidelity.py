"""How close a picture is to its reference: PSNR and SSIM, in float64.

Both need pictures of equal size: resizing one would measure the resizing.
"""

import math
from functools import cache

import torch
from torch import Tensor

from scoring.functions import of_pair
from scoring.images import RGB, size_text
from scoring.measured import Measured, refused, undefined

_RANGE = 255.0
_WINDOW, _SIGMA, _K1, _K2 = 11, 1.5, 0.01, 0.03


def psnr(image: RGB, reference: RGB) -> Measured:
    """10 log10(255² / MSE) in dB over all channels; identical pictures have no finite PSNR."""
    if problem := misfit(image, reference):
        return refused(problem)
    error = float(torch.mean((_planes(image) - _planes(reference)) ** 2))
    if error == 0:
        return undefined("identical to its reference: PSNR is infinite")
    return Measured(10 * math.log10(_RANGE**2 / error))


def ssim(image: RGB, reference: RGB) -> Measured:
    """Mean structural similarity, in [-1, 1]; 1 for identical pictures.

    Wang, Bovik, Sheikh & Simoncelli 2004: Gaussian window 11×11, sigma 1.5, K1 = .01, K2 = .03,
    population covariance, L = 255; only where the window fits; mean over the three channels.
    Equals scikit-image's with gaussian_weights, sigma 1.5, use_sample_covariance=False.
    """
    if problem := misfit(image, reference):
        return refused(problem)
    if min(image.shape[:2]) < _WINDOW:
        return refused(f"{size_text(image)} is smaller than SSIM's window of {_WINDOW} pixels")
    x, y = _planes(image), _planes(reference)
    mean_x, mean_y, xx, yy, xy = torch.chunk(_blur(torch.cat([x, y, x * x, y * y, x * y])), 5)
    c1, c2 = (_K1 * _RANGE) ** 2, (_K2 * _RANGE) ** 2
    spread = xx - mean_x**2 + yy - mean_y**2
    common = xy - mean_x * mean_y
    top = (2 * mean_x * mean_y + c1) * (2 * common + c2)
    bottom = (mean_x**2 + mean_y**2 + c1) * (spread + c2)
    return Measured(float(torch.mean(top / bottom)))


METRICS = {"psnr": of_pair(psnr), "ssim": of_pair(ssim)}


def misfit(image: RGB, reference: RGB) -> str:
    """Why these two cannot be compared pixel by pixel; "" when they can."""
    if image.shape == reference.shape:
        return ""
    return f"the image is {size_text(image)}, its reference {size_text(reference)}: sizes differ"


def _planes(image: RGB) -> Tensor:
    """(3, height, width) in float64."""
    return torch.tensor(image, dtype=torch.float64).permute(2, 0, 1).contiguous()


@cache
def _weights() -> tuple[float, ...]:
    """The window from its middle outwards: one weight for each distance."""
    raw = [math.exp(-(offset**2) / (2 * _SIGMA**2)) for offset in range(_WINDOW // 2 + 1)]
    total = 2 * sum(raw) - raw[0]
    return tuple(weight / total for weight in raw)


def _blur(planes: Tensor) -> Tensor:
    """Each plane's windowed mean where the window fits: (n, height - 10, width - 10).

    Plane by plane, as sums of shifted slices: float64 convolutions are ten times slower.
    """
    return torch.stack([_blur_along(_blur_along(plane, 0), 1) for plane in planes])


def _blur_along(plane: Tensor, axis: int) -> Tensor:
    middle = _WINDOW // 2
    size = plane.shape[axis] - _WINDOW + 1
    weights = _weights()
    total = plane.narrow(axis, middle, size) * weights[0]
    for offset in range(1, middle + 1):
        for start in (middle - offset, middle + offset):
            total.add_(plane.narrow(axis, start, size), alpha=weights[offset])
    return total
