"""What workers have computed of projects that are too large for a web request."""

from django.db import models

from annotator.core.reasons import Reason, from_json
from annotator.jobs.models import JOB_MOVES, Job, JobState
from annotator.projects.models import Project


class StoredReport(Job):
    """One report of one project as it was last computed; computed anew when it is asked for later.

    The row is replaced, never added to: what was true an hour ago is in no table.
    """

    TASK = "annotator.workers.report.compute_report"
    MOVES = {**JOB_MOVES, JobState.REQUESTED: ("failed", "running", "done")}

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    # A reports.computing.ReportName; no list of choices, so that another report is no migration.
    name = models.CharField(max_length=32)
    # What of it, as a query string with its names in order: "dimension=overall&metric=psnr".
    asked = models.CharField(max_length=1000, blank=True)
    # As the API sends it; null until it was computed for the first time.
    body = models.JSONField(null=True)
    computed_at = models.DateTimeField(null=True)
    # How long that took, in seconds.
    took = models.FloatField(default=0)
    # Something was done since that its reader expects to see.
    outdated = models.BooleanField(default=False)
    # Why it failed: a reason as JSON.
    error = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "name", "asked"], name="report_once"),
            models.CheckConstraint(
                condition=models.Q(body__isnull=True, computed_at__isnull=True)
                | models.Q(body__isnull=False, computed_at__isnull=False),
                name="a_report_says_when",
            ),
        ]

    @property
    def reason(self) -> Reason | None:
        """Why it failed."""
        return None if self.error is None else from_json(self.error)
