"""Published CLIP checkpoints as ``Clip``: names put right, sizes read off the tensors.

Two naming schemes are known: transformers' ``CLIPModel`` (OpenAI's and LAION's repositories,
PickScore) and open_clip's (HPS v2, LAION's originals). Heads and activation leave no trace in the
tensors, so the caller names them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import isqrt

from torch import Tensor

from scoring.metrics.networks.checkpoints import built, of_another_network
from scoring.metrics.networks.clip import Activation, Clip, Plan, Sizes
from scoring.weights.files import Unavailable

# Position numbers that old releases of both libraries saved, and open_clip's causal mask.
_NOT_LEARNED = re.compile(r"(.*\.)?position_ids|attn_mask")


@dataclass(frozen=True, slots=True)
class Traits:
    """What a checkpoint does not say of itself."""

    vision_heads: int
    text_heads: int
    activation: Activation


# Recalled from the published configurations (``config.json``, open_clip's model configurations).
OPENAI_B32 = Traits(12, 8, Activation.QUICK_GELU)
OPENAI_L14 = Traits(16, 12, Activation.QUICK_GELU)
LAION_H14 = Traits(16, 16, Activation.GELU)


def clip_from(state: Mapping[str, Tensor], traits: Traits, *, source: str) -> Clip:
    """The network of a checkpoint, on the CPU in float32, ready for inference.

    Raises Unavailable, naming ``source``, for tensors that are no CLIP's.
    """
    named = published_names(state)
    try:
        plan = plan_of(named, traits)
    except (KeyError, ValueError) as error:
        raise Unavailable(of_another_network(source, error)) from error
    return built(lambda: Clip(plan), named, source=source)


def published_names(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The learned tensors by transformers' names, whichever of the two schemes they come in."""
    learned = {name: value for name, value in state.items() if not _NOT_LEARNED.fullmatch(name)}
    return _from_open_clip(learned) if "visual.conv1.weight" in learned else learned


def plan_of(state: Mapping[str, Tensor], traits: Traits) -> Plan:
    """The sizes of a checkpoint with transformers' names. Raises KeyError, ValueError."""
    width, _, patch, _ = state["vision_model.embeddings.patch_embedding.weight"].shape
    places = len(state["vision_model.embeddings.position_embedding.weight"]) - 1
    if isqrt(places) ** 2 != places:
        raise ValueError(f"{places} patches make no square")
    vocabulary, text_width = state["text_model.embeddings.token_embedding.weight"].shape
    return Plan(
        vision=_sizes(state, "vision_model", width, traits.vision_heads),
        text=_sizes(state, "text_model", text_width, traits.text_heads),
        activation=traits.activation,
        side=isqrt(places) * patch,
        patch=patch,
        vocabulary=vocabulary,
        context=len(state["text_model.embeddings.position_embedding.weight"]),
        embedding=len(state["visual_projection.weight"]),
    )


def _sizes(state: Mapping[str, Tensor], encoder: str, width: int, heads: int) -> Sizes:
    first = f"{encoder}.encoder.layers.0.mlp.fc1.bias"
    layers = re.compile(rf"{encoder}\.encoder\.layers\.\d+\.mlp\.fc1\.bias")
    if width % heads:
        raise ValueError(f"a width of {width} does not divide into {heads} heads")
    return Sizes(
        width, sum(1 for name in state if layers.fullmatch(name)), len(state[first]), heads
    )


_RENAMED = {
    "visual.class_embedding": "vision_model.embeddings.class_embedding",
    "visual.positional_embedding": "vision_model.embeddings.position_embedding.weight",
    "visual.conv1.weight": "vision_model.embeddings.patch_embedding.weight",
    "visual.ln_pre.weight": "vision_model.pre_layrnorm.weight",
    "visual.ln_pre.bias": "vision_model.pre_layrnorm.bias",
    "visual.ln_post.weight": "vision_model.post_layernorm.weight",
    "visual.ln_post.bias": "vision_model.post_layernorm.bias",
    "token_embedding.weight": "text_model.embeddings.token_embedding.weight",
    "positional_embedding": "text_model.embeddings.position_embedding.weight",
    "ln_final.weight": "text_model.final_layer_norm.weight",
    "ln_final.bias": "text_model.final_layer_norm.bias",
    "logit_scale": "logit_scale",
}
# Stored the other way round: features × matrix instead of matrix × features.
_TRANSPOSED = {
    "visual.proj": "visual_projection.weight",
    "text_projection": "text_projection.weight",
}
_LAYER = re.compile(r"(visual\.)?transformer\.resblocks\.(\d+)\.(.+)")
_IN_LAYER = {
    "ln_1": "layer_norm1",
    "ln_2": "layer_norm2",
    "attn.out_proj": "self_attn.out_proj",
    "mlp.c_fc": "mlp.fc1",
    "mlp.c_proj": "mlp.fc2",
}


def _from_open_clip(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Names that are not in the table stay as they are, and are refused when it is filled."""
    named: dict[str, Tensor] = {}
    for name, value in state.items():
        if layer := _LAYER.fullmatch(name):
            encoder = "vision_model" if layer[1] else "text_model"
            named |= _layer(f"{encoder}.encoder.layers.{layer[2]}", layer[3], value)
        elif name in _TRANSPOSED:
            named[_TRANSPOSED[name]] = value.T
        else:
            named[_RENAMED.get(name, name)] = value
    return named


def _layer(prefix: str, name: str, value: Tensor) -> dict[str, Tensor]:
    if name in ("attn.in_proj_weight", "attn.in_proj_bias"):
        kind = name.rpartition("_")[2]
        parts = zip("qkv", value.chunk(3), strict=True)
        return {f"{prefix}.self_attn.{part}_proj.{kind}": tensor for part, tensor in parts}
    module, _, kind = name.rpartition(".")
    return {f"{prefix}.{_IN_LAYER.get(module, module)}.{kind}": value}
