"""Which of a few classes each image is in: real or fake, acceptable or not."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from annotator.questions import reading
from annotator.questions.types import (
    Answers,
    ItemSpec,
    Kind,
    Numbers,
    Piece,
    PieceType,
    QuestionSpec,
    Together,
    Unit,
    Vote,
)
from scoring.votes import majority


def parse(raw: Any, question: QuestionSpec, item: ItemSpec) -> tuple[Piece, ...]:
    """{"labels": {"a": "real"}}: one of the question's options for each image of the item."""
    labels = reading.by_letter(raw, "labels", question, item.letters)
    return tuple(
        Piece(
            PieceType.CHOICE,
            letter=letter,
            choice=reading.one_of(label, question.options, question),
        )
        for letter, label in labels.items()
    )


def dump(pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec) -> Any:
    """{"labels": {"a": "real"}}."""
    return {"labels": {piece.letter: piece.choice for piece in sorted(pieces)}}


def votes(pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec) -> tuple[Vote, ...]:
    """Each image's class."""
    return tuple(Vote(Unit(piece.letter), piece.choice) for piece in sorted(pieces))


def numbers(
    pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec, letter: str
) -> Numbers:
    """Whether the image is in each class."""
    labels = {piece.letter: piece.choice for piece in pieces}
    if letter not in labels:
        return {}
    return {option: float(option == labels[letter]) for option in question.options}


def together(answers: Answers, question: QuestionSpec, item: ItemSpec) -> dict[str, Any]:
    """How many people put each image into each class, and the class of more than half of them."""
    by_letter = {
        letter: [piece.choice for pieces in answers for piece in pieces if piece.letter == letter]
        for letter in item.letters
    }
    counts = [Counter(labels) for labels in by_letter.values()]
    return {
        "votes": [{name: count[name] for name in question.options} for count in counts],
        "majorities": [majority(labels) for labels in by_letter.values()],
    }


KIND = Kind(
    name="label",
    parse=parse,
    dump=dump,
    votes=votes,
    pieces=frozenset({PieceType.CHOICE}),
    level="nominal",
    unit="image",
    columns=lambda question: dict.fromkeys(question.options, "share of people who said so"),
    numbers=numbers,
    together=Together(
        lambda question: {
            "votes": [dict.fromkeys(question.options, int)],
            "majorities": [str],
        },
        together,
        "votes: an image, people for each class; majorities: the class of more than half, or null",
    ),
    has_options=True,
    one_option=True,
)
