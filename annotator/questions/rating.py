"""A number on a scale for each image; higher is better."""

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


def scale(question: QuestionSpec) -> tuple[int, int]:
    """(lowest, highest); projects.services refuses a rating question without them."""
    if question.scale_min is None or question.scale_max is None:
        raise ValueError(f"the rating question {question.key} has no scale")
    return question.scale_min, question.scale_max


def parse(raw: Any, question: QuestionSpec, item: ItemSpec) -> tuple[Piece, ...]:
    """{"ratings": {"a": 4}}: a whole number for each image of the item."""
    low, high = scale(question)
    ratings = reading.by_letter(raw, "ratings", question, item.letters)
    return tuple(
        Piece(
            PieceType.NUMBER,
            letter=letter,
            number=reading.whole(value, low, high, f"ratings.{letter}", question),
        )
        for letter, value in ratings.items()
    )


def dump(pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec) -> Any:
    """{"ratings": {"a": 4}}."""
    return {"ratings": {piece.letter: piece.number for piece in sorted(pieces)}}


def votes(pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec) -> tuple[Vote, ...]:
    """Each image's number, on the question's own scale."""
    return tuple(
        Vote(Unit(piece.letter), piece.number)
        for piece in sorted(pieces)
        if piece.number is not None
    )


def grades(question: QuestionSpec) -> Sequence[float]:
    """Every whole number of the scale."""
    low, high = scale(question)
    return range(low, high + 1)


def numbers(
    pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec, letter: str
) -> Numbers:
    """The image's number."""
    given = {piece.letter: piece.number for piece in pieces}.get(letter)
    return {} if given is None else {"mean": given}


def together(answers: Answers, question: QuestionSpec, item: ItemSpec) -> dict[str, Any]:
    """Each image's mean rating; None where nobody rated it."""
    return {"means": [_mean(answers, letter) for letter in item.letters]}


def _mean(answers: Answers, letter: str) -> float | None:
    given = [
        piece.number
        for pieces in answers
        for piece in pieces
        if piece.letter == letter and piece.number is not None
    ]
    return sum(given) / len(given) if given else None


KIND = Kind(
    name="rating",
    parse=parse,
    dump=dump,
    votes=votes,
    pieces=frozenset({PieceType.NUMBER}),
    level="interval",
    unit="image",
    grades=grades,
    columns=lambda question: {"mean": "mean rating, on the question's own scale"},
    numbers=numbers,
    together=Together(
        lambda question: {"means": [float]},
        together,
        "means: an image, on the question's own scale",
    ),
    has_scale=True,
)
