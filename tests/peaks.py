"""Where a heatmap is highest, for tests that hold maps against what was planted."""

from dataclasses import dataclass

import numpy as np

from scoring.heatmap import FloatMap


@dataclass(frozen=True, slots=True)
class Peak:
    """The highest place of a map, in fractions of its width and height."""

    x: float
    y: float
    value: float


def heatmap_peak(heatmap: FloatMap) -> Peak | None:
    """Where a map is highest; None for an empty map.

    Disks have flat tops: the peak is the mean of those highest pixels that lie within a tenth of
    the map from the first one, so that two equal peaks far apart do not meet in the middle.
    """
    highest = float(heatmap.max())
    if highest <= 0:
        return None
    height, width = heatmap.shape
    rows, columns = np.nonzero(heatmap >= highest - 1e-6)
    near = np.hypot((columns - columns[0]) / width, (rows - rows[0]) / height) <= 0.1
    return Peak(
        x=float((columns[near].mean() + 0.5) / width),
        y=float((rows[near].mean() + 0.5) / height),
        value=highest,
    )
