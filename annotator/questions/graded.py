"""Which of two images is better and by how much: one of four to seven steps from a to b."""

from collections.abc import Sequence
from typing import Any

from annotator.core.reasons import Code, Reason
from annotator.questions import reading
from annotator.questions.types import (
    ITEM,
    AnswerInvalid,
    Answers,
    ImageBounds,
    ItemSpec,
    Kind,
    Numbers,
    Piece,
    PieceType,
    QuestionSpec,
    Together,
    Vote,
)
from scoring.votes import CHOICES, GradedVote, as_choice, graded_consensus

FEWEST, MOST = 4, 7


def steps(question: QuestionSpec) -> int:
    """How many steps there are; the middle one of an odd number is a tie."""
    if question.scale_max is None:
        raise ValueError(f"the graded question {question.key} has no scale")
    return question.scale_max


def strongest(question: QuestionSpec) -> int:
    """The strength of "much better": how many steps either side has."""
    return steps(question) // 2


def parse(raw: Any, question: QuestionSpec, item: ItemSpec) -> tuple[Piece, ...]:
    """{"grade": 2}: a step, 1 is "a, much better" and the highest "b, much better".

    With "steps": 6 beside it, it is taken by a question of so many alone.
    """
    if item.letters != ("a", "b"):
        raise AnswerInvalid(question, Reason(Code.ANSWER_NOT_TWO_IMAGES))
    if isinstance(raw, dict) and raw.get("steps") == steps(question):
        raw = {name: value for name, value in raw.items() if name != "steps"}
    raw_grade = reading.content(raw, "grade", question)
    step = reading.whole(raw_grade, 1, steps(question), "grade", question)
    half = strongest(question)
    if step <= half:
        return (Piece(PieceType.GRADE, choice="a", number=half + 1 - step),)
    strength = step - (steps(question) - half)
    return (Piece(PieceType.GRADE, choice="b" if strength else "tie", number=strength),)


def dump(pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec) -> Any:
    """{"grade": 2}."""
    return {"grade": grade(pieces[0], question)}


def votes(pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec) -> tuple[Vote, ...]:
    """The side, of the item."""
    return (Vote(ITEM, pieces[0].choice),)


def vote_of(piece: Piece, question: QuestionSpec) -> GradedVote:
    """The side with its strength, from above 0 to 1 for "much better"; a tie has none."""
    return GradedVote(as_choice(piece.choice), (piece.number or 0) / strongest(question))


def grade(piece: Piece, question: QuestionSpec) -> int:
    """The step of an answer, as in its JSON."""
    strength, half = piece.number or 0, strongest(question)
    return half + 1 - strength if piece.choice == "a" else steps(question) - half + strength


def numbers(
    pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec, letter: str
) -> Numbers:
    """The image's share of the preference, by strength."""
    share = vote_of(pieces[0], question).share_of_a
    return {"win_share": share if letter == "a" else 1 - share}


def together(answers: Answers, question: QuestionSpec, item: ItemSpec) -> dict[str, Any]:
    """Everybody's votes, and what they come to."""
    votes = graded_consensus([vote_of(pieces[0], question) for pieces in answers])
    return {
        "votes": dict(votes.counts),
        "majority": votes.majority,
        "shares": list(votes.soft) if votes.soft else None,
        "margin": votes.margin,
        "grades": [grade(pieces[0], question) for pieces in answers],
    }


KIND = Kind(
    name="graded",
    parse=parse,
    dump=dump,
    votes=votes,
    pieces=frozenset({PieceType.GRADE}),
    level="nominal",
    unit="item",
    grades=lambda question: tuple(float(step) for step in range(1, steps(question) + 1)),
    grade=grade,
    graded_vote=vote_of,
    columns=lambda question: {"win_share": "1 much better, 0.5 tie, 0 much worse; by its steps"},
    numbers=numbers,
    together=Together(
        lambda question: {
            "votes": dict.fromkeys(CHOICES, int),
            "majority": str,
            "shares": [float],
            "margin": float,
            "grades": [int],
        },
        together,
        "votes by side; majority: what more than half said, or null; shares of a and b by the mean "
        "strength; margin: the distance of the shares; grades: 1 for a, much better, upwards",
    ),
    images=ImageBounds(2, 2),
    has_scale=True,
    steps=(FEWEST, MOST),
    sides=True,
)
