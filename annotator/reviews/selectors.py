"""What reviews can be asked."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from annotator.accounts.models import User
from annotator.annotations.models import Annotation
from annotator.core.errors import NotFound
from annotator.projects.models import Project
from annotator.reviews.models import Review, Verdict


@dataclass(frozen=True, slots=True)
class ReviewCounts:
    """How far QC has come in a project: items drawn, ready to be looked at, and settled by it."""

    sampled: int
    waiting: int
    done: int


def review_of(item_id: uuid.UUID) -> Review | None:
    """The item's review if it was drawn."""
    return Review.objects.filter(item_id=item_id).first()


def reviewable(project: Project, reviewer: User, now: datetime) -> QuerySet[Review]:
    """Reviews this person may take now: ready, not in another's hands, not of their own work."""
    own = Annotation.objects.filter(item_id=OuterRef("item_id"), annotator=reviewer)
    free = Q(held_until__isnull=True) | Q(held_until__lt=now) | Q(held_by=reviewer)
    return Review.objects.filter(~Exists(own), free, project=project, waiting=True).order_by("id")


def review_for(reviewer: User, review_id: int) -> Review:
    """The review with its item and project; NotFound also for an annotator of the item."""
    row = Review.objects.select_related("item", "project").filter(pk=review_id).first()
    if row is None or Annotation.objects.filter(item_id=row.item_id, annotator=reviewer).exists():
        raise NotFound
    return row


def verdicts_of(review: Review) -> dict[uuid.UUID, Verdict]:
    """annotation id → its verdict."""
    return {row.annotation_id: row for row in Verdict.objects.filter(review=review)}


def counts(project: Project) -> ReviewCounts:
    """See ReviewCounts. An item is done when it has verdicts and waits for none."""
    rows = Review.objects.filter(project=project)
    return ReviewCounts(
        sampled=rows.count(),
        waiting=rows.filter(waiting=True).count(),
        done=rows.filter(waiting=False, verdicts__isnull=False).distinct().count(),
    )
