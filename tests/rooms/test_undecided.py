"""How many more answers may tell the first two of a board apart."""

import numpy as np

from annotator.reports.boards.shapes import Measure, Undecided, standings, undecided
from scoring.ranking import Strengths
from scoring.statistics.cluster_bootstrap import Place
from scoring.statistics.estimate import Estimate

NAMES = ["painter", "drawer"]
PLACES = [Place(2, None, None), Place(1, None, None)]


def missing(difference: float, error: float, draws: int = 1000) -> Undecided | None:
    """Of 300 votes; the drawer is the better one."""
    theta = np.array([-difference, difference]) / 2
    off = np.random.default_rng(0).normal(0, 1, (draws, 2))
    off = off / (off[:, 1] - off[:, 0]).std() * error if draws else off
    fitted = Strengths(theta, theta + off, 40, 0.0)
    rates = [Estimate(0.4, 100), Estimate(0.6, 100)]
    rows = standings(NAMES, rates, PLACES, fitted, measure=Measure.WIN_RATE)
    return undecided(rows, NAMES, fitted, votes=300)


def test_the_first_two_need_as_many_more_as_their_error_says() -> None:
    # 60 : 40 takes 194 pairs, and an error of .2 is that of 104.
    found = missing(np.log(1.5), 0.2)

    assert found == Undecided("drawer", "painter", 259)


def test_who_is_told_apart_level_or_not_resampled_needs_none() -> None:
    assert missing(np.log(1.5), 0.1) is None
    assert missing(0.01, 0.2) is None
    assert missing(np.log(1.5), 0.2, draws=0) is None
