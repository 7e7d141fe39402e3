"""A map head: how much of a cell people mark, linear in the network's features of that cell.

Ridge regression of a cell's mean heat, by all cells of all images alike: a convolution of 1×1. The
ridge is what tells cells of held-out prompts best.
"""

from dataclasses import dataclass

import numpy as np

from scoring.arrays import Floats, Ints
from scoring.rewards.feature_maps import FeatureMap, feature_map
from scoring.rewards.head import RIDGE_FOLDS, folds_of

# Of the network's grid, 7 by 7; people's heat is drawn and judged on 8 by 8 pixels a cell.
GRID = 7
SIDE = 56
RIDGES = tuple(float(ridge) for ridge in np.geomspace(1e6, 1.0, 13))


@dataclass(frozen=True, slots=True)
class MapHead:
    """``weights`` (p,) over ``mapped`` features of a cell, and what a mean cell has."""

    mapped: FeatureMap
    weights: Floats
    intercept: float
    ridge: float

    def heat(self, cells: Floats) -> Floats:
        """(n, SIDE, SIDE) in [0, 1] of cells (n, GRID², d): bilinear between the cells' centres."""
        n = len(cells)
        rows = self.mapped(cells.reshape(n * GRID**2, -1)) @ self.weights + self.intercept
        return np.clip(enlarged(rows.reshape(n, GRID, GRID)), 0, 1)


def enlarged(grids: Floats) -> Floats:
    """(n, SIDE, SIDE) of (n, GRID, GRID): bilinear by the half-pixel rule, flat beyond the ends."""
    at = np.clip((np.arange(SIDE) + 0.5) * GRID / SIDE - 0.5, 0, GRID - 1)
    low = np.minimum(at.astype(np.int64), GRID - 2)
    between = np.zeros((SIDE, GRID))
    between[np.arange(SIDE), low] = 1 - (at - low)
    between[np.arange(SIDE), low + 1] = at - low
    found: Floats = between @ grids @ between.T
    return found


def shrunk(maps: Floats) -> Floats:
    """(n, GRID²) of maps (n, SIDE, SIDE): the mean heat of each cell."""
    size = SIDE // GRID
    cells = maps.reshape(len(maps), GRID, size, GRID, size).mean(axis=(2, 4), dtype=np.float64)
    found: Floats = cells.reshape(len(maps), -1)
    return found


def learnt(cells: Floats, heat: Floats, prompts: Ints, *, seed: int = 0) -> MapHead:
    """The head of images with ``cells`` (n, GRID², d) and ``heat`` (n, GRID²) of ``prompts`` (n,).

    Of equal ridges the largest.
    """
    mapped = feature_map(cells.reshape(-1, cells.shape[2]))
    x = mapped(cells.reshape(-1, cells.shape[2])).reshape(*heat.shape, mapped.axes.shape[1])
    fold = folds_of(prompts, folds=RIDGE_FOLDS, seed=seed)
    errors = np.zeros(len(RIDGES))
    for each in np.unique(fold):
        held = fold == each
        if held.all():
            continue
        for at, (weights, intercept) in enumerate(_ridges(x[~held], heat[~held], RIDGES)):
            errors[at] += float(((x[held] @ weights + intercept - heat[held]) ** 2).sum())
    ridge = RIDGES[int(errors.argmin())]
    [(weights, intercept)] = _ridges(x, heat, (ridge,))
    return MapHead(mapped, weights, intercept, ridge)


def _ridges(x: Floats, y: Floats, ridges: tuple[float, ...]) -> list[tuple[Floats, float]]:
    """Weights and intercept under each ridge; the intercept bears none."""
    rows, targets = x.reshape(y.size, x.shape[-1]), y.reshape(-1)
    center, mean = rows.mean(axis=0), float(targets.mean())
    beyond = rows - center
    product, along = beyond.T @ beyond, beyond.T @ (targets - mean)
    values, vectors = np.linalg.eigh(product)
    turned = vectors.T @ along
    found = []
    for ridge in ridges:
        weights = vectors @ (turned / (np.maximum(values, 0) + ridge))
        found.append((weights, mean - float(center @ weights)))
    return found
