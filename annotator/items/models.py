"""Stored images, and the things that people are asked about."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Cast, Left, Length
from django.db.models.lookups import Exact, LessThanOrEqual

from annotator.items.derivatives import SIDES, sides_of
from annotator.projects.models import Batch, Project
from annotator.questions.types import ChecklistRow
from scoring.tokens import character_texts, token_texts

LETTERS = "abcdefghi"
# The folders of a project's images in the storage, each by the first byte of the hashes.
FOLDERS = ("images", "thumbnails", "exact", *(f"views-{side}" for side in SIDES))
SUFFIXES = {"png": "PNG", "jpg": "JPEG", "webp": "WebP"}

MetaValue = str | int | float | bool
FlatMeta = dict[str, MetaValue]
# As a database writes it, which spells out 1e300: ingest keeps it to a quarter of that.
LONGEST_META = 16_000


def _is_flat_object(name: str) -> models.CheckConstraint:
    """That `meta` is an object of bounded length; what its values are, ingest sees to."""
    written = Cast("meta", models.TextField())
    return models.CheckConstraint(
        condition=Exact(Left(written, 1), Value("{"))
        & LessThanOrEqual(Length(written), Value(LONGEST_META)),
        name=name,
    )


class Image(models.Model):
    """One stored image with its prompt and generator: its pixels, in a container without more.

    `sha256` is of the stored file, `source_sha256` of the bytes that came. Both, the generator and
    the source's name stay on the server as far as annotators are concerned.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="+")
    prompt = models.TextField(blank=True)
    # scoring.prompts.normal_form of it: pairs are made, and means taken, of equal ones. Empty also
    # where an earlier release has stored the image: then the prompt stands for itself.
    normal_prompt = models.TextField(default="", db_default="", blank=True)
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
    # Not judged: others are measured against it, or it is shown beside them.
    is_reference = models.BooleanField(default=False)
    # What came with it: seed, step, sampler, anything flat. It stays on the server, too.
    meta = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))

    class Meta:
        constraints = [
            # An ingest that starts again finds what it has already stored.
            models.UniqueConstraint(
                fields=["batch", "source_name", "prompt", "is_reference"], name="image_once_a_batch"
            ),
            _is_flat_object("image_meta_is_an_object"),
        ]
        indexes = [
            models.Index(fields=["project", "sha256"], name="image_by_content"),
            # Which batches have a generator's images, without looking at the images.
            models.Index(fields=["project", "generator", "batch"], name="image_by_generator"),
            # By what came with it; images without any take no place in it.
            GinIndex(fields=["meta"], opclasses=["jsonb_path_ops"], name="image_by_meta"),
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
    judge. It is excluded for good, so that nothing said of it counts. What a manifest names with
    its known answers is a copy from the start, of itself.
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
    # Each character of Chinese, Japanese, Thai is a token of the prompt; items of before have none.
    by_character = models.BooleanField(default=False, db_default=False)
    # With which part of its batch it was taken in and drawn for review; 0: with the whole of it.
    stretch = models.PositiveIntegerField(default=0, db_default=0)
    # What came with the line: its prompt's category, anything flat.
    meta = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))
    # The rows of its checklist in their order, each as questions.types.ChecklistRow has it.
    checklist = models.JSONField(default=list, db_default=Value([], models.JSONField()))
    # How likely its batch's rule for pairs was to draw it; null: the upload itself listed it.
    selection_probability = models.FloatField(null=True)
    # A hash of the uploader's own id for it, else of what it holds: sent again, it is not taken.
    # Empty for copies, and for items of earlier releases.
    identity = models.CharField(max_length=64, default="", db_default="", blank=True)
    # By which version of its project's questions it is answered; null: by the newest.
    asked = models.PositiveSmallIntegerField(null=True)
    # How many people it has, where that is not its project's number (see `overlaps`).
    overlap = models.PositiveSmallIntegerField(null=True)

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
            _is_flat_object("item_meta_is_an_object"),
            models.UniqueConstraint(
                fields=["project", "identity"],
                condition=~Q(identity=""),
                name="item_once_a_project",
            ),
            models.CheckConstraint(
                condition=Q(selection_probability__isnull=True)
                | Q(selection_probability__gt=0, selection_probability__lte=1),
                name="a_probability_is_above_0",
            ),
            models.CheckConstraint(
                condition=Q(overlap__isnull=True) | Q(overlap__gte=1), name="item_overlap"
            ),
        ]
        indexes = [
            # The order of a lead's list.
            models.Index(fields=["project", "batch", "key"], name="item_by_project_and_key"),
            models.Index(
                fields=["project"], condition=Q(excluded_at__isnull=False), name="item_excluded"
            ),
        ]

    @property
    def tokens(self) -> list[str]:
        """The prompt's words, which answers index."""
        return tokens_of(self.prompt, by_character=self.by_character)

    @property
    def rows(self) -> tuple[ChecklistRow, ...]:
        """Its checklist, which answers name the rows of."""
        return rows_of(self.checklist)


