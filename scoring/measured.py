"""What comes back from a metric: a value, or why there is none. Never NaN.

Infinity is a value where the metric is defined so: the PSNR of identical images.
"""

from dataclasses import dataclass
from enum import Enum

from scoring.reasons import Reason


class Outcome(Enum):
    """``UNDEFINED`` is a finding (what overflowed); ``REFUSED`` is a wrong question.

    ``UNAVAILABLE`` says nothing of the image: this machine has not got what the metric needs.
    """

    OK = "ok"
    UNDEFINED = "undefined"
    REFUSED = "refused"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class Measured:
    """``value``: a number, or text for a hash; None unless ``outcome`` is OK.

    ``reasons`` say why there is no value; beside a value, what to know of it (that a long prompt
    was not read to its end).
    """

    value: float | str | None
    outcome: Outcome = Outcome.OK
    reasons: tuple[Reason, ...] = ()


def undefined(*reasons: Reason) -> Measured:
    return Measured(None, Outcome.UNDEFINED, reasons)


def refused(*reasons: Reason) -> Measured:
    return Measured(None, Outcome.REFUSED, reasons)


def unavailable(*reasons: Reason) -> Measured:
    return Measured(None, Outcome.UNAVAILABLE, reasons)
