"""What a question kind is, and the small frozen shapes in which all kinds speak."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal, NamedTuple

import msgspec

from annotator.core.errors import Invalid
from annotator.core.reasons import Code, Reason
from scoring.agreement import Level
from scoring.votes import GradedVote

MOST_IMAGES = 9
# A scale of more points than this is taken in at a glance, not point by point.
SHORT_SCALE = 10
# The tiers of an order of which the two ends alone are told.
BEST, BETWEEN, WORST = range(3)


@dataclass(frozen=True, slots=True)
class QuestionSpec:
    """A question as its kind needs it; see projects.models.Question."""

    key: str
    kind: str
    required: bool = True
    scale_min: int | None = None
    scale_max: int | None = None
    half_points: bool = False
    na: bool = False
    unsure: bool = False
    spans: bool = False
    links: bool = False
    about: str = ""
    options: tuple[str, ...] = ()
    # Of each option the one above it, "" at the top; shorter where no further one has any.
    parents: tuple[str, ...] = ()

    def implied(self, chosen: Iterable[str]) -> set[str]:
        """The chosen options and all that stand above them."""
        found = set(chosen)
        if any(self.parents):
            above = dict(zip(self.options, self.parents, strict=False))
            # Children stand behind their parents.
            for option in reversed(self.options):
                if option in found and above.get(option):
                    found.add(above[option])
        return found

    @property
    def length(self) -> int:
        """From one end of its scale to the other."""
        return (self.scale_max or 1) - (self.scale_min or 0)

    @property
    def careful_step(self) -> float:
        """How far apart careful people may well be: a point, of a long scale a tenth."""
        return max(1.0, self.length / SHORT_SCALE)


@dataclass(frozen=True, slots=True)
class ChecklistRow:
    """A row of the checklist that came with an item: something that is answered yes or no."""

    id: str
    text: str
    kind: str = field(default="", metadata={"help": "The skill that it asks about; may be empty."})
    depends_on: tuple[str, ...] = field(
        default=(), metadata={"help": "Rows above it: a “no” to one of them skips this row."}
    )


@dataclass(frozen=True, slots=True)
class ItemSpec:
    """An item as an answer refers to it: its letters, its prompt's words, its checklist."""

    letters: tuple[str, ...]
    tokens: tuple[str, ...] = ()
    checklist: tuple[ChecklistRow, ...] = ()
    # Width and height in pixels, in the order of the letters; empty where they are not at hand.
    sizes: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class ImageBounds:
    """How many images an item may have, both ends included."""

    fewest: int
    most: int


class PieceType(StrEnum):
    """Which columns of a piece say something."""

    CHOICE = "choice"  # choice
    GRADE = "grade"  # choice, number: how much better it is, 0 where nothing is
    ROW = "row"  # choice, number: which row of the item's checklist, from 0
    NUMBER = "number"  # number
    HALF = "half"  # number, and a half more
    POINT = "point"  # x, y
    TOKEN = "token"  # number: an index into the item's tokens  # noqa: S105
    START = "start"  # number: a token that begins a span, which goes on with the next ones
    UNSURE = "unsure"  # number: a token of which it is not sure
    LINK = "link"  # choice, number, text: question, token, and which of its places on the image
    TIER = "tier"  # number: 0 is best
    FLAG = "flag"  # choice
    REGION = "region"  # choice, text: the flaw, and its shape as JSON
    TEXT = "text"  # text
    NOTHING = "nothing"  # an explicit "none": no flaw, no word, no flag


class Piece(msgspec.Struct, frozen=True, order=True, array_like=True, gc=False):
    """One typed piece of an answer; its columns are those of annotations.models.AnnotationPiece.

    `letter` names the image ("": it is about the item), `ordinal` keeps pieces of one type apart.
    Exports read millions: a struct is made and told several times as fast as a dataclass.
    """

    type: str
    letter: str = ""
    ordinal: int = 0
    choice: str = ""
    number: int | None = None
    x: float | None = None
    y: float | None = None
    text: str = ""

    @property
    def amount(self) -> float | None:
        """The number that it tells, its half included."""
        return amount_of(self.type, self.number)


def amount_of(piece_type: str, number: int | None) -> float | None:
    """The number that a piece of these columns tells."""
    return number + 0.5 if piece_type == PieceType.HALF and number is not None else number


# Between a row's id and what is said of it; no id has one.
OF_ROW = "="


class Unit(NamedTuple):
    """What a vote is about: the item (letter ""), an image, or `key`: a flag, a word, a row."""

    letter: str = ""
    key: str = ""

    def finding_key(self, name: str) -> str:
        """What is said of it, as findings have it: a name, and of a row its id before."""
        return f"{self.key}{OF_ROW}{name}" if self.key else name


ITEM = Unit()


class Vote(NamedTuple):
    """What one annotation says about one unit of one question.

    `value` is a name, a yes or no, or a number, as the kind's level says.
    """

    unit: Unit
    value: str | bool | float


