"""The best image of several."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from annotator.questions import reading
from annotator.questions.types import (
    ITEM,
    Answers,
    ItemSpec,
    Kind,
    Numbers,
    Piece,
    PieceType,
    QuestionSpec,
    Together,
    Vote,
)
from scoring.votes import majority


def parse(raw: Any, question: QuestionSpec, item: ItemSpec) -> tuple[Piece, ...]:
    """{"choice": "c"}: one of the item's letters."""
    choice = reading.one_of(reading.content(raw, "choice", question), item.letters, question)
    return (Piece(PieceType.CHOICE, choice=choice),)


def dump(pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec) -> Any:
    """{"choice": "c"}."""
    return {"choice": pieces[0].choice}


def votes(pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec) -> tuple[Vote, ...]:
    """The letter, of the item."""
    return (Vote(ITEM, pieces[0].choice),)


def numbers(
    pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec, letter: str
) -> Numbers:
    """Whether it is this image that was picked."""
    return {"picked_share": float(pieces[0].choice == letter)}


def together(answers: Answers, question: QuestionSpec, item: ItemSpec) -> dict[str, Any]:
    """How many people picked each image, and the one that more than half picked."""
    picked = [pieces[0].choice for pieces in answers]
    counts = Counter(picked)
    return {"votes": [counts[letter] for letter in item.letters], "majority": majority(picked)}


KIND = Kind(
    name="pick",
    parse=parse,
    dump=dump,
    votes=votes,
    pieces=frozenset({PieceType.CHOICE}),
    level="nominal",
    unit="item",
    columns=lambda question: {"picked_share": "share of people who picked it"},
    numbers=numbers,
    together=Together(
        lambda question: {"votes": [int], "majority": str},
        together,
        "votes: an image; majority: the letter of more than half, or null",
    ),
    picks=True,
)
