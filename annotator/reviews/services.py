"""What can be done with reviews: draw, take, give a verdict."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from annotator.accounts.models import User
from annotator.annotations.models import Annotation
from annotator.assignments.models import Assignment, AssignmentState
from annotator.core import copying
from annotator.core.errors import Conflict, Invalid, StaleState
from annotator.core.reasons import Code, Reason
from annotator.projects.models import Batch, Project
from annotator.reviews import selectors
from annotator.reviews.further import FurtherDraw
from annotator.reviews.models import (
    AcceptOrReject,
    BatchReturn,
    RejectionCode,
    ReturnedAnswer,
    Review,
    ReviewerAnswer,
    SecondReview,
    Unsure,
    Verdict,
    WithdrawnVerdict,
)
from annotator.reviews.sampling import draw, sample_size
from annotator.reviews.selectors import EVERY_REVIEW, ReviewChoice

HOLD = timedelta(minutes=15)
SHORTEST_REASON, LONGEST_REASON = 3, 2000
DRAWN = ("item_id", "project_id", "batch_id", "waiting", "probability", "for_floor")


@dataclass(frozen=True, slots=True)
class GivenVerdict:
    """A verdict on one annotation, before it is a row; `answers`: the reviewer's own instead."""

    value: AcceptOrReject
    reason: str = ""
    code: str = ""
    answers: Mapping[str, Any] | None = None


def draw_reviews(item_ids: Sequence[uuid.UUID], *, batch: Batch, rate: float, secret: str) -> int:
    """Draws the batch's QC sample, once: ⌈rate · n⌉ of its items. Safe to repeat."""
    drawn = draw([str(item_id) for item_id in item_ids], rate=rate, secret=secret)
    likely = len(drawn) / len(item_ids) if item_ids else 0.0
    rows = [(uuid.UUID(name), batch.project_id, batch.pk, False, likely, False) for name in drawn]
    copying.add_missing(Review, DRAWN, rows)
    return len(drawn)


def draw_more_reviews(
    item_ids: Sequence[uuid.UUID], *, batch: Batch, before: int, rate: float, secret: str
) -> int:
    """Draws of items that come to `before` others, which were drawn from likewise.

    As many as bring the sample to ⌈rate · n⌉ of the n that are there now: after each part of a
    batch it is exact, and nothing that was drawn, or not, is ever changed.
    """
    count = sample_size(before + len(item_ids), rate) - sample_size(before, rate)
    drawn = draw([str(item_id) for item_id in item_ids], rate=1.0, secret=secret)[:count]
    likely = len(drawn) / len(item_ids) if item_ids else 0.0
    rows = [(uuid.UUID(name), batch.project_id, batch.pk, False, likely, False) for name in drawn]
    copying.add_missing(Review, DRAWN, rows)
    return len(drawn)


@transaction.atomic
def draw_further(batch: Batch, plan: FurtherDraw) -> int:
    """Draws what is planned besides; how many items they are.

    Who is in a larger share is as likely there as all of it; what was drawn for a floor before and
    is in the share now counts as of the share.
    """
    of_batch = Review.objects.filter(batch=batch)
    rows = [
        (uuid.UUID(name), batch.project_id, batch.pk, False, likely, for_floor)
        for name, (likely, for_floor) in plan.items.items()
    ]
    copying.add_missing(Review, DRAWN, rows)
    of_batch.filter(item__in=plan.now_of_share).update(for_floor=False)
    of_batch.filter(for_floor=False).update(probability=plan.share or None)
    return len(rows)


def send_back(
    batch: Batch,
    answers: QuerySet[Annotation],
    *,
    annotator: User | None,
    to_authors: bool,
    reason: str,
    by: User,
    now: datetime,
) -> BatchReturn:
    """Notes that these answers of a batch go back, and why. Invalid for a reason of no length."""
    given = reason_given(reason)
    made = BatchReturn.objects.create(
        batch=batch, annotator=annotator, to_authors=to_authors, reason=given, by=by, at=now
    )
    rows = [(made.pk, pk) for pk in answers.values_list("pk", flat=True)]
    copying.add(ReturnedAnswer, ("batch_return_id", "annotation_id"), rows)
    return made


def reason_given(reason: str, field: str = "reason") -> str:
    """A lead's reason as it is kept; Invalid for one that is too short or too long."""
    given = reason.strip()
    if not SHORTEST_REASON <= len(given) <= LONGEST_REASON:
        raise Invalid(
            fields={field: Reason(Code.TEXT_LENGTH, min=SHORTEST_REASON, max=LONGEST_REASON)}
        )
    return given


def set_waiting_in(batch_id: int) -> None:
    """See set_waiting, for all reviews of a batch: they wait if every slot is answered and an
    answer has no verdict yet.
    """
    unanswered = Assignment.objects.filter(
        item=OuterRef("item"),
        state__in=[AssignmentState.OPEN, AssignmentState.CLAIMED],
        extra_vote=False,
    )
    submitted = Assignment.objects.filter(item=OuterRef("item"), state=AssignmentState.SUBMITTED)
    ready = ~Exists(unanswered) & Exists(submitted)
    rows = Review.objects.filter(batch=batch_id, item__excluded_at=None)
    rows.filter(ready, waiting=False).update(waiting=True, held_by=None, held_until=None)
    rows.filter(~ready, waiting=True).update(waiting=False, held_by=None, held_until=None)