Numbers = Mapping[str, float]
"""What one answer says of one image: column → number."""


def no_columns(question: QuestionSpec) -> Mapping[str, str]:
    return {}


def no_grades(question: QuestionSpec) -> Sequence[float]:
    return ()


def no_numbers(
    pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec, letter: str
) -> Numbers:
    return {}


Answers = Sequence[Sequence[Piece]]
"""Everybody's pieces of one question, of those who answered it."""


@dataclass(frozen=True, slots=True)
class Together:
    """What all people say of an item, in columns of fixed types, for tables.

    `columns`: name → int, float or str; [type] is a list, {name: type} a record. Lists about images
    are in the order of the item's letters, lists about words in that of its tokens.
    """

    columns: Callable[[QuestionSpec], Mapping[str, Any]]
    value: Callable[[Answers, QuestionSpec, ItemSpec], Mapping[str, Any]]
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of question: all that the site has to know of it. Each is one file of this room.

    What people say together, agreement, weighing and exports are all made of its `votes`. An
    answer's JSON is that of the outside contract, e.g. {"choice": "a"}.
    """

    name: str
    # The pieces of a valid answer, sorted; raises AnswerInvalid.
    parse: Callable[[Any, QuestionSpec, ItemSpec], tuple[Piece, ...]]
    # The JSON again: `dump(parse(raw))` equals `raw` up to order and the form of floats.
    dump: Callable[[Sequence[Piece], QuestionSpec, ItemSpec], Any]
    # What the answer says of each unit, in the units' order, the silent ones included.
    votes: Callable[[Sequence[Piece], QuestionSpec, ItemSpec], tuple[Vote, ...]]
    # The pieces that an answer consists of.
    pieces: frozenset[PieceType]
    # How votes on one unit may be compared and put together; None: not at all.
    level: Level | None
    unit: Literal["item", "image", "word", "row"]
    # All values that a vote can have, in their order, where they are grades of a scale.
    grades: Callable[[QuestionSpec], Sequence[float]] = no_grades
    # Where votes are sides of unlike strength: an answer's grade, by which people are compared, and
    # its vote with its strength.
    grade: Callable[[Piece, QuestionSpec], int] | None = None
    graded_vote: Callable[[Piece, QuestionSpec], GradedVote] | None = None
    # The numbers that an answer gives an image in tables: column → its meaning, and the numbers.
    columns: Callable[[QuestionSpec], Mapping[str, str]] = no_columns
    numbers: Callable[[Sequence[Piece], QuestionSpec, ItemSpec, str], Numbers] = no_numbers
    # What all say of an item, for tables; None: of each of those numbers the mean.
    together: Together | None = None

    # What it needs of an item.
    images: ImageBounds = ImageBounds(1, MOST_IMAGES)
    needs_words: bool = False
    needs_checklist: bool = False
    # What such a question has besides its title: ends of a scale, options on offer.
    has_scale: bool = False
    # Its scale counts steps from 1: the fewest and the most.
    steps: tuple[int, int] | None = None
    # Its scale may have half points, words at its points, and "does not apply" beside it.
    rates: bool = False
    has_options: bool = False
    # One may stand above others, which are kinds of it.
    tree: bool = False
    # An answer is exactly one of them.
    one_option: bool = False
    # Its answer is a letter, and `about` of another question may name it; that other one's kind.
    picks: bool = False
    about_a_pick: bool = False
    # Its votes are scoring.votes.CHOICES between images a and b.
    sides: bool = False
    # Of an order the two ends alone are told: what is level lies between, and was not compared.
    ends_alone: bool = False
    # Of units told yes or no: the keys of those of which an answer says that it is not sure, on
    # which it has no vote. None: there is no such thing.
    unsure: Callable[[Sequence[Piece]], Collection[str]] | None = None
    # How many places on the image an answer names, to which words may be linked. None: no places.
    places: Callable[[Sequence[Piece], str], int] | None = None
    # Votes of who can't say: they count as answers, and agree or disagree with nobody.
    abstentions: frozenset[str] = frozenset()

    @property
    def compared_as(self) -> Level | None:
        """How answers of several people are compared; where they are graded, by their grades."""
        return "ordinal" if self.grade else self.level

    @property
    def links(self) -> bool:
        """Whether an answer may be tied to places that another question's answer names."""
        return PieceType.LINK in self.pieces

    @property
    def ranks(self) -> bool:
        """Whether its answer alone puts images of an item before others."""
        return self.sides or self.picks or PieceType.TIER in self.pieces

    @property
    def compares(self) -> bool:
        """Whether it says of two images which one is better."""
        return self.sides or self.level == "ordinal"


class AnswerInvalid(Invalid):
    """An answer that can't be read; `fields` maps the question's key to the reason."""

    code = Code.ANSWER_INVALID

    def __init__(self, question: QuestionSpec, reason: Reason) -> None:
        super().__init__(Reason(Code.ANSWER_INVALID), fields={question.key: reason})
        self.why = reason
