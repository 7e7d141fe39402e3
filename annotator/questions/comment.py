"""A remark in the annotator's own words."""

from collections.abc import Sequence
from typing import Any

from annotator.questions import reading
from annotator.questions.types import AnswerInvalid, Found, ItemSpec, Piece, QuestionSpec

COMMENT_MAX = 2000


def parse(raw: Any, question: QuestionSpec, item: ItemSpec) -> tuple[Piece, ...]:
    """{"text": "…"}, up to 2,000 characters; where it is not required it may be empty."""
    text = reading.content(raw, "text", question)
    if not isinstance(text, str):
        raise AnswerInvalid(question, "“text” has to be text.")
    if len(text) > COMMENT_MAX:
        raise AnswerInvalid(
            question, f"it is {len(text):,} characters long; the limit is {COMMENT_MAX:,}."
        )
    # No database stores these: NUL, and halves of a surrogate pair.
    if any(character == "\0" or "\ud800" <= character <= "\udfff" for character in text):
        raise AnswerInvalid(question, "it holds a character that is not text.")
    if text.strip():
        return (Piece("text", text=text),)
    if question.required:
        raise AnswerInvalid(question, "it is empty.")
    return (Piece("nothing"),)


def dump(pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec) -> Any:
    """{"text": "…"}."""
    return {"text": pieces[0].text}


def combine(
    answers: Sequence[Sequence[Piece]], question: QuestionSpec, item: ItemSpec
) -> tuple[Found, ...]:
    """Nothing: remarks do not add up."""
    return ()
