"""All question types by name, and the reading of whole answers. A new type is one more line."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from annotator.core.errors import Invalid
from annotator.core.reasons import Code
from annotator.questions import (
    comment,
    flags,
    marks,
    pick,
    preference,
    ranking,
    rating,
    reading,
    words,
)
from annotator.questions.types import (
    AnswerInvalid,
    ItemSpec,
    Piece,
    QuestionSpec,
    QuestionType,
    Truth,
)

KINDS: Mapping[str, QuestionType] = {
    "preference": preference,
    "ranking": ranking,
    "rating": rating,
    "marks": marks,
    "words": words,
    "flags": flags,
    "pick": pick,
    "comment": comment,
}


class AnswersInvalid(Invalid):
    """Answers that can't be taken; `fields` maps each question's key to its reason."""

    code = Code.ANSWER_INVALID

    def __init__(self, reasons: Mapping[str, str]) -> None:
        said = " ".join(f"“{key}”: {reason}" for key, reason in reasons.items())
        super().__init__(f"The answers can't be accepted. {said}", fields=reasons)


def parse_answers(
    raw: Any, questions: Sequence[QuestionSpec], item: ItemSpec
) -> dict[str, tuple[Piece, ...]]:
    """question key → typed pieces, in the questions' order; unanswered optional ones are absent.

    Raises AnswersInvalid with every problem at once: unknown keys, missing answers, wrong content.
    """
    if not isinstance(raw, dict):
        raise Invalid("“answers” has to be an object with the questions' keys.")
    known = {question.key for question in questions}
    reasons = {
        reading.shown(key).strip("'\""): "there is no such question in this project."
        for key in raw
        if key not in known
    }
    found: dict[str, tuple[Piece, ...]] = {}
    for question in questions:
        if question.key in raw:
            try:
                found[question.key] = KINDS[question.kind].parse(raw[question.key], question, item)
            except AnswerInvalid as error:
                reasons[question.key] = str(error.fields[question.key])
        elif question.required and (not question.about or question.about in raw):
            reasons[question.key] = "it is not answered."
    reasons |= _beside_the_pick(found, questions, reasons)
    if reasons:
        raise AnswersInvalid(reasons)
    return found


def _beside_the_pick(
    found: Mapping[str, tuple[Piece, ...]],
    questions: Sequence[QuestionSpec],
    reasons: Mapping[str, str],
) -> dict[str, str]:
    """Answers about the picked image that are about another one, or about none."""
    wrong: dict[str, str] = {}
    for question in questions:
        if not question.about or question.key not in found or question.about in reasons:
            continue
        picked = {piece.choice for piece in found.get(question.about, ())}
        if {piece.letter for piece in found[question.key]} != picked:
            wrong[question.key] = f"it has to be about the image chosen in “{question.about}”."
    return wrong


def dump_answers(
    pieces: Mapping[str, Sequence[Piece]], questions: Sequence[QuestionSpec], item: ItemSpec
) -> dict[str, Any]:
    """The answers as in the outside contract, in the questions' order."""
    return {
        question.key: KINDS[question.kind].dump(pieces[question.key], question, item)
        for question in questions
        if pieces.get(question.key)
    }


def simulate_answers(
    truth: Truth,
    questions: Sequence[QuestionSpec],
    item: ItemSpec,
    *,
    reliability: float,
    rng: random.Random,
) -> dict[str, Any]:
    """One simulated person's answers to all questions, as in the outside contract."""
    answers: dict[str, Any] = {}
    for question in questions:
        about = item
        if question.about:
            about = replace(item, letters=(answers[question.about]["choice"],))
        answers[question.key] = KINDS[question.kind].simulate(
            truth, question, about, reliability=reliability, rng=rng
        )
    return answers
