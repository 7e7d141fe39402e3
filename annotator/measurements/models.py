"""Numbers that machines give to images. Human judgement never reads them."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from annotator.core.states import JOB_MOVES, JobState
from annotator.items.models import Image
from annotator.projects.models import Batch, Project


class Chunk(models.Model):
    """A measuring job: some metrics for a bounded number of images of one batch.

    An image that kills its worker is found by halving: after a crashed attempt the chunk is split,
    so that a poison image ends up alone and fails alone, after three attempts.
    """

    MOVES = JOB_MOVES

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="+")
    # Comma-separated names of the catalog; "" means all that are available.
    metrics = models.TextField(blank=True)
    state = models.CharField(max_length=16, choices=JobState, default=JobState.REQUESTED)
    attempts = models.PositiveSmallIntegerField(default=0)
    held_until = models.DateTimeField(null=True)
    # The broker's id of the message that its worker was called by.
    holder = models.CharField(max_length=64, blank=True)
    error = models.TextField(blank=True)
    images = models.ManyToManyField(Image, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(
                fields=["state", "held_until"],
                condition=Q(state__in=["requested", "running"]),
                name="chunk_queue",
            ),
        ]


class MeasurementState(models.TextChoices):
    """What became of it."""

    DONE = "done"
    FAILED = "failed"


class Measurement(models.Model):
    """One metric's value for one image, with the version that gave it; or why there is none."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="measurements")
    metric = models.CharField(max_length=50)
    version = models.CharField(max_length=50)
    state = models.CharField(max_length=8, choices=MeasurementState)
    value = models.FloatField(null=True)
    # What is no number: a perceptual hash, in hexadecimal.
    text = models.CharField(max_length=64, blank=True)
    error = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["image", "metric", "version"], name="measurement_once"),
            models.CheckConstraint(
                condition=Q(state="failed", error__gt="") | Q(state="done"),
                name="a_failed_measurement_says_why",
            ),
        ]
        indexes = [models.Index(fields=["project", "metric"], name="measurement_by_metric")]
