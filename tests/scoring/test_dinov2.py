"""DINOv2 against transformers on shared random weights, and FD-DINOv2's way to its features.

The positions of another grid: dinov2/models/vision_transformer.py of its authors, whose hub
checkpoints transformers resamples a little differently. The pixels: dgm-eval, models/dinov2.py.
"""

import math
import warnings
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch.nn import functional

import tests.references  # noqa: F401 - makes torchvision importable, before these want it

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from transformers import Dinov2Config, Dinov2Model

from scoring.engine import Engine
from scoring.measure import features
from scoring.metric_functions import Subject
from scoring.metrics import dinov2 as ours
from scoring.metrics.networks.checkpoints import built
from scoring.metrics.networks.dinov2 import DinoV2, Plan
from scoring.weights.published import WeightFile, Weights
from tests.scoring.tiny_networks import random_image

TINY = Plan(width=48, layers=3, heads=4, positions=8)
SIDE = TINY.patch * TINY.positions


def reference(seed: int = 0) -> Dinov2Model:
    """A small one of theirs, random, none of whose parts does nothing."""
    torch.manual_seed(seed)
    config = Dinov2Config(
        hidden_size=TINY.width, num_hidden_layers=TINY.layers, num_attention_heads=TINY.heads,
        patch_size=TINY.patch, image_size=SIDE,
    )  # fmt: skip
    network = Dinov2Model(config).eval()
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.1)
    return network


def published(state: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Their parameters under the names of the authors' checkpoint."""
    named = {
        "cls_token": state["embeddings.cls_token"],
        "mask_token": state["embeddings.mask_token"],
        "pos_embed": state["embeddings.position_embeddings"],
        "patch_embed.proj.weight": state["embeddings.patch_embeddings.projection.weight"],
        "patch_embed.proj.bias": state["embeddings.patch_embeddings.projection.bias"],
        "norm.weight": state["layernorm.weight"],
        "norm.bias": state["layernorm.bias"],
    }
    parts = {
        "norm1": "norm1", "norm2": "norm2", "mlp.fc1": "mlp.fc1", "mlp.fc2": "mlp.fc2",
        "attn.proj": "attention.o_proj",
    }  # fmt: skip
    for layer in range(TINY.layers):
        for kind in ("weight", "bias"):
            theirs = f"encoder.layer.{layer}."
            for name, their_name in parts.items():
                named[f"blocks.{layer}.{name}.{kind}"] = state[f"{theirs}{their_name}.{kind}"]
            qkv = [state[f"{theirs}attention.{one}_proj.{kind}"] for one in
                   ("q", "k", "v")]  # fmt: skip
            named[f"blocks.{layer}.attn.qkv.{kind}"] = torch.cat(qkv)
        for number in (1, 2):
            scale = state[f"encoder.layer.{layer}.layer_scale{number}.lambda1"]
            named[f"blocks.{layer}.ls{number}.gamma"] = scale
    return named


def network(seed: int = 0) -> DinoV2:
    state = published(dict(reference(seed).state_dict()))
    return built(lambda: DinoV2(TINY), state, source="random")


@pytest.mark.parametrize("seed", range(3))
def test_the_network_is_transformers_on_shared_random_weights(seed: int) -> None:
    x = torch.randn(2, 3, SIDE, SIDE, generator=torch.Generator().manual_seed(seed))

    with torch.inference_mode():
        found = network(seed)(x)
        expected = reference(seed)(x).pooler_output

    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-5)
    assert expected.std() > 0.1


def test_positions_of_another_grid_are_resampled_as_its_authors_do() -> None:
    made = network()
    grid, known = 5, TINY.positions
    spread = made.pos_embed[:, 1:].reshape(1, known, known, TINY.width).permute(0, 3, 1, 2)
    factor = float((grid + 0.1) / math.sqrt(known * known))
    expected = functional.interpolate(spread, scale_factor=(factor, factor), mode="bicubic")

    with torch.inference_mode():
        found = made._positions(grid)

    assert expected.shape[-2:] == (grid, grid)
    torch.testing.assert_close(
        found[:, 1:].transpose(1, 2).reshape(1, TINY.width, grid, grid), expected
    )
    assert torch.equal(found[:, 0], made.pos_embed[:, 0])
    x = torch.randn(1, 3, grid * TINY.patch, grid * TINY.patch)
    assert made(x).shape == (1, TINY.width)


def test_pixels_are_pillows_rounded_and_normalised() -> None:
    image = random_image(90, 61)
    small = np.asarray(Image.fromarray(image).resize((224, 224), Image.Resampling.BICUBIC))
    expected = (small / 255 - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]

    np.testing.assert_allclose(ours.seen(image), expected, atol=1e-6)


def test_features_come_from_a_published_file_by_the_networks_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ours, "VIT_L_14", TINY)
    file = WeightFile("dinov2-vit-l-14", "dinov2_vitl14_pretrain.pth", "https://example.org/a.pth")
    (tmp_path / file.folder).mkdir()
    torch.save(published(dict(reference().state_dict())), tmp_path / file.place)
    registry = {ours.WEIGHTS: Weights(ours.WEIGHTS, "tiny", (file,), "none", "here")}
    engine = Engine(weights_root=tmp_path, registry=registry)
    images = [random_image(80, 50 + number) for number in range(3)]

    rows = features("dinov2-vit-l-14/pillow", [Subject(image) for image in images], engine)

    with torch.inference_mode():
        pixels = torch.from_numpy(np.stack([ours.seen(image) for image in images]))
        expected = network()(pixels.permute(0, 3, 1, 2)).numpy()
    np.testing.assert_allclose(rows, expected, rtol=1e-4, atol=1e-5)
    assert features("dinov2-vit-l-14/pillow", [], engine).shape == (0, TINY.width)
