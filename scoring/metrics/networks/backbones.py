"""AlexNet, VGG-16 and SqueezeNet 1.1 up to their last features, for perceptual distances.

Parameters are named as in torchvision's checkpoints (``features.N.…``); their classifiers are left
out. A backbone's output is what stands after some of its layers, each named by its number there.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn


class Backbone(nn.Module):
    """Layers in a row; ``taps`` are the numbers of those whose output is looked at, ascending."""

    def __init__(self, layers: Sequence[nn.Module]) -> None:
        super().__init__()
        self.features = nn.Sequential(*layers)

    def forward(self, pixels: Tensor, taps: Sequence[int]) -> list[Tensor]:
        """(n, channels, height, width) of each tap, for normalised pixels (n, 3, height, width)."""
        seen: list[Tensor] = []
        for number, layer in enumerate(self.features):
            pixels = layer(pixels)
            if number in taps:
                seen.append(pixels)
            if number == taps[-1]:
                break
        return seen


class Fire(nn.Module):
    """SqueezeNet's module: a narrow 1×1 layer, then 1×1 and 3×3 side by side."""

    def __init__(self, channels: int, narrow: int, wide: int) -> None:
        super().__init__()
        self.squeeze = nn.Conv2d(channels, narrow, 1)
        self.expand1x1 = nn.Conv2d(narrow, wide, 1)
        self.expand3x3 = nn.Conv2d(narrow, wide, 3, padding=1)

    def forward(self, pixels: Tensor) -> Tensor:
        narrow = torch.relu(self.squeeze(pixels))
        return torch.relu(torch.cat([self.expand1x1(narrow), self.expand3x3(narrow)], dim=1))


@dataclass(frozen=True, slots=True)
class Plan:
    """What perceptual distances need to know of a backbone.

    ``taps`` and ``channels`` are those of LPIPS, ``strides`` the pixels from one feature to the
    next there. ``least`` is the smallest side in pixels that all of its layers take.
    """

    taps: tuple[int, ...]
    strides: tuple[int, ...]
    channels: tuple[int, ...]
    least: int


ALEXNET = Plan((1, 4, 7, 9, 11), (4, 8, 16, 16, 16), (64, 192, 384, 256, 256), 31)
VGG16 = Plan((3, 8, 15, 22, 29), (1, 2, 4, 8, 16), (64, 128, 256, 512, 512), 16)
SQUEEZENET = Plan(
    (1, 4, 7, 9, 10, 11, 12),
    (2, 4, 8, 16, 16, 16, 16),
    (64, 128, 256, 384, 384, 512, 512),
    17,
)


def alexnet() -> Backbone:
    """Krizhevsky 2014 ("one weird trick"), as in torchvision."""
    return Backbone(
        [
            nn.Conv2d(3, 64, 11, stride=4, padding=2), nn.ReLU(inplace=True),
            nn.MaxPool2d(3, 2),
            nn.Conv2d(64, 192, 5, padding=2), nn.ReLU(inplace=True),
            nn.MaxPool2d(3, 2),
            nn.Conv2d(192, 384, 3, padding=1), nn.ReLU(inplace=True),
            nn.Conv2d(384, 256, 3, padding=1), nn.ReLU(inplace=True),
            nn.Conv2d(256, 256, 3, padding=1), nn.ReLU(inplace=True),
        ]
    )  # fmt: skip


def vgg16() -> Backbone:
    """Simonyan & Zisserman 2014, configuration D, as in torchvision."""
    layers: list[nn.Module] = []
    before = 3
    for block in ((64, 64), (128, 128), (256, 256, 256), (512, 512, 512), (512, 512, 512)):
        if layers:
            layers.append(nn.MaxPool2d(2, 2))
        for channels in block:
            layers += [nn.Conv2d(before, channels, 3, padding=1), nn.ReLU(inplace=True)]
            before = channels
    return Backbone(layers)


def squeezenet() -> Backbone:
    """Iandola 2016, version 1.1, as in torchvision."""
    return Backbone(
        [
            nn.Conv2d(3, 64, 3, stride=2), nn.ReLU(inplace=True),
            nn.MaxPool2d(3, 2, ceil_mode=True), Fire(64, 16, 64), Fire(128, 16, 64),
            nn.MaxPool2d(3, 2, ceil_mode=True), Fire(128, 32, 128), Fire(256, 32, 128),
            nn.MaxPool2d(3, 2, ceil_mode=True),
            Fire(256, 48, 192), Fire(384, 48, 192), Fire(384, 64, 256), Fire(512, 64, 256),
        ]
    )  # fmt: skip
