"""What a metric of single images is: a function from a batch of subjects to measured values.

``scoring.measure`` hands a function only subjects that have what the catalog says it needs.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from scoring.engine import Engine
from scoring.images import RGB
from scoring.measured import Measured, refused
from scoring.reasons import Code, Reason


@dataclass(frozen=True, slots=True)
class Subject:
    """One decoded image with its reference image and its prompt, where it has them.

    Both images are uint8 (height, width, 3); an empty ``prompt`` is none.
    """

    image: RGB
    reference: RGB | None = None
    prompt: str = ""


Function = Callable[[Sequence[Subject], Engine], Sequence[Measured]]
"""One ``Measured`` a subject, in their order; a bad subject is refused alone."""

NO_REFERENCE = Reason(Code.NO_REFERENCE_IMAGE)


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
