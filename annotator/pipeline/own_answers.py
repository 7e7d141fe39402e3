"""What reviewers answer themselves: before they see an item's answers, or to correct one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from annotator.accounts.models import Role, User
from annotator.annotations.models import Annotation
from annotator.core.errors import Conflict
from annotator.core.reasons import Code, Reason
from annotator.items.selectors import spec_of_item
from annotator.projects.asked import asked_of
from annotator.projects.selectors import project_for
from annotator.questions.kinds import parse_answers
from annotator.reviews import second
from annotator.reviews import selectors as reviews
from annotator.reviews import services as reviewing
from annotator.reviews.models import Review, SecondReview


@transaction.atomic
def answer_first(
    user: User, review_id: int, answers: Mapping[str, Any], *, now: datetime
) -> Review | SecondReview:
    """Keeps what a reviewer answers before they see the item's answers; what they hold of it then.

    Raises NotFound, RoleRequired, AnswersInvalid, Conflict where they answered it before, or where
    the project does not ask for it: they have seen the answers.
    """
    looked_at = reviews.review_for(user, review_id)
    project = project_for(user, looked_at.project_id, Role.REVIEWER)
    if not project.answers_first:
        raise Conflict(Reason(Code.ANSWERS_SEEN))
    keep(looked_at, user, answers, now=now)
    return second.held_of(looked_at, user) or looked_at


def keep(
    review: Review,
    user: User,
    answers: Mapping[str, Any],
    *,
    corrects: Annotation | None = None,
    now: datetime,
) -> None:
    """Keeps a reviewer's own answers to an item; AnswersInvalid for what can't be taken."""
    asked = asked_of(review.project, review.item.asked)
    parse_answers(answers, asked.specs, spec_of_item(review.item))
    reviewing.keep_answer(review, reviewer=user, answers=answers, corrects=corrects, now=now)
