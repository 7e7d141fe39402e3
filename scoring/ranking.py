"""Strengths of competitors on one scale, and whether they can be compared at all.

A strength θ is a natural logarithm; all of them sum to 0. It is finite only if every competitor
has lost to, or tied with, someone who in turn is tied back to it: that is tested first and answered
by a reason, never by a silent ±10.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.arrays import Floats
from scoring.reasons import Code, Reason
from scoring.statistics.cluster_bootstrap import Place, expanded_interval, places
from scoring.statistics.estimate import Interval

# A difference of 400 points is odds of ten to one; 1000 is the average.
ELO_PER_UNIT = 400 / math.log(10)
ELO_AVERAGE = 1000


@dataclass(frozen=True, slots=True)
class Strengths:
    """``theta`` (n,) and the same of each resample, ``draws`` (resamples, n), of ``clusters``.

    ``log_likelihood`` is that of the data at the maximum, without binomial coefficients.
    """

    theta: Floats
    draws: Floats
    clusters: int
    log_likelihood: float

    def interval(self, i: int) -> Interval | None:
        return expanded_interval(self.draws[:, i], self.clusters)

    def places(self) -> list[Place]:
        return places(self.theta, self.draws, self.clusters)


def elo(theta: float) -> float:
    """A strength as Elo points around 1000."""
    return ELO_PER_UNIT * theta + ELO_AVERAGE


@dataclass(frozen=True, slots=True)
class NotComparable:
    """No finite strengths: ``groups`` (indices) can be compared within, not across."""

    reason: Reason
    groups: tuple[tuple[int, ...], ...]


def separation(beats: Floats) -> NotComparable | None:
    """Groups within which everybody reaches everybody over wins and ties; None if it is one.

    ``beats[i, j]``: how often i was before j or level with it.
    """
    reach = _reach(beats > 0)
    mutual = reach & reach.T
    groups = tuple(sorted({tuple(int(i) for i in np.flatnonzero(row)) for row in mutual}))
    if len(groups) == 1:
        return None
    joined = bool(_reach((beats + beats.T) > 0).all())
    return NotComparable(Reason(Code.NEVER_LOST if joined else Code.NEVER_COMPARED), groups)


def _reach(steps: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Who can be reached from whom over any number of steps (Warshall), oneself included."""
    reach = steps | np.eye(len(steps), dtype=bool)
    for k in range(len(steps)):
        reach |= np.outer(reach[:, k], reach[k])
    return reach
