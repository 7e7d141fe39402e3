"""The aesthetic predictor against its published layers, on CLIP's embeddings from transformers."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional

from scoring.engine import Engine
from scoring.measure import measure
from scoring.metric_functions import Subject
from scoring.metrics.networks.linear_head import LinearHead
from tests.scoring.test_rewards import l14, pickled, saved
from tests.scoring.tiny_networks import open_clip_transform, published, random_image, tokenizer_json

LAYERS = [(0, 1024), (2, 128), (4, 64), (6, 16), (7, 1)]


def head(width: int) -> dict[str, Tensor]:
    random = torch.Generator().manual_seed(3)
    state = {}
    for number, out in LAYERS:
        state[f"layers.{number}.weight"] = torch.randn(out, width, generator=random) / width**0.5
        state[f"layers.{number}.bias"] = torch.randn(out, generator=random)
        width = out
    return state


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    contents = {
        "model.safetensors": saved(l14().state_dict()),
        "tokenizer.json": tokenizer_json().encode(),
        "sac+logos+ava1-l14-linearMSE.pth": pickled(head(12)),
    }
    names = ["aesthetics", "clip-vit-l-14"]
    registry = {name: published(tmp_path, name, contents) for name in names}
    return Engine(weights_root=tmp_path, registry=registry)


def subjects() -> list[Subject]:
    return [Subject(random_image(40 + n, 60, seed=n), prompt="a cat") for n in range(3)]


def test_it_is_the_published_head_on_the_normalised_embedding(engine: Engine) -> None:
    transform = open_clip_transform(32)
    pixels = torch.stack([transform(Image.fromarray(one.image)) for one in subjects()])
    with torch.inference_mode():
        embedding = functional.normalize(l14().get_image_features(pixels).pooler_output)
    numbers, state = embedding.double().numpy(), head(12)
    for layer, _ in LAYERS:
        weight, bias = (
            state[f"layers.{layer}.{kind}"].double().numpy() for kind in ("weight", "bias")
        )
        numbers = numbers @ weight.T + bias

    rows = measure(["aesthetics"], subjects(), engine)

    np.testing.assert_allclose([row["aesthetics"].value for row in rows], numbers[:, 0], rtol=1e-5)


def test_it_needs_no_prompt(engine: Engine) -> None:
    silent = [Subject(one.image) for one in subjects()]

    assert measure(["aesthetics"], silent, engine) == [
        {"aesthetics": row["aesthetics"]} for row in measure(["aesthetics"], subjects(), engine)
    ]


def test_one_pass_of_the_shared_clip_serves_two_metrics(engine: Engine) -> None:
    """Counts the images that the vision encoder is shown; each once, whoever asks."""
    rows = measure(["aesthetics"], subjects(), engine)
    encoders = engine.network("clip-vit-l-14", lambda *_: pytest.fail("built already"))
    shown: list[int] = []
    encoders.clip.vision_model.embeddings.register_forward_hook(
        lambda _module, pixels, _out: shown.append(len(pixels[0]))
    )
    some = subjects()
    some[1] = Subject(some[1].image)

    both = measure(["clip_cosine", "aesthetics"], some, engine)

    assert sum(shown) == 3
    assert [row["aesthetics"].value for row in both] == pytest.approx(
        [row["aesthetics"].value for row in rows], rel=1e-5
    )


def test_the_published_sizes_have_the_published_names_and_shapes() -> None:
    state = LinearHead(768).state_dict()

    assert {name: tuple(value.shape) for name, value in state.items()} == {
        "layers.0.weight": (1024, 768), "layers.0.bias": (1024,),
        "layers.2.weight": (128, 1024), "layers.2.bias": (128,),
        "layers.4.weight": (64, 128), "layers.4.bias": (64,),
        "layers.6.weight": (16, 64), "layers.6.bias": (16,),
        "layers.7.weight": (1, 16), "layers.7.bias": (1,),
    }  # fmt: skip
