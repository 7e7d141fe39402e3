"""Guidelines as they stood, who has read which, and the images that they show."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from annotator.projects.models import Project


class GuidelineVersion(models.Model):
    """A project's guideline from an instant on; a project without rows is still at its first."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="guideline_version_once"),
        ]


class Acknowledgement(models.Model):
    """Somebody has read what changed with a version."""

    version = models.ForeignKey(GuidelineVersion, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "user"], name="acknowledged_once"),
        ]


class GuidelineImage(models.Model):
    """An image that a project's guideline may show, decoded and stored as WebP.

    `path` names its content in the storage; width and height are pixels.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    path = models.CharField(max_length=200)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "path"], name="guideline_image_once"),
        ]
