"""MPS (Zhang et al. 2024): a CLIP ViT-H/14 whose image tokens look at the prompt's chosen words.

Sizes and names are those of the published module (Kwai-Kolors/MPS, ``trainer/models``): ``model``
is the CLIP, ``cross_model`` four pairs of blocks at width 1024 with 16 heads of 64 and feed-forward
layers of 4 × 1024. The blocks are PaLM's: one key and value for all heads, attention and SwiGLU
side by side, layer norm with a fixed offset of zero that is stored all the same.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from scoring.metrics.networks.checkpoints import built, of_another_network
from scoring.metrics.networks.clip import Clip, Plan
from scoring.metrics.networks.clip_checkpoints import (
    LAION_H14,
    Traits,
    plan_of,
    published_names,
)
from scoring.weights.files import Unavailable

CROSS_HEADS = 16

_CLIP = "model."
_CROSS_LAYER = re.compile(r"cross_model\.layers\.(\d+)\..+")
_POSITIONS = 10_000.0


@dataclass(frozen=True, slots=True)
class CrossSizes:
    """The cross model: ``width`` is the CLIP's embedding; ``head`` is one head's width."""

    width: int
    layers: int
    heads: int
    head: int
    feed_forward: int


class Mps(nn.Module):
    """Images, prompts and a condition → scores. See ``scores``."""

    def __init__(self, plan: Plan, cross: CrossSizes) -> None:
        super().__init__()
        self.model = Clip(plan)
        self.cross_model = _CrossModel(cross)

    def scores(self, images: Tensor, words: Tensor, ends: Tensor, seen: Tensor) -> Tensor:
        """exp(logit_scale) · cos, (n,), of projected features, each row for itself.

        ``images`` (n, 257, width) and ``words`` (n, 77, width) are all tokens, ``ends`` (n,
        width) the prompts' closing ones; ``seen`` (n, 77) says which words the image looks at, at
        least one in each row.
        """
        fused = self.cross_model(images, words, seen)[:, 0]
        cosines = functional.cosine_similarity(ends.double(), fused.double(), dim=-1)
        return self.model.logit_scale.double().exp() * cosines


def relevance(words: Tensor, condition: Tensor) -> Tensor:
    """(n, 77): how much each token of a prompt has to do with the condition, against the most.

    The greatest product with any token of the condition (1, 77, width), padding included, over the
    prompt's greatest: 1 for that one. Not finite, or all 1 and above, where the greatest is not
    positive: there the published rule has no meaning.
    """
    products = (words @ condition.transpose(1, 2)).amax(dim=-1)
    return products / products.amax(dim=-1, keepdim=True)


class _CrossModel(nn.Module):
    def __init__(self, sizes: CrossSizes) -> None:
        super().__init__()
        self.layers = nn.ModuleList(
            nn.ModuleList([_Wrapped(_CrossBlock(sizes)), _Wrapped(_SelfBlock(sizes))])
            for _ in range(sizes.layers)
        )

    def forward(self, images: Tensor, words: Tensor, seen: Tensor) -> Tensor:
        for pair in self.layers:
            look, mix = (wrapped.fn for wrapped in cast("list[_Wrapped]", pair))
            images = images + look(images, words, seen)
            images = images + mix(images)
        return images


class _Wrapped(nn.Module):
    """The residual wrapper of the published module, for its ``fn`` in every name."""

    fn: nn.Module

    def __init__(self, fn: nn.Module) -> None:
        super().__init__()
        self.fn = fn


class _Norm(nn.Module):
    """Layer norm; its offset is a buffer of zeros in the checkpoint."""

    bias: Tensor

    def __init__(self, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.register_buffer("bias", torch.zeros(width))

    def forward(self, hidden: Tensor) -> Tensor:
        return functional.layer_norm(hidden, hidden.shape[-1:], self.weight, self.bias)


class _SwiGlu(nn.Module):
    def forward(self, inner: Tensor) -> Tensor:
        values, gates = inner.chunk(2, dim=-1)
        return functional.silu(gates) * values


class _CrossBlock(nn.Module):
    """Image tokens ask the words; a feed-forward layer beside it sees the image alone."""

    def __init__(self, sizes: CrossSizes) -> None:
        super().__init__()
        self.heads = sizes.heads
        self.norm = _Norm(sizes.width)
        self.to_q = nn.Linear(sizes.width, sizes.heads * sizes.head, bias=False)
        self.to_kv = nn.Linear(sizes.width, 2 * sizes.head, bias=False)
        self.to_out = nn.Linear(sizes.heads * sizes.head, sizes.width, bias=False)
        self.ff = nn.Sequential(
            nn.Linear(sizes.width, 2 * sizes.feed_forward, bias=False),
            _SwiGlu(),
            nn.Linear(sizes.feed_forward, sizes.width, bias=False),
        )

    def forward(self, images: Tensor, words: Tensor, seen: Tensor) -> Tensor:
        normal = self.norm(images)
        key, value = self.to_kv(words).chunk(2, dim=-1)
        query = _split(self.to_q(normal), self.heads)
        mixed = _one_key(query, key, value, seen[:, None, None, :])
        out: Tensor = self.to_out(mixed) + self.ff(normal)
        return out


class _SelfBlock(nn.Module):
    """Image tokens ask each other, with rotary positions; one matrix makes all that is needed."""

    def __init__(self, sizes: CrossSizes) -> None:
        super().__init__()
        self.heads = sizes.heads
        inner = sizes.heads * sizes.head
        self.parts = (inner, sizes.head, sizes.head, 2 * sizes.feed_forward)
        self.norm = _Norm(sizes.width)
        self.rotary_emb = _Rotary(sizes.head)
        self.fused_attn_ff_proj = nn.Linear(sizes.width, sum(self.parts), bias=False)
        self.attn_out = nn.Linear(inner, sizes.width, bias=False)
        self.ff_out = nn.Sequential(
            _SwiGlu(), nn.Linear(sizes.feed_forward, sizes.width, bias=False)
        )

    def forward(self, images: Tensor) -> Tensor:
        fused = self.fused_attn_ff_proj(self.norm(images))
        query, key, value, inner = fused.split(self.parts, dim=-1)
        turn = self.rotary_emb
        mixed = _one_key(turn(_split(query, self.heads)), turn(key), value, None)
        out: Tensor = self.attn_out(mixed) + self.ff_out(inner)
        return out


class _Rotary(nn.Module):
    """Turns pairs of numbers by their token's place (Su et al. 2021), halves paired: i and i + d/2.

    The frequencies are in the checkpoint, and those are used: a file in half precision holds them
    rounded.
    """

    inv_freq: Tensor

    def __init__(self, head: int) -> None:
        super().__init__()
        self.register_buffer("inv_freq", _POSITIONS ** -(torch.arange(0, head, 2) / head))

    def forward(self, states: Tensor) -> Tensor:
        places = torch.arange(states.shape[-2], device=states.device, dtype=self.inv_freq.dtype)
        angles = torch.outer(places, self.inv_freq).repeat(1, 2)
        first, second = states.chunk(2, dim=-1)
        return states * angles.cos() + torch.cat([-second, first], dim=-1) * angles.sin()


def _split(query: Tensor, heads: int) -> Tensor:
    """(n, length, heads · head) → (n, heads, length, head)."""
    return query.view(*query.shape[:2], heads, -1).transpose(1, 2)


def _one_key(query: Tensor, key: Tensor, value: Tensor, seen: Tensor | None) -> Tensor:
    """Attention of every head to the same keys and values, (n, length, head), joined again."""
    shared = (*query.shape[:2], -1, -1)
    mixed = functional.scaled_dot_product_attention(
        query,
        key.to(query.dtype)[:, None].expand(shared),
        value.to(query.dtype)[:, None].expand(shared),
        attn_mask=seen,
    )
    return mixed.transpose(1, 2).flatten(2)


def mps_from(
    state: Mapping[str, Tensor],
    traits: Traits = LAION_H14,
    heads: int = CROSS_HEADS,
    *,
    source: str,
) -> Mps:
    """The network of a converted checkpoint, on the CPU in float32. Raises Unavailable."""
    plan, cross = sizes_of(state, traits, heads, source=source)
    named = {_CLIP + name: value for name, value in published_names(_inner(state)).items()}
    named |= {name: value for name, value in state.items() if not name.startswith(_CLIP)}
    return built(lambda: Mps(plan, cross), named, source=source)


def sizes_of(
    state: Mapping[str, Tensor], traits: Traits, heads: int, *, source: str
) -> tuple[Plan, CrossSizes]:
    """What the tensors measure. Raises Unavailable for those of another network."""
    try:
        return plan_of(published_names(_inner(state)), traits), _cross_sizes(state, heads)
    except (KeyError, ValueError) as error:
        raise Unavailable(of_another_network(source, error)) from error


def _inner(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {
        name.removeprefix(_CLIP): value for name, value in state.items() if name.startswith(_CLIP)
    }


def _cross_sizes(state: Mapping[str, Tensor], heads: int) -> CrossSizes:
    first = "cross_model.layers.0.0.fn."
    inner, width = state[f"{first}to_q.weight"].shape
    layers = {int(match[1]) for name in state if (match := _CROSS_LAYER.fullmatch(name))}
    if inner % heads:
        raise ValueError(f"a width of {inner} does not divide into {heads} heads")
    feed_forward = state[f"{first}ff.2.weight"].shape[1]
    return CrossSizes(width, len(layers), heads, inner // heads, feed_forward)
