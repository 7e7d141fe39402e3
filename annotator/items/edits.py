"""Edits as metrics take them: images with the source that was edited and the mask of where."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from annotator.items.models import Image, ImageRole, ItemImage


@dataclass(frozen=True, slots=True)
class EditOf:
    """What an image is an edit of, and where that was to be edited."""

    source: Image
    mask: Image


def masked_edits() -> QuerySet[ItemImage]:
    """The places of images that are edits of a source within a mask."""
    masks = ItemImage.in_any_role.filter(role=ImageRole.MASK)
    return ItemImage.objects.filter(item__in=masks.values("item"))


def edits_of(images: Sequence[uuid.UUID]) -> dict[uuid.UUID, EditOf]:
    """Of each that is one its source and mask: those of its first item with a mask (2 queries)."""
    of_image: dict[uuid.UUID, uuid.UUID] = {}
    masked = masked_edits().filter(image__in=images).order_by("item__batch", "item__key", "place")
    for image, item in masked.values_list("image", "item"):
        of_image.setdefault(image, item)
    beside: dict[uuid.UUID, dict[str, Image]] = defaultdict(dict)
    shown = ItemImage.in_any_role.filter(
        item__in=set(of_image.values()), role__in=(ImageRole.SOURCE, ImageRole.MASK)
    )
    for place in shown.select_related("image"):
        beside[place.item_id][place.role] = place.image
    return {
        image: EditOf(beside[item][ImageRole.SOURCE], beside[item][ImageRole.MASK])
        for image, item in of_image.items()
    }
