"""Items out of images that are in the project already, for a round of the planner."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import NamedTuple
from uuid import UUID

from annotator.ingest.recording import pair_item, pair_key
from annotator.items import services as items
from annotator.items.models import Image
from annotator.projects.models import Batch


class DrawnPair(NamedTuple):
    """Two images, how likely they were to be drawn, and how many people they have.

    `overlap` is null for as many as the project asks.
    """

    one: UUID
    two: UUID
    chance: float
    overlap: int | None = None


def make_drawn(batch: Batch, drawn: Sequence[DrawnPair]) -> None:
    """Makes an item of each pair of images (3 statements).

    Which of the two is a, chance says, as in pairs of an upload.
    """
    named = {image for pair in drawn for image in (pair.one, pair.two)}
    images: Mapping[UUID, Image] = Image.objects.select_related("reference").in_bulk(named)
    secret = f"{batch.project.seed}:{batch.pk}:letters"
    rng = Random(secret)  # noqa: S311 - keyed by a secret
    made = []
    for one, two, chance, overlap in drawn:
        pair = (images[one], images[two]) if rng.random() < 0.5 else (images[two], images[one])
        prompt = images[one].prompt
        key = pair_key(prompt, (str(one), str(two)))
        item = pair_item(batch, prompt, key, pair, chance)
        item.overlap = overlap
        made.append((item, pair))
    items.add_items(made)
