"""Who looks at what: the one state machine that concerns people."""

import uuid
from collections.abc import Mapping

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from annotator.items.models import Item
from annotator.projects.models import Project


class AssignmentState(models.TextChoices):
    """open → claimed → submitted → accepted | rejected; see MOVES for all.

    Withdrawn: an open slot out of the queue's index: a lead has excluded the item, or called
    off the extra vote (for good: see CALLED_OFF).
    """

    OPEN = "open"
    CLAIMED = "claimed"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


# Nobody stands on such a slot.
NOBODYS = (AssignmentState.OPEN.value, AssignmentState.WITHDRAWN.value)


# The position of a withdrawn slot that never opens again: an extra vote that was called off. It is
# kept, for whoever held it once may still send an answer.
CALLED_OFF = -2

# Places below this one are in front of the queue: deadlines in milliseconds since 1970, while all
# others are microseconds. They are given out first, whoever has walked how far.
FRONT = 10**15


class Assignment(models.Model):
    """One annotator's claim on one slot of an item; without an annotator while open.

    The database holds the promises: a slot has one live row, a person has an item once (unless it
    was given back to them), and only an open or withdrawn row has nobody. An item is made with
    exactly as many slots as it needs people (items.overlaps), its own, so one person more has
    nowhere to stand; unless a lead asks an extra vote, which is a slot more.
    """

    MOVES: Mapping[str, tuple[str, ...]] = {
        AssignmentState.OPEN: (AssignmentState.CLAIMED, AssignmentState.WITHDRAWN),
        AssignmentState.WITHDRAWN: (AssignmentState.OPEN,),
        AssignmentState.CLAIMED: (AssignmentState.OPEN,),
        # From open: a late answer whose slot nobody has taken since. From accepted: its author
        # changed it, and a reviewer is to look again. From both ends: a verdict was taken back.
        AssignmentState.SUBMITTED: (
            AssignmentState.CLAIMED,
            AssignmentState.OPEN,
            AssignmentState.ACCEPTED,
            AssignmentState.REJECTED,
        ),
        AssignmentState.ACCEPTED: (AssignmentState.SUBMITTED,),
        AssignmentState.REJECTED: (AssignmentState.SUBMITTED, AssignmentState.ACCEPTED),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="+")
    # The item's own project, here again so that the claim reads one index. It never changes.
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    slot = models.PositiveSmallIntegerField()
    # Over and above the overlap: the consensus counts it, and waits for it never.
    extra_vote = models.BooleanField(default=False, db_default=False)
    state = models.CharField(max_length=16, choices=AssignmentState, default=AssignmentState.OPEN)
    # No index of its own: those below begin with it.
    annotator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    # The place in the queue, in microseconds since 1970: opened later stands further back, so that
    # a reader who only walks forward meets every slot that opens behind him again. Below 0 nobody
    # is given it: it was rejected so often that a lead is to look at it.
    position = models.BigIntegerField()
    # Letters from left to right as this slot's annotator sees them: drawn when the slot is made.
    shown_order = models.CharField(max_length=9)
    lease_expires_at = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    # Rejected, and its annotator may have the item again: a lead gave it back to them.
    given_back = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item", "slot"], condition=~Q(state="rejected"), name="slot_once"
            ),
            models.UniqueConstraint(
                fields=["item", "annotator"],
                condition=Q(annotator__isnull=False, given_back=False),
                name="annotator_once_an_item",
            ),
            models.CheckConstraint(
                condition=Q(given_back=False) | Q(state="rejected"), name="given_back_is_rejected"
            ),
            models.CheckConstraint(
                condition=Q(state__in=NOBODYS, annotator__isnull=True)
                | (~Q(state__in=NOBODYS) & Q(annotator__isnull=False)),
                name="only_unclaimed_has_nobody",
            ),
            models.CheckConstraint(
                condition=~Q(state="claimed") | Q(lease_expires_at__isnull=False),
                name="a_claim_has_a_lease",
            ),
        ]
        indexes = [
            models.Index(
                fields=["project", "position", "slot"],
                condition=Q(state="open"),
                name="open_queue",
            ),
            models.Index(
                fields=["lease_expires_at"], condition=Q(state="claimed"), name="claimed_leases"
            ),
            models.Index(fields=["annotator"], condition=Q(state="claimed"), name="claimed_by"),
            # How much somebody has done today.
            models.Index(
                fields=["annotator", "project", "submitted_at"],
                condition=Q(submitted_at__isnull=False),
                name="answered_by",
            ),
        ]


class Cursor(models.Model):
    """How far an annotator has come in a project's queue. Locked while they claim.

    `searched_at`: when the whole queue was last looked through on their behalf (see claim).
    `paused_at`: since when they are given nothing; a claim reads this row anyway.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    annotator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    position = models.BigIntegerField(default=0)
    searched_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    # For the person to read; "" where nobody wrote any.
    pause_note = models.CharField(max_length=500, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["annotator", "project"], name="cursor_once"),
        ]


class ExclusionReason(models.TextChoices):
    """Why a person does not get an item (again)."""

    SKIP = "skip"
    BROKEN = "broken"
    OFFENSIVE = "offensive"
    OTHER = "other"
    REVIEWED = "reviewed"
    # It is of the training set that they went through.
    TRAINING = "training"


class Exclusion(models.Model):
    """A person who is not given an item: they skipped it, or have seen others' answers to it."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="+")
    annotator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    reason = models.CharField(max_length=16, choices=ExclusionReason)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "annotator"], name="exclusion_once"),
        ]


class Event(models.Model):
    """One change of an assignment's state: who, from what, to what, why. Append-only."""

    # One index for all: events are looked up by their slot alone.
    assignment = models.ForeignKey(
        Assignment, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    # Whose claim it was at the time; the actor of a verdict is the reviewer, in `actor`.
    annotator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    from_state = models.CharField(max_length=16, choices=AssignmentState)
    to_state = models.CharField(max_length=16, choices=AssignmentState)
    cause = models.CharField(max_length=40)
    # What a lead said of it, where one had to.
    reason = models.TextField(blank=True, default="", db_default="")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["assignment", "annotator"], name="event_by_assignment")]
