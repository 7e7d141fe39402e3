"""Requested bundles of what was judged."""

from collections.abc import Mapping

from django.conf import settings
from django.db import models
from django.utils import timezone

from annotator.jobs.models import Job
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
    ExportState.REQUESTED: (ExportState.FAILED, ExportState.RUNNING),
    ExportState.RUNNING: (ExportState.REQUESTED, ExportState.RUNNING),
    ExportState.DONE: (ExportState.RUNNING,),
    ExportState.FAILED: (ExportState.RUNNING,),
    ExportState.CANCELLED: (ExportState.REQUESTED, ExportState.RUNNING),
    ExportState.EXPIRED: (ExportState.DONE,),
}


class Export(Job):
    """One bundle in one named format. Its options are that format's own, checked by it.

    While its shards are built it is running and nobody holds it; whoever spools or assembles does.
    `spooled_by` is the holder whose spool is the one, `folder` the finished folder's name, ""
    without; in a bucket it is a zip. `place` says where they lie (core/places.py), "" before there
    are any.
    """

    MOVES = EXPORT_MOVES
    TASK = "annotator.workers.export.build_export"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    format = models.CharField(max_length=30)
    options = models.JSONField(default=dict)
    state = models.CharField(max_length=16, choices=ExportState, default=ExportState.REQUESTED)
    stage = models.CharField(max_length=16, choices=Stage, default=Stage.SPOOL)
    # Why it failed, or what it waits for, as core.reasons keeps a reason.
    error = models.JSONField(null=True)
    spooled_by = models.CharField(max_length=64, blank=True)
    # Items gone through at this stage (shards count their own), of all.
    done_count = models.PositiveIntegerField(default=0)
    total_count = models.PositiveIntegerField(default=0)
    rows = models.PositiveIntegerField(null=True)
    folder = models.CharField(max_length=50, blank=True)
    place = models.CharField(max_length=32, blank=True, default="", db_default="")
    file_count = models.PositiveIntegerField(default=0)
    total_bytes = models.PositiveBigIntegerField(default=0)
    archive_bytes = models.PositiveBigIntegerField(default=0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    # What its asker calls it, "" for none: the same again is this one.
    idempotency_key = models.CharField(max_length=100, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "created_by", "idempotency_key"],
                condition=~models.Q(idempotency_key=""),
                name="export_asked_once",
            ),
        ]
        indexes = [models.Index(fields=["project", "-created_at"], name="export_by_project")]


class ExportShard(Job):
    """One file of an export's spool, to be turned into its parts by whoever takes it."""

    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="shards")
    number = models.PositiveIntegerField()
    done_count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["export", "number"], name="export_shard_once"),
        ]


class ExportFile(models.Model):
    """One file of a finished export; `crc32` is for its place in an archive.

    `begins`: where in the zip that the export is kept as; null where it is a file of its own.
    """

    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=500)
    bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    crc32 = models.PositiveBigIntegerField()
    begins = models.PositiveBigIntegerField(null=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["export", "name"], name="export_file_once"),
        ]
