"""Requested bundles of what was judged."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from annotator.core.states import JOB_MOVES, JobState
from annotator.projects.models import Project


class Export(models.Model):
    """One bundle in one named format. Its options are that format's own, checked by it.

    Whoever works on it holds it until `held_until`; `attempts` numbers the tries and names the
    folder of each, so that a worker that was thought dead can't touch another's files.
    """

    MOVES = JOB_MOVES

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    format = models.CharField(max_length=30)
    options = models.JSONField(default=dict)
    state = models.CharField(max_length=16, choices=JobState, default=JobState.REQUESTED)
    error = models.TextField(blank=True)
    held_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    done_count = models.PositiveIntegerField(default=0)
    total_count = models.PositiveIntegerField(default=0)
    rows = models.PositiveIntegerField(null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["project", "-created_at"], name="export_by_project")]


class ExportFile(models.Model):
    """One file of a finished export; `crc32` is for its place in an archive."""

    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=500)
    bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    crc32 = models.PositiveBigIntegerField()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["export", "name"], name="export_file_once"),
        ]
