"""When to stop asking: whether the first place is settled, however often somebody has looked.

The interval is Robbins' (1970): a normal mixture over what the truth may be. It holds the truth at
every look at once with the confidence it names: for votes in [0, 1] at a variance of 1 / 4 each
exactly, for strengths as their estimate becomes normal (Waudby-Smith et al., arXiv 2103.06476).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from scoring.arrays import Floats
from scoring.designs import PRIOR_SD, Posterior

CONFIDENCE = 0.95
DRAWS = 4000
# Beyond so many times the votes of now nothing is foretold.
FARTHEST = 50.0


def anytime_half_width(variance: float, spread: float, *, confidence: float = CONFIDENCE) -> float:
    """Half the interval around an estimate that has this ``variance`` now.

    ``spread``: the standard deviation of how far the truth may be from what is expected of it; it
    decides when the interval is at its narrowest, not whether it holds.
    """
    mixed = spread**2 / variance
    level = math.log1p(mixed) - 2 * math.log(1 - confidence)
    return math.sqrt(variance * (1 + 1 / mixed) * level)


@dataclass(frozen=True, slots=True)
class FirstPlace:
    """Who is first, by index, with which probability; and whether it is so whoever looked before.

    ``more``: how many times the votes of now it takes besides, if what they say stays; None beyond
    FARTHEST, 0.0 where it is settled.
    """

    best: int
    probability: float
    settled: bool
    more: float | None


def first_place(found: Posterior) -> FirstPlace:
    """Of two or more. Settled at CONFIDENCE against all others together (Bonferroni)."""
    best = int(np.argmax(found.mode))
    others = np.arange(len(found.mode)) != best
    lead, variance = found.difference()[best, others], found.variance()[best, others]
    confidence = 1 - (1 - CONFIDENCE) / others.sum()

    def settles(times: float) -> bool:
        halves = (
            anytime_half_width(v / times, math.sqrt(2) * PRIOR_SD, confidence=confidence)
            for v in variance
        )
        return all(by > half for by, half in zip(lead, halves, strict=True))

    more = None if not settles(1 + FARTHEST) else _least(settles)
    return FirstPlace(best, _probability(found, best), settles(1.0), more)


def _least(settles: Callable[[float], bool]) -> float:
    """The least of 0 … FARTHEST that settles it, by halving."""
    if settles(1.0):
        return 0.0
    low, high = 0.0, FARTHEST
    while high - low > 0.01:
        middle = (low + high) / 2
        low, high = (low, middle) if settles(1 + middle) else (middle, high)
    return high


def _probability(found: Posterior, best: int) -> float:
    rng = np.random.default_rng(0)
    draws: Floats = rng.multivariate_normal(found.mode, found.covariance, DRAWS)
    return float((draws.argmax(axis=1) == best).mean())
