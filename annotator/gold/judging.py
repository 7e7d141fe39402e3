"""Whether an answer says what is known of a gold item: the same for every kind of question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from annotator.consensus.findings import NOTHING, Found, findings
from annotator.questions.kinds import KINDS, unsure_of
from annotator.questions.types import OF_ROW, ItemSpec, Piece, QuestionSpec

# Ratings this far from the known mean are wrong, in careful steps of their scale.
TOO_FAR = 1.5


@dataclass(frozen=True, slots=True)
class Truth:
    """One thing that a right answer says about an image, or the item (letter "")."""

    letter: str
    key: str
    value: float | None = None


def truths(found: Sequence[Found], question: QuestionSpec) -> list[Truth]:
    """What everybody says, out of what is said together: a contested thing is no known answer."""
    unanimous = {one.letter for one in found if _is_narrow(one, question)}
    return [
        Truth(one.letter, one.key, one.value)
        for one in found
        if one.decided
        and one.votes == one.of
        and one.key != "rank"
        and one.key.rpartition(OF_ROW)[2] not in KINDS[question.kind].abstentions
        and (one.key != "mean" or one.letter in unanimous)
    ]


def _is_narrow(found: Found, question: QuestionSpec) -> bool:
    return found.key == "maxdiff" and (found.value or 0.0) * _steps(question) <= 1


def _steps(question: QuestionSpec) -> float:
    return question.length / question.careful_step


def is_right(
    answer: Mapping[str, Sequence[Piece]],
    known: Mapping[QuestionSpec, Sequence[Truth]],
    item: ItemSpec,
) -> bool | None:
    """Whether an answer (question key → pieces) says all that is known; None: it is not sure.

    What somebody is not sure of, or passed over, is neither right nor wrong.
    """
    told = [
        _says(findings([answer[question.key]], question, item), truth, question)
        for question, some in known.items()
        for truth in some
        if answer.get(question.key) and not _abstains(answer[question.key], truth, question, item)
    ]
    return all(told) if told else None


def _abstains(
    pieces: Sequence[Piece], truth: Truth, question: QuestionSpec, item: ItemSpec
) -> bool:
    """Whether they are not sure of the item, or of the row or word that this is about."""
    kind, unsure = KINDS[question.kind], unsure_of(pieces, question)
    if truth.key in unsure:
        return True
    if unsure and truth.key == NOTHING:
        return not any(vote.value for vote in kind.votes(pieces, question, item))
    row = truth.key.rpartition(OF_ROW)[0]
    return any(
        vote.value in kind.abstentions and vote.unit.key == row
        for vote in kind.votes(pieces, question, item)
    )


def _says(found: Sequence[Found], truth: Truth, question: QuestionSpec) -> bool:
    for one in found:
        if (one.letter, one.key) == (truth.letter, truth.key) and one.votes:
            if truth.value is None or one.value is None:
                return True
            return abs(one.value - truth.value) * _steps(question) < TOO_FAR
    return False
