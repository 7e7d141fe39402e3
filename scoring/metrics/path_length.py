"""Perceptual path length of a generator (Karras et al. 2019, 2020): needs the generator itself.

Two latents a small step ε apart on the way between two random ones; the perceptual distance of
their images over ε²; the mean of what lies between the 1st and the 99th percentile. Uploaded
images have no latents, so this is a library call and a command, not a measurement of the site.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from scoring.engine import Engine
from scoring.metrics.devices import dtype_of, prepare
from scoring.metrics.perceptual import VGG, lpips_comparison

Generator = Callable[[Tensor], Tensor]
"""Latents (n, d) in float32 to images (n, 3, height, width) in [-1, 1]. The same latents must
give the same images: noise of a generator's own has to be held fixed, or it is measured too."""
Similarity = Callable[[Tensor, Tensor], Tensor]
"""Two batches of such images to their distances (n,)."""

SAMPLES, EPSILON, SIDE, SEED = 50_000, 1e-4, 256, 2020
LOWEST, HIGHEST = 1, 99


class Space(Enum):
    """Where the path runs: spherical in z, straight in w (what ``mapping`` makes of z)."""

    Z = "z"
    W = "w"


class Sampling(Enum):
    """Anywhere between the two latents, or at the first: StyleGAN's "full" and "end"."""

    FULL = "full"
    END = "end"


@dataclass(frozen=True, slots=True)
class PathLength:
    """``mean`` and population ``sd`` of the ``kept`` of ``n`` lengths within the percentiles."""

    mean: float
    sd: float
    n: int
    kept: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PathPlan:
    """How paths are drawn. ``dimensions`` is the length of a latent z, drawn as standard normal."""

    dimensions: int
    space: Space = Space.Z
    sampling: Sampling = Sampling.FULL
    epsilon: float = EPSILON
    n: int = SAMPLES
    batch: int = 16
    seed: int = SEED


def path_length(
    generator: Generator,
    similarity: Similarity,
    path: PathPlan,
    *,
    mapping: Generator | None = None,
    device: str = "cpu",
) -> PathLength:
    """The perceptual path length of a generator, whose images may be of any size.

    ``mapping`` takes z to w and is needed for paths in w; for paths in z the generator takes z.
    Raises ValueError for a path that cannot be drawn and for images that are none.
    """
    if path.n < 1 or path.batch < 1 or path.dimensions < 1 or not path.epsilon > 0:
        raise ValueError("a path needs samples, a batch, dimensions and a step above 0")
    if (path.space is Space.W) != (mapping is not None):
        raise ValueError("a path in w, and no other, needs the mapping from z to w")
    lengths = np.concatenate(
        [
            step_lengths(generator, similarity, first, second, epsilon=path.epsilon)
            for first, second in _steps(path, mapping, device)
        ]
    )
    return trimmed(lengths)


def step_lengths(
    generator: Generator, similarity: Similarity, first: Tensor, second: Tensor, *, epsilon: float
) -> NDArray[np.float64]:
    """(n,) distances over ε² of the images of two batches of latents (n, d)."""
    with torch.inference_mode():
        images = generator(torch.cat([first, second]))
        if images.ndim != 4 or images.shape[:2] != (2 * len(first), 3):
            raise ValueError(
                f"the generator gave {tuple(images.shape)} for {2 * len(first)} latents, not"
                " (n, 3, height, width)"
            )
        if not bool(torch.isfinite(images).all()):
            raise ValueError("the generator gave images that are not finite")
        distances = similarity(*images.float().chunk(2)).double() / epsilon**2
    found: NDArray[np.float64] = distances.cpu().numpy()
    return found


def trimmed(lengths: NDArray[np.float64]) -> PathLength:
    """Their mean without the outermost percentiles, nearest rank outwards."""
    low = np.percentile(lengths, LOWEST, method="lower")
    high = np.percentile(lengths, HIGHEST, method="higher")
    kept = lengths[(lengths >= low) & (lengths <= high)]
    return PathLength(float(kept.mean()), float(kept.std()), len(lengths), len(kept))


def lpips_vgg(engine: Engine, *, side: int = SIDE) -> Similarity:
    """LPIPS on VGG-16 of images in [-1, 1], those larger than ``side`` averaged down to it.

    Raises Unavailable when its weights are missing.
    """
    prepare(engine)
    comparison = engine.network("lpips-vgg", lpips_comparison(VGG, "vgg.pth"))
    mean, deviation = (
        torch.tensor(values, device=engine.device).view(3, 1, 1)
        for values in (comparison.normalisation.mean, comparison.normalisation.deviation)
    )

    def seen(images: Tensor) -> list[Tensor]:
        if max(images.shape[2:]) > side:
            images = functional.interpolate(images, (side, side), mode="area")
        pixels = (images / 2 + 0.5 - mean) / deviation
        taps: list[Tensor] = comparison.backbone(pixels.to(dtype_of(engine)), comparison.taps)
        return taps

    def similarity(first: Tensor, second: Tensor) -> Tensor:
        maps = [
            comparison.compare(tap, x.float(), y.float())
            for tap, (x, y) in enumerate(zip(seen(first), seen(second), strict=True))
        ]
        return torch.stack([each.mean(dim=(1, 2), dtype=torch.float64) for each in maps]).sum(dim=0)

    return similarity


def slerp(a: Tensor, b: Tensor, t: Tensor) -> Tensor:
    """Points on the unit sphere at shares t (n, 1) of the arc from a (n, d) to b, as StyleGAN's."""
    a, b = functional.normalize(a, dim=-1), functional.normalize(b, dim=-1)
    along = (a * b).sum(dim=-1, keepdim=True).clamp(-1, 1)
    angle = t * along.acos()
    across = functional.normalize(b - along * a, dim=-1)
    return functional.normalize(a * angle.cos() + across * angle.sin(), dim=-1)


def _steps(
    path: PathPlan, mapping: Generator | None, device: str
) -> Iterator[tuple[Tensor, Tensor]]:
    """Batches of latents at t and at t + ε. Drawn on the CPU, so that a seed is a seed."""
    draw = torch.Generator().manual_seed(path.seed)
    for start in range(0, path.n, path.batch):
        n = min(path.batch, path.n - start)
        a, b = (torch.randn((n, path.dimensions), generator=draw).to(device) for _ in range(2))
        t = torch.rand((n, 1), generator=draw).to(device)
        if path.sampling is Sampling.END:
            t = torch.zeros_like(t)
        if mapping is None:
            yield slerp(a, b, t), slerp(a, b, t + path.epsilon)
        else:
            with torch.inference_mode():
                u, v = mapping(torch.cat([a, b])).chunk(2)
                yield torch.lerp(u, v, t), torch.lerp(u, v, t + path.epsilon)
