"""What a metric of single pictures is asked about: a picture, and what it is held against."""

from dataclasses import dataclass

from scoring.images import RGB


@dataclass(frozen=True, slots=True)
class Subject:
    """One decoded picture with its reference picture and its prompt, where it has them.

    Both pictures are uint8 (height, width, 3); an empty ``prompt`` is none.
    """

    image: RGB
    reference: RGB | None = None
    prompt: str = ""
