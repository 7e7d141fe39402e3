"""How many answers tell two apart: published numbers, and a simulated study of that size."""

import numpy as np
import pytest

from scoring.statistics.power import more_to_tell, pairs_to_tell


@pytest.mark.parametrize(
    ("share", "pairs"),
    # Two-sided 5 %, power 80 %, normal approximation.
    [(0.51, 19620), (0.52, 4904), (0.55, 783), (0.6, 194), (0.65, 85), (0.7, 47), (0.75, 29)],
)
def test_a_win_rate_needs_the_known_number_of_pairs(share: float, pairs: int) -> None:
    assert pairs_to_tell(share) == pairs
    assert pairs_to_tell(1 - share) == pairs


def test_so_many_pairs_show_it_in_four_of_five_studies() -> None:
    wins = np.random.default_rng(0).binomial(194, 0.6, size=4000) / 194
    told = np.abs(wins - 0.5) > 1.96 * np.sqrt(0.25 / 194)

    assert told.mean() == pytest.approx(0.8, abs=0.03)


def test_what_is_missing_is_what_the_answers_so_far_do_not_know() -> None:
    odds = float(np.log(0.6 / 0.4))
    # A hundred independent pairs of 60 : 40, then as many answers that tell half as much.
    error = (1 / (100 * 0.24)) ** 0.5

    assert more_to_tell(odds, error, 100) == 94
    assert more_to_tell(-odds, error * 2**0.5, 100) == 288
    assert more_to_tell(odds, error / 2, 400) == 0


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_nothing_tells_a_half_from_a_half(share: float) -> None:
    with pytest.raises(ValueError, match="nothing tells"):
        pairs_to_tell(share)
