"""How long answers take, and who is far quicker than everybody else.

Seconds are compared by their logarithms, and by median and MAD, which a few long breaks do not move
(quality of careless answers: Wood, Harms, Lowman & DeSimone 2017).
"""

import numpy as np
from numpy.typing import ArrayLike

from scoring.annotators.answers import Answers
from scoring.arrays import Floats

# The MAD of a normal distribution times this is its standard deviation.
NORMAL = 1.4826
# An answer in less than this part of the usual time is rushed.
RUSHED = 1 / 3


def speed_z(seconds: ArrayLike) -> Floats:
    """(ln t - median) / (1.4826 · MAD) of each time; NaN where all times but a few are one."""
    logs = np.log(np.asarray(seconds, np.float64))
    middle = np.median(logs)
    deviation = NORMAL * np.median(np.abs(logs - middle))
    found = np.full(len(logs), np.nan)
    np.divide(logs - middle, deviation, out=found, where=deviation > 0)
    return found


def medians(answers: Answers) -> Floats:
    """(people,): each person's median milliseconds; NaN where none is known."""
    known = np.flatnonzero(np.isfinite(answers.active_ms) & (answers.active_ms > 0))
    order = known[np.lexsort((answers.active_ms[known], answers.annotator[known]))]
    counts = answers.count(known)
    starts = np.cumsum(counts) - counts
    found = np.full(answers.people, np.nan)
    there = counts > 0
    low = answers.active_ms[order[(starts + (counts - 1) // 2)[there]]]
    high = answers.active_ms[order[(starts + counts // 2)[there]]]
    found[there] = (low + high) / 2
    return found


def z_of_medians(found: Floats) -> Floats:
    """(people,): how far each person's median is from everybody's; NaN where it is not known."""
    known = np.flatnonzero(np.isfinite(found))
    z = np.full(len(found), np.nan)
    if len(known) >= 5:
        z[known] = speed_z(found[known])
    return z


def usual_ms(found: Floats) -> float:
    """The median of people's medians: who answers most does not set the pace; NaN for nobody."""
    known = found[np.isfinite(found)]
    return float(np.median(known)) if len(known) else float("nan")


def rushed(answers: Answers, usual: float) -> tuple[Floats, Floats]:
    """(rushed, known), each one or zero an answer."""
    known = np.isfinite(answers.active_ms) & (answers.active_ms > 0)
    quick = known & (answers.active_ms < RUSHED * usual)
    return quick.astype(np.float64), known.astype(np.float64)
