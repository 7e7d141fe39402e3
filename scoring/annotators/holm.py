"""Many tests at once: Holm's step-down correction (1979)."""

import numpy as np
from numpy.typing import ArrayLike

from scoring.arrays import Floats


def holm(p: ArrayLike) -> Floats:
    """Each p-value, corrected for all of them: the chance of any false alarm stays below it."""
    given = np.asarray(p, np.float64)
    order = np.argsort(given, kind="stable")
    k = len(given)
    stepped = np.maximum.accumulate(given[order] * (k - np.arange(k)))
    found = np.empty(k)
    found[order] = np.minimum(1.0, stepped)
    return found
