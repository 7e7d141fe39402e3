"""What people did that others may one day have to account for."""

from django.conf import settings
from django.db import models


class Action(models.Model):
    """One thing that somebody did: who, what, to what, when. Append-only.

    `project_id` and `target` are no foreign keys, so that a row outlives what it speaks of: the
    deletion of a project is one of these. Answers are not here, nor verdicts one by one: they are
    append-only themselves, with their own events.
    """

    # None: the site itself, or the command line.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    project_id = models.BigIntegerField(null=True)
    # A verb on a noun, as in services.Verb; no list of choices, so that another is no migration.
    verb = models.CharField(max_length=50)
    # What it was done to, as `batch:12`; "" where the verb says it all.
    target = models.CharField(max_length=80, blank=True)
    # What else there is to know: codes, names, numbers, never a sentence and never a secret.
    details = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["project_id", "-id"], name="action_by_project"),
            models.Index(fields=["actor", "-id"], name="action_by_actor"),
            models.Index(fields=["target", "-id"], name="action_by_target"),
        ]
