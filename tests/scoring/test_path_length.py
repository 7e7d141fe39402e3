"""Perceptual path length against torch-fidelity, the lpips package and hand calculation."""

import math
import warnings
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

import tests.references  # noqa: F401 - before what wants torchvision

with warnings.catch_warnings():
    # Deprecated names in what these import.
    warnings.simplefilter("ignore")
    import lpips
    import torch_fidelity
    from torch_fidelity.noise import batch_slerp_unit
    from torch_fidelity.sample_similarity_base import SampleSimilarityBase

from scoring.catalog import Grain, metric
from scoring.engine import Engine
from scoring.metrics.networks.checkpoints import read
from scoring.metrics.path_length import (
    PathPlan,
    Sampling,
    Space,
    lpips_vgg,
    path_length,
    slerp,
    step_lengths,
    trimmed,
)
from scoring.weights.files import Unavailable
from tests.scoring.backbones import UNHASHED, random_backbones

MIXING = torch.randn((5, 3 * 8 * 8), generator=torch.Generator().manual_seed(1))


def generator(latents: Tensor) -> Tensor:
    return torch.tanh(latents @ MIXING).reshape(-1, 3, 8, 8)


def squares(first: Tensor, second: Tensor) -> Tensor:
    return (first.double() - second.double()).square().sum(dim=(1, 2, 3))


def test_step_lengths_average_to_torch_fidelitys_path_length() -> None:
    class Module(torch.nn.Module):
        def forward(self, latents: Tensor) -> Tensor:
            return generator(latents)

    class Squares(SampleSimilarityBase):
        def __init__(self, name: str, **_: object) -> None:
            super().__init__(name)

        def forward(self, first: Tensor, second: Tensor) -> Tensor:
            return squares(first, second)

    torch_fidelity.register_sample_similarity("squares", Squares)
    n, epsilon = 50, 1e-2
    theirs = torch_fidelity.calculate_metrics(
        input1=torch_fidelity.GenerativeModelModuleWrapper(Module(), 5, "normal", 0),
        input1_model_num_samples=n,
        ppl=True,
        ppl_epsilon=epsilon,
        ppl_z_interp_mode="lerp",
        ppl_sample_similarity="squares",
        ppl_sample_similarity_resize=None,
        # With percentiles it calls NumPy by an argument that is gone.
        ppl_discard_percentile_lower=None,
        ppl_discard_percentile_higher=None,
        cuda=False,
        verbose=False,
        rng_seed=2020,
    )
    drawn = np.random.RandomState(2020)
    a, b = (torch.from_numpy(drawn.randn(n, 5)).float() for _ in range(2))

    ours = step_lengths(generator, squares, a, torch.lerp(a, b, epsilon), epsilon=epsilon)

    # Neighbouring images in float32: their difference keeps four digits.
    assert ours.mean() == pytest.approx(theirs["perceptual_path_length_mean"], rel=1e-4)
    assert ours.std() == pytest.approx(theirs["perceptual_path_length_std"], rel=1e-4)


def test_the_arc_is_torch_fidelitys() -> None:
    a, b = (torch.randn((40, 6), dtype=torch.float64) for _ in range(2))
    a, b = (rows / rows.norm(dim=1, keepdim=True) for rows in (a, b))
    t = torch.rand((40, 1), dtype=torch.float64)

    assert slerp(a, b, t).numpy() == pytest.approx(batch_slerp_unit(a, b, t).numpy(), abs=1e-9)


def test_a_path_through_a_linear_generator_in_w_is_as_long_as_its_latents_are_apart() -> None:
    # Images are w itself: every length is |b - a|², whose mean is 2 d = 6 for normal w.
    path = PathPlan(dimensions=3, space=Space.W, epsilon=0.01, n=4000, batch=1000)

    found = path_length(lambda w: w[:, :, None, None], squares, path, mapping=lambda z: z.clone())

    assert found.n == 4000
    assert found.mean == pytest.approx(6, rel=0.05)


def test_a_path_in_z_is_as_long_as_the_square_of_the_angle_between_latents() -> None:
    path = PathPlan(dimensions=3, epsilon=0.01, n=4000, batch=512, sampling=Sampling.END)

    found = path_length(lambda z: z[:, :, None, None], squares, path)

    # In three dimensions an angle θ has the density sin θ / 2: the mean of θ² is π²/2 - 2.
    assert found.mean == pytest.approx(math.pi**2 / 2 - 2, rel=0.05)


def test_the_same_seed_is_the_same_length_whatever_the_batch_and_another_is_not() -> None:
    def measured(**how: int) -> float:
        return path_length(
            generator, squares, PathPlan(dimensions=5, n=32, epsilon=0.01, **how)
        ).mean

    assert measured(batch=8, seed=1) == measured(batch=8, seed=1)
    assert measured(batch=8, seed=1) != measured(batch=8, seed=2)


def test_the_outermost_percentiles_are_left_out_by_nearest_rank() -> None:
    # Of 0 … 200 the 1st percentile is 2, the 99th 198.
    found = trimmed(np.arange(201.0))

    assert (found.kept, found.n, found.mean) == (197, 201, 100)
    assert found.sd == pytest.approx(np.arange(2.0, 199).std())


def test_what_cannot_be_measured_is_refused() -> None:
    path = PathPlan(dimensions=5, n=4)

    with pytest.raises(ValueError, match="needs the mapping"):
        path_length(generator, squares, PathPlan(dimensions=5, space=Space.W))
    with pytest.raises(ValueError, match="samples"):
        path_length(generator, squares, PathPlan(dimensions=5, n=0))
    with pytest.raises(ValueError, match=r"not \(n, 3, height, width\)"):
        path_length(lambda z: z, squares, path)
    with pytest.raises(ValueError, match="not finite"):
        path_length(lambda z: generator(z) * math.nan, squares, path)


def test_the_similarity_is_the_lpips_packages(tmp_path: Path) -> None:
    random_backbones(tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torchvision's, about its own arguments
        theirs = lpips.LPIPS(net="vgg", pnet_rand=True, verbose=False).eval()
    state = read(tmp_path / "torchvision" / "vgg16-397923af.pth")
    slices = [layer for part in range(1, 6) for layer in getattr(theirs.net, f"slice{part}")]
    for number, layer in enumerate(slices):
        if isinstance(layer, torch.nn.Conv2d):
            layer.weight.data = state[f"features.{number}.weight"]
            layer.bias.data = state[f"features.{number}.bias"]
    first, second = (torch.rand((2, 3, 64, 64)) * 2 - 1 for _ in range(2))

    ours = lpips_vgg(Engine(weights_root=tmp_path, registry=UNHASHED))(first, second)

    with torch.inference_mode():
        expected = theirs(first, second).flatten()
    assert ours.numpy() == pytest.approx(expected.double().numpy(), rel=1e-5)


def test_larger_images_are_averaged_down_first(tmp_path: Path) -> None:
    random_backbones(tmp_path)
    similarity = lpips_vgg(Engine(weights_root=tmp_path, registry=UNHASHED), side=32)
    first, second = (torch.rand((1, 3, 64, 64)) * 2 - 1 for _ in range(2))

    small = [p.reshape(1, 3, 32, 2, 32, 2).mean(dim=(3, 5)) for p in (first, second)]

    assert similarity(first, second).numpy() == pytest.approx(similarity(*small).numpy(), rel=1e-5)


def test_without_weights_it_says_why(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="weights_missing"):
        lpips_vgg(Engine(weights_root=tmp_path))


def test_the_catalog_says_that_uploads_have_no_path_length() -> None:
    assert metric("ppl").grain is Grain.GENERATOR
