"""What the queue can be asked."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from annotator.accounts.models import Role, User
from annotator.assignments.models import (
    Assignment,
    AssignmentState,
    Cursor,
    Event,
    Exclusion,
)
from annotator.core.errors import NotFound
from annotator.items.models import Image, ItemImage
from annotator.items.selectors import ShownItem, image_by_id, shown_item
from annotator.projects.models import Project
from annotator.projects.selectors import roles_of


class ClaimStatus(models.TextChoices):
    """What there is for a person besides what they hold."""

    WORK = "work"
    ALL_RESERVED = "all_reserved"
    NONE_FOR_YOU = "none_for_you"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class NextWork:
    """Whether there is work for a person; `next_free_at` while others hold all that is left."""

    status: ClaimStatus
    next_free_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """How an item is laid out: drawn by the server and kept."""

    order: list[str] = field(metadata={"help": "Letters from left to right."})


@dataclass(frozen=True, slots=True)
class AssignmentShape:
    """One item that an annotator holds."""

    id: uuid.UUID
    lease_expires_at: datetime | None
    item: ShownItem
    shown: Shown


@dataclass(frozen=True, slots=True)
class HeldLeases:
    """Which leases live on, and until when the first of them does."""

    held: list[uuid.UUID]
    lease_expires_at: datetime | None


# How far "about N left for you" is counted; beyond it the answer is "at least".
REMAINING_LIMIT = 500


def eligible(rows: QuerySet[Assignment], annotator: User) -> QuerySet[Assignment]:
    """Those of `rows` whose item this person has never had, skipped or reviewed."""
    theirs = Assignment.objects.filter(item_id=OuterRef("item_id"), annotator=annotator)
    excluded = Exclusion.objects.filter(item_id=OuterRef("item_id"), annotator=annotator)
    return rows.filter(~Exists(theirs), ~Exists(excluded))


def open_queue(project: Project) -> QuerySet[Assignment]:
    """The project's open slots in the order in which they are given out."""
    return Assignment.objects.filter(project=project, state=AssignmentState.OPEN).order_by(
        "position", "slot"
    )


def held(annotator: User, project: Project | None = None) -> QuerySet[Assignment]:
    """What this person holds now, oldest first."""
    rows = Assignment.objects.filter(annotator=annotator, state=AssignmentState.CLAIMED)
    if project is not None:
        rows = rows.filter(project=project)
    return rows.order_by("claimed_at", "position")


def next_expiry(project: Project, annotator: User) -> datetime | None:
    """When the first slot that others hold, and this person could take, may come free."""
    rows = Assignment.objects.filter(project=project, state=AssignmentState.CLAIMED)
    first = eligible(rows.exclude(annotator=annotator), annotator).order_by("lease_expires_at")
    return first.values_list("lease_expires_at", flat=True).first()


def next_work(annotator: User, project: Project, held: Sequence[Assignment]) -> NextWork:
    """What there is for a person who holds these, when they have just claimed (3 queries at most).

    With nothing to hold: others hold what is left, or what is left is not for them, or all is done.
    """
    if held:
        return NextWork(ClaimStatus.WORK)
    free_at = next_expiry(project, annotator)
    if free_at is not None:
        return NextWork(ClaimStatus.ALL_RESERVED, free_at)
    left = anything_left(project)
    return NextWork(ClaimStatus.NONE_FOR_YOU if left else ClaimStatus.DONE)


def assignment_shape(row: Assignment, places: Sequence[ItemImage]) -> AssignmentShape:
    """An assignment with its item, as its annotator is shown it."""
    return AssignmentShape(
        id=row.pk,
        lease_expires_at=row.lease_expires_at,
        item=shown_item(row.item, places),
        shown=Shown(list(row.shown_order)),
    )


def held_of(rows: Sequence[Assignment]) -> HeldLeases:
    """These leases in short."""
    leases = [row.lease_expires_at for row in rows if row.lease_expires_at]
    return HeldLeases([row.pk for row in rows], min(leases, default=None))


def anything_left(project: Project) -> bool:
    """Whether the project has a slot that is not answered yet (2 queries at most).

    One a state: each has its own partial index, which holds no answered slots.
    """
    rows = Assignment.objects.filter(project=project)
    return (
        rows.filter(state=AssignmentState.OPEN).exists()
        or rows.filter(state=AssignmentState.CLAIMED).exists()
    )


def remaining_for(annotator: User, project: Project) -> int:
    """Items still ahead of this person, counted up to REMAINING_LIMIT (bounded work)."""
    position = (
        Cursor.objects.filter(annotator=annotator, project=project)
        .values_list("position", flat=True)
        .first()
    )
    ahead = open_queue(project).filter(position__gt=position or 0).values_list("item_id", flat=True)
    # The slots of an item stand together, so `overlap` rows an item are enough to see that many.
    return min(len(set(ahead[: REMAINING_LIMIT * project.overlap])), REMAINING_LIMIT)


def has_held(annotator: User, assignment_id: uuid.UUID) -> bool:
    """Whether this slot was ever given to this person (their lease may have lapsed since)."""
    return Event.objects.filter(
        assignment_id=assignment_id, annotator=annotator, to_state=AssignmentState.CLAIMED
    ).exists()


def assignment_for(annotator: User, assignment_id: uuid.UUID) -> Assignment:
    """The assignment, if it is or was this person's; NotFound otherwise."""
    row = Assignment.objects.select_related("item", "project").filter(pk=assignment_id).first()
    if row is None or (row.annotator_id != annotator.pk and not has_held(annotator, assignment_id)):
        raise NotFound
    return row


def live(item_ids: Iterable[uuid.UUID]) -> QuerySet[Assignment]:
    """The rows that hold these items' slots now (not the rejected ones)."""
    return Assignment.objects.filter(~Q(state=AssignmentState.REJECTED), item_id__in=item_ids)


def image_for(user: User, image_id: uuid.UUID) -> Image:
    """The image, for a reviewer or manager of its project, or who was given an item with it.

    NotFound for absent and not yours alike (2 to 4 queries).
    """
    image = image_by_id(image_id)
    roles = roles_of(user, image.project_id)
    if roles & {Role.REVIEWER, Role.MANAGER}:
        return image
    if Role.ANNOTATOR in roles and _was_given(user, image_id):
        return image
    raise NotFound


def _was_given(annotator: User, image_id: uuid.UUID) -> bool:
    """Whether an item with this image is or was given to this person."""
    return (
        Assignment.objects.filter(annotator=annotator, item__places__image_id=image_id).exists()
        or Event.objects.filter(
            annotator=annotator, assignment__item__places__image_id=image_id
        ).exists()
    )


def expired(now: datetime) -> QuerySet[Assignment]:
    """Claims whose lease has run out."""
    return Assignment.objects.filter(state=AssignmentState.CLAIMED, lease_expires_at__lt=now)
