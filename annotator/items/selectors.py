"""What items can be asked."""

import uuid
from collections.abc import Iterable

from annotator.items.models import Item, ItemImage
from annotator.questions.types import ItemSpec
from scoring.tokens import token_texts


def places_of(item_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[ItemImage]]:
    """item id → its images in order a, b, c … (1 query)."""
    found: dict[uuid.UUID, list[ItemImage]] = {}
    rows = ItemImage.objects.filter(item_id__in=list(item_ids)).select_related("image")
    for place in rows.order_by("item_id", "place"):
        found.setdefault(place.item_id, []).append(place)
    return found


def item_spec(item: Item, letters: Iterable[str]) -> ItemSpec:
    """The item as an answer refers to it."""
    return ItemSpec(letters=tuple(letters), tokens=tuple(token_texts(item.prompt)))
