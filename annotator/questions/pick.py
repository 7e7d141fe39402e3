"""The best image of several."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from annotator.questions import reading
from annotator.questions.types import Found, ItemSpec, Piece, QuestionSpec
from scoring.votes import majority


def parse(raw: Any, question: QuestionSpec, item: ItemSpec) -> tuple[Piece, ...]:
    """{"choice": "c"}: one of the item's letters."""
    choice = reading.one_of(reading.content(raw, "choice", question), item.letters, question)
    return (Piece("choice", choice=choice),)


def dump(pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec) -> Any:
    """{"choice": "c"}."""
    return {"choice": pieces[0].choice}


def combine(
    answers: Sequence[Sequence[Piece]], question: QuestionSpec, item: ItemSpec
) -> tuple[Found, ...]:
    """Votes of each letter that has some; one of more than half is decided."""
    votes = [pieces[0].choice for pieces in answers if pieces]
    best = majority(votes)
    return tuple(
        Found(key=letter, votes=count, of=len(votes), decided=letter == best)
        for letter, count in sorted(Counter(votes).items())
    )
