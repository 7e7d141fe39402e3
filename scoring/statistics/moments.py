"""Features of any number of images as their count, mean and co-moment: flat memory, exact merge.

Chan, Golub & LeVeque 1979: two parts with counts n, m and means a, b have the co-moment
C = C_a + C_b + (a - b)(a - b)ᵀ n m / (n + m). So a set may be cut into shards in any way, measured
by as many workers as there are, in any order, and merged to the numbers of one pass.
"""

from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scoring.arrays import Floats

_ROWS = 4096


class Moments:
    """``n`` rows seen, their ``mean`` (d,) and ``comoment`` (d, d) = Σ (x - mean)(x - mean)ᵀ.

    Memory is two (d, d) float64 matrices, whatever n is.
    """

    def __init__(self, n: int, mean: Floats, comoment: Floats) -> None:
        self.n = n
        self.mean = mean
        self.comoment = comoment

    @classmethod
    def empty(cls, dimensions: int) -> Self:
        return cls(0, np.zeros(dimensions), np.zeros((dimensions, dimensions)))

    @property
    def dimensions(self) -> int:
        return len(self.mean)

    def add(self, features: ArrayLike) -> None:
        """Takes in rows (n, d). Raises ValueError for another width and for what is not finite."""
        rows = np.asarray(features)
        require_features(rows, self.dimensions)
        for start in range(0, len(rows), _ROWS):
            part = rows[start : start + _ROWS].astype(np.float64)
            mean = part.mean(axis=0)
            part -= mean
            self.merge(Moments(len(part), mean, part.T @ part))

    def merge(self, other: "Moments") -> None:
        """Takes in what another has seen; ``other`` stays as it is."""
        if other.dimensions != self.dimensions:
            raise ValueError(
                f"moments of {self.dimensions} and of {other.dimensions} dimensions do not merge"
            )
        if not other.n:
            return
        total = self.n + other.n
        gap = other.mean - self.mean
        self.comoment += other.comoment
        scaled = gap * (self.n * other.n / total)
        for start in range(0, len(gap), 256):  # so that no third (d, d) matrix is made
            rows = slice(start, start + 256)
            self.comoment[rows] += np.outer(gap[rows], scaled)
        self.mean = self.mean + gap * (other.n / total)
        self.n = total

    def covariance(self) -> Floats:
        """(d, d) with n - 1. Raises ValueError for fewer than two rows."""
        if self.n < 2:
            raise ValueError(f"a covariance needs two images or more, not {self.n}")
        return self.comoment / (self.n - 1)


def require_features(rows: NDArray[np.generic], dimensions: int) -> None:
    """Raises ValueError unless these are finite rows (n, ``dimensions``) of numbers."""
    if rows.ndim != 2 or rows.shape[1] != dimensions:
        raise ValueError(f"features are rows (n, {dimensions}), not {rows.shape}")
    if not np.issubdtype(rows.dtype, np.floating):
        raise ValueError(f"features are floating point, not {rows.dtype}")
    if not np.isfinite(rows).all():
        raise ValueError("features that are not finite (NaN or infinity) cannot be taken in")
