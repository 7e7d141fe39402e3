"""A statistic with its interval, or the reason why there is none."""

from dataclasses import dataclass

from scoring.reasons import Reason

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Estimate:
    """``value`` with its ``interval`` (low, high), or None with the reason in ``undefined``.

    ``n`` is the number of units that took part. The interval alone may be missing, when too few
    resamples define the value.
    """

    value: float | None
    n: int
    interval: Interval | None = None
    undefined: Reason | None = None
