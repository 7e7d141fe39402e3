"""Who answered a question about an item, and what each of them said, ready to be put together."""

from collections.abc import Sequence
from typing import cast

from annotator.exports.read.items import ExportedAnnotation, ExportedItem
from annotator.questions.kinds import KINDS
from annotator.questions.types import QuestionSpec
from scoring.votes import Choice, as_choice

Questions = Sequence[QuestionSpec]


def of_kinds(questions: Questions, kinds: Sequence[str]) -> tuple[QuestionSpec, ...]:
    """The questions of these kinds."""
    return tuple(question for question in questions if question.kind in kinds)


def answered(item: ExportedItem, question: QuestionSpec) -> list[ExportedAnnotation]:
    """The annotations that count and answer this question."""
    return [one for one in item.counting if one.pieces.get(question.key)]


def choice_of(annotation: ExportedAnnotation, question: QuestionSpec) -> Choice:
    """The answer to a preference."""
    return as_choice(annotation.pieces[question.key][0].choice)


def tiers_of(
    item: ExportedItem, annotation: ExportedAnnotation, question: QuestionSpec
) -> list[list[str]]:
    """One person's ranking, the best first; letters of one tier are tied."""
    dumped = KINDS["ranking"].dump(annotation.pieces[question.key], question, item.spec)
    return cast(list[list[str]], dumped["tiers"])
