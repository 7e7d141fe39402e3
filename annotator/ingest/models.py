"""What there is of an upload besides its images and items: its bytes, and what was not taken."""

from django.db import models
from django.utils import timezone

from annotator.core.reasons import Reason, from_json
from annotator.projects.models import Batch


class Problem(models.Model):
    """A row or file of an upload that was not taken, and why."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="+")
    line = models.PositiveIntegerField(null=True)
    file = models.CharField(max_length=500, blank=True)
    code = models.CharField(max_length=60)
    params = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]

    @property
    def reason(self) -> Reason:
        """Why it was not taken."""
        return from_json({"code": self.code, "params": self.params})


class PlannedItem(models.Model):
    """An item of a manifest whose images lie at sources of the site, until they are taken in.

    Rows are taken in the order of `position`, which is drawn, a stretch at a time. Then they are
    items, or problems, and gone from here: an image or an item is never there without its files.
    """

    # No index of its own: the one below begins with it.
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="+", db_index=False)
    position = models.BigIntegerField()
    # Of the manifest; none for a pair made of two lines.
    line = models.PositiveIntegerField(null=True)
    key = models.CharField(max_length=200)
    prompt = models.TextField()
    # A list of manifest.Mention as JSON.
    images = models.TextField()
    # One image that pairs are to be made of, once all rows are here.
    single = models.BooleanField()

    class Meta:
        indexes = [models.Index(fields=["batch", "position"], name="planned_queue")]


class UploadPart(models.Model):
    """A chunk of an upload that was acknowledged: `bytes` of it from `offset` on are this file.

    Parts follow each other without a gap up to the batch's own offset. No file is ever written
    twice, so what was acknowledged is what will be read, whoever else sends the same chunk.
    """

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="+")
    offset = models.BigIntegerField()
    bytes = models.BigIntegerField()
    name = models.CharField(max_length=100)
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["offset"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "offset"], name="upload_part_once"),
        ]
