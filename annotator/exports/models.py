"""Requested bundles of what was judged."""

from collections.abc import Mapping

from django.conf import settings
from django.db import models
from django.utils import timezone

from annotator.core.states import JOB_MOVES, JobState
from annotator.projects.models import Project


class ExportState(models.TextChoices):
    """What has become of an export: a job's states, and two ends of its own."""

    REQUESTED = "requested"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Stage(models.TextChoices):
    """The three steps of making one (see building.py)."""

    SPOOL = "spool"
    SHARDS = "shards"
    ASSEMBLY = "assembly"


# Where each state may be entered from.
EXPORT_MOVES: Mapping[str, tuple[str, ...]] = {
    ExportState.REQUESTED: (ExportState.FAILED,),
    ExportState.RUNNING: (ExportState.REQUESTED,),
    ExportState.DONE: (ExportState.RUNNING,),
    ExportState.FAILED: (ExportState.RUNNING,),
    ExportState.CANCELLED: (ExportState.REQUESTED, ExportState.RUNNING),
    ExportState.EXPIRED: (ExportState.DONE,),
}


class Export(models.Model):
    """One bundle in one named format. Its options are that format's own, checked by it.

    Running, whoever spools or assembles holds it until `held_until`; while shards are built nobody
    does, and `held_until` is when to ring for them again. `attempts` numbers all holders, never
    anew: it is the proof of holding, and names the folders of each. `crashes` counts holders of
    this stage that ended without a word. `spooled_by` is the attempt whose spool is the one,
    `folder` the finished folder's name under EXPORT_ROOT, "" without.
    """

    MOVES = EXPORT_MOVES

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    format = models.CharField(max_length=30)
    options = models.JSONField(default=dict)
    state = models.CharField(max_length=16, choices=ExportState, default=ExportState.REQUESTED)
    stage = models.CharField(max_length=16, choices=Stage, default=Stage.SPOOL)
    error = models.TextField(blank=True)
    held_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    crashes = models.PositiveSmallIntegerField(default=0)
    spooled_by = models.PositiveIntegerField(default=0)
    # Items gone through at this stage (shards count their own), of all.
    done_count = models.PositiveIntegerField(default=0)
    total_count = models.PositiveIntegerField(default=0)
    rows = models.PositiveIntegerField(null=True)
    folder = models.CharField(max_length=50, blank=True)
    file_count = models.PositiveIntegerField(default=0)
    total_bytes = models.PositiveBigIntegerField(default=0)
    archive_bytes = models.PositiveBigIntegerField(default=0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["project", "-created_at"], name="export_by_project")]


class ExportShard(models.Model):
    """One file of an export's spool, to be turned into its parts by whoever takes it."""

    MOVES = JOB_MOVES

    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="shards")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=16, choices=JobState, default=JobState.REQUESTED)
    held_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    done_count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["export", "number"], name="export_shard_once"),
        ]


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
