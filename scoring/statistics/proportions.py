"""Shares of a whole: how far one may be off, and whether it is more than chance."""

import math
from statistics import NormalDist

from scipy.special import bdtr

from scoring.statistics.estimate import Interval


def wilson_interval(successes: int, trials: int, *, confidence: float = 0.95) -> Interval | None:
    """Wilson's interval of a proportion (1927), within [0, 1]; None for no trials.

    Raises ValueError for more successes than trials, or fewer than none.
    """
    _require_proportion(successes, trials)
    if trials == 0:
        return None
    return score_interval(successes / trials, trials, NormalDist().inv_cdf((1 + confidence) / 2))


def score_interval(share: float, trials: float, z: float) -> Interval:
    """Wilson's interval of a share seen in so many trials, which need not be whole.

    ``z`` is how many standard errors it reaches. Of a census (infinitely many trials) it is the
    share alone.
    """
    if math.isinf(trials):
        return share, share
    z2 = z * z
    middle = (share + z2 / (2 * trials)) / (1 + z2 / trials)
    half = math.sqrt(z2 * (share * (1 - share) + z2 / (4 * trials)) / trials) / (1 + z2 / trials)
    low = 0.0 if share == 0 else middle - half
    high = 1.0 if share == 1 else middle + half
    return low, high


def fair_coin_p(successes: int, trials: int) -> float | None:
    """Exact two-sided binomial test of one half: the chance of a split at least this uneven.

    In (0, 1]; None for no trials. Raises ValueError for more successes than trials.
    """
    _require_proportion(successes, trials)
    if trials == 0:
        return None
    fewer = min(successes, trials - successes)
    return min(1.0, 2 * float(bdtr(fewer, trials, 0.5)))


def _require_proportion(successes: int, trials: int) -> None:
    if not 0 <= successes <= trials:
        raise ValueError(f"{successes} of {trials} is no proportion")
