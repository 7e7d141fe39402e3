"""When work will be done, from how much was done on which days: an interval, by simulation.

A bootstrap of days. A coming day is a working day by chance, as often as its weekday was one among
the days seen (a weekday that was never seen: as often as all were). What a working day brings is
drawn from the working days seen, these resampled once for each simulated future, so that the
interval also holds how little is known of the mean.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import numpy as np

from scoring.arrays import Ints

# Days back from today that are looked at: the pace of a month ago says little of now.
WINDOW_DAYS = 28
FEWEST_WORKING_DAYS = 3
LONGEST_DAYS = 730
FUTURES = 400
LEVEL = 0.8


class NoForecast(StrEnum):
    """Why there is none."""

    NOTHING_OPEN = "nothing_open"
    FEW_DAYS = "few_days"
    TOO_FAR = "too_far"


@dataclass(frozen=True, slots=True)
class Forecast:
    """The day on which the work will be done: within `earliest` and `latest` in LEVEL of futures.

    `working_days`: of those that it is made from.
    """

    earliest: date
    likely: date
    latest: date
    working_days: int


def forecast(
    done: Mapping[date, int], *, remaining: int, today: date, seed: int = 0
) -> Forecast | NoForecast:
    """When `remaining` more will be done, from how many were done on each day (none: 0).

    Today is not over, so it is no day to learn from; what it has brought is taken off what it
    would bring.
    """
    if remaining <= 0:
        return NoForecast.NOTHING_OPEN
    days = _days_seen(done, today)
    counts = np.array([done.get(day, 0) for day in days], dtype=np.int64)
    worked = counts[counts > 0]
    if len(worked) < FEWEST_WORKING_DAYS:
        return NoForecast.FEW_DAYS
    rng = np.random.default_rng(seed)
    chance = _chance_of_work([day.weekday() for day in days], counts)
    ends = _simulated(worked, chance, remaining, done.get(today, 0), today, rng)
    low, middle, high = np.quantile(
        ends, [(1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2], method="inverted_cdf"
    )
    if high >= LONGEST_DAYS:
        return NoForecast.TOO_FAR
    earliest, likely, latest = (today + timedelta(days=int(end)) for end in (low, middle, high))
    return Forecast(earliest, likely, latest, len(worked))


def _days_seen(done: Mapping[date, int], today: date) -> list[date]:
    """Every day before today, from the first with work on, WINDOW_DAYS back at most."""
    first = min((day for day, n in done.items() if n > 0), default=today)
    back = min((today - first).days, WINDOW_DAYS)
    return [today - timedelta(days=ago) for ago in range(back, 0, -1)]


def _chance_of_work(weekdays: list[int], counts: Ints) -> list[float]:
    """Weekday (Monday: 0) → how often it was a working day."""
    of_day, worked = np.array(weekdays), counts > 0
    return [
        float(worked[of_day == weekday].mean()) if (of_day == weekday).any() else worked.mean()
        for weekday in range(7)
    ]


def _simulated(
    worked: Ints,
    chance: list[float],
    remaining: int,
    done_today: int,
    today: date,
    rng: np.random.Generator,
) -> Ints:
    """(FUTURES,) days from today until all is done; LONGEST_DAYS where it is not."""
    resampled = rng.choice(worked, size=(FUTURES, len(worked)))
    left = np.full(FUTURES, remaining, dtype=np.int64)
    ends = np.full(FUTURES, LONGEST_DAYS, dtype=np.int64)
    rows = np.arange(FUTURES)
    for ahead in range(LONGEST_DAYS):
        works = rng.random(FUTURES) < chance[(today.weekday() + ahead) % 7]
        brings = resampled[rows, rng.integers(len(worked), size=FUTURES)]
        if ahead == 0:
            brings = np.maximum(brings - done_today, 0)
        before = left > 0
        left -= np.where(works, brings, 0)
        ends[before & (left <= 0)] = ahead
        if (left <= 0).all():
            break
    return ends
