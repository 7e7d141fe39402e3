"""Second thoughts about single verdicts: taken back, overridden by a lead, left to others."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction

from annotator import pipeline
from annotator.accounts.models import Role, User
from annotator.actions.services import Verb, record
from annotator.assignments import services as assigning
from annotator.assignments.selectors import rejected_for_nobody
from annotator.consensus import services as consensus
from annotator.core.errors import Conflict, NotFound
from annotator.core.reasons import Code, Reason
from annotator.items.models import Item
from annotator.items.selectors import lock_items, spec_of_item
from annotator.projects import batches
from annotator.projects.models import Batch
from annotator.projects.selectors import project_for, questions_asked
from annotator.reports import services as reports
from annotator.reviews import second
from annotator.reviews import selectors as reviews
from annotator.reviews import services as reviewing
from annotator.reviews.models import AcceptOrReject, Review, SecondReview, Verdict
from annotator.reviews.services import GivenVerdict

UNDO_WITHIN = timedelta(minutes=15)


@transaction.atomic
def undo(user: User, review_id: int, *, now: datetime) -> Review | SecondReview:
    """Takes back what this reviewer said of an item in the last quarter of an hour, that they are
    not sure too, and holds it for them again.

    Conflict where there is nothing of the kind, or somebody has begun to answer anew.
    """
    looked_at = reviews.review_for(user, review_id)
    project_for(user, looked_at.project_id, Role.REVIEWER)
    item = _lock(looked_at)
    since = now - UNDO_WITHIN
    for given_second in second.given_by(looked_at, user, since=since):
        reports.outdate(looked_at.project_id)
        return second.take_back(given_second, now=now)
    if reviewing.take_back_unsure(looked_at, reviewer=user, since=since):
        return _hold_again(looked_at, user, now=now)
    given = reviews.verdicts_by(looked_at, user, since=since)
    if not given:
        raise Conflict(Reason(Code.NOTHING_TO_UNDO))
    for verdict in given:
        _take_back(verdict, by=user, now=now)
    consensus.unsettle(item)
    pipeline.queue_review(looked_at)
    reports.outdate(looked_at.project_id)
    return reviewing.hold(looked_at, reviewer=user, now=now)


@transaction.atomic
def override(
    user: User, review_id: int, annotation_id: uuid.UUID, given: GivenVerdict, *, now: datetime
) -> Review:
    """A lead's verdict instead of a reviewer's; both are kept.

    Conflict where it says the same, or a rejected answer's place has been taken by somebody.
    """
    looked_at = reviews.review_for(user, review_id)
    project = project_for(user, looked_at.project_id, Role.MANAGER)
    item = _lock(looked_at)
    verdict = reviews.verdict_on(looked_at, annotation_id)
    if verdict is None:
        raise NotFound
    if verdict.value == given.value:
        raise Conflict(Reason(Code.VERDICT_THE_SAME))
    before, reviewer_id, annotation = verdict.value, verdict.reviewer_id, verdict.annotation
    _take_back(verdict, by=user, now=now)
    reviewing.give_verdict(
        review=looked_at, annotation=annotation, reviewer=user, given=given, now=now
    )
    if given.value == AcceptOrReject.ACCEPT:
        assigning.accept(annotation.assignment, actor_id=user.pk, now=now)
    else:
        assigning.reject(annotation.assignment, actor_id=user.pk, now=now)
    second.settle(annotation.pk, by=user, now=now)
    consensus.unsettle(item)
    pipeline.queue_review(looked_at)
    questions = questions_asked(item.project_id, item.asked)
    pipeline.settle_if_full(item, spec_of_item(item), questions, project=project, now=now)
    record(
        Verb.VERDICT_OVERRIDDEN,
        by=user,
        now=now,
        project_id=looked_at.project_id,
        target=f"annotation:{annotation.pk}",
        item=str(item.pk),
        before=before,
        reviewer=reviewer_id,
        after=str(given.value),
        reason=given.reason.strip(),
    )
    reports.outdate(looked_at.project_id)
    return looked_at


@transaction.atomic
def leave_to_others(user: User, review_id: int, *, now: datetime) -> Review:
    """A reviewer is not sure about an item: somebody else is to look at it, and it is noted."""
    looked_at = reviews.review_for(user, review_id)
    project_for(user, looked_at.project_id, Role.REVIEWER)
    return reviewing.note_unsure(looked_at, reviewer=user, now=now)


@transaction.atomic
def reopen_stopped(batch: Batch, *, by: User, now: datetime) -> int:
    """Puts the places of a batch back into the queue that were rejected so often that they wait for
    a lead; how many they are.
    """
    opened = assigning.reopen_stopped(batch.pk, now=now)
    record(
        Verb.STOPPED_REOPENED,
        by=by,
        now=now,
        project_id=batch.project_id,
        target=f"batch:{batch.pk}",
        slots=opened,
    )
    return opened


@transaction.atomic
def give_back(batch: Batch, *, by: User, now: datetime) -> int:
    """Lets authors of rejected answers answer anew where nobody else who is there may; how many.

    Where as many people annotate as an item needs answers, nobody else is left. Conflict for a
    signed-off batch.
    """
    locked = batches.lock(batch.pk)
    batches.refuse_if_signed_off(locked.pk)
    lock_items(Item.objects.filter(pk__in={row.item_id for row in rejected_for_nobody(locked)}))
    rejected = rejected_for_nobody(locked)
    assigning.give_back(rejected, now=now)
    record(
        Verb.REJECTED_GIVEN_BACK,
        by=by,
        now=now,
        project_id=locked.project_id,
        target=f"batch:{locked.pk}",
        answers=len(rejected),
    )
    reports.outdate(locked.project_id)
    return len(rejected)


def _hold_again(review: Review, user: User, *, now: datetime) -> Review | SecondReview:
    """What somebody left to others, if nobody has taken it since."""
    taken = second.take_of(review, user, now=now)
    if taken is not None:
        return taken
    if not reviews.reviewable(review.project, user, now).filter(pk=review.pk).exists():
        raise Conflict(Reason(Code.UNDO_TOO_LATE))
    return reviewing.hold(review, reviewer=user, now=now)


def _lock(review: Review) -> Item:
    item = Item.objects.select_for_update(no_key=True).get(pk=review.item_id)
    batches.refuse_if_signed_off(review.batch_id)
    return item


def _take_back(verdict: Verdict, *, by: User, now: datetime) -> None:
    assignment = verdict.annotation.assignment
    assigning.submit_again(assignment, actor_id=by.pk, now=now)
    reviewing.withdraw(verdict, by=by, now=now)
