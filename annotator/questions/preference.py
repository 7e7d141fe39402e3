"""Which of two images is better: a, b, equally good, both bad, or not sure."""

from collections.abc import Sequence
from typing import Any, cast

from annotator.questions import reading
from annotator.questions.types import AnswerInvalid, Found, ItemSpec, Piece, QuestionSpec
from scoring.votes import CHOICES, Choice, preference_consensus


def parse(raw: Any, question: QuestionSpec, item: ItemSpec) -> tuple[Piece, ...]:
    """{"choice": "a"}, for items of exactly two images."""
    if item.letters != ("a", "b"):
        raise AnswerInvalid(question, "it compares two images, and this item hasn't two.")
    choice = reading.one_of(reading.content(raw, "choice", question), CHOICES, question)
    return (Piece("choice", choice=choice),)


def dump(pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec) -> Any:
    """{"choice": "a"}."""
    return {"choice": pieces[0].choice}


def combine(
    answers: Sequence[Sequence[Piece]], question: QuestionSpec, item: ItemSpec
) -> tuple[Found, ...]:
    """Votes of each choice that has some; a choice of more than half is decided.

    Its `value` is the margin |a - b| / n in [0, 1].
    """
    votes = [cast(Choice, pieces[0].choice) for pieces in answers if pieces]
    if not votes:
        return ()
    together = preference_consensus(votes)
    return tuple(
        Found(
            key=choice,
            votes=count,
            of=len(votes),
            value=together.margin if choice == together.majority else None,
            decided=choice == together.majority,
        )
        for choice, count in together.counts.items()
        if count
    )
