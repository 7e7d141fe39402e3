"""Fréchet distance of two sets' features, and its trace without a matrix square root.

|μ₁ - μ₂|² + tr Σ₁ + tr Σ₂ - 2 tr √(Σ₁Σ₂) (Heusel et al. 2017). With Σ₁ = L Lᵀ the eigenvalues of
Σ₁Σ₂ are those of the symmetric Lᵀ Σ₂ L, so the trace is the sum of their roots.

Where a covariance is singular (fewer images than dimensions) that form takes roots of rounding
noise: 1e-16 becomes 1e-8, two thousand times. There both are cut to their rank, Σ = A Aᵀ, and the
trace is the sum of the singular values of A₁ᵀ A₂, which has no root to take.
"""

from dataclasses import dataclass

import numpy as np
import torch

from scoring.arrays import Floats
from scoring.reasons import Code, Reason, Refusal
from scoring.statistics.feature_statistics import Statistics

_SINGULAR = 1e-11
"""Squared ratio of the smallest to the largest pivot under which a covariance counts as singular:
the square root of what float64 resolves is well below one in a million of the trace there."""


class FeaturesDiffer(Refusal):
    """These statistics are not of the same features, so there is no distance between them."""


@dataclass(frozen=True, slots=True)
class Distance:
    """``value`` ≥ 0; ``warnings`` where it should not be leaned on."""

    value: float
    warnings: tuple[Reason, ...] = ()


def frechet_distance(a: Statistics, b: Statistics, *, device: str = "cpu") -> Distance:
    """The distance of two sets; on CUDA where ``device`` says so, in float64 on both.

    Raises FeaturesDiffer for other dimensions, or where both say which network or resizing they
    are of and these differ.
    """
    _require_comparable(a, b)
    gap = a.mu - b.mu
    spread = float(np.trace(a.sigma)) + float(np.trace(b.sigma))
    value = float(gap @ gap) + spread - 2 * trace_of_root(a, b, device=device)
    # A set against itself is 0 but for rounding, which must not make a distance negative.
    return Distance(max(value, 0.0), _warnings(a, b))


def trace_of_root(a: Statistics, b: Statistics, *, device: str = "cpu") -> float:
    """tr √(Σ₁Σ₂), symmetric in its arguments up to rounding."""
    if device.startswith("cuda"):
        return _trace_cuda(a, b, device)
    if (lower := _cholesky(a)) is not None and _cholesky(b) is not None:
        values = np.linalg.eigvalsh(lower.T @ b.sigma @ lower)
        return float(np.sqrt(np.clip(values, 0, None)).sum())
    product = _factor(a).T @ _factor(b)
    return float(np.linalg.svd(product, compute_uv=False).sum()) if product.size else 0.0


def _require_comparable(a: Statistics, b: Statistics) -> None:
    if a.dimensions != b.dimensions:
        raise FeaturesDiffer(Reason(Code.DIMENSIONS_DIFFER, a=a.dimensions, b=b.dimensions))
    for code, first, second in (
        (Code.NETWORKS_DIFFER, a.extractor, b.extractor),
        (Code.RESIZINGS_DIFFER, a.resize, b.resize),
    ):
        if first and second and first != second:
            raise FeaturesDiffer(Reason(code, a=first, b=second))


def _warnings(a: Statistics, b: Statistics) -> tuple[Reason, ...]:
    """Few images make the distance too large: it is biased upwards as 1/n."""
    counts = [statistics.n for statistics in (a, b) if statistics.n is not None]
    few = tuple(str(n) for n in counts if n <= a.dimensions)
    if not few:
        return ()
    return (Reason(Code.SINGULAR_COVARIANCE, images=few, dimensions=a.dimensions),)


def _cholesky(statistics: Statistics) -> Floats | None:
    """L with Σ = L Lᵀ, None where Σ is singular to rounding."""
    if statistics.n is not None and statistics.n <= statistics.dimensions:
        return None
    try:
        lower: Floats = np.linalg.cholesky(statistics.sigma).astype(np.float64, copy=False)
    except np.linalg.LinAlgError:
        return None
    pivots = np.diagonal(lower)
    return lower if float((pivots.min() / pivots.max()) ** 2) > _SINGULAR else None


def _factor(statistics: Statistics) -> Floats:
    """A (d, rank) with Σ = A Aᵀ."""
    basis = _range(statistics)
    small = statistics.sigma if basis is None else basis.T @ statistics.sigma @ basis
    values, vectors = np.linalg.eigh(small)
    kept = slice(len(values) - _rank(statistics, values), None)
    factor: Floats = vectors[:, kept] * np.sqrt(values[kept])
    return factor if basis is None else basis @ factor


def _range(statistics: Statistics) -> Floats | None:
    """An orthonormal basis (d, k) of all that Σ of few images reaches; None for many.

    Σ of n images has a rank below n: it takes n random directions to all of its range (Halko,
    Martinsson & Tropp 2011, here without error), and a hundred images no eigenvalues of 2,048.
    """
    if statistics.n is None or statistics.n > statistics.dimensions / 4:
        return None
    drawn = np.random.default_rng(0).standard_normal((statistics.dimensions, statistics.n))
    once, _ = np.linalg.qr(statistics.sigma @ drawn)
    basis: Floats = np.linalg.qr(statistics.sigma @ once)[0]
    return basis


def _rank(statistics: Statistics, values: Floats) -> int:
    """How many of the ascending eigenvalues are more than rounding; at most n - 1."""
    floor = max(float(values[-1]), 0.0) * statistics.dimensions * np.finfo(np.float64).eps
    above = int((values > floor).sum())
    return above if statistics.n is None else min(above, statistics.n - 1)


def _trace_cuda(a: Statistics, b: Statistics, device: str) -> float:
    first, second = (torch.from_numpy(each.sigma).to(device) for each in (a, b))
    lowers = [_cholesky_cuda(each, sigma) for each, sigma in ((a, first), (b, second))]
    if lowers[0] is not None and lowers[1] is not None:
        values = torch.linalg.eigvalsh(lowers[0].T @ second @ lowers[0])
        return float(values.clamp(min=0).sqrt().sum())
    product = _factor_cuda(a, first).T @ _factor_cuda(b, second)
    return float(torch.linalg.svdvals(product).sum()) if product.numel() else 0.0


def _cholesky_cuda(statistics: Statistics, sigma: torch.Tensor) -> torch.Tensor | None:
    if statistics.n is not None and statistics.n <= statistics.dimensions:
        return None
    lower, failed = torch.linalg.cholesky_ex(sigma)
    if int(failed):
        return None
    pivots = lower.diagonal()
    return lower if float((pivots.min() / pivots.max()) ** 2) > _SINGULAR else None


def _factor_cuda(statistics: Statistics, sigma: torch.Tensor) -> torch.Tensor:
    values, vectors = torch.linalg.eigh(sigma)
    kept = slice(len(values) - _rank(statistics, values.cpu().numpy()), None)
    factor: torch.Tensor = vectors[:, kept] * values[kept].sqrt()
    return factor
