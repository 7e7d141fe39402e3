"""What an item's accepted annotations say together."""

from django.db import models
from django.utils import timezone

from annotator.items.models import Item
from annotator.projects.models import Project, Question


class Consensus(models.Model):
    """One per settled item; an item is settled if and only if it has one."""

    item = models.OneToOneField(Item, on_delete=models.CASCADE, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    annotations = models.PositiveSmallIntegerField(help_text="how many it was made of")
    settled_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["project", "settled_at"], name="consensus_by_project")]


class Finding(models.Model):
    """One thing that people say together about a question: `votes` of `of` say `key`, or a `value`.

    Made of votes by level (findings.py). Names: key "a", votes 2, of 3, decided. Yes or no: key
    "5" (a word), "limbs" (a flag), "marked", and "nothing" for who says none. Numbers: key "mean"
    with its value in [0, 1]. Ranks: key "rank" with the mean, "over_b" with the votes for it.
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
