"""BLIP's halves against transformers', ImageReward's whole against its description put together."""

import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

import tests.references  # noqa: F401 - makes torchvision importable

with warnings.catch_warnings():
    # Its dependencies' own: deprecated names in what they import.
    warnings.simplefilter("ignore")
    from transformers import BlipTextConfig, BlipVisionConfig
    from transformers.models.blip.modeling_blip import BlipVisionModel
    from transformers.models.blip.modeling_blip_text import BlipTextModel

from scoring.metrics.networks.blip import TextEncoder, TextSizes, VisionSizes, VisionTransformer
from scoring.metrics.networks.image_reward import TEXT, VISION, ImageReward, image_reward_from
from scoring.weights.files import Unavailable
from tests.scoring.tiny_networks import agree, shaken

EYES = VisionSizes(width=24, layers=2, heads=3, side=32, patch=8, feed_forward=60)
WORDS = TextSizes(width=20, layers=2, heads=4, feed_forward=50, vocabulary=40, context=35, seen=24)


def vision_model() -> BlipVisionModel:
    """With the epsilon that BLIP was trained with, not the default of the port."""
    config = BlipVisionConfig(
        hidden_size=EYES.width, intermediate_size=EYES.feed_forward, num_hidden_layers=EYES.layers,
        num_attention_heads=EYES.heads, image_size=EYES.side, patch_size=EYES.patch,
        layer_norm_eps=1e-6,
    )  # fmt: skip
    model = BlipVisionModel(config).eval()
    shaken(model, 1)
    return model


def text_model() -> BlipTextModel:
    config = BlipTextConfig(
        vocab_size=WORDS.vocabulary, hidden_size=WORDS.width, encoder_hidden_size=WORDS.seen,
        intermediate_size=WORDS.feed_forward, num_hidden_layers=WORDS.layers,
        num_attention_heads=WORDS.heads, max_position_embeddings=WORDS.context,
        bos_token_id=1, eos_token_id=2, pad_token_id=0, sep_token_id=3,
    )  # fmt: skip
    model = BlipTextModel(config, add_pooling_layer=False).eval()
    shaken(model, 2)
    return model


def published_vision(state: dict[str, Tensor]) -> Iterator[tuple[str, Tensor]]:
    """transformers' names to BLIP's own, which are timm's."""
    parts = {
        "embeddings.class_embedding": "cls_token",
        "embeddings.position_embedding": "pos_embed",
        "embeddings.patch_embedding": "patch_embed.proj",
        "encoder.layers": "blocks",
        "self_attn": "attn",
        "projection": "proj",
        "layer_norm1": "norm1",
        "layer_norm2": "norm2",
        "post_layernorm": "norm",
    }
    for name, value in state.items():
        for theirs, published in parts.items():
            name = name.replace(theirs, published)  # noqa: PLW2901
        yield name, value


def pixels(n: int = 3) -> Tensor:
    return torch.randn(n, 3, 32, 32, generator=torch.Generator().manual_seed(5))


def prompts() -> tuple[Tensor, Tensor]:
    """Three texts of 7, 12 and 35 tokens, padded to 35."""
    ids = torch.randint(4, 40, (3, 35), generator=torch.Generator().manual_seed(6))
    real = torch.arange(35) < torch.tensor([[7], [12], [35]])
    return ids.where(real, 0), real


def test_the_vision_transformer_agrees_with_transformers() -> None:
    theirs = vision_model()
    ours = VisionTransformer(EYES)
    ours.load_state_dict(dict(published_vision(theirs.state_dict())))

    with torch.inference_mode():
        agree(ours(pixels()), theirs(pixels()).last_hidden_state)


def test_the_text_encoder_agrees_with_transformers() -> None:
    theirs = text_model()
    ours = TextEncoder(WORDS)
    ours.load_state_dict(theirs.state_dict())
    ids, real = prompts()
    seen = torch.randn(3, 17, WORDS.seen, generator=torch.Generator().manual_seed(7))

    with torch.inference_mode():
        hidden = theirs(
            input_ids=ids,
            attention_mask=real.long(),
            encoder_hidden_states=seen,
            encoder_attention_mask=torch.ones(3, 17, dtype=torch.long),
            is_decoder=False,
        ).last_hidden_state
        # What stands at padding is nobody's business.
        agree(ours(ids, real, seen)[real], hidden[real])