def take_next(*, reviewer: User, project: Project, now: datetime) -> Review | None:
    """The next review, held for this reviewer for a while; None when none waits."""
    return next(iter(take(reviewer=reviewer, project=project, now=now)), None)


@transaction.atomic
def take(
    *,
    reviewer: User,
    project: Project,
    now: datetime,
    count: int = 1,
    chosen: ReviewChoice = EVERY_REVIEW,
) -> list[Review]:
    """The next reviews of those chosen, held for this reviewer for a while; those held come too."""
    rows = selectors.reviewable(project, reviewer, now, chosen)
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True, of=("self",))
    taken = list(rows.select_related("item", "project")[:count])
    for review in taken:
        hold(review, reviewer=reviewer, now=now)
    return taken


def give_verdict(
    *,
    review: Review,
    annotation: Annotation,
    reviewer: User,
    given: GivenVerdict,
    now: datetime,
) -> Verdict:
    """Writes a final verdict on one annotation; a rejection without a reason teaches nobody.

    Raises Invalid for a reason that is too short or too long, StaleState if there is a verdict.
    """
    reason, code = checked(given, str(annotation.pk))
    verdict, new = Verdict.objects.get_or_create(
        annotation=annotation,
        defaults={
            "review": review,
            "reviewer": reviewer,
            "value": given.value,
            "reason": reason,
            "code": code,
            "at": now,
        },
    )
    if not new:
        raise StaleState(Reason(Code.VERDICT_GIVEN))
    return verdict


def checked(given: GivenVerdict, field: str) -> tuple[str, str]:
    """The reason and its code as they are kept; Invalid for a reason too short or too long."""
    reason = given.reason.strip()
    rejects = given.value == AcceptOrReject.REJECT
    if not (SHORTEST_REASON if rejects else 0) <= len(reason) <= LONGEST_REASON:
        why = Reason(Code.REJECT_REASON_LENGTH, least=SHORTEST_REASON, most=LONGEST_REASON)
        raise Invalid(fields={field: why})
    return reason, str(RejectionCode(given.code or RejectionCode.OTHER).value) if rejects else ""


def keep_answer(
    review: Review,
    *,
    reviewer: User,
    answers: Mapping[str, Any],
    corrects: Annotation | None = None,
    now: datetime,
) -> ReviewerAnswer:
    """Keeps a reviewer's own answers, which were checked: of the item, or to correct one of it.

    Conflict where they have answered the item before.
    """
    values = {"answers": answers, "at": now}
    if corrects is not None:
        return ReviewerAnswer.objects.create(
            review=review, reviewer=reviewer, annotation=corrects, **values
        )
    row, new = ReviewerAnswer.objects.get_or_create(
        review=review, reviewer=reviewer, annotation=None, defaults=values
    )
    if not new:
        raise Conflict(Reason(Code.ANSWERED_ALREADY))
    return row


def withdraw(verdict: Verdict, *, by: User, now: datetime) -> WithdrawnVerdict:
    """A verdict that holds no more; it is kept apart from those that do."""
    kept = WithdrawnVerdict.objects.create(
        review_id=verdict.review_id,
        annotation_id=verdict.annotation_id,
        reviewer_id=verdict.reviewer_id,
        value=verdict.value,
        reason=verdict.reason,
        code=verdict.code,
        at=verdict.at,
        withdrawn_by=by,
        withdrawn_at=now,
    )
    verdict.delete()
    return kept


def hold(review: Review, *, reviewer: User, now: datetime) -> Review:
    """Keeps a review for a reviewer for a while."""
    review.held_by, review.held_until = reviewer, now + HOLD
    review.save(update_fields=["held_by", "held_until"])
    return review


def note_unsure(review: Review, *, reviewer: User, now: datetime) -> Review:
    """Notes that a reviewer can't tell, and lets go of the review for others."""
    Unsure.objects.get_or_create(review=review, reviewer=reviewer, defaults={"at": now})
    let_go(reviewer, of=review)
    return review


def take_back_unsure(review: Review, *, reviewer: User, since: datetime) -> bool:
    """Ends a doubt noted since an instant; whether there was one."""
    rows = Unsure.objects.filter(review=review, reviewer=reviewer, at__gte=since)
    return rows.delete()[0] > 0


def let_go(reviewer: User, *, of: Review | None = None) -> int:
    """Gives back the reviews that a person holds, or what they hold of one; returns how many."""
    first = Review.objects.filter(held_by=reviewer)
    second = SecondReview.objects.filter(held_by=reviewer)
    if of is not None:
        first, second = first.filter(pk=of.pk), second.filter(review=of)
    nobody = {"held_by": None, "held_until": None}
    return first.update(**nobody) + second.update(**nobody)


def set_waiting(review: Review, waiting: bool) -> None:  # noqa: FBT001 - it is the column
    """Puts the review into the reviewers' queue, or takes it out and lets go of it."""
    if not waiting and not review.waiting:
        return
    review.waiting = waiting
    review.held_by = None
    review.held_until = None
    review.save(update_fields=["waiting", "held_by", "held_until"])
