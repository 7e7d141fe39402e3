"""Rows of features on the device that compares them, and their inner products."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

Matrix = NDArray[np.float32] | NDArray[np.float64] | Tensor
"""Floating point (n, d): one row an image."""


def comparable_rows(a: Matrix, b: Matrix, *, device: str) -> tuple[Tensor, Tensor, Tensor]:
    """Both less the mean of all, in float32 on the device, and that mean (d,) in float64.

    Features lie far from the origin in one direction; float32 keeps more of what tells them apart
    once that is taken off. Raises ValueError unless both are finite rows of one width.
    """
    first, second = (torch.as_tensor(rows).to(device) for rows in (a, b))
    for rows in (first, second):
        if rows.ndim != 2 or rows.shape[1] != first.shape[1] or not rows.is_floating_point():
            raise ValueError(
                f"features are floating-point rows of one width, not {tuple(first.shape)} and"
                f" {tuple(second.shape)}"
            )
        if not bool(torch.isfinite(rows).all()):
            raise ValueError("features that are not finite (NaN or infinity) cannot be compared")
    n = len(first) + len(second)
    if not n:
        raise ValueError("no features, no comparison")
    total = first.sum(dim=0, dtype=torch.float64) + second.sum(dim=0, dtype=torch.float64)
    centre = total / n
    return _less(first, centre), _less(second, centre), centre


def _less(rows: Tensor, centre: Tensor) -> Tensor:
    if rows.dtype == torch.float64:
        return (rows - centre).float()
    # float32 less a float64 mean, without a float64 copy of all the rows at once.
    return torch.cat([(part - centre).float() for part in parts(rows, 4096)])


def parts(rows: Tensor, size: int) -> tuple[Tensor, ...]:
    """The rows, ``size`` at a time."""
    return torch.split(rows, size)


def products(a: Tensor, b: Tensor) -> Tensor:
    """a bᵀ. On the CPU by NumPy's BLAS, which beats torch's by two where MKL meets an AMD."""
    if a.device.type == "cpu":
        return torch.from_numpy(a.numpy() @ b.numpy().T)
    return a @ b.T


def times(rows: Tensor, vector: Tensor) -> Tensor:
    """rows (n, d) · vector (d,) in float64, a bounded part at a time."""
    return torch.cat([part.double() @ vector for part in parts(rows, 4096)])
