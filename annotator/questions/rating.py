"""A number on a scale for each image; higher is better.

Where the question allows it, half points too, and that the question does not apply to the image:
said so, which is not the same as unanswered, and no number.
"""

from collections.abc import Sequence
from typing import Any

from annotator.core.reasons import Code, Reason
from annotator.questions import reading
from annotator.questions.types import (
    AnswerInvalid,
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
    """{"ratings": {"a": 4, "b": null}}: a number for each image of the item, null: not applicable.

    A whole one, unless the question has half points.
    """
    ratings = reading.by_letter(raw, "ratings", question, item.letters)
    return tuple(_piece(value, letter, question) for letter, value in ratings.items())


def _piece(value: Any, letter: str, question: QuestionSpec) -> Piece:
    if value is None and question.na:
        return Piece(PieceType.NOTHING, letter=letter)
    low, high = scale(question)
    where, kind = f"ratings.{letter}", PieceType.NUMBER
    if question.half_points and isinstance(value, float) and low <= value <= high:
        if not (2 * value).is_integer():
            reason = Reason(Code.ANSWER_NOT_HALF, where=where, value=reading.shown(value))
            raise AnswerInvalid(question, reason)
        kind = PieceType.NUMBER if value.is_integer() else PieceType.HALF
        value = int(value)
    return Piece(kind, letter=letter, number=reading.whole(value, low, high, where, question))


def dump(pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec) -> Any:
    """{"ratings": {"a": 4, "b": null}}."""
    return {"ratings": {piece.letter: piece.amount for piece in _by_letter(pieces)}}


def _by_letter(pieces: Sequence[Piece]) -> list[Piece]:
    return sorted(pieces, key=lambda piece: piece.letter)


def votes(pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec) -> tuple[Vote, ...]:
    """Each image's number, on the question's own scale; none of who says that none applies."""
    return tuple(
        Vote(Unit(piece.letter), piece.amount)
        for piece in _by_letter(pieces)
        if piece.amount is not None
    )


def grades(question: QuestionSpec) -> Sequence[float]:
    """Every number that can be given."""
    low, high = scale(question)
    if not question.half_points:
        return range(low, high + 1)
    return [step / 2 for step in range(2 * low, 2 * high + 1)]


def columns(question: QuestionSpec) -> dict[str, str]:
    """The mean, and where it is allowed who said that it does not apply."""
    found = {"mean": "mean rating, on the question's own scale"}
    if question.na:
        found["mean"] += "; of the answers that it applies in"
        found["na_share"] = "share of answers which say that it does not apply"
    return found


def numbers(
    pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec, letter: str
) -> Numbers:
    """The image's number, and whether it has none."""
    own = next((piece for piece in pieces if piece.letter == letter), None)
    if own is None:
        return {}
    share = {"na_share": float(own.amount is None)} if question.na else {}
    return share if own.amount is None else {"mean": own.amount, **share}


def together(answers: Answers, question: QuestionSpec, item: ItemSpec) -> dict[str, Any]:
    """Each image's mean rating, None where nobody rated it; and how many said it has none."""
    given = {
        letter: [piece.amount for pieces in answers for piece in pieces if piece.letter == letter]
        for letter in item.letters
    }
    found: dict[str, Any] = {"means": [_mean(each) for each in given.values()]}
    if question.na:
        found["not_applicable"] = [each.count(None) for each in given.values()]
    return found


def _mean(given: Sequence[float | None]) -> float | None:
    rated = [each for each in given if each is not None]
    return sum(rated) / len(rated) if rated else None


KIND = Kind(
    name="rating",
    parse=parse,
    dump=dump,
    votes=votes,
    pieces=frozenset({PieceType.NUMBER, PieceType.HALF, PieceType.NOTHING}),
    level="interval",
    unit="image",
    grades=grades,
    columns=columns,
    numbers=numbers,
    together=Together(
        lambda question: {"means": [float], **({"not_applicable": [int]} if question.na else {})},
        together,
        "means: an image, on the question's own scale; not_applicable: people who said so",
    ),
    has_scale=True,
    rates=True,
)
