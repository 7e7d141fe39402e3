"""How many answers it takes to tell two competitors apart."""

import math
from statistics import NormalDist

from scipy.special import expit

CONFIDENCE, POWER = 0.95, 0.8


def pairs_to_tell(share: float, *, confidence: float = CONFIDENCE, power: float = POWER) -> int:
    """So many independent pairs show a win rate of ``share`` not to be one half, two-sided, with
    the chance ``power`` (normal approximation). Raises ValueError for one half, and no share.
    """
    if not 0 < share < 1 or share == 0.5:
        raise ValueError(f"nothing tells {share} from one half")
    at_half = NormalDist().inv_cdf((1 + confidence) / 2) / 2
    at_share = NormalDist().inv_cdf(power) * math.sqrt(share * (1 - share))
    return math.ceil(((at_half + at_share) / (share - 0.5)) ** 2)


def more_to_tell(difference: float, error: float, answers: int) -> int:
    """How many more answers, like those so far, tell two strengths apart; 0 if these do.

    Of so many ``answers`` the ``error`` of the difference (natural logarithms) is that of as many
    independent pairs as have its information, p (1 − p) each: so it knows of ties, of third
    competitors, and that the answers of a prompt belong together.
    """
    share = float(expit(abs(difference)))
    seen = 1 / (error**2 * share * (1 - share))
    return max(0, round(answers * (pairs_to_tell(share) / seen - 1)))
