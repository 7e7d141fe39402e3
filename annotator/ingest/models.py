"""What there is of an upload besides its images and items: its bytes, and what was not taken."""

from django.db import models
from django.utils import timezone

from annotator.core.reasons import Reason, from_json
from annotator.items.models import Item
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


class PlannedItem(models.Model):
    """An item of a manifest whose images lie at sources of the site, until they are taken in.

    Rows are taken in the order of `position`, which is drawn, a stretch at a time. Then they are
    items, or problems, and gone from here: an image or an item is never there without its files.
    """

    # No index of its own: the one below begins with it.
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="+", db_index=False)
    position = models.BigIntegerField()
    # Of the manifest; none for a pair made of two lines.
    line = models.PositiveIntegerField(null=True)
    key = models.CharField(max_length=200)
    prompt = models.TextField()
    normal_prompt = models.TextField(default="", db_default="")
    # A list of manifest.Mention as JSON.
    images = models.TextField()
    # The item's own `meta` as JSON; "": none.
    meta = models.TextField(default="", db_default="")
    # Its checklist as JSON; "": none.
    checklist = models.TextField(default="", db_default="")
    # What is shown beside, a list of beside.Beside as JSON; "": nothing.
    beside = models.TextField(default="", db_default="")
    # Null: the manifest lists it, no rule for pairs has drawn it.
    selection_probability = models.FloatField(null=True)
    # Of the uploader's own id for it, see items.models.Item; "": it has none.
    identity = models.CharField(max_length=64, default="", db_default="")
    # One image that pairs are to be made of, once all rows are here.
    single = models.BooleanField()
    # Its known answers as JSON, "" for an item of which nothing is known.
    gold = models.TextField(blank=True, default="", db_default="")
    # What imported judges said, a list of judges.selectors.ImportedVote as JSON; "": nothing.
    votes = models.TextField(blank=True, default="", db_default="")

    class Meta:
        indexes = [models.Index(fields=["batch", "position"], name="planned_queue")]


class ManifestGold(models.Model):
    """What a manifest knows of an item, from when the item is made until gold is made of it."""

    item = models.OneToOneField(Item, on_delete=models.CASCADE, primary_key=True, related_name="+")
    # Question key → pieces, as JSON.
    answers = models.TextField()


class RecognisedDataset(models.Model):
    """What published layout an upload was recognised as, and what is in it."""

    batch = models.OneToOneField(
        Batch, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    layout = models.CharField(max_length=40)
    rows = models.PositiveIntegerField()
    votes = models.PositiveIntegerField()


class UploadPart(models.Model):
    """A chunk of an upload that was acknowledged: `bytes` of it from `offset` on are this file.

    Parts follow each other without a gap up to the batch's own offset. No file is ever written
    twice, so what was acknowledged is what will be read, whoever else sends the same chunk.
    """

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="+")
    offset = models.BigIntegerField()
    bytes = models.BigIntegerField()
    name = models.CharField(max_length=100)
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["offset"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "offset"], name="upload_part_once"),
        ]
