"""Who answered a question about an item, and what each of them said, ready to be put together."""

from collections.abc import Iterable, Sequence

from annotator.exports.read.items import ExportedAnnotation, ExportedItem
from annotator.questions.kinds import KINDS, votes_of
from annotator.questions.types import QuestionSpec
from scoring.votes import (
    Choice,
    PreferenceConsensus,
    as_choice,
    graded_consensus,
    preference_consensus,
)

Questions = Sequence[QuestionSpec]


def of_kinds(questions: Questions, kinds: Sequence[str]) -> tuple[QuestionSpec, ...]:
    """The questions of these kinds."""
    return tuple(question for question in questions if question.kind in kinds)


def answered(item: ExportedItem, question: QuestionSpec) -> list[ExportedAnnotation]:
    """The annotations that count and answer this question."""
    return [one for one in item.counting if one.pieces.get(question.key)]


def comparing(questions: Questions) -> tuple[QuestionSpec, ...]:
    """The questions that say of two images which one is better."""
    return tuple(question for question in questions if KINDS[question.kind].compares)


def with_sides(questions: Questions) -> tuple[QuestionSpec, ...]:
    """The questions that choose between two images."""
    return tuple(question for question in questions if KINDS[question.kind].sides)


def ordered(questions: Questions) -> tuple[QuestionSpec, ...]:
    """The questions that put all images in an order."""
    return tuple(question for question in questions if KINDS[question.kind].level == "ordinal")


def rated(questions: Questions) -> tuple[QuestionSpec, ...]:
    """The questions that rate each image."""
    return tuple(question for question in questions if KINDS[question.kind].level == "interval")


def choice_of(annotation: ExportedAnnotation, question: QuestionSpec, item: ExportedItem) -> Choice:
    """The side that one person chose."""
    return choices_of([annotation], question, item)[0]


def choices_of(
    annotations: Iterable[ExportedAnnotation], question: QuestionSpec, item: ExportedItem
) -> list[Choice]:
    """The side that each of them chose."""
    votes, spec = KINDS[question.kind].votes, item.spec
    found = [votes(one.pieces[question.key], question, spec) for one in annotations]
    return [as_choice(str(choice)) for ((_, choice),) in found]


def consensus_of(
    annotations: Sequence[ExportedAnnotation], question: QuestionSpec, item: ExportedItem
) -> PreferenceConsensus:
    """What they prefer together; graded votes count by their strength."""
    if graded := KINDS[question.kind].graded_vote:
        return graded_consensus(
            [graded(one.pieces[question.key][0], question) for one in annotations]
        )
    return preference_consensus(choices_of(annotations, question, item))


def ranks_of_one(
    annotation: ExportedAnnotation, question: QuestionSpec, item: ExportedItem
) -> dict[str, float]:
    """letter → its rank by one person, 1 the best; tied images share the mean of their places."""
    votes = votes_of(annotation.pieces[question.key], question, item.spec)
    return {unit.letter: float(rank) for unit, rank in votes}
