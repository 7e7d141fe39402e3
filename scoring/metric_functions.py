"""What a metric of single images is: a function from a batch of subjects to measured values.

``scoring.measure`` hands a function only subjects that have what the catalog says it needs.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from scoring.engine import Engine
from scoring.images import RGB, Region
from scoring.measured import Measured, refused
from scoring.reasons import Code, Reason


@dataclass(frozen=True, slots=True)
class Subject:
    """One decoded image with its reference image and its prompt, where it has them.

    Of an edit also what was edited, and where: ``mask`` is true where the source was to change.
    Images are uint8 (height, width, 3), a mask bool (height, width); an empty ``prompt`` is none.
    """

    image: RGB
    reference: RGB | None = None
    prompt: str = ""
    source: RGB | None = None
    mask: Region | None = None


Function = Callable[[Sequence[Subject], Engine], Sequence[Measured]]
"""One ``Measured`` a subject, in their order; a bad subject is refused alone."""

NO_REFERENCE = Reason(Code.NO_REFERENCE_IMAGE)
NO_SOURCE = Reason(Code.NO_SOURCE_IMAGE)
NO_MASK = Reason(Code.NO_MASK)


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
