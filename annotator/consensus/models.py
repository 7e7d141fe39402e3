"""What an item's accepted annotations say together."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from annotator.items.models import Item
from annotator.projects.models import Project, Question


class Override(models.Model):
    """A lead's own answers to an item, with a reason, in the place of what people say together.

    Nobody's annotation is touched. `answers` is as in the outside contract, checked as any answer
    is; what it says stands in the item's findings for as long as it is not withdrawn.
    """

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField()
    reason = models.TextField()
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=Q(withdrawn_at__isnull=True), name="one_override_an_item"
            ),
            models.CheckConstraint(condition=Q(reason__gt=""), name="an_override_has_a_reason"),
        ]


class Consensus(models.Model):
    """One per settled item; an item is settled if and only if it has one."""

    item = models.OneToOneField(Item, on_delete=models.CASCADE, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    annotations = models.PositiveSmallIntegerField(help_text="how many accepted there are")
    settled_at = models.DateTimeField(default=timezone.now)
    # The findings are those of this lead, not of the annotations; null: of the annotations.
    override = models.ForeignKey(
        Override, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    # How far the annotations differ, from 0 to 1 (disagreement.py); null: not counted yet, in
    # rows that a release before this one has written.
    disagreement = models.FloatField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(disagreement__isnull=True)
                | Q(disagreement__gte=0, disagreement__lte=1),
                name="disagreement_from_0_to_1",
            ),
        ]
        indexes = [
            models.Index(fields=["project", "settled_at"], name="consensus_by_project"),
            models.Index(fields=["project", "disagreement", "item"], name="consensus_widest"),
            models.Index(
                fields=["id"], condition=Q(disagreement__isnull=True), name="consensus_uncounted"
            ),
        ]


class Finding(models.Model):
    """One thing that people say together about a question: `votes` of `of` say `key`, or a `value`.

    Made of votes by level (findings.py). Names: key "a", votes 2, of 3, decided. Yes or no: key
    "5" (a word), "limbs" (a flag), "marked", and "nothing" for who says none. Rows: "r1=yes".
    Numbers: key "mean" with its value in [0, 1]. Ranks: key "rank" with the mean, "over_b" with the
    votes for it.
    """

    consensus = models.ForeignKey(Consensus, on_delete=models.CASCADE, related_name="findings")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    letter = models.CharField(max_length=1, blank=True)
    key = models.CharField(max_length=50)
    votes = models.PositiveSmallIntegerField()
    of = models.PositiveSmallIntegerField()
    value = models.FloatField(null=True)
    # This is what the item is said to be: the majority's choice, a majority's word or flag.
    decided = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["consensus", "question", "letter", "key"], name="finding_once"
            ),
        ]