def tokens_of(prompt: str, *, by_character: bool) -> list[str]:
    """The words of an item's prompt, which answers index."""
    return character_texts(prompt) if by_character else token_texts(prompt)


def rows_of(checklist: Sequence[Mapping[str, Any]]) -> tuple[ChecklistRow, ...]:
    """The rows of a checklist as it is stored."""
    return msgspec.convert(checklist, tuple[ChecklistRow, ...]) if checklist else ()


class MetaOf(models.TextChoices):
    """Whose `meta` a key is in."""

    IMAGE = "image"
    ITEM = "item"


class MetaKey(models.Model):
    """A key that images or items of a batch have in their `meta`: what a lead can choose from.

    Kept because no index lists the keys of many thousand objects; `verify` sees that none is
    missing.
    """

    batch = models.ForeignKey(
        Batch, on_delete=models.CASCADE, related_name="meta_keys", db_index=False
    )
    of = models.CharField(max_length=5, choices=MetaOf)
    key = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "of", "key"], name="meta_key_once_a_batch")
        ]


class ImageRole(models.TextChoices):
    """What an image is in an item: judged, or shown beside what is judged."""

    CANDIDATE = "candidate"
    SOURCE = "source"  # what was edited
    REFERENCE = "reference"  # what candidates are to be faithful to
    MASK = "mask"  # where the source was to be edited


# Places of what is shown beside begin after those of letters.
BESIDE = len(LETTERS)
MOST_BESIDE = 9


class Candidates(models.Manager["ItemImage"]):
    """Images that are judged."""

    def get_queryset(self) -> models.QuerySet["ItemImage"]:
        """Who counts, lists or measures an item's images means these."""
        return super().get_queryset().filter(role=ImageRole.CANDIDATE)


class ItemImage(models.Model):
    """An image's place in an item: place 0 is letter a; what is shown beside has no letter."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="places")
    image = models.ForeignKey(Image, on_delete=models.PROTECT, related_name="places")
    place = models.PositiveSmallIntegerField(
        validators=[MaxValueValidator(BESIDE + MOST_BESIDE - 1)]
    )
    role = models.CharField(
        max_length=9,
        choices=ImageRole,
        default=ImageRole.CANDIDATE,
        db_default=ImageRole.CANDIDATE.value,
    )

    objects = Candidates()
    in_any_role = models.Manager["ItemImage"]()

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["item", "place"], name="place_once_an_item"),
            models.CheckConstraint(
                condition=Q(role=ImageRole.CANDIDATE, place__lt=BESIDE)
                | (
                    ~Q(role=ImageRole.CANDIDATE)
                    & Q(place__gte=BESIDE, place__lt=BESIDE + MOST_BESIDE)
                ),
                name="candidates_have_letters",
            ),
        ]

    @property
    def letter(self) -> str:
        """Identity within the item, whatever side it was shown on."""
        return LETTERS[self.place]
