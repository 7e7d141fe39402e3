"""What networks have seen in images, read page by page."""

import uuid
from collections.abc import Iterator

import numpy as np
from django.db.models import Q
from numpy.typing import NDArray

from annotator.items.models import Image
from annotator.measurements.models import Feature

ROWS_AT_ONCE = 512

Rows = NDArray[np.float32]


def stream_features(
    which: Q, *, network: str, weights: str
) -> Iterator[tuple[list[str], Rows, int]]:
    """(ids, float32 (n, d), how many images without) a page of images at a time, by their ids."""
    after: uuid.UUID | None = None
    while True:
        rows = Image.objects.filter(which).order_by("pk")
        if after is not None:
            rows = rows.filter(pk__gt=after)
        page = list(rows.values_list("pk", flat=True)[:ROWS_AT_ONCE])
        if not page:
            return
        kept = Feature.objects.filter(image_id__in=page, network=network, weights=weights)
        vectors = list(kept.order_by("image_id").values_list("image_id", "vector"))
        ids = [str(pk) for pk, _ in vectors]
        table = [np.frombuffer(vector, "<f4") for _, vector in vectors]
        if table:
            yield ids, np.stack(table), len(page) - len(ids)
        else:
            yield [], np.zeros((0, 0), np.float32), len(page)
        after = page[-1]
