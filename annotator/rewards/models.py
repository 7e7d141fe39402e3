"""Reward models that a project's leads have asked for."""

from collections.abc import Mapping

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from annotator.jobs.models import IS_LIVE, Job
from annotator.projects.models import Project


class HeadState(models.TextChoices):
    """What has become of a reward head: a job's states, and an end of its own."""

    REQUESTED = "requested"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class HeadStage(models.TextChoices):
    """The steps to one: the network looks at images, heads are fitted, and measure the images."""

    FEATURES = "features"
    FITTING = "fitting"
    MEASURING = "measuring"


# Where each state may be entered from.
HEAD_MOVES: Mapping[str, tuple[str, ...]] = {
    HeadState.REQUESTED: (HeadState.FAILED, HeadState.RUNNING),
    HeadState.RUNNING: (HeadState.REQUESTED, HeadState.RUNNING),
    HeadState.DONE: (HeadState.RUNNING,),
    HeadState.FAILED: (HeadState.RUNNING,),
    HeadState.CANCELLED: (HeadState.REQUESTED, HeadState.RUNNING),
}


class RewardHead(Job):
    """Heads over a frozen network, one a dimension, learnt from a project's votes at one moment.

    `sha256` names the zip of its folder in the storage. `report` is a `RewardReport` as the API
    sends it. Done, neither changes: newer votes give another row.
    """

    MOVES = HEAD_MOVES
    TASK = "annotator.workers.measure.train_reward_head"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    network = models.CharField(max_length=100)
    state = models.CharField(max_length=16, choices=HeadState, default=HeadState.REQUESTED)
    stage = models.CharField(max_length=16, choices=HeadStage, default=HeadStage.FEATURES)
    # Images or fits gone through at this stage, of all.
    done_count = models.PositiveIntegerField(default=0)
    total_count = models.PositiveIntegerField(default=0)
    # Why it failed, as core.reasons keeps a reason.
    error = models.JSONField(null=True)
    report = models.JSONField(null=True)
    weights = models.CharField(max_length=64, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    bytes = models.PositiveBigIntegerField(default=0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project"], condition=IS_LIVE, name="reward_head_live_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(report__isnull=False, sha256__gt=""),
                name="a_done_reward_head_has_a_report",
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | Q(error__isnull=False),
                name="a_failed_reward_head_says_why",
            ),
        ]
        indexes = [models.Index(fields=["project", "-created_at"], name="reward_head_by_project")]
