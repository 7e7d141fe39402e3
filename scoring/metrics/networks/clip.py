"""CLIP (Radford et al. 2021): a vision and a text transformer that meet in one space.

Parameter names are those of transformers' ``CLIPModel``, misspelling included, so that its
checkpoints load as they are; ``clip_checkpoints.py`` renames others and reads the sizes off the
tensors. Layer norms have epsilon 1e-5 in every published CLIP. No dropout: for inference only.
"""

from dataclasses import dataclass
from enum import Enum

import torch
from torch import Tensor, nn
from torch.nn import functional


class Activation(Enum):
    """OpenAI trained with a quick approximation of GELU, LAION with the exact one."""

    QUICK_GELU = "quick_gelu"
    GELU = "gelu"


@dataclass(frozen=True, slots=True)
class Sizes:
    """What the encoders measure; a checkpoint's tensors say all of it but ``heads``."""

    width: int
    layers: int
    feed_forward: int
    heads: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that a CLIP is built from. ``side`` is the image's, in pixels."""

    vision: Sizes
    text: Sizes
    activation: Activation
    side: int
    patch: int
    vocabulary: int
    context: int
    embedding: int


class Clip(nn.Module):
    """Both encoders with their projections. Pixels are normalised already: see ``clip_pixels``."""

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self.plan = plan
        self.vision_model = _Vision(plan)
        self.text_model = _Text(plan)
        self.visual_projection = nn.Linear(plan.vision.width, plan.embedding, bias=False)
        self.text_projection = nn.Linear(plan.text.width, plan.embedding, bias=False)
        self.logit_scale = nn.Parameter(torch.zeros(()))

    def image_features(self, pixels: Tensor) -> Tensor:
        """(n, embedding), not normalised, of (n, 3, side, side)."""
        first = self.vision_model.tokens(pixels)[:, 0]
        projected: Tensor = self.visual_projection(self.vision_model.post_layernorm(first))
        return projected

    def image_tokens(self, pixels: Tensor) -> Tensor:
        """(n, 1 + patches, embedding): class and patches, projected without the last layer norm.

        The last layer norm belongs to the class token's way out alone: transformers' "last hidden
        state" of the vision encoder is from before it.
        """
        projected: Tensor = self.visual_projection(self.vision_model.tokens(pixels))
        return projected

    def text_features(self, ids: Tensor, end: int | None = None) -> Tensor:
        """(n, embedding), not normalised, of token ids (n, ≤ context): where the text ends.

        ``end`` is the id whose first place is the text's end; None takes the highest id there is,
        which is OpenAI's rule and that of old transformers configurations (``eos_token_id: 2``).
        """
        return self.text_tokens_and_features(ids, end)[1]

    def text_tokens_and_features(
        self, ids: Tensor, end: int | None = None
    ) -> tuple[Tensor, Tensor]:
        """(n, length, embedding) of every place, padding included, and ``text_features``."""
        hidden = self.text_model(ids)
        places = (ids if end is None else (ids == end).int()).argmax(dim=-1)
        rows = torch.arange(len(ids), device=ids.device)
        return self.text_projection(hidden), self.text_projection(hidden[rows, places])


class _Vision(nn.Module):
    def __init__(self, plan: Plan) -> None:
        super().__init__()
        width = plan.vision.width
        self.embeddings = _VisionEmbeddings(plan)
        self.pre_layrnorm = nn.LayerNorm(width)
        self.encoder = _Encoder(plan.vision, plan.activation)
        self.post_layernorm = nn.LayerNorm(width)

    def tokens(self, pixels: Tensor) -> Tensor:
        hidden: Tensor = self.encoder(self.pre_layrnorm(self.embeddings(pixels)), causal=False)
        return hidden


