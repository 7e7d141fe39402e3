"""A second reviewer looks at drawn answers, blind to the first verdict; a lead settles between."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from annotator.accounts.models import Role, User
from annotator.actions.services import Verb, record
from annotator.assignments import services as assigning
from annotator.assignments.models import ExclusionReason
from annotator.core.errors import Conflict
from annotator.core.reasons import Code, Reason
from annotator.pipeline import own_answers
from annotator.projects.models import ProjectState
from annotator.projects.selectors import project_for
from annotator.reports import services as reports
from annotator.reviews import second
from annotator.reviews import selectors as reviews
from annotator.reviews.models import Review, SecondReview
from annotator.reviews.selectors import EVERY_REVIEW, ReviewChoice
from annotator.reviews.services import GivenVerdict


@transaction.atomic
def claim_second_looks(
    user: User,
    project_id: int,
    *,
    count: int,
    chosen: ReviewChoice = EVERY_REVIEW,
    now: datetime,
) -> list[SecondReview]:
    """The next second looks, held for this reviewer; draws those that are due first."""
    project = project_for(user, project_id, Role.REVIEWER)
    if project.state != ProjectState.ACTIVE:
        return []
    second.draw(project)
    taken = second.take(reviewer=user, project=project, now=now, count=count, chosen=chosen)
    for each in taken:
        assigning.exclude(each.review.item, user, reason=ExclusionReason.REVIEWED, now=now)
    return taken


def judge(
    looked_at: Review,
    user: User,
    verdicts: Mapping[UUID, GivenVerdict],
    *,
    now: datetime,
) -> set[UUID]:
    """Gives those of the verdicts that are second ones; returns whose they are."""
    held = second.held_on(looked_at, user, list(verdicts))
    for annotation_id, row in held.items():
        given = verdicts[annotation_id]
        second.give(row, reviewer=user, given=given, now=now)
        if given.answers is not None:
            own_answers.keep(looked_at, user, given.answers, corrects=row.annotation, now=now)
    if held:
        reports.outdate(looked_at.project_id)
    return set(held)


@transaction.atomic
def uphold(user: User, review_id: int, annotation_id: UUID, *, now: datetime) -> Review:
    """A lead settles a disagreement by letting the first verdict stand. Conflict where none is."""
    looked_at = reviews.review_for(user, review_id)
    project_for(user, looked_at.project_id, Role.MANAGER)
    if not second.settle(annotation_id, by=user, now=now):
        raise Conflict(Reason(Code.NO_DISAGREEMENT))
    record(
        Verb.VERDICT_UPHELD,
        by=user,
        now=now,
        project_id=looked_at.project_id,
        target=f"annotation:{annotation_id}",
    )
    return looked_at
