"""SSIM in strips and MS-SSIM, against piq, scikit-image and Wang's own recipe in SciPy."""

import tests.references  # noqa: F401 - first: it makes torchvision importable, which piq wants

# isort: split
from pathlib import Path

import numpy as np
import piq
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import correlate, correlate1d
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

from scoring.engine import Engine
from scoring.images import RGB
from scoring.measure import measure
from scoring.measured import Measured, Outcome
from scoring.metric_functions import Subject
from scoring.reasons import Code, Reason

WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)


def pair(seed: int, height: int, width: int, noise: int = 24) -> tuple[RGB, RGB]:
    """A soft image and its noisy copy."""
    rng = np.random.default_rng(seed)
    coarse = Image.fromarray(rng.integers(0, 256, (9, 7, 3), dtype=np.uint8))
    image = np.asarray(coarse.resize((width, height), Image.Resampling.BICUBIC))
    changed = image.astype(int) + rng.integers(-noise, noise + 1, image.shape)
    return image, np.clip(changed, 0, 255).astype(np.uint8)


def measured(metric: str, image: RGB, reference: RGB) -> Measured:
    engine = Engine(weights_root=Path("/nowhere"))
    return measure([metric], [Subject(image, reference)], engine)[0][metric]


def number(metric: str, image: RGB, reference: RGB) -> float:
    value = measured(metric, image, reference).value
    assert isinstance(value, float)
    return value


def by_piq(image: RGB, reference: RGB) -> float:
    x, y = (
        torch.tensor(each, dtype=torch.float64).permute(2, 0, 1)[None]
        for each in (image, reference)
    )
    weights = torch.tensor(WEIGHTS, dtype=torch.float64)
    return float(piq.multi_scale_ssim(x, y, data_range=255, scale_weights=weights))


def by_recipe(image: RGB, reference: RGB) -> float:
    """Wang's MATLAB: filter2 "valid", imfilter(ones(2) / 4, "symmetric"), every second pixel."""
    channels = [
        _recipe(image[..., c].astype(float), reference[..., c].astype(float)) for c in range(3)
    ]
    return float(np.mean(channels))


def _recipe(x: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    offsets = np.arange(-5, 6)
    window = np.exp(-(offsets**2) / (2 * 1.5**2))
    window /= window.sum()

    def blur(plane: NDArray[np.float64]) -> NDArray[np.float64]:
        along = correlate1d(correlate1d(plane, window, axis=0), window, axis=1)
        return along[5:-5, 5:-5]

    value = 1.0
    for scale, weight in enumerate(WEIGHTS):
        mx, my = blur(x), blur(y)
        vx, vy, cov = blur(x * x) - mx**2, blur(y * y) - my**2, blur(x * y) - mx * my
        cs = (2 * cov + 58.5225) / (vx + vy + 58.5225)
        full = (2 * mx * my + 6.5025) / (mx**2 + my**2 + 6.5025) * cs
        value *= float((full if scale == 4 else cs).mean()) ** weight
        # MATLAB's imfilter looks from a pixel to the next: origin -1 in SciPy.
        box = np.full((2, 2), 0.25)
        x, y = (correlate(p, box, mode="reflect", origin=-1)[::2, ::2] for p in (x, y))
    return value


@pytest.mark.parametrize(("height", "width"), [(176, 208), (256, 256)])
def test_ms_ssim_equals_piq_where_every_scale_is_even(height: int, width: int) -> None:
    image, reference = (np.repeat(each[..., :1], 3, axis=2) for each in pair(1, height, width))

    # piq divides the weights, which Wang printed with four digits, by their sum of 1.0001.
    expected = by_piq(image, reference) ** sum(WEIGHTS)

    assert number("ms_ssim", image, reference) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize(("height", "width"), [(161, 161), (173, 205), (240, 179)])
def test_ms_ssim_of_odd_sizes_equals_wangs_recipe_and_piq_only_nearly(
    height: int, width: int
) -> None:
    image, reference = pair(2, height, width)

    value = number("ms_ssim", image, reference)

    assert value == pytest.approx(by_recipe(image, reference), rel=1e-9)
    # piq doubles the first row and column instead of the last, and both when either is odd.
    assert value == pytest.approx(by_piq(image, reference), abs=5e-3)


def test_identical_images_have_ms_ssim_one() -> None:
    image, _ = pair(3, 170, 190)

    assert number("ms_ssim", image, image) == pytest.approx(1, abs=1e-12)


def test_a_negative_of_an_image_has_ms_ssim_zero() -> None:
    rng = np.random.default_rng(4)
    image = rng.integers(0, 256, (176, 176, 3), dtype=np.uint8)

    assert number("ms_ssim", image, 255 - image) == 0
    assert number("ssim", image, 255 - image) < 0


def test_an_image_too_small_for_five_scales_is_refused() -> None:
    image, reference = pair(5, 160, 400)

    assert measured("ms_ssim", image, reference) == Measured(
        None, Outcome.REFUSED, (Reason(Code.IMAGE_TOO_SMALL, size="400×160", least=161),)
    )


def test_sizes_that_differ_are_refused() -> None:
    image, _ = pair(6, 170, 170)
    other, _ = pair(6, 170, 180)

    (why,) = measured("ms_ssim", image, other).reasons
    assert why == Reason(Code.SIZES_DIFFER, image="170×170", reference="180×170")


@pytest.mark.parametrize(("height", "width"), [(11, 40_000), (700, 333), (40, 11)])
def test_strips_change_nothing(height: int, width: int) -> None:
    image, reference = pair(7, height, width)

    assert number("psnr", image, reference) == pytest.approx(
        peak_signal_noise_ratio(reference, image, data_range=255), rel=1e-12
    )
    assert number("ssim", image, reference) == pytest.approx(
        structural_similarity(
            reference, image, channel_axis=2, data_range=255, gaussian_weights=True, sigma=1.5,
            use_sample_covariance=False,
        ),
        rel=1e-10,
    )  # fmt: skip
