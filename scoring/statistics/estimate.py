"""A statistic with its interval, or the reason why there is none."""

from dataclasses import dataclass

from scoring.reasons import Code, Reason

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Estimate:
    """``value`` with its ``interval`` (low, high), or None with the reason in ``undefined``.

    ``n`` is the number of units that took part. The interval alone may be missing: for the reason
    in ``no_interval``, or because too few resamples define the value.
    """

    value: float | None
    n: int
    interval: Interval | None = None
    undefined: Reason | None = None
    no_interval: Reason | None = None


# Of fewer points, or clusters of them, nothing can be said of how much the next ones would differ:
# four generators may correlate by 1.00 on every resample.
FEWEST_POINTS = 6


def too_few_points(n: int) -> Reason | None:
    """Why there is no interval over n points or clusters; None where there is one."""
    return None if n >= FEWEST_POINTS else Reason(Code.TOO_FEW_POINTS, n=n, least=FEWEST_POINTS)
