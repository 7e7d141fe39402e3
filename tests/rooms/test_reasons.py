"""Reasons as chips: at most three of a list, of the item as a whole."""

from typing import Any

import pytest
from django.utils import timezone

from annotator.consensus.disagreement import of_question
from annotator.consensus.findings import Found, findings
from annotator.core.reasons import Code
from annotator.exports.aggregate.answers import columns_of
from annotator.questions.kinds import KINDS
from annotator.questions.types import AnswerInvalid, ItemSpec, Piece, QuestionSpec
from annotator.reports.metrics.judged import dimensions_of
from tests import factories, judged

ITEM = ItemSpec(letters=("a", "b"))
WHY = QuestionSpec("why", "reasons", options=("hands", "light", "text", "colour"))
KIND = KINDS["reasons"]


def told(*reasons: str) -> tuple[Piece, ...]:
    return KIND.parse({"reasons": list(reasons)}, WHY, ITEM)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ({"reasons": ["hands", "light", "text", "colour"]}, Code.ANSWER_TOO_MANY),
        ({"reasons": ["hands", "hands"]}, Code.ANSWER_TWICE),
        ({"reasons": ["feet"]}, Code.ANSWER_NOT_OFFERED),
        ({"reasons": "hands"}, Code.ANSWER_NOT_A_LIST),
        ({}, Code.ANSWER_KEY_MISSING),
    ],
)
def test_what_is_no_list_of_three_reasons_is_refused(raw: Any, code: Code) -> None:
    with pytest.raises(AnswerInvalid) as refused:
        KIND.parse(raw, WHY, ITEM)

    assert refused.value.why.code == code


def test_reasons_are_put_together_one_by_one() -> None:
    people = [told("light", "hands"), told("hands"), told()]

    assert KIND.dump(people[0], WHY, ITEM) == {"reasons": ["hands", "light"]}
    assert findings(people, WHY, ITEM) == (
        Found("hands", 2, 3, decided=True),
        Found("light", 1, 3),
        Found("nothing", 1, 3),
    )
    # Jaccard: a half of two, nothing of the rest.
    assert of_question(people, WHY, ITEM) == pytest.approx((0.5 + 1 + 1) / 3)
    assert KIND.together is not None
    assert KIND.together.value(people, WHY, ITEM) == {
        "votes": {"reason_hands": 2, "reason_light": 1, "reason_text": 0, "reason_colour": 0}
    }
    assert columns_of([WHY]).field("why").type.field("votes").type.num_fields == 4


@pytest.mark.django_db
def test_no_image_is_measured_by_what_is_said_of_all_of_them() -> None:
    project = factories.project("custom", created_at=timezone.now())
    judged.question(project, "why", "reasons", WHY.options)
    judged.question(project, "which", "preference")

    assert [one.key for one in dimensions_of(project)] == ["which"]
