"""Metrics inside and outside a mask: against scikit-image's maps, the lpips package, by hand."""

import tests.references  # noqa: F401 - first: it makes torchvision importable

# isort: split
import math
from pathlib import Path

import numpy as np
import pytest
import torch
from lpips import normalize_tensor
from numpy.typing import NDArray
from skimage.metrics import structural_similarity

from scoring.engine import Engine
from scoring.images import Region
from scoring.measure import measure
from scoring.measured import Measured, Outcome
from scoring.metric_functions import Subject
from scoring.metrics import perceptual
from scoring.metrics.feature_maps import distances
from scoring.reasons import Code, Reason
from tests.scoring.backbones import UNHASHED, random_backbones
from tests.scoring.test_perceptual import as_lpips_reads, pair, reference_lpips

PARTS = ("inside", "outside")


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("weights")
    random_backbones(root)
    return root


@pytest.fixture(scope="module")
def engine(weights: Path) -> Engine:
    return Engine(weights_root=weights, registry=UNHASHED)


def disk(height: int, width: int) -> Region:
    """A round mask, off the middle."""
    down, across = np.mgrid[:height, :width]
    inside: Region = (down - height * 0.4) ** 2 + (across - width * 0.6) ** 2 < (height / 4) ** 2
    return inside


def edit(seed: int, height: int, width: int) -> Subject:
    soft = pair(seed, height, width)
    assert soft.reference is not None
    return Subject(soft.reference, source=soft.image, mask=disk(height, width))


def value(name: str, subject: Subject, engine: Engine) -> float:
    found = measure([name], [subject], engine)[0][name]
    assert isinstance(found.value, float), found.reasons
    return found.value


def region_of(subject: Subject, part: str) -> Region:
    assert subject.mask is not None
    return subject.mask if part == "inside" else ~subject.mask


@pytest.mark.parametrize("part", PARTS)
def test_psnr_is_of_the_parts_pixels_alone(part: str, engine: Engine) -> None:
    subject = edit(0, 300, 211)  # several strips
    assert subject.source is not None
    error = (subject.image.astype(float) - subject.source)[region_of(subject, part)]

    expected = 10 * math.log10(255**2 / np.mean(error**2))
    assert value(f"psnr_{part}_mask", subject, engine) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("part", PARTS)
def test_ssim_is_the_mean_of_scikit_images_map_where_the_windows_middle_is_in_the_part(
    part: str, engine: Engine
) -> None:
    subject = edit(1, 300, 211)
    _, whole = structural_similarity(
        subject.image, subject.source, channel_axis=2, gaussian_weights=True, sigma=1.5,
        use_sample_covariance=False, data_range=255, full=True,
    )  # fmt: skip
    fits = (slice(5, -5), slice(5, -5))

    expected = whole[fits][region_of(subject, part)[fits]].mean()
    assert value(f"ssim_{part}_mask", subject, engine) == pytest.approx(expected, rel=1e-10)


def shares_by_hand(region: Region, stride: int, height: int, width: int) -> NDArray[np.float64]:
    """Of each stride × stride block the share in the region; at the edge of what is there."""
    return np.array([
        [
            region[y * stride : (y + 1) * stride, x * stride : (x + 1) * stride].mean()
            for x in range(width)
        ]
        for y in range(height)
    ])  # fmt: skip


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(("height", "width"), [(64, 64), (97, 130)])
def test_lpips_is_the_packages_maps_weighed_by_the_part(
    part: str, height: int, width: int, weights: Path, engine: Engine
) -> None:
    subject = edit(2, height, width)
    package, region = reference_lpips("alex", weights), region_of(subject, part)
    with torch.inference_mode():
        seen = [
            package.net.forward(package.scaling_layer(as_lpips_reads(image)))
            for image in (subject.image, subject.source)
        ]
        maps = [
            head.model((normalize_tensor(x) - normalize_tensor(y)) ** 2)[0, 0].numpy()
            for head, x, y in zip(package.lins, *seen, strict=True)
        ]

    expected = 0.0
    for stride, one in zip(perceptual.ALEX.plan.strides, maps, strict=True):
        share = shares_by_hand(region, stride, *one.shape)
        expected += (one * share).sum() / share.sum()
    assert value(f"lpips_alex_{part}_mask", subject, engine) == pytest.approx(expected, rel=1e-5)


def test_lpips_in_a_mask_is_the_same_in_tiles_as_in_one_piece(engine: Engine) -> None:
    subject = edit(3, 200, 330)
    assert subject.source is not None
    assert subject.mask is not None
    comparison = engine.network(
        "lpips-alex", perceptual.lpips_comparison(perceptual.ALEX, "alex.pth")
    )
    pairs, regions = [(subject.image, subject.source)], [subject.mask]

    whole = distances(comparison, pairs, engine, regions=regions)
    tiled = distances(comparison, pairs, engine, regions=regions, batch_pixels=1, tile=64)

    assert tiled == pytest.approx(whole, rel=1e-5)


def test_a_mask_of_everything_gives_the_metric_of_the_whole_image(engine: Engine) -> None:
    soft = pair(4, 90, 120)
    everything = np.ones((90, 120), dtype=bool)
    subject = Subject(soft.image, soft.reference, source=soft.reference, mask=everything)

    for name in ("psnr", "ssim", "lpips_alex"):
        whole = value(name, subject, engine)
        assert value(f"{name}_inside_mask", subject, engine) == pytest.approx(whole, rel=1e-6)


def test_what_was_changed_within_the_mask_alone_left_the_rest_as_it_was(engine: Engine) -> None:
    soft = pair(5, 64, 64)
    mask = disk(64, 64)
    image = soft.image.copy()
    image[mask] = 0
    rows = measure(
        ["psnr_outside_mask", "psnr_inside_mask"],
        [Subject(image, source=soft.image, mask=mask)],
        engine,
    )[0]

    assert rows["psnr_outside_mask"] == Measured(math.inf, reasons=(Reason(Code.IDENTICAL_IMAGES),))
    expected = 10 * math.log10(255**2 / np.mean(soft.image[mask].astype(float) ** 2))
    assert rows["psnr_inside_mask"].value == pytest.approx(expected, rel=1e-12)


def test_why_an_image_has_no_value(engine: Engine) -> None:
    soft = pair(6, 40, 50)
    image, source, mask = soft.image, soft.reference, disk(40, 50)
    assert source is not None
    subjects = [
        Subject(image, mask=mask),
        Subject(image, source=source),
        Subject(image[:, 1:], source=source, mask=mask),
        Subject(image, source=source, mask=np.ones_like(mask)),
        Subject(image, source=source, mask=np.zeros_like(mask)),
    ]

    for name in ("psnr", "ssim", "lpips_alex"):
        outside = [
            row[f"{name}_outside_mask"]
            for row in measure([f"{name}_outside_mask"], subjects, engine)
        ]
        assert [one.outcome for one in outside[:4]] == [Outcome.REFUSED] * 4
        assert [one.reasons[0] for one in outside[:4]] == [
            Reason(Code.NO_SOURCE_IMAGE),
            Reason(Code.NO_MASK),
            Reason(Code.EDIT_SIZES_DIFFER, image="49×40", source="50×40", mask="50×40"),
            Reason(Code.NOTHING_OUTSIDE_MASK),
        ]
        assert outside[4].outcome is Outcome.OK
        inside = measure([f"{name}_inside_mask"], subjects[4:], engine)[0][f"{name}_inside_mask"]
        assert inside.reasons == (Reason(Code.NOTHING_IN_MASK),)
