"""Features of made-up sets, and other people's distances wrapped so that their warnings stay small.

Random Inception weights give features that hardly differ, and distances about 1e-14: what is
compared with other packages are therefore features drawn here, spread like real ones.
"""

import warnings

import numpy as np
from numpy.typing import NDArray

import tests.references  # noqa: F401 - makes torchvision importable, before pytorch-fid wants it

with warnings.catch_warnings():
    # Its dependencies' own: deprecated names in what clean-fid and torchvision import.
    warnings.simplefilter("ignore")
    import cleanfid.fid
    import pytorch_fid.fid_score
    from torch_fidelity.metric_fid import fid_statistics_to_metric

from scoring.statistics.feature_statistics import Statistics, moments_to_statistics
from scoring.statistics.moments import Moments

Floats = NDArray[np.float64]


def features(seed: int, n: int, dimensions: int = 64, shift: float = 0.0) -> NDArray[np.float32]:
    """(n, dimensions): correlated, of falling spread, non-negative, as after a ReLU and a mean."""
    mixing = np.random.default_rng(99).standard_normal((dimensions, dimensions))
    mixing *= np.linspace(1, 0.05, dimensions)[:, None] / np.sqrt(dimensions)
    drawn = np.random.default_rng(seed).standard_normal((n, dimensions)) @ mixing
    return np.abs(drawn + 0.4 + shift).astype(np.float32)


def statistics(rows: NDArray[np.floating]) -> Statistics:
    moments = Moments.empty(rows.shape[1])
    moments.add(rows)
    return moments_to_statistics(moments, extractor="", resize="")


def pytorch_fid_distance(a: Statistics, b: Statistics) -> float:
    return _with_scipy(pytorch_fid.fid_score.calculate_frechet_distance, a, b)


def clean_fid_distance(a: Statistics, b: Statistics) -> float:
    return _with_scipy(cleanfid.fid.frechet_distance, a, b)


def torch_fidelity_distance(a: Statistics, b: Statistics) -> float:
    both = [{"mu": each.mu, "sigma": each.sigma} for each in (a, b)]
    return float(fid_statistics_to_metric(*both, verbose=False)["frechet_inception_distance"])


def nuclear_distance(rows: NDArray[np.floating], others: NDArray[np.floating]) -> float:
    """The same distance of few rows, from the rows: tr √(Σ₁Σ₂) = ‖X Yᵀ‖_* / √((n-1)(m-1))."""
    a, b = rows.astype(float), others.astype(float)
    gap = a.mean(axis=0) - b.mean(axis=0)
    x, y = a - a.mean(axis=0), b - b.mean(axis=0)
    n, m = len(x) - 1, len(y) - 1
    trace = np.linalg.svd(x @ y.T, compute_uv=False).sum() / np.sqrt(n * m)
    return float(gap @ gap + (x**2).sum() / n + (y**2).sum() / m - 2 * trace)


def _with_scipy(distance, a: Statistics, b: Statistics) -> float:  # type: ignore[no-untyped-def]
    with warnings.catch_warnings():
        # They call scipy's sqrtm with `disp`, which SciPy 1.18 takes away.
        warnings.simplefilter("ignore", DeprecationWarning)
        return float(distance(a.mu, a.sigma, b.mu, b.sigma))
