"""What reviews can be asked."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from annotator.accounts.models import User
from annotator.annotations import selectors as annotations
from annotator.annotations.models import Annotation
from annotator.assignments.models import Assignment, AssignmentState
from annotator.assignments.selectors import Shown
from annotator.core.errors import NotFound
from annotator.core.reasons import Code, Reason
from annotator.core.statements import Statement, columns, instance
from annotator.items.selectors import (
    ShownItem,
    item_spec,
    judged,
    places_in_any_role,
    shown_item,
)
from annotator.projects.models import Batch, Project
from annotator.projects.selectors import questions_of
from annotator.reviews.models import (
    AcceptOrReject,
    Review,
    ReviewerAnswer,
    SecondReview,
    Unsure,
    Verdict,
)


@dataclass(frozen=True, slots=True)
class ReviewCounts:
    """How far QC has come in a project: items drawn, ready to be looked at, and settled by it."""

    sampled: int
    waiting: int
    done: int


@dataclass(frozen=True, slots=True)
class ReviewedAnnotation:
    """One of the item's annotations; the annotator stays a letter and a number."""

    id: uuid.UUID
    annotator: str = field(metadata={"help": "A1, A2, A3: not who it is."})
    answers: dict[str, Any]
    shown: Shown
    active_ms: int | None
    at: datetime
    verdict: AcceptOrReject | None
    reason: str


@dataclass(frozen=True, slots=True)
class ReviewShape:
    """A sampled item with its annotations, as its reviewer sees it."""

    id: int
    second: bool = field(
        metadata={"help": "A second look: one answer that somebody else has judged, and not how."}
    )
    answer_first: bool = field(
        metadata={"help": "Its annotations come when the reviewer has answered it themselves."}
    )
    own_answers: dict[str, Any] | None = field(
        metadata={"help": "What the reviewer answered before they saw any."}
    )
    held_until: datetime | None
    item: ShownItem
    asked: int = field(metadata={"help": "Which version of the project's questions it is for."})
    annotations: list[ReviewedAnnotation]


@dataclass(frozen=True, slots=True)
class NextReview:
    """The next reviews, and how far QC has come."""

    review: ReviewShape | None = field(metadata={"help": "The first of `reviews`."})
    reviews: list[ReviewShape] = field(metadata={"help": "As many as were asked for, all held."})
    batch_name: str | None = field(metadata={"help": "Of the batch that was asked for."})
    annotator: str | None = field(metadata={"help": "The name of the person asked for."})
    waiting: int
    done: int
    sampled: int


@dataclass(frozen=True, slots=True)
class ReviewChoice:
    """Which reviews: of one batch, of items with an answer of one annotator that waits."""

    batch: int | None = None
    annotator: int | None = None


EVERY_REVIEW = ReviewChoice()


@dataclass(frozen=True, slots=True)
class ChosenNames:
    """What a choice of reviews is called."""

    batch: str | None
    annotator: str | None


def names_of_choice(project: Project, chosen: ReviewChoice) -> ChosenNames:
    """The names of what is asked for; NotFound for what is not of the project."""
    batch = annotator = None
    if chosen.batch is not None:
        row = Batch.objects.filter(project=project, pk=chosen.batch).first()
        if row is None:
            raise NotFound(Reason(Code.NO_SUCH_BATCH))
        batch = row.name
    if chosen.annotator is not None:
        answers = Annotation.objects.filter(item__project=project, annotator=chosen.annotator)
        answer = answers.select_related("annotator").first()
        if answer is None:
            raise NotFound(Reason(Code.NO_ANSWERS_OF_PERSON))
        annotator = answer.annotator.display_name or answer.annotator.username
    return ChosenNames(batch, annotator)


OF_ITEM = Statement(
    "SELECT {review} FROM reviews_review r WHERE r.item_id = %(item)s",
    review=columns(Review, "r"),
)


def review_of(item_id: uuid.UUID) -> Review | None:
    """The item's review if it was drawn."""
    found = OF_ITEM.row(item=item_id)
    return instance(Review, found) if found else None


def reviewable(
    project: Project, reviewer: User, now: datetime, chosen: ReviewChoice = EVERY_REVIEW
) -> QuerySet[Review]:
    """Reviews this person may take now: ready, not held by another, not of their own work."""
    own = Annotation.objects.filter(item_id=OuterRef("item_id"), annotator=reviewer)
    unsure = Unsure.objects.filter(review=OuterRef("pk"), reviewer=reviewer)
    free = Q(held_until__isnull=True) | Q(held_until__lt=now) | Q(held_by=reviewer)
    rows = Review.objects.filter(~Exists(own), ~Exists(unsure), free, project=project, waiting=True)
    if chosen.batch is not None:
        rows = rows.filter(batch=chosen.batch)
    if chosen.annotator is not None:
        theirs = Annotation.objects.filter(
            item_id=OuterRef("item_id"),
            annotator=chosen.annotator,
            current=True,
            assignment__state=AssignmentState.SUBMITTED,
        )
        rows = rows.filter(Exists(theirs))
    return rows.order_by("id")


