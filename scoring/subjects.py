"""What a metric of single images is asked about: an image, and what it is held against."""

from dataclasses import dataclass

from scoring.images import RGB


@dataclass(frozen=True, slots=True)
class Subject:
    """One decoded image with its reference image and its prompt, where it has them.

    Both images are uint8 (height, width, 3); an empty ``prompt`` is none.
    """

    image: RGB
    reference: RGB | None = None
    prompt: str = ""
