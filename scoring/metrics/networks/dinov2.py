"""DINOv2's vision transformer (Oquab et al. 2023), under its published parameter names.

The published checkpoint knows positions of a 37×37 grid; an image of another grid gets them
resampled as its authors do, whose factor is a tenth of a patch too large and is kept.
"""

from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional

_EPSILON = 1e-6
_MORE = 0.1
"""What the authors add to a grid's side before they divide by the checkpoint's."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Sizes: ``positions`` is the side of the grid that the checkpoint knows."""

    width: int
    layers: int
    heads: int
    patch: int = 14
    positions: int = 37


VIT_L_14 = Plan(width=1024, layers=24, heads=16)


class DinoV2(nn.Module):
    """(n, 3, side, side), normalised, to the class token (n, width) after the last norm."""

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self.plan = plan
        self.cls_token = nn.Parameter(torch.empty(1, 1, plan.width))
        self.pos_embed = nn.Parameter(torch.empty(1, 1 + plan.positions**2, plan.width))
        # Of training, where patches were hidden; in the checkpoint.
        self.mask_token = nn.Parameter(torch.empty(1, plan.width))
        self.patch_embed = _Patches(plan)
        self.blocks = nn.ModuleList(_Block(plan) for _ in range(plan.layers))
        self.norm = nn.LayerNorm(plan.width, eps=_EPSILON)

    def forward(self, pixels: Tensor) -> Tensor:
        x = cast(Tensor, self.patch_embed(pixels))
        x = torch.cat([self.cls_token.expand(len(x), -1, -1), x], dim=1)
        x = x + self._positions(pixels.shape[-1] // self.plan.patch)
        for block in self.blocks:
            x = block(x)
        return cast(Tensor, self.norm(x[:, 0]))

    def _positions(self, grid: int) -> Tensor:
        """(1, 1 + grid², width)."""
        known = self.plan.positions
        if grid == known:
            return self.pos_embed
        spread = self.pos_embed[:, 1:].float().reshape(1, known, known, -1).permute(0, 3, 1, 2)
        factor = (grid + _MORE) / known
        resampled = functional.interpolate(spread, scale_factor=(factor, factor), mode="bicubic")
        rows = resampled.flatten(2).transpose(1, 2).to(self.pos_embed.dtype)
        return torch.cat([self.pos_embed[:, :1], rows], dim=1)


class _Patches(nn.Module):
    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self.proj = nn.Conv2d(3, plan.width, plan.patch, stride=plan.patch)

    def forward(self, pixels: Tensor) -> Tensor:
        return cast(Tensor, self.proj(pixels)).flatten(2).transpose(1, 2)


class _Scale(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.gamma = nn.Parameter(torch.empty(width))

    def forward(self, x: Tensor) -> Tensor:
        return x * self.gamma


class _Attention(nn.Module):
    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self.heads = plan.heads
        self.qkv = nn.Linear(plan.width, 3 * plan.width)
        self.proj = nn.Linear(plan.width, plan.width)

    def forward(self, x: Tensor) -> Tensor:
        n, tokens, width = x.shape
        split = self.qkv(x).reshape(n, tokens, 3, self.heads, width // self.heads)
        query, key, value = split.permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(query, key, value)
        return cast(Tensor, self.proj(seen.transpose(1, 2).reshape(n, tokens, width)))


class _Mlp(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.fc1 = nn.Linear(width, 4 * width)
        self.fc2 = nn.Linear(4 * width, width)

    def forward(self, x: Tensor) -> Tensor:
        return cast(Tensor, self.fc2(functional.gelu(self.fc1(x))))


class _Block(nn.Module):
    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(plan.width, eps=_EPSILON)
        self.attn = _Attention(plan)
        self.ls1 = _Scale(plan.width)
        self.norm2 = nn.LayerNorm(plan.width, eps=_EPSILON)
        self.mlp = _Mlp(plan.width)
        self.ls2 = _Scale(plan.width)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.ls1(self.attn(self.norm1(x)))
        return cast(Tensor, x + self.ls2(self.mlp(self.norm2(x))))
