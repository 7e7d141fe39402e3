"""What people say together of each row of an item's checklist."""

from collections.abc import Mapping
from dataclasses import dataclass

from annotator.exports.aggregate.votes import Questions, answered
from annotator.exports.read.items import ExportedItem
from annotator.exports.store.rows import Skip, Skipped
from annotator.questions.checklist import NO, UNSURE, counts, decided, gates_of
from annotator.questions.kinds import KINDS
from annotator.questions.types import ChecklistRow, QuestionSpec

RULE = "what more than half of all who answered say; a row is skipped where one that it depends on "
RULE += "is decided no, or is skipped itself"


@dataclass(frozen=True, slots=True)
class RowVotes:
    """A row with the votes on it; `answer`: what more than half say, None where nothing has it."""

    row: ChecklistRow
    votes: Mapping[str, int]
    people: int
    answer: str | None
    skipped: bool

    @property
    def sure(self) -> str | None:
        """Yes or no, where it is one of them."""
        return None if self.skipped or self.answer == UNSURE else self.answer

    def unsure(self, question: QuestionSpec) -> Skip:
        """Why it has neither."""
        code = Skipped.UNSURE if self.answer == UNSURE else Skipped.NO_MAJORITY
        return Skip(Skipped.ROW_SKIPPED if self.skipped else code, question.key)


def with_checklist(questions: Questions) -> tuple[QuestionSpec, ...]:
    """The questions that go through an item's checklist."""
    return tuple(question for question in questions if KINDS[question.kind].needs_checklist)


def rows_of(item: ExportedItem, question: QuestionSpec) -> list[RowVotes]:
    """Every row in the checklist's order; none where nobody answered."""
    given = [one.pieces[question.key] for one in answered(item, question)]
    if not given:
        return []
    counted = counts(given, item.spec)
    answers = [decided(votes, len(given)) for votes in counted]
    shut = {row.id: one for row, one in zip(item.checklist, answers, strict=True) if one == NO}
    skipped = gates_of(item.checklist, shut)
    return [
        RowVotes(row, votes, len(given), answer, row.id in skipped)
        for row, votes, answer in zip(item.checklist, counted, answers, strict=True)
    ]
