"""Annotations and their typed pieces, append-only: a change of mind is one more row."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from annotator.assignments.models import Assignment
from annotator.items.models import Item
from annotator.projects.models import Question
from annotator.questions.types import PieceType

KEY_ONCE = "idempotency_key_once"


class Annotation(models.Model):
    """What one annotator said about one item, once. A change of mind is a further row.

    `counted`: it stands for its slot. An answer that came when its slot had gone to somebody else
    is kept as an extra, with counted = False. `current`: the newest of its slot's revisions.
    `sha256` is of the canonical JSON of the answers and goes into the receipt.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="+")
    # These two need no indexes of their own: some of those below begin with them.
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="+", db_index=False)
    annotator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    revision = models.PositiveSmallIntegerField(default=1)
    current = models.BooleanField(default=True)
    counted = models.BooleanField(default=True)
    idempotency_key = models.CharField(max_length=100)
    # Of everything that was sent, to tell a replay from another body under the same key.
    fingerprint = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)
    # Letters from left to right as they were shown.
    shown_order = models.CharField(max_length=9)
    active_ms = models.PositiveIntegerField(null=True)
    viewport_width = models.PositiveIntegerField(null=True)
    viewport_height = models.PositiveIntegerField(null=True)
    device_pixel_ratio = models.FloatField(null=True)
    zoomed = models.BooleanField(null=True)
    claimed_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField()
    # Of the first revision: from here counts the time in which the author may change it.
    first_submitted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["annotator", "idempotency_key"], name=KEY_ONCE),
            models.UniqueConstraint(
                fields=["assignment"],
                condition=Q(current=True, counted=True),
                name="one_current_annotation_a_slot",
            ),
        ]
        indexes = [
            models.Index(fields=["annotator", "-submitted_at"], name="annotation_by_annotator"),
            models.Index(fields=["item"], name="annotation_by_item"),
            models.Index(
                fields=["annotator", "submitted_at"], condition=Q(counted=False), name="extras_of"
            ),
        ]


# The types of pieces that say a number and no name.
NUMBERED = ["number", "half", "token", "start", "unsure", "tier"]


class AnnotationPiece(models.Model):
    """One typed piece of an answer: a choice, a number, a point, a word …

    The same small row serves every kind of question, so that the next kind is one file and no
    migration; the CHECKs keep each type to its columns. See questions.types.Piece.
    """

    # `piece_once` begins with it.
    annotation = models.ForeignKey(
        Annotation, on_delete=models.CASCADE, related_name="pieces", db_index=False
    )
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    type = models.CharField(
        max_length=8, choices=[(each.value, each.name.capitalize()) for each in PieceType]
    )
    letter = models.CharField(max_length=1, blank=True)
    ordinal = models.PositiveSmallIntegerField(default=0)
    choice = models.CharField(max_length=50, blank=True)
    number = models.SmallIntegerField(null=True)
    x = models.FloatField(null=True)
    y = models.FloatField(null=True)
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["question_id", "letter", "ordinal"]
        constraints = [
            models.UniqueConstraint(
                fields=["annotation", "question", "letter", "ordinal"], name="piece_once"
            ),
            models.CheckConstraint(
                condition=Q(type__in=["choice", "flag"], choice__gt="", number__isnull=True)
                | Q(type__in=["grade", "row", "link"], choice__gt="", number__isnull=False)
                | Q(type="region", choice__gt="", number__isnull=True, text__gt="")
                | Q(type__in=NUMBERED, choice="", number__isnull=False)
                | Q(type__in=["point", "text", "nothing"], choice="", number__isnull=True),
                name="piece_type_has_its_columns",
            ),
            models.CheckConstraint(
                condition=Q(type="point", x__gte=0, x__lte=1, y__gte=0, y__lte=1)
                | (~Q(type="point") & Q(x__isnull=True, y__isnull=True)),
                name="point_within_the_image",
            ),
        ]
