"""What a head comes to over a network's own features: one weight each, and what is taken off."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoring.arrays import Floats
from scoring.rewards.feature_maps import FeatureMap
from scoring.rewards.head import Head
from scoring.rewards.ordinal import OrdinalHead


@dataclass(frozen=True, slots=True)
class Linear:
    """Rewards ``features @ weights - offset`` of features (n, d), with weights (d,)."""

    weights: Floats
    offset: float

    def __call__(self, features: Floats) -> Floats:
        """(n,) rewards of features (n, d)."""
        found: Floats = features @ self.weights - self.offset
        return found


def linear_of(mapped: FeatureMap, head: Head | OrdinalHead) -> Linear:
    """The same rewards as the head's of mapped features."""
    weights = mapped.axes @ head.weights
    return Linear(weights, float(mapped.center @ weights))


def mean_of(heads: Sequence[Linear]) -> Linear:
    """Each reward is the mean of the heads'. ValueError of none."""
    if not heads:
        raise ValueError("a mean of no heads")
    weights = np.mean([one.weights for one in heads], axis=0)
    return Linear(weights, float(np.mean([one.offset for one in heads])))