class _VisionEmbeddings(nn.Module):
    def __init__(self, plan: Plan) -> None:
        super().__init__()
        width, places = plan.vision.width, (plan.side // plan.patch) ** 2 + 1
        self.class_embedding = nn.Parameter(torch.zeros(width))
        self.patch_embedding = nn.Conv2d(
            3, width, kernel_size=plan.patch, stride=plan.patch, bias=False
        )
        self.position_embedding = nn.Embedding(places, width)

    def forward(self, pixels: Tensor) -> Tensor:
        patches = self.patch_embedding(pixels).flatten(2).transpose(1, 2)
        start = self.class_embedding.to(patches.dtype).expand(len(patches), 1, -1)
        return torch.cat([start, patches], dim=1) + self.position_embedding.weight


class _Text(nn.Module):
    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self.embeddings = _TextEmbeddings(plan)
        self.encoder = _Encoder(plan.text, plan.activation)
        self.final_layer_norm = nn.LayerNorm(plan.text.width)

    def forward(self, ids: Tensor) -> Tensor:
        hidden: Tensor = self.final_layer_norm(self.encoder(self.embeddings(ids), causal=True))
        return hidden


class _TextEmbeddings(nn.Module):
    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self.token_embedding = nn.Embedding(plan.vocabulary, plan.text.width)
        self.position_embedding = nn.Embedding(plan.context, plan.text.width)

    def forward(self, ids: Tensor) -> Tensor:
        tokens: Tensor = self.token_embedding(ids)
        return tokens + self.position_embedding.weight[: ids.shape[1]]


class _Encoder(nn.Module):
    def __init__(self, sizes: Sizes, activation: Activation) -> None:
        super().__init__()
        self.layers = nn.ModuleList(_Layer(sizes, activation) for _ in range(sizes.layers))

    def forward(self, hidden: Tensor, *, causal: bool) -> Tensor:
        for layer in self.layers:
            hidden = layer(hidden, causal=causal)
        return hidden


class _Layer(nn.Module):
    def __init__(self, sizes: Sizes, activation: Activation) -> None:
        super().__init__()
        self.layer_norm1 = nn.LayerNorm(sizes.width)
        self.self_attn = _Attention(sizes)
        self.layer_norm2 = nn.LayerNorm(sizes.width)
        self.mlp = _FeedForward(sizes, activation)

    def forward(self, hidden: Tensor, *, causal: bool) -> Tensor:
        hidden = hidden + self.self_attn(self.layer_norm1(hidden), causal=causal)
        added: Tensor = hidden + self.mlp(self.layer_norm2(hidden))
        return added


class _Attention(nn.Module):
    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.heads = sizes.heads
        self.q_proj = nn.Linear(sizes.width, sizes.width)
        self.k_proj = nn.Linear(sizes.width, sizes.width)
        self.v_proj = nn.Linear(sizes.width, sizes.width)
        self.out_proj = nn.Linear(sizes.width, sizes.width)

    def forward(self, hidden: Tensor, *, causal: bool) -> Tensor:
        query, key, value = (
            project(hidden).unflatten(-1, (self.heads, -1)).transpose(1, 2)
            for project in (self.q_proj, self.k_proj, self.v_proj)
        )
        mixed = functional.scaled_dot_product_attention(query, key, value, is_causal=causal)
        out: Tensor = self.out_proj(mixed.transpose(1, 2).flatten(2))
        return out


class _FeedForward(nn.Module):
    def __init__(self, sizes: Sizes, activation: Activation) -> None:
        super().__init__()
        self.activation = activation
        self.fc1 = nn.Linear(sizes.width, sizes.feed_forward)
        self.fc2 = nn.Linear(sizes.feed_forward, sizes.width)

    def forward(self, hidden: Tensor) -> Tensor:
        inner = self.fc1(hidden)
        if self.activation is Activation.QUICK_GELU:
            inner = inner * torch.sigmoid(1.702 * inner)
        else:
            inner = functional.gelu(inner)
        out: Tensor = self.fc2(inner)
        return out