def checkpoint() -> dict[str, Tensor]:
    """What ImageReward.pt holds, in small, with the tensors that no forward pass uses."""
    eyes = {f"blip.visual_encoder.{n}": v for n, v in published_vision(vision_model().state_dict())}
    words = {f"blip.text_encoder.{n}": v for n, v in text_model().state_dict().items()}
    random = torch.Generator().manual_seed(8)
    sizes = [(0, 1024, 20), (2, 128, 1024), (4, 64, 128), (6, 16, 64), (7, 1, 16)]
    head = {}
    for number, out, width in sizes:
        head[f"mlp.layers.{number}.weight"] = torch.randn(out, width, generator=random) / width**0.5
        head[f"mlp.layers.{number}.bias"] = torch.randn(out, generator=random)
    unused = {
        "blip.vision_proj.weight": torch.zeros(256, 24),
        "blip.vision_proj.bias": torch.zeros(256),
        "blip.text_proj.weight": torch.zeros(256, 20),
        "blip.text_proj.bias": torch.zeros(256),
        "blip.text_encoder.embeddings.position_ids": torch.arange(35)[None],
    }
    return {**eyes, **words, **head, **unused}


def test_the_whole_reward_agrees_with_its_description() -> None:
    """After THUDM/ImageReward: BLIP, CLS token, linear 1024-128-64-16-1, (x - mean) / deviation."""
    state = checkpoint()
    ids, real = prompts()

    ours = image_reward_from(state, source="a.pt", vision=EYES, text=WORDS)

    with torch.inference_mode():
        rewards = ours(pixels(), ids, real)
        seen = vision_model()(pixels()).last_hidden_state
        hidden = text_model()(
            input_ids=ids, attention_mask=real.long(), encoder_hidden_states=seen, is_decoder=False
        ).last_hidden_state
    number = hidden[:, 0].double().numpy()
    for layer in (0, 2, 4, 6, 7):
        weight = state[f"mlp.layers.{layer}.weight"].double().numpy()
        number = number @ weight.T + state[f"mlp.layers.{layer}.bias"].double().numpy()
    expected = (number[:, 0] - 0.16717362830052426) / 1.0333394966054072
    np.testing.assert_allclose(rewards.numpy(), expected, rtol=1e-5)


def test_a_reward_alone_and_among_others_is_the_same() -> None:
    network = image_reward_from(checkpoint(), source="a.pt", vision=EYES, text=WORDS)
    ids, real = prompts()
    batch = pixels()

    alone = [network(batch[i, None], ids[i, None], real[i, None]) for i in range(3)]

    agree(torch.cat(alone), network(batch, ids, real))


@pytest.mark.parametrize(
    "spoil", ["mlp.layers.7.bias", "blip.text_encoder.encoder.layer.1.crossattention.self.key.bias"]
)
def test_a_file_that_lacks_a_tensor_is_refused(spoil: str) -> None:
    state = checkpoint()
    del state[spoil]

    with pytest.raises(Unavailable, match=r"(?s)weights_of_another_network .*file=a\.pt"):
        image_reward_from(state, source="a.pt", vision=EYES, text=WORDS)


def test_the_published_sizes_have_the_published_names_and_shapes() -> None:
    with torch.device("meta"):
        state: dict[str, Any] = ImageReward(VISION, TEXT).state_dict()

    shapes = {
        "blip.visual_encoder.cls_token": (1, 1, 1024),
        "blip.visual_encoder.pos_embed": (1, 197, 1024),
        "blip.visual_encoder.patch_embed.proj.weight": (1024, 3, 16, 16),
        "blip.visual_encoder.blocks.23.attn.qkv.weight": (3072, 1024),
        "blip.visual_encoder.blocks.23.mlp.fc1.weight": (4096, 1024),
        "blip.text_encoder.embeddings.word_embeddings.weight": (30524, 768),
        "blip.text_encoder.embeddings.position_embeddings.weight": (512, 768),
        "blip.text_encoder.encoder.layer.11.attention.self.query.weight": (768, 768),
        "blip.text_encoder.encoder.layer.11.crossattention.self.key.weight": (768, 1024),
        "blip.text_encoder.encoder.layer.11.crossattention.output.LayerNorm.weight": (768,),
        "blip.text_encoder.encoder.layer.11.intermediate.dense.weight": (3072, 768),
        "blip.text_encoder.encoder.layer.11.output.dense.weight": (768, 3072),
        "mlp.layers.0.weight": (1024, 768),
        "mlp.layers.2.weight": (128, 1024),
        "mlp.layers.4.weight": (64, 128),
        "mlp.layers.6.weight": (16, 64),
        "mlp.layers.7.weight": (1, 16),
    }
    assert {name: tuple(state[name].shape) for name in shapes} == shapes
    assert not any(name.startswith("blip.text_encoder.pooler") for name in state)
