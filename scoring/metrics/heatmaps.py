"""Many heatmaps at once by torch: on a GPU, or on a CPU's threads.

The same convention as scoring.heatmap: the maximum within a person, the mean over people, pixel
centres at (i + 0.5) / side, nothing normalised. A Gaussian is the outer product of a column and a
row, here over the whole map: it differs from scoring.heatmap by what that one's window cuts off,
below 3.4e-4. Exports don't draw with it: their bytes must not depend on where they are made, and
they wait for PNG rather than for Gaussians. It is for training loops and for maps by the million.
"""

import math
from collections.abc import Iterator, Sequence

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor

People = Sequence[ArrayLike]
VALUES_AT_ONCE = {"cpu": 1 << 18, "cuda": 1 << 28}
"""Pixels of persons' maps that are drawn together: what fits a CPU's cache, a part of a GPU."""


def marks_to_heatmaps(
    batch: Sequence[People], size: tuple[int, int], sigma_px: float, device: str = "cpu"
) -> Tensor:
    """One map for each of ``batch``, which has for each person marks (n, 2) in fractions.

    An empty list is a person who saw no flaw, and counts. ``size`` is (width, height), ``sigma_px``
    in pixels of the map. Returns float32 (len(batch), height, width) in [0, 1] on ``device``.
    Raises ValueError for a map of nobody, a mark outside [0, 1], a size or sigma not positive.
    """
    width, height = size
    if width < 1 or height < 1 or not (math.isfinite(sigma_px) and sigma_px > 0):
        raise ValueError(f"a map needs a positive size and sigma, not {width}×{height}, {sigma_px}")
    if not all(len(people) for people in batch):
        raise ValueError("a heatmap of nobody is undefined: pass one entry a person, empty or not")
    maps = torch.empty(len(batch), height, width, device=device)
    most = max(1, VALUES_AT_ONCE[torch.device(device).type] // (width * height))
    for start, some in _together(batch, most):
        _draw(some, maps[start : start + len(some)], sigma_px)
    return maps


def quantised(maps: Tensor) -> Tensor:
    """[0, 1] maps to 8 bit, floor(255 v + 0.5): once, at the very end."""
    return (maps * 255).add_(0.5).to(torch.uint8)


def _together(batch: Sequence[People], most: int) -> Iterator[tuple[int, Sequence[People]]]:
    """The batch in parts of at most ``most`` persons, or of one map that has more of them."""
    start = persons = 0
    for place, people in enumerate(batch):
        if persons and persons + len(people) > most:
            yield start, batch[start:place]
            start, persons = place, 0
        persons += len(people)
    if batch:
        yield start, batch[start:]


def _draw(batch: Sequence[People], out: Tensor, sigma_px: float) -> None:
    """``out``: (maps, height, width)."""
    maps, height, width = out.shape
    marks = _padded(batch).to(out.device)
    across = _arms(marks[..., 0] * width - 0.5, width, sigma_px)
    down = _arms(marks[..., 1] * height - 0.5, height, sigma_px)

    persons = torch.zeros(len(marks), height, width, device=out.device)
    one = torch.empty_like(persons)
    for column, row in zip(down.unbind(1), across.unbind(1), strict=True):
        torch.mul(column[:, :, None], row[:, None, :], out=one)
        torch.maximum(persons, one, out=persons)
    counts = torch.tensor([len(people) for people in batch], device=out.device)
    of_map = torch.repeat_interleave(torch.arange(maps, device=out.device), counts)
    out.zero_().index_add_(0, of_map, persons)
    out.div_(counts[:, None, None])


def _padded(batch: Sequence[People]) -> Tensor:
    """float64 (persons, most marks of one, 2); NaN stands for no mark."""
    everyone = [
        np.asarray(marks, np.float64).reshape(-1, 2) for people in batch for marks in people
    ]
    marks = torch.from_numpy(np.concatenate(everyone))
    if not bool(((marks >= 0) & (marks <= 1)).all()):
        raise ValueError("a mark lies outside the image: x and y are fractions from 0 to 1")
    counts = torch.tensor([len(one) for one in everyone])
    padded = torch.full((len(everyone), int(counts.max()), 2), math.nan, dtype=torch.float64)
    padded[torch.arange(padded.shape[1]) < counts[:, None]] = marks
    return padded


def _arms(centres: Tensor, length: int, sigma_px: float) -> Tensor:
    """(persons, marks) → float32 (persons, marks, length); all zero where there is no mark."""
    pixels = torch.arange(length, dtype=torch.float64, device=centres.device)
    away = (pixels - centres[..., None]).square_()
    return away.div_(-2 * sigma_px**2).exp_().nan_to_num_(0.0).float()
