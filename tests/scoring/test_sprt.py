"""Wald's test against the golden numbers of quality.md C13 (`sprt`)."""

import random

import pytest

from scoring.statistics.sprt import Decision, SequentialTest, sprt


def test_the_steps_and_bounds_are_the_golden_ones() -> None:
    test = SequentialTest(good=0.9, bad=0.7, alpha=0.05, beta=0.05)

    assert test.right == pytest.approx(-0.251314, abs=1e-6)
    assert test.wrong == pytest.approx(1.098612, abs=1e-6)
    assert (test.stop_at, test.clear_at) == pytest.approx((2.944439, -2.944439), abs=1e-6)
    assert (test.clear_after(), test.stop_after()) == (12, 3)


def test_twelve_right_ones_clear_and_three_wrong_ones_stop() -> None:
    right, wrong = sprt([True] * 12, SequentialTest()), sprt([False] * 3, SequentialTest())

    assert [step.decision for step in right] == [Decision.GOES_ON] * 11 + [Decision.CLEARED]
    assert [step.decision for step in wrong] == [Decision.GOES_ON] * 2 + [Decision.STOPPED]


def test_it_begins_anew_once_it_has_decided() -> None:
    steps = sprt([False] * 4, SequentialTest())

    assert steps[-1].ratio == pytest.approx(1.098612, abs=1e-6)


def test_somebody_good_is_stopped_as_rarely_as_was_asked() -> None:
    """Wald bounds the rate by alpha / (1 - beta) = .0526; of 2,000 people that is 105 ± 29."""
    rng = random.Random(1)
    test = SequentialTest()
    stopped = 0
    for _ in range(2000):
        answers = (rng.random() < test.good for _ in range(400))
        first = next(s for s in sprt(answers, test) if s.decision is not Decision.GOES_ON)
        stopped += first.decision is Decision.STOPPED

    assert stopped <= 134


@pytest.mark.parametrize(
    "given",
    [{"good": 0.7, "bad": 0.9}, {"good": 1.0}, {"bad": 0.0}, {"alpha": 0.0}, {"alpha": 0.96}],
)
def test_a_test_that_tells_nothing_apart_is_refused(given: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"above 0|larger"):
        SequentialTest(**given)
