"""Items with all that people said of them: the same shapes from the database and from a spool.

Ids are texts: a row is written with them, and nothing looks anything up by them.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from math import inf

import msgspec

from annotator.assignments.models import AssignmentState
from annotator.items.models import LETTERS, FlatMeta, ImageRole
from annotator.questions.types import ChecklistRow, ItemSpec, Piece
from scoring.votes import judges_needed


class ImageMeasurement(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A metric's value for an image: a number, or a text where it is none (a hash).

    The spool is JSON, which has no word for what is `infinite`.
    """

    metric: str
    version: str
    value: float | None
    text: str
    infinite: bool = False

    @property
    def number(self) -> float | None:
        """The value, infinity too."""
        return inf if self.infinite else self.value


class ExportedImage(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """An image of an item; `suffix` is that of its stored file.

    `source_name` is the uploader's: for rows, never a file's name.
    """

    letter: str
    id: str
    sha256: str
    generator: str
    width: int
    height: int
    source_name: str
    measured: tuple[ImageMeasurement, ...] = ()
    suffix: str = "png"
    meta: FlatMeta = {}


class ExportedBeside(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """An image that is shown beside the item's images; it has no letter."""

    role: str
    image: ExportedImage


class ExportedVerdict(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A reviewer's verdict on an annotation."""

    verdict: str
    reason: str
    reviewer_id: int
    at: datetime


class ExportedAnnotation(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What one person said of an item: `pieces` by question key, and how it came to be said."""

    id: str
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
    pieces: Mapping[str, Sequence[Piece]]
    verdict: ExportedVerdict | None
    # Asked over and above the overlap.
    extra_vote: bool = False
    # Of an imported judge: the layout that it came in; `count` people said the same.
    imported: str = ""
    count: int = 1

    @property
    def stands(self) -> bool:
        """It is its slot's newest counted annotation and has not been rejected."""
        return self.counted and self.current and self.state != AssignmentState.REJECTED

    @property
    def people(self) -> "tuple[ExportedAnnotation, ...]":
        """One of each person that it stands for: those without names are told apart by numbers."""
        if self.count == 1:
            return (self,)
        numbered = range(self.annotator_id, self.annotator_id - self.count, -1)
        return tuple(
            msgspec.structs.replace(self, annotator_id=number, count=1) for number in numbered
        )

    @property
    def accepted(self) -> bool:
        """It stands, and waits for no reviewer; of an imported judge it never does."""
        return self.stands and (self.state == AssignmentState.ACCEPTED or self.imported != "")


class ExportedOverride(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A lead's own answers in the place of the consensus, as an annotation of their own."""

    annotation: ExportedAnnotation
    reason: str


class ExportedItem(msgspec.Struct, frozen=True, array_like=True, dict=True):
    """An item with its images and everything that was said of it, in the order of its slots.

    `beliefs`: question key → choice → probability, where votes are weighed by how reliable each
    person is (Dawid–Skene).
    """

    id: str
    batch_id: int
    key: str
    prompt: str
    settled: bool
    images: tuple[ExportedImage, ...]
    annotations: tuple[ExportedAnnotation, ...]
    tokens: tuple[str, ...]
    beliefs: Mapping[str, Mapping[str, float]] = {}
    override: ExportedOverride | None = None
    meta: FlatMeta = {}
    # Of a pair that the site drew itself: by which rule, and how likely that was.
    design: str = ""
    selection_probability: float | None = None
    # By which version of the project's questions it is answered.
    asked: int = 1
    checklist: tuple[ChecklistRow, ...] = ()
    beside: tuple[ExportedBeside, ...] = ()
    # How many people it was put to, extra votes apart; None: as many as the project asks.
    overlap: int | None = None

    def judges(self, of_all: int) -> int:
        """How many people must have judged it for anything to be decided; `of_all`: of others."""
        return of_all if self.overlap is None else judges_needed(self.overlap)

    @property
    def source(self) -> ExportedImage | None:
        """What was edited, of an edit."""
        return next((one.image for one in self.beside if one.role == ImageRole.SOURCE), None)

    def behind_source(self, *images: ExportedImage) -> list[ExportedImage]:
        """These images, of an edit behind its source."""
        return [self.source, *images] if self.source else [*images]

    @property
    def digits(self) -> str:
        """The id without dashes, as some layouts name files."""
        return self.id.replace("-", "")

    @cached_property
    def spec(self) -> ItemSpec:
        """As question types take it."""
        letters = tuple(image.letter for image in self.images)
        sizes = tuple((image.width, image.height) for image in self.images)
        return ItemSpec(letters, self.tokens, self.checklist, sizes)

    @cached_property
    def counting(self) -> tuple[ExportedAnnotation, ...]:
        """What counts: of a settled item the annotations that its consensus was made of.

        Besides what imported judges said, where the project counts that. Where a lead has
        overridden it, the lead's answer alone.
        """
        if self.override is not None:
            return (self.override.annotation,)
        if self.settled:
            found = [one for one in self.annotations if one.accepted]
        else:
            found = [one for one in self.annotations if one.stands]
        return tuple(one for each in found for one in each.people)

    def image(self, letter: str) -> ExportedImage:
        """The image with this letter."""
        return self.images[LETTERS.index(letter)]
