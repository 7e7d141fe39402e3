"""What exports are made of: items with all that was said of them, as frozen shapes.

The same shapes come from the database (reading.py) and from a spool (spool.py).
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from annotator.assignments.models import AssignmentState
from annotator.questions.types import ItemSpec, Piece


class Measured(NamedTuple):
    """A metric's value for an image: a number, or a text where it is none (a hash)."""

    metric: str
    version: str
    value: float | None
    text: str


class ExportedImage(NamedTuple):
    """An image of an item. `source_name` is the uploader's: for rows, never a file's name."""

    letter: str
    id: uuid.UUID
    sha256: str
    generator: str
    width: int
    height: int
    source_name: str
    measured: tuple[Measured, ...] = ()


class Judgement(NamedTuple):
    """A reviewer's verdict on an answer."""

    decision: str
    reason: str
    reviewer_id: int
    at: datetime


class Said(NamedTuple):
    """The columns of an annotation and its assignment, in the order of COLUMNS."""

    id: uuid.UUID
    annotator_id: int
    slot: int
    state: str
    revision: int
    current: bool
    counted: bool
    shown_order: str
    active_ms: int | None
    viewport_width: int | None
    viewport_height: int | None
    device_pixel_ratio: float | None
    zoomed: bool | None
    claimed_at: datetime | None
    submitted_at: datetime
    first_submitted_at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """One annotation: what was said (`pieces` by question key), by whom, and its verdict."""

    said: Said
    pieces: Mapping[str, Sequence[Piece]]
    judgement: Judgement | None

    @property
    def stands(self) -> bool:
        """It is its slot's newest counted answer and has not been rejected."""
        said = self.said
        return said.counted and said.current and said.state != AssignmentState.REJECTED

    @property
    def accepted(self) -> bool:
        """It stands, and waits for no reviewer."""
        return self.stands and self.said.state == AssignmentState.ACCEPTED


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item with its images and everything that was said of it, in the order of its slots.

    `prompt_items`: how many items of the export have this very prompt. `beliefs`: question key →
    choice → probability, where votes are weighed by how reliable each person is (Dawid–Skene).
    """

    id: uuid.UUID
    batch_id: int
    key: str
    prompt: str
    settled: bool
    images: tuple[ExportedImage, ...]
    answers: tuple[Answer, ...]
    tokens: tuple[str, ...]
    prompt_items: int = 1
    beliefs: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    @property
    def spec(self) -> ItemSpec:
        """As question types take it."""
        return ItemSpec(tuple(image.letter for image in self.images), self.tokens)

    @property
    def standing(self) -> tuple[Answer, ...]:
        """What counts: of a settled item the answers that its consensus was made of."""
        if self.settled:
            return tuple(answer for answer in self.answers if answer.accepted)
        return tuple(answer for answer in self.answers if answer.stands)

    def image(self, letter: str) -> ExportedImage:
        """The image with this letter."""
        return next(image for image in self.images if image.letter == letter)
