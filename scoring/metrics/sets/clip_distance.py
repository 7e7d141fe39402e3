"""CMMD: the squared MMD of two sets of CLIP embeddings under a Gaussian kernel (Jayasumana 2024).

k(x, y) = exp(−‖x − y‖² / 2σ²) with σ = 10, of embeddings of unit length; the estimator of least
variance, in which an image meets itself, too; times 1,000. All sums are float64. As the kernel of
such embeddings lies between 0.98 and 1, what is added up is how far it is below 1.
"""

import torch
from torch import Tensor

from scoring.metrics.sets.matrices import Matrix, comparable_rows, parts, products

SIGMA, FACTOR = 10, 1000
_BLOCK = 2048


def clip_distance(a: Matrix, b: Matrix, *, device: str = "cpu") -> float:
    """The distance of embeddings (n, d) and (m, d), never below 0 but for rounding.

    Raises ValueError for an empty set or what is not finite.
    """
    if not (len(a) and len(b)):
        raise ValueError(f"sets of {len(a)} and {len(b)} embeddings have no distance")
    # Less their common mean, which changes no difference of two, and keeps more of its digits.
    first, second, _ = comparable_rows(a, b, device=device)
    below = _mean_below_one(first, first) + _mean_below_one(second, second)
    return FACTOR * (2 * _mean_below_one(first, second) - below)


def _mean_below_one(left: Tensor, right: Tensor) -> float:
    """Mean of 1 − k over all pairs of rows."""
    gamma = 1 / (2 * SIGMA**2)
    total = 0.0
    for some in parts(left, _BLOCK):
        rows = some.double()
        for others in parts(right, _BLOCK):
            columns = others.double()
            squares = rows.square().sum(dim=1)[:, None] + columns.square().sum(dim=1)
            squares = (squares - 2 * products(rows, columns)).clamp_(min=0)
            total -= float(torch.expm1(-gamma * squares).sum())
    return total / (len(left) * len(right))
