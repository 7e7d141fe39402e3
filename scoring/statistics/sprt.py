"""Wald's sequential probability ratio test (1945) of right and wrong answers."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Decision(StrEnum):
    """What the test says after an answer."""

    GOES_ON = "goes_on"
    CLEARED = "cleared"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class SequentialTest:
    """Whether somebody answers rightly with probability `good`, or only with `bad`.

    ``alpha``: how often somebody good is stopped; ``beta``: how often somebody bad is cleared.
    Raises ValueError unless 0 < bad < good < 1, both errors are above 0 and together below 1.
    """

    good: float = 0.9
    bad: float = 0.7
    alpha: float = 0.05
    beta: float = 0.05

    def __post_init__(self) -> None:
        if not 0 < self.bad < self.good < 1:
            raise ValueError("bad and good are probabilities, the second one larger")
        if not (self.alpha > 0 and self.beta > 0 and self.alpha + self.beta < 1):
            raise ValueError("both errors are above 0, and together below 1")

    @property
    def right(self) -> float:
        """What a right answer adds to the log likelihood ratio of bad to good; below 0."""
        return math.log(self.bad / self.good)

    @property
    def wrong(self) -> float:
        """What a wrong answer adds; above 0."""
        return math.log((1 - self.bad) / (1 - self.good))

    @property
    def stop_at(self) -> float:
        """At this ratio or above somebody is stopped."""
        return math.log((1 - self.beta) / self.alpha)

    @property
    def clear_at(self) -> float:
        """At this ratio or below somebody is cleared."""
        return math.log(self.beta / (1 - self.alpha))

    def clear_after(self) -> int:
        """So many right answers in a row clear."""
        return math.ceil(self.clear_at / self.right)

    def stop_after(self) -> int:
        """So many wrong answers in a row stop."""
        return math.ceil(self.stop_at / self.wrong)


@dataclass(frozen=True, slots=True)
class Step:
    """The log likelihood ratio after an answer, and what it decides."""

    ratio: float
    decision: Decision


def sprt(answers: Iterable[bool], test: SequentialTest) -> list[Step]:
    """The test after each answer (True: right); once it has decided it begins anew at 0."""
    steps: list[Step] = []
    ratio = 0.0
    for is_right in answers:
        ratio += test.right if is_right else test.wrong
        decision = _decision(ratio, test)
        steps.append(Step(ratio, decision))
        if decision is not Decision.GOES_ON:
            ratio = 0.0
    return steps


def _decision(ratio: float, test: SequentialTest) -> Decision:
    if ratio >= test.stop_at:
        return Decision.STOPPED
    return Decision.CLEARED if ratio <= test.clear_at else Decision.GOES_ON