def verdicts_by(review: Review, reviewer: User, *, since: datetime) -> list[Verdict]:
    """What this reviewer has said of an item since an instant."""
    rows = Verdict.objects.filter(
        review=review, reviewer=reviewer, at__gte=since, annotation__current=True
    )
    return list(rows.select_related("annotation__assignment").order_by("pk"))


def verdict_on(review: Review, annotation_id: uuid.UUID) -> Verdict | None:
    """The verdict on an answer to the review's item, if it has one."""
    rows = Verdict.objects.filter(review=review, annotation=annotation_id, annotation__current=True)
    return rows.select_related("annotation__assignment").first()


def review_for(reviewer: User, review_id: int) -> Review:
    """The review with its item and project; NotFound also for an annotator of the item."""
    row = Review.objects.select_related("item", "project").filter(pk=review_id).first()
    if row is None or Annotation.objects.filter(item_id=row.item_id, annotator=reviewer).exists():
        raise NotFound
    return row


def next_reviews(
    taken: Sequence[Review | SecondReview],
    project: Project,
    reviewer: User,
    names: ChosenNames,
) -> NextReview:
    """Reviews that were just taken, beside the project's counts."""
    found = counts(project)
    shapes = [review_shape(each, reviewer) for each in taken]
    return NextReview(
        review=shapes[0] if shapes else None,
        reviews=shapes,
        batch_name=names.batch,
        annotator=names.annotator,
        waiting=found.waiting,
        done=found.done,
        sampled=found.sampled,
    )


def has_answered(review: Review, reviewer: User) -> bool:
    """Whether the reviewer has answered the item themselves, where the project asks for it."""
    return not review.project.answers_first or own_answer(review, reviewer) is not None


def own_answer(review: Review, reviewer: User) -> ReviewerAnswer | None:
    """What the reviewer answered before they saw the item's answers."""
    rows = ReviewerAnswer.objects.filter(review=review, reviewer=reviewer, annotation=None)
    return rows.first()


def review_shape(taken: Review | SecondReview, reviewer: User) -> ReviewShape:
    """The review with its item and answers (8 queries); of a second look the one answer alone.

    Where the reviewer is to answer first, no answer is in it before they have.
    """
    second = taken if isinstance(taken, SecondReview) else None
    review = taken.review if isinstance(taken, SecondReview) else taken
    own = own_answer(review, reviewer)
    first = review.project.answers_first and own is None
    if first:
        rows: list[Annotation] = []
    else:
        rows = [second.annotation] if second else list(annotations.current_of_item(review.item_id))
    places = places_in_any_role([review.item_id])[review.item_id]
    spec = item_spec(review.item, (place.letter for place in judged(places)))
    answers = annotations.answers_of(rows, questions_of(review.project_id), spec)
    given = [] if second else Verdict.objects.filter(review=review)
    verdicts = {row.annotation_id: row for row in given}
    return ReviewShape(
        id=review.pk,
        second=second is not None,
        answer_first=first,
        own_answers=own.answers if own else None,
        held_until=taken.held_until,
        item=shown_item(review.item, places),
        asked=review.item.asked or review.project.asked,
        annotations=[_reviewed(row, answers[row.pk], verdicts.get(row.pk)) for row in rows],
    )


def _reviewed(
    row: Annotation, answers: dict[str, Any], verdict: Verdict | None
) -> ReviewedAnnotation:
    return ReviewedAnnotation(
        id=row.pk,
        annotator=f"A{row.assignment.slot + 1}",
        answers=answers,
        shown=Shown(list(row.shown_order)),
        active_ms=row.active_ms,
        at=row.submitted_at,
        verdict=AcceptOrReject(verdict.value) if verdict else None,
        reason=verdict.reason if verdict else "",
    )


def is_done() -> Q:
    """Whether a review is done: it has verdicts, and no slot is unanswered or without one.

    An item whose answers went back to be given anew is not, whatever was said of the old ones.
    """
    slots = Assignment.objects.filter(item=OuterRef("item"))
    left = slots.filter(state__in=[AssignmentState.OPEN, AssignmentState.CLAIMED], extra_vote=False)
    unsaid = slots.filter(state=AssignmentState.SUBMITTED)
    verdicts = Verdict.objects.filter(review=OuterRef("pk"))
    return Q(~Exists(left), ~Exists(unsaid), Exists(verdicts))


def any_waits(project: Project) -> bool:
    """Whether an answered item waits for a reviewer (1 query)."""
    return Review.objects.filter(project=project, waiting=True).exists()


def counts(project: Project) -> ReviewCounts:
    """See ReviewCounts, and is_done."""
    rows = Review.objects.filter(project=project)
    return ReviewCounts(
        sampled=rows.count(),
        waiting=rows.filter(waiting=True).count(),
        done=rows.filter(is_done()).count(),
    )
