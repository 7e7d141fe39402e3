"""Correlations of points that stand there as often as a resample drew them.

Each takes x and y (n,) and weights (resamples, n), and gives (resamples,), NaN where undefined: a
whole bootstrap in a few products of arrays, nothing being sorted again.
"""

import numpy as np
from numpy.typing import NDArray

from scoring.arrays import Floats, Ints
from scoring.statistics.resampling import dense, quotient


def weighted_pearson(x: Floats, y: Floats, weights: Floats) -> Floats:
    """Of (n,) values, or (resamples, n) ones."""
    total = weights.sum(axis=1, keepdims=True)
    # Centred first: squares of large values would drown small differences.
    x = x - x.mean(axis=-1, keepdims=True)
    y = y - y.mean(axis=-1, keepdims=True)
    x = x - (weights * x).sum(axis=1, keepdims=True) / total
    y = y - (weights * y).sum(axis=1, keepdims=True) / total
    xx, yy, xy = ((weights * product).sum(axis=1) for product in (x * x, y * y, x * y))
    # What equal values leave behind is rounding: about 1e-16 of the size, squared.
    varies = [
        squares > 1e-26 * total[:, 0] * np.square(values).max(axis=1)
        for squares, values in ((xx, x), (yy, y))
    ]
    scale = np.where(varies[0] & varies[1], np.sqrt(xx) * np.sqrt(yy), 0.0)
    return np.clip(quotient(xy, scale), -1, 1)


def weighted_spearman(x: Floats, y: Floats, weights: Floats) -> Floats:
    return weighted_pearson(_weighted_ranks(x, weights), _weighted_ranks(y, weights), weights)


def _weighted_ranks(x: Floats, weights: Floats) -> Floats:
    """(resamples, n) mid-ranks, every point standing there as often as it was drawn."""
    level, drawn = _drawn_by_level(x, weights)
    ranks: Floats = (np.cumsum(drawn, axis=1) - drawn / 2)[:, level]
    return ranks


def _drawn_by_level(x: Floats, weights: Floats) -> tuple[Ints, Floats]:
    """(n,) each value's level, 0 the smallest; and (resamples, levels) how often each was drawn."""
    level = dense(x)
    order = np.argsort(level, kind="stable")
    starts = np.searchsorted(level[order], np.arange(int(level.max()) + 1))
    drawn: Floats = np.add.reduceat(weights[:, order], starts, axis=1)
    return level, drawn


def weighted_tau_b(x: Floats, y: Floats, weights: Floats) -> Floats:
    signs = _signs(x)
    signs *= _signs(y)
    # Counts below 2^24: exact in float32 up to here, in float64 from here.
    net = (weights.astype(np.float32) @ signs * weights).sum(axis=1, dtype=np.float64)
    untied = [_untied(values, weights) for values in (x, y)]
    return np.clip(quotient(net, np.sqrt(untied[0]) * np.sqrt(untied[1])), -1, 1)


def _signs(x: Floats) -> NDArray[np.float32]:
    """(n, n) of the order of every two points."""
    level = dense(x).astype(np.float32)
    differences: NDArray[np.float32] = np.subtract.outer(level, level)
    return np.sign(differences, out=differences)


def _untied(x: Floats, weights: Floats) -> Floats:
    """Twice the weighted pairs of different values: W² - Σ W_level²."""
    _, drawn = _drawn_by_level(x, weights)
    untied: Floats = weights.sum(axis=1) ** 2 - (drawn**2).sum(axis=1)
    return untied
