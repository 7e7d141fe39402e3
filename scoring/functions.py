"""How a family offers its metrics: functions of a batch, also made from functions of one image.

``scoring.measure`` hands a function only subjects that have what the catalog says it needs.
"""

from collections.abc import Callable, Sequence

from scoring.engine import Engine
from scoring.images import RGB
from scoring.measured import Measured, refused
from scoring.subjects import Subject

Function = Callable[[Sequence[Subject], Engine], Sequence[Measured]]
"""One ``Measured`` a subject, in their order; a bad subject is refused alone."""

NO_REFERENCE = "no reference image is named"
NO_PROMPT = "there is no prompt"


def of_image(one: Callable[[RGB], Measured]) -> Function:
    """For a metric of an image on its own, without weights."""

    def function(subjects: Sequence[Subject], _engine: Engine) -> list[Measured]:
        return [one(subject.image) for subject in subjects]

    return function


def of_pair(one: Callable[[RGB, RGB], Measured]) -> Function:
    """For a metric of an image and its reference, without weights."""

    def function(subjects: Sequence[Subject], _engine: Engine) -> list[Measured]:
        return [
            refused(NO_REFERENCE)
            if subject.reference is None
            else one(subject.image, subject.reference)
            for subject in subjects
        ]

    return function
