"""Promises about imported judges: what they said can be read, and is of the project's questions."""

from annotator.audit.scope import Invariant, Scope, in_stretches
from annotator.items.selectors import item_spec, places_of
from annotator.judges.models import ImportedAnnotation
from annotator.judges.selectors import answers_in
from annotator.projects.selectors import questions_of, spec_of
from annotator.questions.kinds import KINDS
from annotator.questions.types import AnswerInvalid, ItemSpec, Piece, QuestionSpec

READ_AT_ONCE = 500


def _unreadable(scope: Scope) -> list[str]:
    rows = ImportedAnnotation.objects.order_by("pk")
    wrong: list[str] = []
    for some in in_stretches(
        scope.within(rows, "item__project").select_related("item"), READ_AT_ONCE
    ):
        places = places_of({row.item_id for row in some})
        projects = {row.item.project_id for row in some}
        asked = {pk: {one.key: spec_of(one) for one in questions_of(pk)} for pk in projects}
        for row in some:
            spec = item_spec(row.item, (place.letter for place in places[row.item_id]))
            given = answers_in(row.answers).items()
            if not all(
                _fits(key, pieces, asked[row.item.project_id], spec) for key, pieces in given
            ):
                wrong.append(f"imported annotation {row.pk}")
    return wrong


def _fits(
    key: str, pieces: tuple[Piece, ...], asked: dict[str, QuestionSpec], item: ItemSpec
) -> bool:
    """Whether it is an answer that this question allows about this item."""
    question = asked.get(key)
    if question is None:
        return False
    kind = KINDS[question.kind]
    try:
        return kind.parse(kind.dump(pieces, question, item), question, item) == pieces
    except (AnswerInvalid, KeyError, IndexError, ValueError):
        return False


INVARIANTS = (
    Invariant(
        "imported-fit",
        "What imported judges said are answers that the project's questions allow.",
        _unreadable,
    ),
)
