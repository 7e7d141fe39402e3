"""Inception's features against torch-fidelity's and pytorch-fid's, on the same random weights."""

import warnings
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose
from torch.nn import functional

import tests.references  # noqa: F401 - before what wants torchvision

with warnings.catch_warnings():
    # Deprecated names in what these import.
    warnings.simplefilter("ignore")
    import pytorch_fid.inception
    from cleanfid.resize import build_resizer
    from torch_fidelity.feature_extractor_inceptionv3 import FeatureExtractorInceptionV3
    from torch_fidelity.interpolate_compat_tensorflow import (
        interpolate_bilinear_2d_like_tensorflow1x,
    )

from scoring.images import RGB
from scoring.measure import features
from scoring.metric_functions import Subject
from scoring.metrics.sets.features import FEATURES, class_logits, extractor, network_name
from scoring.metrics.sets.resizing import Resize, resized
from scoring.weights.files import Unavailable
from tests.scoring.inceptions import inception_engine, write_random_inception

SIZES = [(299, 299), (64, 97), (512, 384), (301, 299), (1, 1), (2, 700), (37, 5)]


def random_image(seed: int, height: int, width: int) -> RGB:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def planes(image: RGB) -> torch.Tensor:
    return torch.from_numpy(image).permute(2, 0, 1)[None]


def assert_close(found: np.ndarray, expected: np.ndarray) -> None:
    """To 1e-5 relative; what is a hundred thousandth of the largest and less, to that."""
    assert_allclose(found, expected, rtol=1e-5, atol=1e-5 * float(np.abs(expected).max()))


@pytest.fixture(scope="session")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of weights with a random Inception in it."""
    root = tmp_path_factory.mktemp("weights")
    write_random_inception(root)
    return root


SUBJECTS = [
    Subject(random_image(1, 40, 56)),
    Subject(random_image(2, 320, 310)),
    Subject(random_image(3, 9, 9)),
]


@pytest.mark.parametrize("size", SIZES)
def test_the_pytorch_way_is_torchs_interpolation(size: tuple[int, int]) -> None:
    image = random_image(0, *size)

    found = resized(image, Resize.PYTORCH)

    expected = 2 * functional.interpolate(
        planes(image).float() / 255, (299, 299), mode="bilinear", align_corners=False
    ) - 1  # fmt: skip
    assert_allclose(found, expected[0].permute(1, 2, 0).numpy(), rtol=0, atol=1e-6)


@pytest.mark.parametrize("size", SIZES)
def test_the_tensorflow_way_is_torch_fidelitys(size: tuple[int, int]) -> None:
    image = random_image(0, *size)

    found = resized(image, Resize.TENSORFLOW)

    expected = interpolate_bilinear_2d_like_tensorflow1x(
        planes(image).float(), size=(299, 299), align_corners=False
    )
    assert_allclose(found, (expected[0].permute(1, 2, 0).numpy() - 128) / 128, rtol=0, atol=1e-6)


@pytest.mark.parametrize("size", SIZES)
def test_the_clean_way_is_clean_fids(size: tuple[int, int]) -> None:
    image = random_image(0, *size)

    found = resized(image, Resize.CLEAN)

    with warnings.catch_warnings():
        # It names the mode of Pillow's fromarray, which Pillow would rather guess.
        warnings.simplefilter("ignore", DeprecationWarning)
        expected = build_resizer("clean")(image)
    assert_allclose(found, (expected - 128) / 128, rtol=0, atol=1e-6)


def test_features_and_logits_are_torch_fidelitys(weights: Path) -> None:
    theirs = FeatureExtractorInceptionV3(
        "random",
        ["2048", "logits_unbiased", "logits"],
        feature_extractor_weights_path=str(next(weights.glob("inception/*.pth"))),
    )
    engine = inception_engine(weights)

    found = features(network_name(Resize.TENSORFLOW), SUBJECTS, engine)
    logits = class_logits(network_name(Resize.TENSORFLOW), found, engine)

    with torch.inference_mode():
        answers = [theirs(planes(subject.image)) for subject in SUBJECTS]
    pooled, unbiased, biased = (
        torch.cat([answer[i] for answer in answers]).numpy() for i in range(3)
    )
    assert found.dtype == np.float32
    assert found.std(axis=0).mean() > 0.01  # so that images are told apart at all
    assert_close(found, pooled)
    assert_close(logits, unbiased)
    with_bias = extractor(engine).network.logits_with_bias(torch.from_numpy(found)).numpy()
    assert_close(with_bias, biased)


def test_features_are_pytorch_fids_and_so_are_the_names(
    weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # It looks for its file in torch's hub folder before it downloads.
    file = next(weights.glob("inception/*.pth"))
    (tmp_path / "hub" / "checkpoints").mkdir(parents=True)
    (tmp_path / "hub" / "checkpoints" / file.name).symlink_to(file)
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torchvision's, about its own arguments
        theirs = pytorch_fid.inception.InceptionV3().eval()

    found = features(network_name(Resize.PYTORCH), SUBJECTS[:2], inception_engine(weights))

    with torch.inference_mode():
        expected = np.concatenate(
            [theirs(planes(s.image).float() / 255)[0].flatten(1).numpy() for s in SUBJECTS[:2]]
        )
    assert_close(found, expected)


def test_features_are_the_same_whatever_the_batch_and_the_order(weights: Path) -> None:
    together, alone = inception_engine(weights, batch=3), inception_engine(weights, batch=1)
    name = network_name(Resize.CLEAN)

    first = FEATURES[name](SUBJECTS, together)
    second = FEATURES[name](SUBJECTS[::-1], alone)[::-1]

    assert_close(first, second)


def test_no_images_have_no_features(weights: Path) -> None:
    assert features(network_name(Resize.CLEAN), [], inception_engine(weights)).shape == (0, 2048)


def test_without_weights_there_are_no_features_and_it_is_said_why(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="weights_missing"):
        features(network_name(Resize.CLEAN), SUBJECTS, inception_engine(tmp_path))


def test_weights_of_another_network_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "inception" / "pt_inception-2015-12-05-6726825d.pth"
    path.parent.mkdir()
    torch.save({"fc.weight": torch.zeros(1008, 2048)}, path)

    with pytest.raises(Unavailable, match="weights_of_another_network"):
        features(network_name(Resize.CLEAN), SUBJECTS, inception_engine(tmp_path))
