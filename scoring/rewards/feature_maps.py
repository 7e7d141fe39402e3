"""Features of a frozen network, made few: their largest principal components."""

from dataclasses import dataclass

import numpy as np

from scoring.arrays import Floats

# So many images a component at least, and no more components than this.
IMAGES_A_COMPONENT = 4
MOST_COMPONENTS = 256


@dataclass(frozen=True, slots=True)
class FeatureMap:
    """``center`` (d,) is taken away, ``axes`` (d, p) say what is kept."""

    center: Floats
    axes: Floats

    def __call__(self, features: Floats) -> Floats:
        """(n, p) of features (n, d)."""
        mapped: Floats = (np.asarray(features, np.float64) - self.center) @ self.axes
        return mapped


def feature_map(features: Floats) -> FeatureMap:
    """The components of features (n, d) along which images differ most, at one common scale.

    Together they have variance 1 on the mean, so that a ridge weighs the same for every network;
    those along which images hardly differ stay small, and a ridge keeps them from mattering.
    """
    rows = np.asarray(features, np.float64)
    center = rows.mean(axis=0)
    beyond = rows - center
    # Images and features have the same variances above nothing: the smaller product is taken.
    few = len(rows) < rows.shape[1]
    product = beyond @ beyond.T if few else beyond.T @ beyond
    values, vectors = np.linalg.eigh(product / max(len(rows), 1))
    most = min(MOST_COMPONENTS, max(len(rows) // IMAGES_A_COMPONENT, 1))
    there = values > 1e-9 * max(float(values[-1]), np.finfo(np.float64).tiny)
    kept = np.flatnonzero(there)[::-1][:most]
    axes = vectors[:, kept]
    if few:
        axes = beyond.T @ axes / np.sqrt(len(rows) * values[kept])
    # A component points to where its largest entry is positive: the same on every machine.
    axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(len(kept))])
    scale = np.sqrt(values[kept].mean()) if len(kept) else 1.0
    return FeatureMap(center, axes / scale)
