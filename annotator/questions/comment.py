"""A remark in the annotator's own words."""

from collections.abc import Sequence
from typing import Any

from annotator.core.reasons import Code, Reason
from annotator.questions import reading
from annotator.questions.types import (
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

COMMENT_MAX = 2000


def parse(raw: Any, question: QuestionSpec, item: ItemSpec) -> tuple[Piece, ...]:
    """{"text": "…"}, up to 2,000 characters; where it is not required it may be empty."""
    text = reading.content(raw, "text", question)
    if not isinstance(text, str):
        raise AnswerInvalid(question, Reason(Code.ANSWER_NOT_TEXT))
    if len(text) > COMMENT_MAX:
        raise AnswerInvalid(question, Reason(Code.ANSWER_TOO_LONG, n=len(text), most=COMMENT_MAX))
    # No database stores these: NUL, and halves of a surrogate pair.
    if any(character == "\0" or "\ud800" <= character <= "\udfff" for character in text):
        raise AnswerInvalid(question, Reason(Code.ANSWER_NO_CHARACTER))
    if text.strip():
        return (Piece(PieceType.TEXT, text=text),)
    if question.required:
        raise AnswerInvalid(question, Reason(Code.ANSWER_EMPTY))
    return (Piece(PieceType.NOTHING),)


def dump(pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec) -> Any:
    """{"text": "…"}."""
    return {"text": pieces[0].text}


def votes(pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec) -> tuple[Vote, ...]:
    """Nothing: remarks do not add up."""
    return ()


def together(answers: Answers, question: QuestionSpec, item: ItemSpec) -> dict[str, Any]:
    """Everybody's remarks."""
    return {"texts": [piece.text for pieces in answers for piece in pieces if piece.text]}


KIND = Kind(
    name="comment",
    parse=parse,
    dump=dump,
    votes=votes,
    pieces=frozenset({PieceType.TEXT, PieceType.NOTHING}),
    level=None,
    unit="item",
    together=Together(lambda question: {"texts": [str]}, together, "texts: everybody's"),
)
