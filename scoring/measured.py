"""What comes back from a metric: a value, or in words why there is none. Never NaN or infinity."""

from dataclasses import dataclass
from enum import Enum


class Outcome(Enum):
    """``UNDEFINED`` is a finding (PSNR of identical images); ``REFUSED`` is a wrong question.

    ``UNAVAILABLE`` says nothing of the image: this machine lacks what the metric needs.
    """

    OK = "ok"
    UNDEFINED = "undefined"
    REFUSED = "refused"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class Measured:
    """``value``: a number, or text for a hash; None unless ``outcome`` is OK, then ``why`` says.

    Beside a value, ``why`` is a note on it: that a long prompt was not read to its end.
    """

    value: float | str | None
    outcome: Outcome = Outcome.OK
    why: str = ""


def undefined(why: str) -> Measured:
    return Measured(None, Outcome.UNDEFINED, why)


def refused(why: str) -> Measured:
    return Measured(None, Outcome.REFUSED, why)


def unavailable(why: str) -> Measured:
    return Measured(None, Outcome.UNAVAILABLE, why)
