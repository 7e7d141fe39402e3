"""Words of the prompt that the image misses or shows wrongly."""

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
from scoring.votes import word_shares


def parse(raw: Any, question: QuestionSpec, item: ItemSpec) -> tuple[Piece, ...]:
    """{"tokens": [2, 5]}: indices into item.tokens, each once; an empty list says "none"."""
    values = reading.listed(reading.content(raw, "tokens", question), "tokens", question)
    last = len(item.tokens) - 1
    if values and last < 0:
        raise AnswerInvalid(question, Reason(Code.ANSWER_NO_WORDS))
    tokens = [reading.whole(value, 0, last, "tokens", question) for value in values]
    reading.once(tokens, "tokens", question)
    if not tokens:
        return (Piece(PieceType.NOTHING),)
    return tuple(
        Piece(PieceType.TOKEN, ordinal=place, number=token)
        for place, token in enumerate(sorted(tokens))
    )


def dump(pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec) -> Any:
    """{"tokens": [2, 5]}, in the prompt's order."""
    return {"tokens": sorted(_tokens(pieces))}


def _tokens(pieces: Sequence[Piece]) -> set[int]:
    return {piece.number for piece in pieces if piece.number is not None}


def votes(pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec) -> tuple[Vote, ...]:
    """Whether each word was marked."""
    marked = _tokens(pieces)
    return tuple(Vote(Unit(key=str(token)), token in marked) for token in range(len(item.tokens)))


def numbers(
    pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec, letter: str
) -> Numbers:
    """The share of the prompt's words that was marked."""
    if not item.tokens:
        return {}
    return {"misaligned_share": len(_tokens(pieces)) / len(item.tokens)}


def together(answers: Answers, question: QuestionSpec, item: ItemSpec) -> dict[str, Any]:
    """The share of people who marked each word."""
    shares = word_shares([_tokens(pieces) for pieces in answers], len(item.tokens))
    return {"shares": list(shares)}


KIND = Kind(
    name="words",
    parse=parse,
    dump=dump,
    votes=votes,
    pieces=frozenset({PieceType.TOKEN, PieceType.NOTHING}),
    level="nominal",
    unit="word",
    columns=lambda question: {"misaligned_share": "mean share of the prompt's words"},
    numbers=numbers,
    together=Together(
        lambda question: {"shares": [float]}, together, "shares: of people who marked each token"
    ),
    needs_words=True,
)
