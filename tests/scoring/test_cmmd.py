"""CMMD against its authors' formula by force and transformers' embeddings, framed as they frame.

The formula: google-research/cmmd, distance.py; the framing: io_util.py there and in its port to
PyTorch (sayakpaul/cmmd-pytorch).
"""

import io
import math
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image

import tests.references  # noqa: F401 - before what wants torchvision
from scoring.engine import Engine
from scoring.images import RGB
from scoring.measure import features
from scoring.measured import Outcome
from scoring.metric_functions import Subject
from scoring.metrics.networks.clip_pixels import Framing, clip_pixels
from scoring.metrics.sets.clip_distance import clip_distance
from scoring.metrics.sets.measure_set import measure_set
from scoring.metrics.sets.set_statistics import SetStatistics
from scoring.reasons import Code
from tests.scoring.tiny_networks import hugging_face, published, random_image, tokenizer_json

NETWORK = "clip-vit-l-14-336/square"
MEAN = np.array([0.48145466, 0.4578275, 0.40821073])
DEVIATION = np.array([0.26862954, 0.26130258, 0.27577711])


def units(count: int, seed: int, width: int = 24, shift: float = 0.0) -> NDArray[np.float32]:
    random = np.random.default_rng(seed)
    rows = random.normal(size=(count, width)) + shift
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def by_force(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    """Every pair of images, one by one."""

    def mean(left: NDArray[np.float32], right: NDArray[np.float32]) -> float:
        kernels = [
            math.exp(-sum((float(p) - float(q)) ** 2 for p, q in zip(x, y, strict=True)) / 200)
            for x in left
            for y in right
        ]
        return math.fsum(kernels) / len(kernels)

    return 1000 * (mean(a, a) + mean(b, b) - 2 * mean(a, b))


def framed(image: RGB, side: int) -> NDArray[np.float64]:
    """The middle square, resized by Pillow."""
    made = Image.fromarray(image)
    width, height = made.size
    short = min(width, height)
    left, top = (width - short) // 2, (height - short) // 2
    middle = made.crop((left, top, left + short, top + short))
    levels = np.asarray(middle.resize((side, side), resample=Image.Resampling.BICUBIC))
    return (levels / 255 - MEAN) / DEVIATION


@pytest.mark.parametrize(("n", "m", "shift"), [(30, 40, 0.0), (25, 25, 0.7), (1, 3, 0.2)])
def test_the_distance_is_its_authors(n: int, m: int, shift: float) -> None:
    a, b = units(n, 1), units(m, 2, shift=shift)

    assert clip_distance(a, b) == pytest.approx(by_force(a, b), rel=1e-6, abs=1e-9)


def test_it_is_what_can_be_said_of_two_points() -> None:
    """Opposite unit vectors are 2 apart: 2 (1 − exp(−4 / 200)) · 1,000."""
    a, b = np.array([[1.0, 0.0]]), np.array([[-1.0, 0.0]])

    assert clip_distance(a, b) == pytest.approx(2000 * (1 - math.exp(-0.02)), rel=1e-12)
    assert clip_distance(a, a) == 0


def test_more_rows_than_a_block_are_the_same() -> None:
    a, b = units(2500, 3), units(2100, 4, shift=0.3)
    squares = 2 - 2 * (a.astype(np.float64) @ b.astype(np.float64).T)

    def mean(rows: NDArray[np.float64]) -> float:
        return float(np.exp(-rows / 200).mean())

    own = [2 - 2 * (one.astype(np.float64) @ one.astype(np.float64).T) for one in (a, b)]
    expected = 1000 * (mean(own[0]) + mean(own[1]) - 2 * mean(squares))
    assert clip_distance(a, b) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize(("height", "width"), [(48, 64), (61, 40), (33, 32), (32, 32), (20, 90)])
def test_the_middle_is_cut_out_before_it_is_resized(height: int, width: int) -> None:
    image = random_image(height, width)

    ours = clip_pixels(image, side=32, framing=Framing.SQUARE).permute(1, 2, 0).numpy()

    np.testing.assert_allclose(ours, framed(image, 32), rtol=0, atol=5e-7)


def engine_with(network: torch.nn.Module, root: Path) -> Engine:
    stream = io.BytesIO()
    torch.save(network.state_dict(), stream)
    contents = {
        "pytorch_model.bin": stream.getvalue(), "tokenizer.json": tokenizer_json().encode(),
    }  # fmt: skip
    registry = {"clip-vit-l-14-336": published(root, "clip-vit-l-14-336", contents)}
    return Engine(weights_root=root, registry=registry)


def test_embeddings_and_distance_are_those_of_transformers_clip(tmp_path: Path) -> None:
    theirs = hugging_face(7, vision=(32, 16), text=(24, 12))
    engine = engine_with(theirs, tmp_path)
    images = [random_image(40 + n, 60 - n, seed=n) for n in range(8)]
    pixels = torch.tensor(np.stack([framed(image, 32) for image in images]), dtype=torch.float32)
    with torch.inference_mode():
        found = theirs.get_image_features(pixels.permute(0, 3, 1, 2)).pooler_output
    expected = (found / found.norm(dim=1, keepdim=True)).numpy()

    ours = features(NETWORK, [Subject(image) for image in images], engine)

    np.testing.assert_allclose(ours, expected, rtol=0, atol=1e-5)
    sets = []
    for rows in (ours[:5], ours[5:]):
        made = SetStatistics.empty(NETWORK, rows.shape[1])
        made.add([str(place) for place in range(len(rows))], rows, None)
        sets.append(made)
    measured = measure_set(["cmmd"], sets[0], sets[1])["cmmd"]
    assert measured.value == pytest.approx(by_force(expected[:5], expected[5:]), rel=1e-4)
    assert (measured.n, measured.n_reference) == (5, 3)


def test_without_a_set_to_compare_with_there_is_no_distance() -> None:
    made = SetStatistics.empty(NETWORK, 24)
    made.add([str(place) for place in range(5)], units(5, 1), None)

    refused = measure_set(["cmmd"], made, None)["cmmd"]

    assert (refused.outcome, refused.reasons[0].code) == (Outcome.REFUSED, Code.NO_REFERENCE_SET)
