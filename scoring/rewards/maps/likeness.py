"""How alike a map is to what people marked, as RichHF-18K's paper and saliency benchmarks measure.

Bylinskii et al., "What do different evaluation metrics tell us about saliency models?" (2019).
"""

import numpy as np

from scoring.arrays import Floats

EPSILON = float(np.finfo(np.float64).eps)


def cc(told: Floats, truth: Floats) -> float:
    """Pearson's correlation over pixels, from -1 to 1; 0 of a flat map, which tells no place."""
    a, b = told - told.mean(), truth - truth.mean()
    below = np.sqrt((a * a).sum() * (b * b).sum())
    # Of equal pixels rounding is left.
    return float((a * b).sum() / below) if below > 1e-12 else 0.0


def kld(told: Floats, truth: Floats) -> float:
    """Kullback–Leibler divergence of the told from the true map, both of sum 1; 0 is the best.

    A map without any heat is taken for a flat one.
    """
    p, q = (_summed(each) for each in (told, truth))
    return float((q * np.log(EPSILON + q / (p + EPSILON))).sum())


def _summed(heat: Floats) -> Floats:
    total = heat.sum()
    return heat / total if total > 0 else np.full(heat.shape, 1 / heat.size)


def auc_judd(told: Floats, marks: Floats) -> float:
    """Area under the ROC of a map told of marked pixels, from 0 to 1; 0.5 of a flat map.

    ``marks`` (m, 2) are x and y as fractions. Equal values count half. NaN where no pixel or every
    one is marked.
    """
    height, width = told.shape
    x, y = np.minimum((marks * (width, height)).astype(np.int64), (width - 1, height - 1)).T
    marked = np.zeros(told.shape, bool)
    marked[y, x] = True
    here, rest = told[marked], np.sort(told[~marked])
    if not len(here) or not len(rest):
        return float("nan")
    below = np.searchsorted(rest, here, side="left") + np.searchsorted(rest, here, side="right")
    return float(below.mean() / 2 / len(rest))
