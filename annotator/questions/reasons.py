"""Why an item was judged as it was: a few of a list of reasons, of all its images together."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from annotator.core.reasons import Code, Reason
from annotator.questions import reading
from annotator.questions.options import option_votes, options_named
from annotator.questions.types import (
    ITEM,
    AnswerInvalid,
    Answers,
    ItemSpec,
    Kind,
    Piece,
    PieceType,
    QuestionSpec,
    Together,
    Vote,
)

# What tipped the scale, not all that there is to see.
MOST_REASONS = 3


def parse(raw: Any, question: QuestionSpec, item: ItemSpec) -> tuple[Piece, ...]:
    """{"reasons": ["hands", "light"]}: at most three; an empty list says that it was none of them.

    The answer keeps the question's order, not that in which they were chosen.
    """
    names = options_named(reading.content(raw, "reasons", question), "reasons", question)
    if len(names) > MOST_REASONS:
        reason = Reason(Code.ANSWER_TOO_MANY, where="reasons", n=len(names), most=MOST_REASONS)
        raise AnswerInvalid(question, reason)
    return tuple(
        Piece(PieceType.FLAG, ordinal=place, choice=name) for place, name in enumerate(names)
    ) or (Piece(PieceType.NOTHING),)


def dump(pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec) -> Any:
    """{"reasons": …}, in the question's order."""
    flags = (piece for piece in pieces if piece.type == PieceType.FLAG)
    return {"reasons": [piece.choice for piece in sorted(flags, key=lambda piece: piece.ordinal)]}


def votes(pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec) -> tuple[Vote, ...]:
    """Whether each reason was given."""
    return option_votes(_told(pieces), question)


def _told(pieces: Sequence[Piece]) -> dict[str, set[str]]:
    return {ITEM.letter: {piece.choice for piece in pieces if piece.type == PieceType.FLAG}}


def together(answers: Answers, question: QuestionSpec, item: ItemSpec) -> dict[str, Any]:
    """How many people gave each reason."""
    counts = Counter(name for pieces in answers for name in _told(pieces)[ITEM.letter])
    return {"votes": {f"reason_{name}": counts[name] for name in question.options}}


KIND = Kind(
    name="reasons",
    parse=parse,
    dump=dump,
    votes=votes,
    pieces=frozenset({PieceType.FLAG, PieceType.NOTHING}),
    level="nominal",
    unit="item",
    together=Together(
        lambda question: {"votes": {f"reason_{name}": int for name in question.options}},
        together,
        "votes: people who gave each reason_*",
    ),
    has_options=True,
)
