"""What a format yields: rows, each with how a person sees it, and what is skipped."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import msgspec

from annotator.exports.read.items import ExportedImage, ExportedItem
from annotator.exports.store.outputs import Output


class ImageOutcome(StrEnum):
    """What a row says of an image beside its others."""

    PREFERRED = "preferred"
    OTHER = "other"
    EVEN = "even"


class Figure(msgspec.Struct, frozen=True, gc=False):
    """An image of a row as a person sees it: `name` is its field, or the flaw of its map.

    `rank`: among the row's images, 1 is best; `map`: a PNG of its size that is laid over it.
    """

    name: str
    image: ExportedImage
    outcome: ImageOutcome | None = None
    rank: int | None = None
    map: bytes = b""


class Copy(msgspec.Struct, frozen=True, gc=False):
    """An image that is to lie beside the rows, in this encoding and folder."""

    image: ExportedImage
    encoding: str
    folder: str


class ExportRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One value, written to each of the outputs `to`, about these items.

    `counts`: what it adds to the export's counts, by path; `rows`: 0 for what stands beside the
    rows that are counted. `place`: where it stands in outputs that have an order. `members` go with
    the value into an album; `copies` and `files` are written beside. `figures` and `facts` are the
    row as a person sees it, beside its prompt.
    """

    to: tuple[Output, ...]
    value: Any
    items: tuple[ExportedItem, ...]
    counts: Mapping[tuple[str, ...], int] = {}
    rows: int = 1
    place: tuple[float, str] = (0.0, "")
    members: Mapping[str, bytes] = {}
    copies: tuple[Copy, ...] = ()
    files: Mapping[str, bytes] = {}
    figures: tuple[Figure, ...] = ()
    facts: Mapping[str, Any] = {}


class Skipped(StrEnum):
    """Why something makes no row."""

    TIE = "tie"
    BOTH_BAD = "both_bad"
    UNSURE = "unsure"
    NO_MAJORITY = "no_majority"
    BELOW_MIN_MARGIN = "below_min_margin"
    TOO_FEW_JUDGES = "too_few_judges"
    UNANSWERED = "unanswered"
    SIZES_DIFFER = "sizes_differ"
    DECIDED_AGAINST_THE_VOTES = "decided_against_the_votes"
    NOT_RATED = "not_rated"
    NO_SOURCE = "no_source"
    ROW_SKIPPED = "row_skipped"
    NOTHING_MASKED = "nothing_masked"
    NOBODY_ANSWERED = "nobody_answered"
    MAPS_NOBODY_ANSWERED = "maps_nobody_answered"
    NOBODY_ANSWERED_MARKS = "nobody_answered_marks"
    NOBODY_ANSWERED_RATINGS = "nobody_answered_ratings"
    NOBODY_ANSWERED_WORDS = "nobody_answered_words"
    PROMPT_WITHOUT_WORDS = "prompt_without_words"
    WORD_ENDS_IN_THE_MARK_OF_MISALIGNMENT = "word_ends_in_the_mark_of_misalignment"


class Skip(msgspec.Struct, frozen=True, gc=False):
    """Something that makes no row; `question`: of which question, for formats that tell them.

    `counts`: what is told of it all the same, as of a row.
    """

    code: Skipped
    question: str = ""
    counts: Mapping[tuple[str, ...], int] = {}


def picked(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Some of a row's fields: its facts."""
    return {name: row[name] for name in names}
