"""What imported judges said, as leads' pages tell it: beside people's answers, never among them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from annotator.items.models import Item
from annotator.judges.selectors import imported_of
from annotator.projects.models import Question
from annotator.projects.selectors import spec_of
from annotator.questions.kinds import dump_answers
from annotator.questions.types import ItemSpec


@dataclass(frozen=True, slots=True)
class ImportedAnswer:
    """An answer that came with a dataset: of none of this project's people, in no slot."""

    source: str = field(metadata={"help": "The layout that it came in, e.g. pickapic."})
    judge: str = field(metadata={"help": "As the dataset tells its judges apart; else empty."})
    count: int = field(metadata={"help": "So many without names said the same."})
    answers: dict[str, Any]


def imported_answers(
    item: Item, questions: Sequence[Question], spec: ItemSpec
) -> list[ImportedAnswer]:
    """What imported judges said of an item, as it came (1 query)."""
    specs = [spec_of(question) for question in questions]
    return [
        ImportedAnswer(one.source, one.judge, one.count, dump_answers(one.answers, specs, spec))
        for one in imported_of([item.pk]).get(item.pk, ())
    ]
