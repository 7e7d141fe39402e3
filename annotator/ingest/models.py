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
