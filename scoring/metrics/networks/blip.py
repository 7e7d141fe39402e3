"""BLIP (Li et al. 2022) as ImageReward uses it: a text encoder that looks at an image.

Parameter names are those of ``ImageReward.pt``: BLIP's own, the vision transformer's after timm,
the text encoder's after BERT, with a cross-attention in every layer. Layer norm's epsilon is 1e-6
in the vision transformer and 1e-12 in the text encoder (from BLIP's ``vit.py`` and
``med_config.json``; transformers' port has 1e-5 for the former by default, which is not the
published value). No dropout: for inference only.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

_VISION_EPSILON, _TEXT_EPSILON = 1e-6, 1e-12


@dataclass(frozen=True, slots=True)
class VisionSizes:
    """A vision transformer over ``side`` / ``patch`` squared patches of an image."""

    width: int
    layers: int
    heads: int
    side: int
    patch: int
    feed_forward: int


@dataclass(frozen=True, slots=True)
class TextSizes:
    """A BERT whose layers also attend to ``seen`` numbers an image token."""

    width: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    context: int
    seen: int


def attend(query: Tensor, key: Tensor, value: Tensor, heads: int, real: Tensor | None) -> Tensor:
    """Multi-head attention, (n, q, width) and (n, k, width); ``real`` (n, k): False is not seen."""
    mask = None if real is None else real[:, None, None, :]
    mixed = functional.scaled_dot_product_attention(
        _heads(query, heads), _heads(key, heads), _heads(value, heads), attn_mask=mask
    )
    return mixed.transpose(1, 2).flatten(2)


def _heads(part: Tensor, heads: int) -> Tensor:
    return part.view(*part.shape[:2], heads, -1).transpose(1, 2)


class VisionTransformer(nn.Module):
    """(n, 3, side, side) → (n, 1 + patches, width), after its last layer norm."""

    def __init__(self, sizes: VisionSizes) -> None:
        super().__init__()
        places = (sizes.side // sizes.patch) ** 2 + 1
        self.cls_token = nn.Parameter(torch.zeros(1, 1, sizes.width))
        self.pos_embed = nn.Parameter(torch.zeros(1, places, sizes.width))
        self.patch_embed = _Patches(sizes)
        self.blocks = nn.ModuleList(_VisionBlock(sizes) for _ in range(sizes.layers))
        self.norm = nn.LayerNorm(sizes.width, eps=_VISION_EPSILON)

    def forward(self, pixels: Tensor) -> Tensor:
        patches = self.patch_embed(pixels)
        start = self.cls_token.to(patches.dtype).expand(len(patches), -1, -1)
        hidden = torch.cat([start, patches], dim=1) + self.pos_embed
        for block in self.blocks:
            hidden = block(hidden)
        normal: Tensor = self.norm(hidden)
        return normal


class _Patches(nn.Module):
    def __init__(self, sizes: VisionSizes) -> None:
        super().__init__()
        self.proj = nn.Conv2d(3, sizes.width, kernel_size=sizes.patch, stride=sizes.patch)

    def forward(self, pixels: Tensor) -> Tensor:
        patches: Tensor = self.proj(pixels)
        return patches.flatten(2).transpose(1, 2)


class _VisionBlock(nn.Module):
    def __init__(self, sizes: VisionSizes) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(sizes.width, eps=_VISION_EPSILON)
        self.attn = _VisionAttention(sizes)
        self.norm2 = nn.LayerNorm(sizes.width, eps=_VISION_EPSILON)
        self.mlp = _VisionFeedForward(sizes)

    def forward(self, hidden: Tensor) -> Tensor:
        hidden = hidden + self.attn(self.norm1(hidden))
        added: Tensor = hidden + self.mlp(self.norm2(hidden))
        return added


class _VisionAttention(nn.Module):
    def __init__(self, sizes: VisionSizes) -> None:
        super().__init__()
        self.heads = sizes.heads
        self.qkv = nn.Linear(sizes.width, 3 * sizes.width)
        self.proj = nn.Linear(sizes.width, sizes.width)

    def forward(self, hidden: Tensor) -> Tensor:
        query, key, value = self.qkv(hidden).chunk(3, dim=-1)
        out: Tensor = self.proj(attend(query, key, value, self.heads, None))
        return out


class _VisionFeedForward(nn.Module):
    def __init__(self, sizes: VisionSizes) -> None:
        super().__init__()
        self.fc1 = nn.Linear(sizes.width, sizes.feed_forward)
        self.fc2 = nn.Linear(sizes.feed_forward, sizes.width)

    def forward(self, hidden: Tensor) -> Tensor:
        out: Tensor = self.fc2(functional.gelu(self.fc1(hidden)))
        return out


class TextEncoder(nn.Module):
    """Token ids (n, length) beside image tokens (n, k, seen) → (n, length, width)."""

    def __init__(self, sizes: TextSizes) -> None:
        super().__init__()
        self.embeddings = _TextEmbeddings(sizes)
        self.encoder = _TextLayers(sizes)

    def forward(self, ids: Tensor, real: Tensor, image: Tensor) -> Tensor:
        hidden: Tensor = self.encoder(self.embeddings(ids), real, image)
        return hidden


class _TextEmbeddings(nn.Module):
    def __init__(self, sizes: TextSizes) -> None:
        super().__init__()
        self.word_embeddings = nn.Embedding(sizes.vocabulary, sizes.width)
        self.position_embeddings = nn.Embedding(sizes.context, sizes.width)
        self.LayerNorm = nn.LayerNorm(sizes.width, eps=_TEXT_EPSILON)

    def forward(self, ids: Tensor) -> Tensor:
        places = self.position_embeddings.weight[: ids.shape[1]]
        normal: Tensor = self.LayerNorm(self.word_embeddings(ids) + places)
        return normal


class _TextLayers(nn.Module):
    def __init__(self, sizes: TextSizes) -> None:
        super().__init__()
        self.layer = nn.ModuleList(_TextLayer(sizes) for _ in range(sizes.layers))

    def forward(self, hidden: Tensor, real: Tensor, image: Tensor) -> Tensor:
        for layer in self.layer:
            hidden = layer(hidden, real, image)
        return hidden


class _TextLayer(nn.Module):
    def __init__(self, sizes: TextSizes) -> None:
        super().__init__()
        self.attention = _TextAttention(sizes, sizes.width)
        self.crossattention = _TextAttention(sizes, sizes.seen)
        self.intermediate = _Dense(sizes.width, sizes.feed_forward)
        self.output = _Residual(sizes.feed_forward, sizes.width)

    def forward(self, hidden: Tensor, real: Tensor, image: Tensor) -> Tensor:
        hidden = self.attention(hidden, hidden, real)
        hidden = self.crossattention(hidden, image, None)
        out: Tensor = self.output(functional.gelu(self.intermediate.dense(hidden)), hidden)
        return out


class _TextAttention(nn.Module):
    """Post-norm: attention, its output layer, then the layer norm of the sum."""

    def __init__(self, sizes: TextSizes, source: int) -> None:
        super().__init__()
        self.heads = sizes.heads
        self.self = _Projections(sizes.width, source)
        self.output = _Residual(sizes.width, sizes.width)

    def forward(self, hidden: Tensor, source: Tensor, real: Tensor | None) -> Tensor:
        project = self.self
        mixed = attend(
            project.query(hidden), project.key(source), project.value(source), self.heads, real
        )
        out: Tensor = self.output(mixed, hidden)
        return out


class _Projections(nn.Module):
    def __init__(self, width: int, source: int) -> None:
        super().__init__()
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(source, width)
        self.value = nn.Linear(source, width)


class _Dense(nn.Module):
    def __init__(self, width: int, out: int) -> None:
        super().__init__()
        self.dense = nn.Linear(width, out)


class _Residual(_Dense):
    def __init__(self, width: int, out: int) -> None:
        super().__init__(width, out)
        self.LayerNorm = nn.LayerNorm(out, eps=_TEXT_EPSILON)

    def forward(self, inner: Tensor, hidden: Tensor) -> Tensor:
        normal: Tensor = self.LayerNorm(self.dense(inner) + hidden)
        return normal
