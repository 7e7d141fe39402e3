"""What imported judges said of items: beside annotations, in none of an item's slots."""

from django.db import models
from django.db.models import Q

from annotator.items.models import Item


class ImportedAnnotation(models.Model):
    """What somebody said of an item elsewhere, as a published dataset or an export tells it.

    It takes no slot, is never reviewed and settles nothing; whether exports count it, the project
    says (Project.imported_votes).
    """

    # The indexes below begin with it.
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="+", db_index=False)
    # The layout that it came in, e.g. "pickapic".
    source = models.CharField(max_length=40)
    # By which name the dataset tells its judges apart; empty: it doesn't.
    judge = models.CharField(max_length=200, blank=True)
    # So many said the same; of a judge with a name it is one.
    count = models.PositiveSmallIntegerField(default=1, db_default=1)
    # Question key → pieces, as JSON (questions.types.Piece).
    answers = models.TextField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "source", "judge"],
                condition=~Q(judge=""),
                name="imported_judge_once_an_item",
            ),
            models.CheckConstraint(
                condition=Q(count=1) | Q(judge="", count__gt=1), name="one_judge_says_it_once"
            ),
        ]
        indexes = [models.Index(fields=["item"], name="imported_by_item")]
