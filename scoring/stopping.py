"""When to stop asking: whether the first place is settled, however often somebody has looked.

The interval is Robbins' (1970): a normal mixture over what the truth may be. It holds the truth at
every look at once with the confidence it names: for votes in [0, 1] at a variance of 1 / 4 each
exactly, for strengths as their estimate becomes normal (Waudby-Smith et al., arXiv 2103.06476).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scoring.arrays import Flags, Floats
from scoring.designs import PRIOR_SD, Posterior

CONFIDENCE = 0.95
DRAWS = 4000
# Of what is foretold: so many of the truths that may be lie within.
LEVEL = 0.8
# Beyond so many times the votes of now nothing is foretold.
FARTHEST = 50.0
FUTURES, HALVINGS = 1000, 13


def anytime_half_width(
    variance: ArrayLike, spread: float, *, confidence: float = CONFIDENCE
) -> Floats:
    """Half the interval around estimates that have these ``variance``s now, in their shape.

    ``spread``: the standard deviation of how far the truth may be from what is expected of it; it
    decides when the interval is at its narrowest, not whether it holds.
    """
    now = np.asarray(variance, np.float64)
    mixed = spread**2 / now
    level = np.log1p(mixed) - 2 * math.log(1 - confidence)
    return np.asarray(np.sqrt(now * (1 + 1 / mixed) * level), np.float64)


@dataclass(frozen=True, slots=True)
class FirstPlace:
    """Who is first, by index, how probably, and whether it is settled whoever looked before."""

    best: int
    probability: float
    settled: bool


def first_place(found: Posterior) -> FirstPlace:
    """Of two or more. Settled at CONFIDENCE against all others together (Bonferroni)."""
    best = int(np.argmax(found.mode))
    probability = float((_draws(found).argmax(axis=1) == best).mean())
    settled = bool(_settles(found, found.mode[None])(np.zeros(1))[0])
    return FirstPlace(best, probability, settled)


@dataclass(frozen=True, slots=True)
class Foretold:
    """How many times the votes of now it takes besides until the first place is settled.

    ``likely``: if what they say stays. ``fewest`` and ``most`` bound it in LEVEL of the truths that
    the posterior holds possible, whoever is first in them. None beyond FARTHEST.
    """

    likely: float | None
    fewest: float | None
    most: float | None


def foretold(found: Posterior) -> Foretold:
    """0.0 each where it is settled."""
    likely = float(_more(found, found.mode[None])[0])
    if likely == 0:
        return Foretold(0.0, 0.0, 0.0)
    fewest, most = np.quantile(
        _more(found, _draws(found)[:FUTURES]),
        [(1 - LEVEL) / 2, (1 + LEVEL) / 2],
        method="inverted_cdf",
    )
    told = (float(each) if each <= FARTHEST else None for each in (likely, fewest, most))
    return Foretold(*told)


def _draws(found: Posterior) -> Floats:
    draws: Floats = np.random.default_rng(0).multivariate_normal(
        found.mode, found.covariance, DRAWS
    )
    return draws


def _settles(found: Posterior, strengths: Floats) -> Callable[[Floats], Flags]:
    """At (draws,) times more votes, whether whoever is first in (draws, n) is settled to be.

    As votes come in, variances fall in proportion.
    """
    n = strengths.shape[1]
    best = strengths.argmax(axis=1)
    lead = strengths.max(axis=1)[:, None] - strengths
    own = np.arange(n) == best[:, None]
    variance = np.where(own, 1.0, found.variance()[best])
    confidence = 1 - (1 - CONFIDENCE) / (n - 1)

    def settles(times: Floats) -> Flags:
        now = variance / (1 + times[:, None])
        half = anytime_half_width(now, math.sqrt(2) * PRIOR_SD, confidence=confidence)
        return np.asarray((own | (lead > half)).all(axis=1), np.bool_)

    return settles


def _more(found: Posterior, strengths: Floats) -> Floats:
    """(draws,) times the votes of now, by halving; infinite beyond FARTHEST."""
    settles = _settles(found, strengths)
    low, high = np.zeros(len(strengths)), np.full(len(strengths), FARTHEST)
    there, never = settles(low), ~settles(high)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        enough = settles(middle)
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return np.where(there, 0.0, np.where(never, np.inf, high))
