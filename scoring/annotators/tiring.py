"""Whether answers get worse the longer a person is at it: by the minute of their session."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from scoring.annotators.answers import Answers
from scoring.arrays import Floats, Ints

# A longer break ends a session.
BREAK_SECONDS = 20 * 60
# So many answers, over so many minutes, are needed to say anything.
FEWEST, SHORTEST_MINUTES = 40, 10.0


@dataclass(frozen=True, slots=True)
class Tiring:
    """(people,): a straight line through what answers are worth by minute, from the first minute
    (``fresh``) to that of nine tenths of the answers (``minutes``, worth ``late``); ``p`` one-sided
    of a fall so steep. NaN where there is too little. ``minute`` (answers,) of its session.
    """

    minute: Floats
    fresh: Floats
    late: Floats
    minutes: Floats
    p: Floats


def minutes_of_session(person: Ints, at: Floats) -> Floats:
    """(answers,): minutes since the person's session began, which a long break ends."""
    order = np.lexsort((at, person))
    who, when = person[order], at[order]
    begins = np.ones(len(who), bool)
    begins[1:] = (who[1:] != who[:-1]) | (np.diff(when) > BREAK_SECONDS)
    start = when[np.maximum.accumulate(np.where(begins, np.arange(len(who)), 0))]
    found = np.empty(len(who))
    found[order] = (when - start) / 60
    return found


def tiring_of(answers: Answers, gain: Floats, mass: Floats) -> Tiring:
    """``gain`` of each answer (0 by chance, in expectation) of at most ``mass``.

    The slope's error is as uneven as the answers are (White 1980), so a few certain answers weigh
    more than many doubtful ones.
    """
    people, who = answers.people, answers.annotator
    minute = minutes_of_session(who, answers.at)
    end = _nine_tenths(who, minute, people)
    x = np.minimum(minute, end[who])
    total = np.maximum(answers.sums(mass), 1e-9)
    middle = answers.sums(mass * x) / total
    level = answers.sums(gain) / total
    away = x - middle[who]
    rest = gain - level[who] * mass
    spread = answers.sums(mass * away**2)
    slope = answers.sums(away * gain) / np.maximum(spread, 1e-9)
    residual = rest - slope[who] * away * mass
    variance = answers.sums((away * residual) ** 2)
    enough = (answers.count() >= FEWEST) & (end >= SHORTEST_MINUTES) & (variance > 0)
    z = slope * spread / np.sqrt(np.where(variance > 0, variance, 1.0))
    return Tiring(
        minute=minute,
        fresh=np.where(enough, level - slope * middle, np.nan),
        late=np.where(enough, level + slope * (end - middle), np.nan),
        minutes=np.where(enough, end, np.nan),
        p=np.where(enough, ndtr(z), np.nan),
    )


def _nine_tenths(person: Ints, minute: Floats, people: int) -> Floats:
    """(people,): the minute before which nine tenths of each person's answers came."""
    order = np.lexsort((minute, person))
    counts = np.bincount(person, minlength=people)
    starts = np.cumsum(counts) - counts
    found = np.zeros(people)
    there = counts > 0
    found[there] = minute[order[(starts + (9 * (counts - 1)) // 10)[there]]]
    return found
