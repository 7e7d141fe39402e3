"""Which of two images is better: a, b, equally good, both bad, or not sure."""

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
from scoring.votes import CHOICES, as_choice, preference_consensus, share_of_a


def parse(raw: Any, question: QuestionSpec, item: ItemSpec) -> tuple[Piece, ...]:
    """{"choice": "a"}, for items of exactly two images."""
    if item.letters != ("a", "b"):
        raise AnswerInvalid(question, Reason(Code.ANSWER_NOT_TWO_IMAGES))
    choice = reading.one_of(reading.content(raw, "choice", question), CHOICES, question)
    return (Piece(PieceType.CHOICE, choice=choice),)


def dump(pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec) -> Any:
    """{"choice": "a"}."""
    return {"choice": pieces[0].choice}


def votes(pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec) -> tuple[Vote, ...]:
    """The choice, of the item."""
    return (Vote(ITEM, pieces[0].choice),)


def numbers(
    pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec, letter: str
) -> Numbers:
    """The image's share of the preference; nothing from who is not sure."""
    share = share_of_a(as_choice(pieces[0].choice))
    if share is None:
        return {}
    return {"win_share": share if letter == "a" else 1 - share}


def together(answers: Answers, question: QuestionSpec, item: ItemSpec) -> dict[str, Any]:
    """Everybody's votes, and what they come to."""
    votes = preference_consensus([as_choice(pieces[0].choice) for pieces in answers])
    return {
        "votes": dict(votes.counts),
        "majority": votes.majority,
        "shares": list(votes.soft) if votes.soft else None,
        "margin": votes.margin,
    }


KIND = Kind(
    name="preference",
    parse=parse,
    dump=dump,
    votes=votes,
    pieces=frozenset({PieceType.CHOICE}),
    level="nominal",
    unit="item",
    columns=lambda question: {"win_share": "1 chosen, 0.5 tie or both bad, 0 not"},
    numbers=numbers,
    together=Together(
        lambda question: {
            "votes": dict.fromkeys(CHOICES, int),
            "majority": str,
            "shares": [float],
            "margin": float,
        },
        together,
        "votes; majority: what more than half said, or null; shares of a and b, ties half to each; "
        "margin: |a - b| / people",
    ),
    images=ImageBounds(2, 2),
    sides=True,
    abstentions=frozenset({"unsure"}),
)
