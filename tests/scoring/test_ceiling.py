"""People's own reliability against published numbers."""

import numpy as np
import pytest

from scoring.reasons import Code, Reason
from scoring.statistics.ceiling import human_ceiling, means_of_the_others

R = [[5, 4, 3, 2, 1, 4], [5, 4, 2, 2, 1, 3], [4, 4, 3, 1, 1, 5]]


def test_the_ceiling_is_the_root_of_the_means_reliability() -> None:
    units = np.tile(np.arange(6), 3)

    found = human_ceiling(units, np.array(R).reshape(-1))

    assert found.value == pytest.approx(0.9479**0.5, abs=1e-4)
    assert found.n == 6
    assert found.interval is not None
    assert found.interval[0] < found.value <= found.interval[1]


def test_the_ceiling_does_not_mind_who_said_it_or_in_which_order() -> None:
    rng = np.random.default_rng(0)
    units, values = rng.integers(0, 20, 70), rng.integers(1, 6, 70)
    order = rng.permutation(70)

    found = human_ceiling(units, values, resamples=0)

    again = human_ceiling(units[order] * 5, values[order] * 10 - 3, resamples=0)
    assert again.value == pytest.approx(found.value, abs=1e-12)


@pytest.mark.parametrize(
    ("units", "values", "why"),
    [
        ([], [], Code.NOBODY_TWICE),
        ([1, 2, 3], [1, 2, 3], Code.NOBODY_TWICE),
        ([1, 1], [1, 2], Code.NOBODY_TWICE),
        ([1, 1, 2, 2], [3, 3, 3, 3], Code.ONE_ANSWER_OF_ALL),
        ([1, 1, 2, 2], [1, 3, 3, 1], Code.ONE_MEAN_OF_ALL),
    ],
)
def test_an_undefined_ceiling_says_why(units, values, why) -> None:
    found = human_ceiling(units, values)

    assert (found.value, found.undefined) == (None, Reason(why))


def test_people_who_agree_worse_than_chance_leave_no_room() -> None:
    assert human_ceiling([1, 1, 2, 2], [1, 5, 2, 5]).value == 0.0


def test_the_mean_of_the_others_leaves_oneself_out() -> None:
    found = means_of_the_others([7, 7, 7, 8], [1.0, 2.0, 6.0, 3.0])

    assert found[:3].tolist() == [4.0, 3.5, 1.5]
    assert np.isnan(found[3])
