"""Groups of candidates, each a batch of its own with a time to live."""

from collections.abc import Mapping
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from annotator.projects.models import Batch, Project


class GroupState(models.TextChoices):
    """What has become of a group: all answers, some, too few, or images that can't be shown."""

    WAITING = "waiting"
    WHOLE = "whole"
    PARTIAL = "partial"
    EXPIRED = "expired"
    FAILED = "failed"


OVER = (GroupState.WHOLE, GroupState.PARTIAL, GroupState.EXPIRED, GroupState.FAILED)


class CandidateGroup(models.Model):
    """Candidate images of one prompt that people are to rank before the deadline.

    `least` and `most` are answers an item: with fewer than `least` the group expires, with `most`
    it is whole and ends before its time. The training loop's own count is its batch's `step`.
    """

    MOVES: ClassVar[Mapping[str, tuple[str, ...]]] = dict.fromkeys(OVER, (GroupState.WAITING,))

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    batch = models.OneToOneField(Batch, on_delete=models.CASCADE, related_name="+")
    prompt = models.TextField(blank=True)
    # What the caller calls each candidate, in the order in which they came; their number is K.
    names = models.JSONField()
    # How many items were made of it: one, or a pair each.
    items = models.PositiveSmallIntegerField()
    least = models.PositiveSmallIntegerField()
    most = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=GroupState, default=GroupState.WAITING)
    deadline = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", ended_at__isnull=True)
                | (~Q(state="waiting") & Q(ended_at__isnull=False)),
                name="a_group_ends_when_it_is_over",
            ),
            models.CheckConstraint(
                condition=Q(least__gte=1, most__gte=F("least")), name="group_least_and_most"
            ),
        ]
        indexes = [
            models.Index(fields=["project", "-id"], name="groups_of_project"),
            models.Index(fields=["id"], condition=Q(state="waiting"), name="groups_waiting"),
        ]
