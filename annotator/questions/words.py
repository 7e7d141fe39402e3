"""Words of the prompt that the image misses or shows wrongly."""

from collections.abc import Sequence
from typing import Any

from annotator.questions import reading
from annotator.questions.types import AnswerInvalid, Found, ItemSpec, Piece, QuestionSpec
from scoring.votes import word_majority


def parse(raw: Any, question: QuestionSpec, item: ItemSpec) -> tuple[Piece, ...]:
    """{"tokens": [2, 5]}: indices into item.tokens, each once; an empty list says "none"."""
    values = reading.listed(reading.content(raw, "tokens", question), "tokens", question)
    last = len(item.tokens) - 1
    if values and last < 0:
        raise AnswerInvalid(question, "the prompt has no words.")
    tokens = [reading.whole(value, 0, last, "a token's index", question) for value in values]
    if len(set(tokens)) < len(tokens):
        raise AnswerInvalid(question, "a token is named twice.")
    if not tokens:
        return (Piece("nothing"),)
    return tuple(
        Piece("token", ordinal=place, number=token) for place, token in enumerate(sorted(tokens))
    )


def dump(pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec) -> Any:
    """{"tokens": [2, 5]}, in the prompt's order."""
    return {"tokens": sorted(_tokens(pieces))}


def _tokens(pieces: Sequence[Piece]) -> set[int]:
    return {piece.number for piece in pieces if piece.number is not None}


def combine(
    answers: Sequence[Sequence[Piece]], question: QuestionSpec, item: ItemSpec
) -> tuple[Found, ...]:
    """Votes of each token that has some, decided if more than half; "nothing": said none."""
    people = [_tokens(pieces) for pieces in answers if pieces]
    if not people:
        return ()
    decided = word_majority(people, len(item.tokens))
    votes = {token: sum(token in person for person in people) for token in range(len(item.tokens))}
    none = sum(not person for person in people)
    words = tuple(
        Found(key=str(token), votes=count, of=len(people), decided=decided[token])
        for token, count in votes.items()
        if count
    )
    return (*words, Found("nothing", votes=none, of=len(people), decided=2 * none > len(people)))
