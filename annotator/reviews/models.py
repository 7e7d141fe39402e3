"""The QC look at the items that were drawn for it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from annotator.annotations.models import Annotation
from annotator.items.models import Item
from annotator.projects.models import Batch, Project


class Review(models.Model):
    """A sampled item: it exists from the draw on, so an item is sampled if and only if it has one.

    A reviewer who is shown it holds it for a time, so that no two look at the same one.
    """

    item = models.OneToOneField(Item, on_delete=models.CASCADE, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="+")
    # All its slots are answered and at least one answer has no verdict yet.
    waiting = models.BooleanField(default=False)
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    held_until = models.DateTimeField(null=True)
    # How likely the item was to be drawn, for estimates; null where the release before drew it.
    probability = models.FloatField(null=True)
    # Drawn besides the batch's share, so that enough is reviewed of an annotator.
    for_floor = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(probability__isnull=True) | Q(probability__gt=0, probability__lte=1),
                name="review_probability",
            ),
        ]
        indexes = [
            models.Index(fields=["project", "id"], condition=Q(waiting=True), name="review_queue"),
        ]


class AcceptOrReject(models.TextChoices):
    """What a verdict may be."""

    ACCEPT = "accept"
    REJECT = "reject"


class RejectionCode(models.TextChoices):
    """What is wrong with a rejected answer, of the reasons that the desk offers."""

    CARELESS = "careless"
    WRONG_CHOICE = "wrong_choice"
    MISSED = "missed"
    FALSE_MARKS = "false_marks"
    PROMPT = "prompt"
    CONTRADICTION = "contradiction"
    GUIDELINE = "guideline"
    OTHER = "other"


class Verdict(models.Model):
    """Whether a reviewer accepts one annotation, and why not.

    One that is undone or overridden goes to WithdrawnVerdict; else it is final.
    """

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="verdicts")
    annotation = models.OneToOneField(Annotation, on_delete=models.CASCADE, related_name="+")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    value = models.CharField(max_length=8, choices=AcceptOrReject)
    reason = models.TextField(blank=True)
    # "" for an acceptance; for a rejection in the reviewer's own words: other.
    code = models.CharField(
        max_length=16, choices=RejectionCode, blank=True, default="", db_default=""
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(value="reject") | Q(reason__gt=""), name="a_rejection_has_a_reason"
            ),
        ]


class BatchReturn(models.Model):
    """A lead sent a batch back, or one annotator's share (None: all), and why. Append-only."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="+")
    annotator = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    # Whether the authors may answer again, or only others.
    to_authors = models.BooleanField()
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(reason__gt=""), name="a_return_has_a_reason"),
        ]


class ReturnedAnswer(models.Model):
    """An answer that went back with a return, whether or not anybody had reviewed it."""

    batch_return = models.ForeignKey(BatchReturn, on_delete=models.CASCADE, related_name="answers")
    annotation = models.OneToOneField(Annotation, on_delete=models.CASCADE, related_name="+")


class WithdrawnVerdict(models.Model):
    """A verdict that holds no more: taken back by its reviewer, or overridden. Append-only."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+")
    annotation = models.ForeignKey(Annotation, on_delete=models.CASCADE, related_name="+")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    value = models.CharField(max_length=8, choices=AcceptOrReject)
    reason = models.TextField(blank=True)
    code = models.CharField(max_length=16, choices=RejectionCode, blank=True)
    at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField()


class ReviewerAnswer(models.Model):
    """What a reviewer would answer themselves: before they saw any answer, or to correct one.

    It is nobody's annotation: no place of an item is filled by it, and no consensus, no export and
    no number knows it. `answers` is as in the outside contract, checked as any answer is.
    Append-only.
    """

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+")
    # The rejected answer that it corrects; null: it was given before any was seen.
    annotation = models.ForeignKey(
        Annotation, null=True, on_delete=models.CASCADE, related_name="+"
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    answers = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["review", "reviewer"],
                condition=Q(annotation__isnull=True),
                name="answered_first_once",
            ),
        ]


class SecondReview(models.Model):
    """A reviewed answer that was drawn for another reviewer, who does not see the first verdict.

    It changes nothing by itself: the first verdict stands until a lead overrides it.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+")
    annotation = models.OneToOneField(Annotation, on_delete=models.CASCADE, related_name="+")
    # The last verdict that was drawn from: the next draw begins behind it.
    drawn_up_to = models.BigIntegerField()
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    held_until = models.DateTimeField(null=True)
    # From here on empty until the second reviewer has said something.
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    value = models.CharField(max_length=8, choices=AcceptOrReject, blank=True, default="")
    reason = models.TextField(blank=True, default="")
    code = models.CharField(max_length=16, choices=RejectionCode, blank=True, default="")
    at = models.DateTimeField(null=True)
    # The first verdict as it was then: what a lead makes of it later is no agreement of reviewers.
    first_reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    first_value = models.CharField(max_length=8, choices=AcceptOrReject, blank=True, default="")
    # A lead has decided between the two.
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(at__isnull=True, value="", first_value="")
                | Q(at__isnull=False, reviewer__isnull=False, first_reviewer__isnull=False)
                & ~Q(value="")
                & ~Q(first_value=""),
                name="second_review_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(at__isnull=True) | ~Q(reviewer=models.F("first_reviewer")),
                name="second_review_by_another",
            ),
        ]
        indexes = [
            models.Index(
                fields=["project", "id"], condition=Q(at__isnull=True), name="second_review_queue"
            ),
            models.Index(fields=["project", "drawn_up_to"], name="second_review_drawn"),
        ]


class Unsure(models.Model):
    """A reviewer who can't tell about an item: somebody else is to look at it."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "reviewer"], name="unsure_once"),
        ]
