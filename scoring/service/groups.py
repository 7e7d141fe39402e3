"""Rewards of images of one prompt, held against each other."""

import math
from collections.abc import Sequence

from scoring.service.rewards import Value


def shares_beaten(values: Sequence[Value], *, log_odds: bool) -> list[Value]:
    """Of the others, the share that each is better than, in [0, 1]; a tie is half.

    By ``log_odds`` a head's, who says how probably each is preferred: the mean of that. Who has no
    value has none here, and is none of the others; who is alone has 0.5.
    """
    there = [value.value for value in values if value.value is not None]
    return [
        value if value.value is None else Value(_share(value.value, there, log_odds=log_odds))
        for value in values
    ]


def _share(value: float, there: Sequence[float], *, log_odds: bool) -> float:
    """``value`` is one of those that are there, and half better than itself."""
    better = sum(_better(value - other, log_odds=log_odds) for other in there) - 0.5
    return better / (len(there) - 1) if len(there) > 1 else 0.5


def _better(difference: float, *, log_odds: bool) -> float:
    if log_odds:
        return 0.5 + 0.5 * math.tanh(difference / 2)
    return 0.5 * (1 + (difference > 0) - (difference < 0))
