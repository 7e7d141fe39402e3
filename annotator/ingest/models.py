"""What became of an upload besides its images and items."""

from django.db import models

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
