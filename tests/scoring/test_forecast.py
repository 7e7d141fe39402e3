"""When work will be done: days without work stay so, and the interval covers what comes."""

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np

from scoring.forecast import LEVEL, Forecast, NoForecast, forecast

# A Monday.
TODAY = date(2026, 11, 30)


def weekdays_before(today: date, *, days: int) -> Iterator[date]:
    for ago in range(1, days + 1):
        day = today - timedelta(days=ago)
        if day.weekday() < 5:
            yield day


def test_who_does_ten_on_every_weekday_is_done_when_the_calendar_says() -> None:
    done = dict.fromkeys(weekdays_before(TODAY, days=28), 10)

    # Monday to Wednesday; then with a weekend between: the second Monday is the sixth working day.
    assert forecast(done, remaining=25, today=TODAY) == Forecast(
        date(2026, 12, 2), date(2026, 12, 2), date(2026, 12, 2), 20
    )
    assert forecast(done, remaining=51, today=TODAY) == Forecast(
        date(2026, 12, 7), date(2026, 12, 7), date(2026, 12, 7), 20
    )


def test_what_today_has_brought_is_not_expected_again() -> None:
    done = dict.fromkeys(weekdays_before(TODAY, days=28), 10) | {TODAY: 7}

    found = forecast(done, remaining=4, today=TODAY)

    # Three more today, the fourth tomorrow.
    assert isinstance(found, Forecast)
    assert found.likely == date(2026, 12, 1)


def test_uneven_days_make_an_interval_that_holds_the_likely_day() -> None:
    days = list(weekdays_before(TODAY, days=28))
    done = {day: 5 if number % 2 else 40 for number, day in enumerate(days)}

    found = forecast(done, remaining=400, today=TODAY)

    assert isinstance(found, Forecast)
    assert found.earliest < found.likely < found.latest
    # 22.5 a working day: eighteen working days, three weeks and a half.
    assert abs((found.likely - date(2026, 12, 23)).days) <= 2


def test_there_is_none_without_days_to_learn_from() -> None:
    assert forecast({}, remaining=5, today=TODAY) is NoForecast.FEW_DAYS
    two = dict.fromkeys(list(weekdays_before(TODAY, days=28))[:2], 10)
    assert forecast(two, remaining=5, today=TODAY) is NoForecast.FEW_DAYS
    long_ago = dict.fromkeys(weekdays_before(TODAY - timedelta(days=40), days=28), 10)
    assert forecast(long_ago, remaining=5, today=TODAY) is NoForecast.FEW_DAYS


def test_there_is_none_for_nothing_and_for_what_takes_years() -> None:
    done = dict.fromkeys(weekdays_before(TODAY, days=28), 1)

    assert forecast(done, remaining=0, today=TODAY) is NoForecast.NOTHING_OPEN
    assert forecast(done, remaining=1_000_000, today=TODAY) is NoForecast.TOO_FAR


def test_the_interval_covers_what_comes_about_as_often_as_it_says() -> None:
    """200 made-up projects: four weeks seen, weekdays worked at nine in ten, 5 to 95 a day."""
    covered = 0
    for number in range(200):
        rng = np.random.default_rng(number)

        def brings(day: date, rng: np.random.Generator = rng) -> int:
            works = day.weekday() < 5 and rng.random() < 0.9
            return int(rng.integers(5, 96)) if works else 0

        done = {
            TODAY - timedelta(days=ago): brings(TODAY - timedelta(days=ago)) for ago in range(1, 29)
        }
        found = forecast(done, remaining=800, today=TODAY, seed=number)
        assert isinstance(found, Forecast)
        end, left = TODAY - timedelta(days=1), 800
        while left > 0:
            end += timedelta(days=1)
            left -= brings(end)
        covered += found.earliest <= end <= found.latest

    assert LEVEL - 0.1 <= covered / 200 <= LEVEL + 0.12
