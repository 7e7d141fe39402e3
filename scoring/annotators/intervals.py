"""Each person's mean over their answers, with an interval that keeps an answer's votes together."""

import math
from statistics import NormalDist

import numpy as np

from scoring.annotators.answers import Answers
from scoring.arrays import Floats
from scoring.reasons import Code, Reason
from scoring.statistics.estimate import Estimate, Interval

Z = NormalDist().inv_cdf(0.975)
NOT_COMPARED = Reason(Code.NO_SECOND_ANSWER)


def shares(
    answers: Answers, above: Floats, below: Floats, *, empty: Reason = NOT_COMPARED
) -> list[Estimate]:
    """Each person's Σ above / Σ below, both one an answer, as a share; ``n`` counts answers.

    The interval is Wilson's with as many independent trials as the variance between answers shows
    (design effect): never more than there are votes.
    """
    share, error, n = _ratio(answers, above, below)
    total = answers.sums(below)
    spread = share * (1 - share)
    trials = np.where(error > 0, spread / np.where(error > 0, error**2, 1.0), n)
    trials = np.clip(trials, np.minimum(n, 1), np.maximum(total, 1))
    return [
        Estimate(float(p), int(k), interval=wilson(float(p), float(m)))
        if k
        else Estimate(None, 0, undefined=empty)
        for p, k, m in zip(share, n, trials, strict=True)
    ]


def ratios(
    answers: Answers,
    above: Floats,
    below: Floats,
    *,
    low: float = -1.0,
    high: float = 1.0,
    empty: Reason = NOT_COMPARED,
) -> list[Estimate]:
    """The same for what is no share: two standard errors to each side, within ``low``, ``high``."""
    value, error, n = _ratio(answers, above, below)
    return [
        Estimate(
            float(np.clip(v, low, high)),
            int(k),
            interval=(
                (float(np.clip(v - Z * e, low, high)), float(np.clip(v + Z * e, low, high)))
                if k > 1
                else None
            ),
        )
        if k
        else Estimate(None, 0, undefined=empty)
        for v, e, k in zip(value, error, n, strict=True)
    ]


def _ratio(answers: Answers, above: Floats, below: Floats) -> tuple[Floats, Floats, Floats]:
    """(ratio, standard error, answers that take part), all (people,)."""
    n = answers.sums((below > 0).astype(np.float64))
    total = np.maximum(answers.sums(below), 1e-12)
    ratio = answers.sums(above) / total
    off = (above - ratio[answers.annotator] * below) ** 2
    variance = answers.sums(off) * n / np.maximum(n - 1, 1) / total**2
    return ratio, np.sqrt(variance), n


def wilson(share: float, trials: float) -> Interval:
    """Wilson's interval (1927) of a share of any number of trials, whole or not."""
    z2 = Z**2
    middle = (share + z2 / (2 * trials)) / (1 + z2 / trials)
    half = math.sqrt(z2 * (share * (1 - share) + z2 / (4 * trials)) / trials) / (1 + z2 / trials)
    return (0.0 if share <= 0 else middle - half), (1.0 if share >= 1 else middle + half)


def fisher(correlation: float, n: int) -> Interval | None:
    """Fisher's interval of a correlation; None of fewer than six points."""
    if n < 6:
        return None
    z = math.atanh(max(-1 + 1e-12, min(1 - 1e-12, correlation)))
    half = Z / math.sqrt(n - 3)
    return math.tanh(z - half), math.tanh(z + half)
