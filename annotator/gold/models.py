"""Items with a known answer, how people answered them, and what a project does about it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from annotator.annotations.models import Annotation
from annotator.items.models import Item
from annotator.projects.models import Project, Question


class Consequence(models.TextChoices):
    """What happens when the sequential test stops somebody."""

    NOTHING = "nothing"
    WARN = "warn"
    PAUSE = "pause"
    RETURN_SHARE = "return_share"


class GoldRule(models.Model):
    """How often a project mixes gold and repeats in, and what it does about misses.

    `gold_rate` and `repeat_rate` are shares of what is given out. A repeat comes when its annotator
    has answered `distance` items since. The rest is Wald's test (scoring.statistics.sprt).
    """

    project = models.OneToOneField(
        Project, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    gold_rate = models.FloatField(default=0.0)
    repeat_rate = models.FloatField(default=0.0)
    distance = models.PositiveIntegerField(default=30)
    good = models.FloatField(default=0.9)
    bad = models.FloatField(default=0.7)
    alpha = models.FloatField(default=0.05)
    beta = models.FloatField(default=0.05)
    consequence = models.CharField(max_length=16, choices=Consequence, default=Consequence.NOTHING)
    # On whose behalf somebody is paused or work is returned; null: it is as it was made.
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(gold_rate__gte=0, repeat_rate__gte=0)
                & Q(gold_rate__lte=1 - F("repeat_rate")),
                name="gold_rates_within_1",
            ),
            models.CheckConstraint(
                condition=Q(bad__gt=0, good__lt=1, good__gt=F("bad")), name="gold_good_above_bad"
            ),
            models.CheckConstraint(
                condition=Q(alpha__gt=0, beta__gt=0) & Q(alpha__lt=1 - F("beta")),
                name="gold_errors_below_1",
            ),
        ]


class GoldItem(models.Model):
    """A copy of a settled item whose answer is known. Retired: nobody is given it, nobody judged.

    The item is the copy; the settled one is its source, and is left as it is.
    """

    item = models.OneToOneField(Item, on_delete=models.CASCADE, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)


class GoldTruth(models.Model):
    """One thing that a right answer says; its columns are those of consensus.models.Finding."""

    gold = models.ForeignKey(GoldItem, on_delete=models.CASCADE, related_name="truths")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    letter = models.CharField(max_length=1, blank=True)
    key = models.CharField(max_length=50)
    value = models.FloatField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["gold", "question", "letter", "key"], name="truth_once"
            ),
        ]


class Ruling(models.TextChoices):
    """What a lead said of a contested miss."""

    VOIDED = "voided"
    UPHELD = "upheld"


class GoldAnswer(models.Model):
    """How somebody answered a gold item; `passed` null: they said that they are not sure.

    `contest`: the author's words, why the miss is none. A voided one counts no more.
    """

    gold = models.ForeignKey(GoldItem, on_delete=models.CASCADE, related_name="answers")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    annotator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    # The newest revision; where misses are shown the first.
    annotation = models.OneToOneField(Annotation, on_delete=models.CASCADE, related_name="+")
    passed = models.BooleanField(null=True)
    at = models.DateTimeField()
    contest = models.TextField(blank=True, default="")
    contested_at = models.DateTimeField(null=True)
    ruling = models.CharField(max_length=8, choices=Ruling, blank=True, default="")
    ruled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ruled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gold", "annotator"], name="gold_once_a_person"),
        ]
        indexes = [
            models.Index(fields=["project", "annotator", "at"], name="gold_answer_by_person"),
            models.Index(fields=["at"], condition=Q(passed=False), name="gold_missed"),
        ]


class GoldStop(models.Model):
    """The test stopped somebody at an answer, and what was done about it. Append-only."""

    answer = models.OneToOneField(GoldAnswer, on_delete=models.CASCADE, related_name="stop")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    annotator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    consequence = models.CharField(max_length=16, choices=Consequence)
    at = models.DateTimeField()
