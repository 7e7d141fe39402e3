"""Heatmaps to masks: where a map is high, and a margin around it."""

import math

import numpy as np
from numpy.typing import NDArray

from scoring.heatmap import FloatMap

Mask = NDArray[np.bool_]
"""bool (height, width); True is inside."""

ROUNDING = 1e-6
"""A third of three people is 0.33333334 in float32: thresholds are met within this."""


def heatmap_to_mask(heatmap: FloatMap, *, threshold: float, margin_px: float = 0.0) -> Mask:
    """Where the map is at least `threshold`, grown by a disk of radius `margin_px`.

    `threshold` in (0, 1]: at 0 everything would be inside. Raises ValueError for another, or for
    a margin that is negative or not finite.
    """
    if not 0 < threshold <= 1:
        raise ValueError(f"a threshold lies above 0 and is at most 1, not {threshold}")
    return dilate(heatmap >= threshold - ROUNDING, margin_px)


def dilate(mask: Mask, radius_px: float) -> Mask:
    """Every pixel whose centre lies within `radius_px` of a pixel inside.

    A disk is a stack of rows: for each distance between rows, a pixel is inside if the other row
    has one inside within half the disk's chord; running sums along the rows tell that at once.
    """
    if not (math.isfinite(radius_px) and radius_px >= 0):
        raise ValueError(f"a margin is 0 or more pixels, not {radius_px}")
    height, width = mask.shape
    grown = np.zeros_like(mask)
    if not mask.any():
        return grown
    sums = np.zeros((height, width + 1), dtype=np.int32)
    np.cumsum(mask, axis=1, out=sums[:, 1:])
    columns = np.arange(width)
    for away in range(min(math.floor(radius_px), height - 1) + 1):
        chord = math.floor(math.sqrt(radius_px**2 - away**2) + ROUNDING)
        right = np.minimum(columns + chord + 1, width)
        reached = sums[:, right] > sums[:, np.maximum(columns - chord, 0)]
        grown[away:] |= reached[: height - away]
        grown[: height - away] |= reached[away:]
    return grown
