"""Stored images, and the things that people are asked about."""

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from annotator.items.derivatives import SIDES, sides_of
from annotator.projects.models import Batch, Project

LETTERS = "abcdefghi"
# The folders of a project's images in the storage, each by the first byte of the hashes.
FOLDERS = ("images", "thumbnails", "exact", *(f"views-{side}" for side in SIDES))
SUFFIXES = {"png": "PNG", "jpg": "JPEG", "webp": "WebP"}


class Image(models.Model):
    """One stored image with its prompt and generator: its pixels, in a container without more.

    `sha256` is of the stored file, `source_sha256` of the bytes that came. Both, the generator and
    the source's name stay on the server as far as annotators are concerned.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="+")
    prompt = models.TextField(blank=True)
    generator = models.CharField(max_length=200, blank=True)
    source_name = models.CharField(max_length=500)
    source_sha256 = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)
    # Of the stored file's name, which says its format. Annotators get files made of it, never it.
    suffix = models.CharField(max_length=4, choices=SUFFIXES, default="png", db_default="png")
    bytes = models.PositiveBigIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    # The image that this one should look like (PSNR, SSIM; an entity's real appearance).
    reference = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    is_reference = models.BooleanField(default=False)

    class Meta:
        constraints = [
            # An ingest that starts again finds what it has already stored.
            models.UniqueConstraint(
                fields=["batch", "source_name", "prompt", "is_reference"], name="image_once_a_batch"
            ),
        ]
        indexes = [
            models.Index(fields=["project", "sha256"], name="image_by_content"),
            # Which batches have a generator's images, without looking at the images.
            models.Index(fields=["project", "generator", "batch"], name="image_by_generator"),
        ]

    @property
    def path(self) -> str:
        """The stored image's name in the storage."""
        return self._named("images", self.suffix)

    @property
    def thumbnail_path(self) -> str:
        """The small one's name in the storage."""
        return self._named("thumbnails", "webp")

    @property
    def exact_path(self) -> str:
        """The name of its pixels losslessly encoded; the file is made when first asked for."""
        return self._named("exact", "webp")

    @property
    def view_paths(self) -> dict[int, str]:
        """Side in pixels → the view's name, the smallest first. Made when asked for if missing."""
        sides = sides_of(self.width, self.height)
        return {side: self._named(f"views-{side}", "webp") for side in sides}

    @property
    def all_paths(self) -> list[str]:
        """Whatever may lie in the storage because of it."""
        return [self.path, self.thumbnail_path, self.exact_path, *self.view_paths.values()]

    def _named(self, kind: str, suffix: str) -> str:
        return f"projects/{self.project_id}/{kind}/{self.sha256[:2]}/{self.sha256}.{suffix}"


class Originals(models.Manager["Item"]):
    """Items that are no copies."""

    def get_queryset(self) -> models.QuerySet["Item"]:
        """Without copies: who lists, counts or exports items means these."""
        return super().get_queryset().filter(source__isnull=True)


class Item(models.Model):
    """One thing put to a person: a prompt and an ordered set of 1 to 9 images (a, b, c …).

    A copy has a `source`: the same prompt and images once more, by which a lead sees how people
    judge. It is excluded for good, so that nothing said of it counts.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="+")
    prompt = models.TextField(blank=True)
    # The uploader's own name for it, or one made of the manifest's line; unique in the batch.
    key = models.CharField(max_length=200)
    # Since when a lead keeps it out of work, reports and exports; null: it is in.
    excluded_at = models.DateTimeField(null=True)
    excluded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    excluded_reason = models.TextField(blank=True, default="", db_default="")
    source = models.ForeignKey(
        "self", null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    # With which part of its batch it was taken in and drawn for review; 0: with the whole of it.
    stretch = models.PositiveIntegerField(default=0, db_default=0)

    objects = Originals()
    with_copies = models.Manager["Item"]()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "key"], name="item_once_a_batch"),
            models.CheckConstraint(
                condition=Q(excluded_at__isnull=True, excluded_reason="")
                | Q(excluded_at__isnull=False, excluded_reason__gt=""),
                name="an_exclusion_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(source__isnull=True) | Q(excluded_at__isnull=False),
                name="a_copy_counts_nowhere",
            ),
            models.UniqueConstraint(
                fields=["source"], condition=Q(source__isnull=False), name="one_copy_an_item"
            ),
        ]
        indexes = [
            # The order of a lead's list.
            models.Index(fields=["project", "batch", "key"], name="item_by_project_and_key"),
            models.Index(
                fields=["project"], condition=Q(excluded_at__isnull=False), name="item_excluded"
            ),
        ]


class ItemImage(models.Model):
    """An image's place in an item: place 0 is letter a."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="places")
    image = models.ForeignKey(Image, on_delete=models.PROTECT, related_name="places")
    place = models.PositiveSmallIntegerField(validators=[MaxValueValidator(8)])

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["item", "place"], name="place_once_an_item"),
            models.CheckConstraint(condition=models.Q(place__lte=8), name="place_below_nine"),
        ]

    @property
    def letter(self) -> str:
        """Identity within the item, whatever side it was shown on."""
        return LETTERS[self.place]
