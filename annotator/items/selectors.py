"""What items can be asked."""

import uuid
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from django.db.models import Count, Max, QuerySet

from annotator.accounts.models import Role, User
from annotator.core.errors import NotFound
from annotator.items.derivatives import sides_of, size_within
from annotator.items.models import Image, Item, ItemImage
from annotator.projects.models import Batch, Project
from annotator.projects.selectors import project_for
from annotator.questions.types import ItemSpec
from scoring.tokens import token_texts

# File, prompt, and whether it is a reference: what an image is within its batch.
ImageKey = tuple[str, str, bool]


@dataclass(frozen=True, slots=True)
class StoredFile:
    """An image that lies in the storage, under the hash of its stored bytes."""

    sha256: str
    source_sha256: str
    suffix: str
    bytes: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class SizedCopy:
    """A lossy WebP of an image, at most as large as it."""

    url: str
    width: int = field(metadata={"help": "Pixels."})
    height: int = field(metadata={"help": "Pixels."})


@dataclass(frozen=True, slots=True)
class ShownImage:
    """An image as an annotator may know it: no generator, no name, no hash."""

    id: uuid.UUID
    letter: str = field(metadata={"help": "Identity within the item: a, b, c …"})
    url: str = field(metadata={"help": "Its exact pixels, as lossless WebP."})
    thumbnail_url: str
    width: int = field(metadata={"help": "Pixels."})
    height: int = field(metadata={"help": "Pixels."})
    sizes: list[SizedCopy] = field(metadata={"help": "To look at it whole, the smallest first."})


@dataclass(frozen=True, slots=True)
class ShownItem:
    """What is asked about, as an annotator may know it."""

    id: uuid.UUID
    prompt: str
    tokens: list[str] = field(metadata={"help": "The prompt's words; `words` answers index them."})
    images: list[ShownImage]


def lock_items(items: QuerySet[Item]) -> int:
    """Keeps these items as they are until the transaction ends, the lowest first; how many.

    Whoever changes anything about an item locks it first, so this waits for them all.
    """
    locked = items.order_by("pk").select_for_update(no_key=True, of=("self",))
    return len(locked.values_list("pk", flat=True))


def shown_item(item: Item, places: Sequence[ItemImage]) -> ShownItem:
    """An item with its images, as an annotator may know them."""
    return ShownItem(
        id=item.pk,
        prompt=item.prompt,
        tokens=list(token_texts(item.prompt)),
        images=[
            ShownImage(
                id=place.image_id,
                letter=place.letter,
                url=file_url(place.image_id),
                thumbnail_url=thumbnail_url(place.image_id),
                width=place.image.width,
                height=place.image.height,
                sizes=sized_copies(place.image),
            )
            for place in places
        ],
    )


def sized_copies(image: Image) -> list[SizedCopy]:
    """The image in the sizes that it is looked at in, the smallest first."""
    width, height = image.width, image.height
    return [
        SizedCopy(f"/api/v1/images/{image.pk}/views/{side}", *size_within(width, height, side))
        for side in sides_of(width, height)
    ]


def file_url(image_id: uuid.UUID | str) -> str:
    """Where the image's exact pixels are."""
    return f"/api/v1/images/{image_id}/file"


def thumbnail_url(image_id: uuid.UUID | str) -> str:
    """Where the small image is."""
    return f"/api/v1/images/{image_id}/thumbnail"


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


def image_by_id(image_id: uuid.UUID) -> Image:
    """The image; NotFound. Who may see it, `assignments.selectors.image_for` knows."""
    image = Image.objects.filter(pk=image_id).first()
    if image is None:
        raise NotFound
    return image


def item_for(user: User, item_id: uuid.UUID, role: Role) -> Item:
    """The item with its project, for a member with the role; NotFound, RoleRequired otherwise."""
    item = Item.objects.select_related("project", "batch").filter(pk=item_id).first()
    if item is None:
        raise NotFound
    project_for(user, item.project_id, role)
    return item


def spec_of_item(item: Item) -> ItemSpec:
    """The item as an answer refers to it (1 query)."""
    return item_spec(item, (place.letter for place in places_of([item.pk])[item.pk]))


def images_named(
    batch: Batch, files: Iterable[str], prompts: Iterable[str]
) -> dict[ImageKey, Image]:
    """Images of the batch made of these files and prompts, with their references (1 query)."""
    rows = Image.objects.filter(batch=batch, source_name__in=list(files), prompt__in=list(prompts))
    return {
        (row.source_name, row.prompt, row.is_reference): row
        for row in rows.select_related("reference")
    }


def stored_of(batch: Batch, files: Iterable[str]) -> dict[str, StoredFile]:
    """Which of these files lie in the storage already, from an earlier stretch (1 query)."""
    rows = Image.objects.filter(batch=batch, source_name__in=list(files))
    columns = ("source_name", "sha256", "source_sha256", "suffix", "bytes", "width", "height")
    return {name: StoredFile(*rest) for name, *rest in rows.values_list(*columns)}


def keys_taken(batch: Batch, keys: Iterable[str]) -> set[str]:
    """Which of these keys items of the batch have (1 query)."""
    rows = Item.objects.filter(batch=batch, key__in=list(keys))
    return set(rows.values_list("key", flat=True))


def prompt_count(batch: Batch) -> int:
    """How many different prompts its images have."""
    return Image.objects.filter(batch=batch, is_reference=False).values("prompt").distinct().count()


def images_by_prompt(batch: Batch) -> Iterator[tuple[str, list[Image]]]:
    """Every prompt with its images, in an order that does not change; streamed."""
    rows = Image.objects.filter(batch=batch, is_reference=False).order_by("prompt", "source_name")
    for prompt, images in groupby(rows.iterator(chunk_size=2000), key=lambda image: image.prompt):
        yield prompt, list(images)


def has_items(batch: Batch) -> bool:
    """Whether anything of it can be put to people."""
    return Item.objects.filter(batch=batch).exists()


def item_count(batch: Batch) -> int:
    """Items of the batch."""
    return Item.objects.filter(batch=batch).count()


def copies_in(project: Project) -> QuerySet[Item]:
    """The project's copies of items: what is said of them counts in no report."""
    return Item.with_copies.filter(project=project, source__isnull=False)


def last_stretch(batch: Batch) -> int:
    """The last part of the batch that was taken in by itself; 0 before the first."""
    found: int | None = Item.objects.filter(batch=batch).aggregate(n=Max("stretch"))["n"]
    return found or 0


def judged_images(batch_ids: Collection[int]) -> dict[int, int]:
    """How many images people judge in each of these batches (1 query, 0 for none)."""
    if not batch_ids:
        return {}
    rows = Image.objects.filter(batch__in=batch_ids, is_reference=False).values_list("batch")
    return dict(rows.annotate(n=Count("pk")).order_by())


def image_count(batch: Batch) -> int:
    """Images of the batch that people judge (references apart)."""
    return Image.objects.filter(batch=batch, is_reference=False).count()


def hashes_in_use(project_id: int, prefix: str) -> set[str]:
    """Hashes of the project's stored images that begin so (1 query)."""
    rows = Image.objects.filter(project_id=project_id, sha256__startswith=prefix)
    return set(rows.values_list("sha256", flat=True))
