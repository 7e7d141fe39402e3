"""Whether somebody says the same of the same item when they are shown it again."""

import math

from scoring.annotators.intervals import wilson
from scoring.reasons import Code, Reason
from scoring.statistics.estimate import Estimate


def self_consistency(*, alike: int, repeats: int) -> Estimate:
    """The share of repeats (order and sides drawn anew) that got the same answer."""
    if repeats == 0:
        return Estimate(None, 0, undefined=Reason(Code.NO_REPEATS))
    share = alike / repeats
    return Estimate(share, repeats, interval=wilson(share, float(repeats)))


def accuracy_of_repeats(share: float) -> float | None:
    """The accuracy a between two answers that gives a² + (1 - a)² the same; None below a half."""
    return None if share < 0.5 else (1 + math.sqrt(2 * share - 1)) / 2
