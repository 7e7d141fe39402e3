"""Where something is wrong on the images: boxes and painted regions, each with its flaw."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from annotator.core.reasons import Code, Reason
from annotator.questions import reading
from annotator.questions.options import option_counts, option_votes
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
    Vote,
)
from scoring.regions import Shape, area_share

MOST_REGIONS = 50
MOST_STROKES = 200
MOST_POINTS = 5000
DIGITS = 5
# Two rounded numbers may add up to so much more than 1.
ROUNDING = 1.1e-5
FEWEST_POINTS = {"brush": 1, "erase": 1, "lasso": 3}


def parse(raw: Any, question: QuestionSpec, item: ItemSpec) -> tuple[Piece, ...]:
    """{"regions": {"a": [{"flaw": "hands", "box": [x, y, w, h]}], "b": []}}, all in fractions.

    A region is a box, or "strokes" that apply one after the other: {"tool": "brush", "radius": r,
    "points": [[x, y], …]}, the same with "erase", and {"tool": "lasso", "points": […]}, closed by
    itself. A radius is a fraction of the height. An empty list says that there is no flaw.
    """
    regions = reading.by_letter(raw, "regions", question, item.letters)
    return tuple(
        piece for letter, given in regions.items() for piece in _on_image(given, letter, question)
    )


def _on_image(given: Any, letter: str, question: QuestionSpec) -> list[Piece]:
    where = f"regions.{letter}"
    found = _some(given, where, MOST_REGIONS, question)
    if not found:
        return [Piece(PieceType.NOTHING, letter=letter)]
    return [_region(one, place, letter, question) for place, one in enumerate(found)]


def _some(given: Any, where: str, most: int, question: QuestionSpec) -> list[Any]:
    found = reading.listed(given, where, question)
    if len(found) > most:
        reason = Reason(Code.ANSWER_TOO_MANY, where=where, n=len(found), most=most)
        raise AnswerInvalid(question, reason)
    return found


def _region(given: Any, place: int, letter: str, question: QuestionSpec) -> Piece:
    where = f"regions.{letter}.{place}"
    if not isinstance(given, dict) or set(given) not in ({"flaw", "box"}, {"flaw", "strokes"}):
        raise AnswerInvalid(question, Reason(Code.ANSWER_NOT_A_REGION, where=where))
    shape = (
        {"box": _box(given["box"], f"{where}.box", question)}
        if "box" in given
        else {"strokes": _strokes(given["strokes"], f"{where}.strokes", question)}
    )
    return Piece(
        PieceType.REGION,
        letter=letter,
        ordinal=place,
        choice=reading.one_of(given["flaw"], question.options, question),
        text=json.dumps(shape, separators=(",", ":")),
    )


def _box(given: Any, where: str, question: QuestionSpec) -> list[float]:
    if isinstance(given, list) and len(given) == 4:
        x, y, w, h = (_fraction(value, where, question) for value in given)
        if w > 0 and h > 0 and max(x + w, y + h) <= 1 + ROUNDING:
            return [x, y, w, h]
    raise AnswerInvalid(question, Reason(Code.ANSWER_NOT_A_BOX, where=where))


def _strokes(given: Any, where: str, question: QuestionSpec) -> list[dict[str, Any]]:
    listed = _some(given, where, MOST_STROKES, question)
    found = [_stroke(one, f"{where}.{place}", question) for place, one in enumerate(listed)]
    if not found or found[0]["tool"] == "erase":
        raise AnswerInvalid(question, Reason(Code.ANSWER_BEGINS_WITH_ERASER, where=where))
    points = sum(len(stroke["points"]) for stroke in found)
    if points > MOST_POINTS:
        reason = Reason(Code.ANSWER_TOO_MANY, where=where, n=points, most=MOST_POINTS)
        raise AnswerInvalid(question, reason)
    return found


def _stroke(given: Any, where: str, question: QuestionSpec) -> dict[str, Any]:
    tool = given.get("tool") if isinstance(given, dict) else None
    fields = {"tool", "points"} if tool == "lasso" else {"tool", "radius", "points"}
    unfit = AnswerInvalid(question, Reason(Code.ANSWER_NOT_A_STROKE, where=where))
    if not isinstance(tool, str) or tool not in FEWEST_POINTS or set(given) != fields:
        raise unfit
    stroke: dict[str, Any] = {"tool": tool}
    if "radius" in fields:
        stroke["radius"] = _fraction(given["radius"], f"{where}.radius", question)
        if not stroke["radius"]:
            raise unfit
    points = _some(given["points"], f"{where}.points", MOST_POINTS, question)
    if len(points) < FEWEST_POINTS[tool]:
        raise unfit
    stroke["points"] = [
        _point(point, f"{where}.points.{place}", question) for place, point in enumerate(points)
    ]
    return stroke


def _point(given: Any, where: str, question: QuestionSpec) -> list[float]:
    if not isinstance(given, list) or len(given) != 2:
        raise AnswerInvalid(question, Reason(Code.ANSWER_NOT_A_STROKE, where=where))
    return [_fraction(value, where, question) for value in given]


def _fraction(value: Any, where: str, question: QuestionSpec) -> float:
    return round(reading.fraction(value, where, question), DIGITS)


def dump(pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec) -> Any:
    """{"regions": …}, the regions of an image in the order in which they were drawn."""
    regions: dict[str, list[dict[str, Any]]] = {}
    for piece in sorted(pieces, key=lambda piece: (piece.letter, piece.ordinal)):
        drawn = regions.setdefault(piece.letter, [])
        if piece.type == PieceType.REGION:
            drawn.append({"flaw": piece.choice, **shape_of(piece)})
    return {"regions": regions}


def shape_of(piece: Piece) -> Shape:
    """The box or the strokes of a region."""
    shape: Shape = json.loads(piece.text)
    return shape


def drawn_on(pieces: Sequence[Piece], letter: str) -> list[Piece] | None:
    """The regions of one image in their order; None where it was not asked about."""
    own = sorted((one for one in pieces if one.letter == letter), key=lambda one: one.ordinal)
    return [one for one in own if one.type == PieceType.REGION] if own else None


def places(pieces: Sequence[Piece], letter: str) -> int:
    """How many regions are on the image."""
    return len(drawn_on(pieces, letter) or ())


def votes(pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec) -> tuple[Vote, ...]:
    """Whether each image shows each flaw; one that is shown shows what stands above it, too."""
    return option_votes(_flaws(pieces, question), question)


def _flaws(pieces: Sequence[Piece], question: QuestionSpec) -> dict[str, set[str]]:
    letters = sorted({piece.letter for piece in pieces})
    return {
        letter: question.implied(one.choice for one in drawn_on(pieces, letter) or ())
        for letter in letters
    }


def columns(question: QuestionSpec) -> Mapping[str, str]:
    """How many regions, how much of the image, and each flaw."""
    return {
        "regions": "mean number of regions a person",
        "area": "mean share of the image that a person's regions cover",
        **{f"flaw_{name}": "share of people who saw it" for name in question.options},
    }


def numbers(
    pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec, letter: str
) -> Numbers:
    """The same of one person; nothing where the image was not asked about."""
    drawn = drawn_on(pieces, letter)
    if drawn is None:
        return {}
    names = question.implied(piece.choice for piece in drawn)
    size = item.sizes[item.letters.index(letter)] if item.sizes else (1, 1)
    return {
        "regions": len(drawn),
        "area": area_share([shape_of(piece) for piece in drawn], size),
        **{f"flaw_{name}": float(name in names) for name in question.options},
    }


def together(answers: Answers, question: QuestionSpec, item: ItemSpec) -> dict[str, Any]:
    """How many judged each image and saw each flaw, and everybody's regions."""
    people = [_flaws(pieces, question) for pieces in answers]
    return {
        "votes": [option_counts(people, letter, question, "flaw_") for letter in item.letters],
        "regions": [
            [
                {"flaw": piece.choice, "shape": piece.text}
                for pieces in answers
                for piece in drawn_on(pieces, letter) or ()
            ]
            for letter in item.letters
        ],
    }


KIND = Kind(
    name="regions",
    parse=parse,
    dump=dump,
    votes=votes,
    pieces=frozenset({PieceType.REGION, PieceType.NOTHING}),
    level="nominal",
    unit="image",
    columns=columns,
    numbers=numbers,
    together=Together(
        lambda question: {
            "votes": [{"people": int, **{f"flaw_{name}": int for name in question.options}}],
            "regions": [[{"flaw": str, "shape": str}]],
        },
        together,
        "votes: an image, people who judged it and who saw each flaw_*; regions: an image, "
        "everybody's, `shape` as JSON in fractions of the image",
    ),
    has_options=True,
    tree=True,
    places=places,
)
