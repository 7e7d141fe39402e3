"""Pairs of images of a project that could still be compared: what rounds draw from."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, groupby
from typing import NamedTuple
from uuid import UUID

from django.db.models import CharField, Exists, F, OuterRef, TextField, Value
from django.db.models.functions import Coalesce, NullIf

from annotator.core.errors import Conflict
from annotator.core.reasons import Code, Reason
from annotator.items.models import Image, ItemImage
from annotator.items.selectors import EQUAL_PROMPT
from annotator.projects.models import BatchState, Project

MOST_IMAGES = 50_000
MOST_PAIRS = 500_000


class PoolImage(NamedTuple):
    """An image that can be drawn. `form`: its prompt's normal form; `content`: its bytes' hash."""

    id: UUID
    form: str
    generator: str
    content: str


Pair = tuple[PoolImage, PoolImage]


@dataclass(frozen=True, slots=True)
class PairPool:
    """`left`: the pairs that nobody was asked about, in a lasting order; `possible`: all of them.

    A pair has one prompt and two generators.
    """

    images: Sequence[PoolImage]
    possible: int
    left: Sequence[Pair]

    @property
    def generators(self) -> list[str]:
        """By name."""
        return sorted({image.generator for image in self.images})

    @property
    def prompts(self) -> int:
        """How many there are."""
        return len({image.form for image in self.images})


def pool_of(project: Project, *, most_pairs: int = MOST_PAIRS) -> PairPool:
    """Of the images of finished batches that have a prompt and a generator (2 queries).

    Images of excluded items are not among them, and of equal ones only one. Raises Conflict for
    more than MOST_IMAGES, or `most_pairs`.
    """
    images = _images(project)
    asked = _asked(project)
    possible, left = 0, []
    for form, group in groupby(images, key=lambda image: image.form):
        for pair in combinations(group, 2):
            if pair[0].generator == pair[1].generator:
                continue
            possible += 1
            if possible > most_pairs:
                raise _too_large()
            if (form, frozenset(image.content for image in pair)) not in asked:
                left.append(pair)
    return PairPool(images, possible, left)


def _images(project: Project) -> list[PoolImage]:
    held_out = ItemImage.objects.filter(
        image=OuterRef("pk"), item__excluded_at__isnull=False, item__source=None
    )
    rows = Image.objects.filter(project=project, is_reference=False, batch__state=BatchState.DONE)
    rows = rows.exclude(generator="").exclude(prompt="").filter(~Exists(held_out))
    columns = rows.annotate(form=EQUAL_PROMPT).order_by("form", "generator", "source_sha256", "pk")
    found = columns.values_list("pk", "form", "generator", "source_sha256")[: MOST_IMAGES + 1]
    once: dict[tuple[str, str, str], PoolImage] = {}
    for row in found:
        once.setdefault(row[1:], PoolImage(*row))
    if len(found) > MOST_IMAGES:
        raise _too_large()
    return list(once.values())


def _too_large() -> Conflict:
    return Conflict(Reason(Code.ROUND_POOL_TOO_LARGE, images=MOST_IMAGES, pairs=MOST_PAIRS))


def _asked(project: Project) -> set[tuple[str, frozenset[str]]]:
    """Which contents stood beside each other under which prompt, in copies too."""
    rows = ItemImage.objects.filter(item__project=project)
    form = Coalesce(
        NullIf(F("image__normal_prompt"), Value("", TextField())),
        "image__prompt",
        output_field=CharField(),
    )
    columns = rows.annotate(form=form).order_by("item_id").values_list(
        "item_id", "form", "image__source_sha256"
    )  # fmt: skip
    asked = set()
    for _, places in groupby(columns.iterator(chunk_size=5000), key=lambda row: row[0]):
        shown = [(form, content) for _, form, content in places]
        asked |= {(one[0], frozenset((one[1], two[1]))) for one, two in combinations(shown, 2)}
    return asked
