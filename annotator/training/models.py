"""A project's training set, and how people went through it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from annotator.items.models import Item
from annotator.projects.models import Project


class TrainingItem(models.Model):
    """A settled item of the set. What is known of it is what its people, or a lead, decided."""

    item = models.OneToOneField(Item, on_delete=models.CASCADE, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    # What the lead has to say of it; shown with what was known.
    note = models.TextField(blank=True, default="")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField()


class TrainingAttempt(models.Model):
    """Somebody's way through the set; finished: so many right of so many."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    began_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    right = models.PositiveIntegerField(null=True)
    of = models.PositiveIntegerField(null=True)
    passed = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "user", "number"], name="training_attempt_once"
            ),
            models.UniqueConstraint(
                fields=["project", "user"],
                condition=Q(finished_at=None),
                name="one_training_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(finished_at=None, right=None, of=None, passed=None)
                | Q(finished_at__isnull=False, passed__isnull=False, right__lte=F("of")),
                name="a_finished_training_has_a_score",
            ),
        ]


class TrainingAnswer(models.Model):
    """What somebody answered in an attempt. It is an annotation of nothing and counts nowhere."""

    attempt = models.ForeignKey(TrainingAttempt, on_delete=models.CASCADE, related_name="answers")
    training_item = models.ForeignKey(TrainingItem, on_delete=models.CASCADE, related_name="+")
    answers = models.JSONField()
    right = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["attempt", "training_item"], name="training_answer_once"
            ),
        ]
