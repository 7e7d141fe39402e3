"""The columns of a job."""

from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.db.models import Q


class JobState(models.TextChoices):
    """States of what workers work through."""

    REQUESTED = "requested"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


# Where each state may be entered from. A job whose worker died is requested again.
JOB_MOVES: Mapping[str, tuple[str, ...]] = {
    JobState.REQUESTED: (JobState.FAILED, JobState.RUNNING),
    JobState.RUNNING: (JobState.REQUESTED, JobState.RUNNING),
    JobState.DONE: (JobState.RUNNING,),
    JobState.FAILED: (JobState.RUNNING,),
}
LIVE = (JobState.REQUESTED, JobState.RUNNING)
IS_LIVE = Q(state__in=["requested", "running"])


class Job(models.Model):
    """A row that a worker takes for a time.

    `holder` is the secret of the worker that holds it, "" when none does; who does not know it can
    write nothing. `held_until` is the end of its lease, or without a holder the time to send for a
    worker again. `attempts` are counted before work begins and forgotten when it has come further,
    so that what kills its worker is tried a bounded number of times.
    """

    MOVES: ClassVar[Mapping[str, tuple[str, ...]]] = JOB_MOVES
    # The Celery task that takes the row's id.
    TASK: ClassVar[str] = ""
    # Rows that wait for another machine's worker: no reason for this one's to give way.
    ELSEWHERE: ClassVar[Q] = Q(pk=None)

    state = models.CharField(max_length=16, choices=JobState, default=JobState.REQUESTED)
    holder = models.CharField(max_length=64, blank=True)
    held_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True
