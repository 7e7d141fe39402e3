"""The one interface of all question types, and the small frozen shapes that they speak."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from annotator.core.errors import Invalid
from annotator.core.reasons import Code


@dataclass(frozen=True, slots=True)
class QuestionSpec:
    """A question as its type needs it; see projects.models.Question."""

    key: str
    kind: str
    required: bool = True
    scale_min: int | None = None
    scale_max: int | None = None
    per_image: bool = False
    about: str = ""
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemSpec:
    """An item as an answer refers to it: its letters, and its prompt's words."""

    letters: tuple[str, ...]
    tokens: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Piece:
    """One typed piece of an answer; its columns are those of annotations.models.Part."""

    kind: str
    letter: str = ""
    ordinal: int = 0
    choice: str = ""
    number: int | None = None
    x: float | None = None
    y: float | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """One consensus finding; its columns are those of consensus.models.Finding."""

    key: str
    votes: int
    of: int
    letter: str = ""
    value: float | None = None
    decided: bool = False


@dataclass(frozen=True, slots=True)
class Truth:
    """What a simulated annotator knows of an item (from the demo's own records)."""

    # letter → question key or "overall" → quality in [0, 1]
    quality: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    # letter → planted flaws: (flaw kind = question key, x, y, radius as fraction of height)
    flaws: Mapping[str, Sequence[tuple[str, float, float, float]]] = field(default_factory=dict)
    # indices of misaligned words
    words: frozenset[int] = frozenset()


class QuestionType(Protocol):
    """What one file of this room provides, as module-level functions gathered in KINDS.

    `raw` is the answer's JSON as in the outside contract, e.g. {"choice": "a"}.
    """

    def parse(self, raw: Any, question: QuestionSpec, item: ItemSpec) -> tuple[Piece, ...]:
        """Typed pieces of a valid answer, sorted; raises AnswerInvalid in words otherwise."""
        ...

    def dump(self, pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec) -> Any:
        """The JSON again: `dump(parse(raw))` equals `raw` up to order and float form."""
        ...

    def combine(
        self, answers: Sequence[Sequence[Piece]], question: QuestionSpec, item: ItemSpec
    ) -> tuple[Found, ...]:
        """What the given annotators say together. Order of the annotators does not matter."""
        ...

    def simulate(
        self,
        truth: Truth,
        question: QuestionSpec,
        item: ItemSpec,
        *,
        reliability: float,
        rng: random.Random,
    ) -> Any:
        """A simulated annotator's answer, as JSON; reliability in [0, 1], 1 knows all."""
        ...


class AnswerInvalid(Invalid):
    """An answer that can't be read; `fields` maps the question's key to the reason."""

    code = Code.ANSWER_INVALID

    def __init__(self, question: QuestionSpec, reason: str) -> None:
        super().__init__(
            f"The answer to “{question.key}” can't be accepted: {reason}",
            fields={question.key: reason},
        )
