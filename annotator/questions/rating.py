"""A number on a scale for each image; higher is better."""

from collections.abc import Sequence
from typing import Any

from annotator.questions import reading
from annotator.questions.types import Found, ItemSpec, Piece, QuestionSpec
from scoring.votes import rating_consensus


def scale(question: QuestionSpec) -> tuple[int, int]:
    """(lowest, highest); the database refuses a rating question without them."""
    if question.scale_min is None or question.scale_max is None:
        raise ValueError(f"the rating question {question.key} has no scale")
    return question.scale_min, question.scale_max


def parse(raw: Any, question: QuestionSpec, item: ItemSpec) -> tuple[Piece, ...]:
    """{"ratings": {"a": 4}}: a whole number for each image of the item."""
    low, high = scale(question)
    ratings = reading.by_letter(raw, "ratings", question, item.letters)
    return tuple(
        Piece(
            "number",
            letter=letter,
            number=reading.whole(value, low, high, f"the rating of image {letter}", question),
        )
        for letter, value in ratings.items()
    )


def dump(pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec) -> Any:
    """{"ratings": {"a": 4}}."""
    return {"ratings": {piece.letter: piece.number for piece in sorted(pieces)}}


def combine(
    answers: Sequence[Sequence[Piece]], question: QuestionSpec, item: ItemSpec
) -> tuple[Found, ...]:
    """For each image the "mean" and the "maxdiff" of all ratings, on the unit scale [0, 1]."""
    low, high = scale(question)
    found: list[Found] = []
    for letter in item.letters:
        ratings = sorted(
            piece.number
            for pieces in answers
            for piece in pieces
            if piece.letter == letter and piece.number is not None
        )
        if not ratings:
            continue
        together = rating_consensus(ratings, minimum=low, maximum=high)
        for key, value in (("mean", together.mean), ("maxdiff", together.maxdiff)):
            found.append(
                Found(
                    key=key,
                    letter=letter,
                    votes=together.n,
                    of=together.n,
                    value=value,
                    decided=key == "mean",
                )
            )
    return tuple(found)
