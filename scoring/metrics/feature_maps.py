"""How far apart two images' feature maps are, in batches of one size or in tiles of a large image.

A tile has a margin as wide as the network sees, so that every feature is that of the whole image:
the largest takes no more memory than a tile.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from scoring.engine import Engine
from scoring.images import RGB, Region
from scoring.metrics.devices import dtype_of
from scoring.metrics.networks.backbones import Backbone

Compare = Callable[[int, Tensor, Tensor], Tensor]
"""The n-th tap's features of both, each (n, channels, h, w) in float32, to a map (n, h, w)."""
Pair = tuple[RGB, RGB]

BATCH_PIXELS = 1 << 20
"""Pixels of the images that go through a backbone together; of a larger one, tiles."""
TILE = 768
"""A multiple of 16: the deepest taps have a feature every 16 pixels."""
MARGIN = 128
"""Of pixels around a tile. The deepest tap of the three backbones sees 102 beyond (SqueezeNet)."""


@dataclass(frozen=True, slots=True)
class Normalisation:
    """Of pixels in [0, 1]: less ``mean``, over ``deviation``, a channel each."""

    mean: tuple[float, float, float]
    deviation: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class FeatureComparison:
    """A backbone on its device, where it is looked at, and how two such looks are compared.

    ``strides`` are the pixels from one feature to the next, of each of the ``taps``.
    """

    backbone: Backbone
    taps: tuple[int, ...]
    strides: tuple[int, ...]
    normalisation: Normalisation
    compare: Compare


@dataclass(frozen=True, slots=True)
class Tile:
    """What a tile stands for along one axis (``start`` to ``stop``), and what it shows."""

    start: int
    stop: int
    shown: slice

    def owned(self, stride: int, *, length: int) -> slice:
        """The features that are this tile's own; those beyond the last pixel are the last's."""
        first = (self.start - self.shown.start) // stride
        if self.stop == length:
            return slice(first, None)
        return slice(first, (self.stop - self.shown.start) // stride)


def distances(
    comparison: FeatureComparison,
    pairs: Sequence[Pair],
    engine: Engine,
    *,
    regions: Sequence[Region] | None = None,
    batch_pixels: int = BATCH_PIXELS,
    tile: int = TILE,
) -> list[float]:
    """For each pair of equally large images, the sum over the taps of the mean of their maps.

    With ``regions``, one a pair, each feature weighs as much as the share of its pixels that lie in
    the region; NaN where a tap has none such.

    Images are grouped by size, ``batch_pixels`` at once; a larger image goes in tiles of
    ``tile`` by ``tile`` pixels, a multiple of 16. Neither changes a value but for the last bits of
    float32.
    """
    found: dict[int, float] = {}
    for height, width, places in _groups(pairs):
        if height * width > batch_pixels:
            for place in places:
                region = None if regions is None else regions[place]
                found[place] = _in_tiles(comparison, pairs[place], region, engine, tile)
            continue
        at_once = batch_pixels // (height * width)
        for first in range(0, len(places), at_once):
            batch = places[first : first + at_once]
            some = None if regions is None else [regions[place] for place in batch]
            values = _together(comparison, [pairs[place] for place in batch], some, engine)
            found.update(zip(batch, values, strict=True))
    return [found[place] for place in range(len(pairs))]


def _groups(pairs: Sequence[Pair]) -> Iterator[tuple[int, int, list[int]]]:
    by_size: dict[tuple[int, int], list[int]] = defaultdict(list)
    for place, (image, _) in enumerate(pairs):
        by_size[image.shape[0], image.shape[1]].append(place)
    for (height, width), places in by_size.items():
        yield height, width, places


def _together(
    comparison: FeatureComparison,
    pairs: Sequence[Pair],
    regions: Sequence[Region] | None,
    engine: Engine,
) -> list[float]:
    maps = _maps(comparison, [pair[0] for pair in pairs], [pair[1] for pair in pairs], engine)
    means = []
    for tap, each in enumerate(maps):
        if regions is None:
            means.append(each.mean(dim=(1, 2), dtype=torch.float64))
            continue
        weights = _shares(np.stack(regions), comparison.strides[tap], each)
        total = (each.double() * weights).sum(dim=(1, 2))
        means.append(total / weights.sum(dim=(1, 2)))
    return torch.stack(means).sum(dim=0).tolist()


def _in_tiles(
    comparison: FeatureComparison, pair: Pair, region: Region | None, engine: Engine, tile: int
) -> float:
    height, width = pair[0].shape[:2]
    sums, weighed = [0.0] * len(comparison.taps), [0.0] * len(comparison.taps)
    for down in _tiles(height, tile):
        for across in _tiles(width, tile):
            image, reference = (each[down.shown, across.shown] for each in pair)
            for tap, one in enumerate(_maps(comparison, [image], [reference], engine)):
                stride = comparison.strides[tap]
                rows = down.owned(stride, length=height)
                columns = across.owned(stride, length=width)
                if region is None:
                    own, weight = one[0, rows, columns], float(one[0, rows, columns].numel())
                else:
                    shown = region[None, down.shown, across.shown]
                    shares = _shares(shown, stride, one)[0, rows, columns]
                    own, weight = one[0, rows, columns].double() * shares, float(shares.sum())
                sums[tap] += float(own.sum(dtype=torch.float64))
                weighed[tap] += weight
    taps = zip(sums, weighed, strict=True)
    return sum(total / weight if weight else math.nan for total, weight in taps)


def _shares(regions: Region, stride: int, maps: Tensor) -> Tensor:
    """(n, h, w) float64: each feature's share of stride × stride pixels in a region."""
    _, height, width = maps.shape
    pixels = torch.from_numpy(regions).to(maps.device).double()[:, None]
    shares = functional.avg_pool2d(pixels, stride, ceil_mode=True)[:, 0]
    return shares[:, :height, :width]


def _tiles(length: int, tile: int) -> Iterator[Tile]:
    for start in range(0, length, tile):
        stop = min(start + tile, length)
        yield Tile(start, stop, slice(max(0, start - MARGIN), min(length, stop + MARGIN)))


def _maps(
    comparison: FeatureComparison, images: Sequence[RGB], references: Sequence[RGB], engine: Engine
) -> list[Tensor]:
    with torch.inference_mode():
        seen, other = (
            comparison.backbone(_pixels(comparison.normalisation, each, engine), comparison.taps)
            for each in (images, references)
        )
        return [
            comparison.compare(tap, x.float(), y.float())
            for tap, (x, y) in enumerate(zip(seen, other, strict=True))
        ]


def _pixels(normalisation: Normalisation, images: Sequence[RGB], engine: Engine) -> Tensor:
    """(n, 3, height, width) on the engine's device, normalised in float32."""
    stacked = torch.from_numpy(np.stack(images)).to(engine.device)
    pixels = stacked.permute(0, 3, 1, 2).float().div_(255)
    mean, deviation = (
        torch.tensor(values, device=engine.device).view(3, 1, 1)
        for values in (normalisation.mean, normalisation.deviation)
    )
    return pixels.sub_(mean).div_(deviation).contiguous().to(dtype_of(engine))
