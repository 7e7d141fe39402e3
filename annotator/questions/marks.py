"""Points on the images where something is wrong."""

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

MARKS_MAX = 200


def parse(raw: Any, question: QuestionSpec, item: ItemSpec) -> tuple[Piece, ...]:
    """{"marks": {"a": [{"x": 0.41, "y": 0.22}], "b": []}}: fractions from the top left corner.

    Every image is named; an empty list says that it has no flaw.
    """
    marks = reading.by_letter(raw, "marks", question, item.letters)
    return tuple(
        piece for letter, points in marks.items() for piece in _on_image(points, letter, question)
    )


def _on_image(points: Any, letter: str, question: QuestionSpec) -> list[Piece]:
    found = reading.listed(points, f"marks.{letter}", question)
    if len(found) > MARKS_MAX:
        raise AnswerInvalid(
            question,
            Reason(Code.ANSWER_TOO_MANY_MARKS, image=letter, n=len(found), most=MARKS_MAX),
        )
    if not found:
        return [Piece(PieceType.NOTHING, letter=letter)]
    return [_point(point, place, letter, question) for place, point in enumerate(found)]


def _point(point: Any, place: int, letter: str, question: QuestionSpec) -> Piece:
    where = f"marks.{letter}.{place}"
    if not isinstance(point, dict) or set(point) != {"x", "y"}:
        raise AnswerInvalid(question, Reason(Code.ANSWER_NOT_A_POINT, where=where))
    return Piece(
        PieceType.POINT,
        letter=letter,
        ordinal=place,
        x=reading.fraction(point["x"], f"{where}.x", question),
        y=reading.fraction(point["y"], f"{where}.y", question),
    )


def dump(pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec) -> Any:
    """{"marks": …} with the points in the order in which they were set."""
    marks: dict[str, list[dict[str, float | None]]] = {}
    for piece in sorted(pieces, key=lambda piece: (piece.letter, piece.ordinal)):
        points = marks.setdefault(piece.letter, [])
        if piece.type == PieceType.POINT:
            points.append({"x": piece.x, "y": piece.y})
    return {"marks": marks}


def votes(pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec) -> tuple[Vote, ...]:
    """Whether each image was marked at all. (Heatmaps are made of the points themselves.)"""
    marked = {piece.letter for piece in pieces if piece.type == PieceType.POINT}
    return tuple(Vote(Unit(letter, "marked"), letter in marked) for letter in item.letters)


def numbers(
    pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec, letter: str
) -> Numbers:
    """How many marks are on the image; nothing where it was not asked about."""
    on_it = [piece.type for piece in pieces if piece.letter == letter]
    if not on_it:
        return {}
    count = places(pieces, letter)
    return {"marks": count, "marked_share": float(count > 0)}


def places(pieces: Sequence[Piece], letter: str) -> int:
    """How many marks are on the image."""
    return sum(piece.letter == letter and piece.type == PieceType.POINT for piece in pieces)


def together(answers: Answers, question: QuestionSpec, item: ItemSpec) -> dict[str, Any]:
    """Each image's marks, everybody's."""
    return {"marks": [_points(answers, letter) for letter in item.letters]}


def _points(answers: Answers, letter: str) -> list[dict[str, float | None]]:
    pieces = (piece for one in answers for piece in one if piece.letter == letter)
    return [{"x": piece.x, "y": piece.y} for piece in pieces if piece.x is not None]


KIND = Kind(
    name="marks",
    parse=parse,
    dump=dump,
    votes=votes,
    pieces=frozenset({PieceType.POINT, PieceType.NOTHING}),
    level="nominal",
    unit="image",
    columns=lambda question: {
        "marks": "mean number of marks a person",
        "marked_share": "share of people who marked anything",
    },
    numbers=numbers,
    together=Together(
        lambda question: {"marks": [[{"x": float, "y": float}]]},
        together,
        "marks: an image, everybody's points as fractions from the top left corner",
    ),
    places=places,
)
