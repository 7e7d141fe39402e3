"""What items can be asked."""

import json
import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby
from math import isfinite
from operator import attrgetter
from typing import Any

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    F,
    Func,
    JSONField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.functions import Coalesce, NullIf
from django.db.models.lookups import IsNull

from annotator.accounts.models import Role, User
from annotator.core.errors import NotFound
from annotator.items.derivatives import sides_of, size_within
from annotator.items.models import (
    FlatMeta,
    Image,
    ImageRole,
    Item,
    ItemImage,
    MetaKey,
    MetaOf,
    MetaValue,
)
from annotator.projects.models import Batch, BatchState, Project
from annotator.projects.selectors import project_for
from annotator.questions.types import ChecklistRow, ImageBounds, ItemSpec

# A table has a column of each; those with the most rows have one.
MOST_SKILLS = 50

# File, prompt, and whether it is a reference: what an image is within its batch.
ImageKey = tuple[str, str, bool]

# By what prompts of images are held for equal.
EQUAL_PROMPT = Coalesce(NullIf("normal_prompt", Value("", TextField())), "prompt")


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


class RoleBeside(StrEnum):
    """What an image is that is shown beside those that are judged."""

    SOURCE = ImageRole.SOURCE.value
    REFERENCE = ImageRole.REFERENCE.value
    MASK = ImageRole.MASK.value


@dataclass(frozen=True, slots=True)
class ImageBeside:
    """An image that is shown beside those that are judged; it is no answer to anything."""

    id: uuid.UUID
    role: RoleBeside
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
    checklist: list[ChecklistRow] = field(
        metadata={"help": "The rows that came with it; `checklist` answers name them."}
    )
    images: list[ShownImage]
    beside: list[ImageBeside] = field(
        metadata={"help": "What the images are held against: the source, a mask, references."}
    )


def lock_items(items: QuerySet[Item]) -> int:
    """Keeps these items as they are until the transaction ends, the lowest first; how many.

    Whoever changes anything about an item locks it first, so this waits for them all.
    """
    locked = items.order_by("pk").select_for_update(no_key=True, of=("self",))
    return len(locked.values_list("pk", flat=True))


def items_outside(
    project: Project,
    bounds: ImageBounds,
    *,
    needs_prompt: bool,
    needs_checklist: bool,
    begun: QuerySet[Any],
) -> int:
    """How many items that nobody has begun do not fit questions with these needs (1 query)."""
    rows = Item.objects.filter(project=project, asked=None)
    rows = rows.exclude(pk__in=begun.order_by().values("item"))
    rows = rows.annotate(n=Count("places", filter=Q(places__role=ImageRole.CANDIDATE)))
    unfit = Q(n__lt=bounds.fewest) | Q(n__gt=bounds.most)
    if needs_prompt:
        unfit |= Q(prompt="")
    if needs_checklist:
        unfit |= Q(checklist=[])
    return rows.filter(unfit).count()


def shown_item(item: Item, places: Sequence[ItemImage]) -> ShownItem:
    """An item with its images in any role, as an annotator may know them."""
    return ShownItem(
        id=item.pk,
        prompt=item.prompt,
        tokens=item.tokens,
        checklist=list(item.rows),
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
            for place in judged(places)
        ],
        beside=images_beside(places),
    )


def judged(places: Iterable[ItemImage]) -> list[ItemImage]:
    """Those of an item's images that have a letter."""
    return [place for place in places if place.role == ImageRole.CANDIDATE]


def images_beside(places: Iterable[ItemImage]) -> list[ImageBeside]:
    """Those of an item's images that are shown beside: the source first, then mask, references."""
    return [
        ImageBeside(
            id=place.image_id,
            role=RoleBeside(place.role),
            url=file_url(place.image_id),
            thumbnail_url=thumbnail_url(place.image_id),
            width=place.image.width,
            height=place.image.height,
            sizes=sized_copies(place.image),
        )
        for place in places
        if place.role != ImageRole.CANDIDATE
    ]


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
    return _by_item(ItemImage.objects.all(), item_ids)


def places_in_any_role(item_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[ItemImage]]:
    """The same, and behind them what is shown beside (1 query)."""
    return _by_item(ItemImage.in_any_role.all(), item_ids)


def _by_item(
    rows: QuerySet[ItemImage], item_ids: Iterable[uuid.UUID]
) -> dict[uuid.UUID, list[ItemImage]]:
    found: dict[uuid.UUID, list[ItemImage]] = {}
    rows = rows.filter(item_id__in=list(item_ids)).select_related("image")
    for place in rows.order_by("item_id", "place"):
        found.setdefault(place.item_id, []).append(place)
    return found


def item_spec(
    item: Item, letters: Iterable[str], sizes: Iterable[tuple[int, int]] = ()
) -> ItemSpec:
    """The item as an answer refers to it; `sizes` where what is told depends on them."""
    return ItemSpec(tuple(letters), tuple(item.tokens), item.rows, tuple(sizes))


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


def specs_of_items(items: Sequence[Item]) -> dict[uuid.UUID, ItemSpec]:
    """Item id → the item as an answer refers to it (1 query)."""
    places = places_of([item.pk for item in items])
    return {item.pk: item_spec(item, (place.letter for place in places[item.pk])) for item in items}


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
    rows = Item.with_copies.filter(batch=batch, key__in=list(keys))
    return set(rows.values_list("key", flat=True))


@dataclass(frozen=True, slots=True)
class Earlier:
    """An item that was there before, and in which batch."""

    batch: int
    name: str


def earlier_items(project_id: int, identities: Iterable[str]) -> dict[str, Earlier]:
    """Which of these identities items of the project have, deleted batches apart (1 query)."""
    rows = Item.with_copies.filter(project_id=project_id, identity__in=list(identities))
    standing = rows.exclude(batch__state=BatchState.DELETING)
    columns = standing.values_list("identity", "batch_id", "batch__name")
    return {identity: Earlier(batch, name) for identity, batch, name in columns}


def measured_against() -> Q:
    """Images that others are measured against, not only shown beside (of `Image`)."""
    beside = ItemImage.in_any_role.exclude(role=ImageRole.CANDIDATE)
    shown = Exists(beside.filter(image=OuterRef("pk")))
    named = Exists(Image.objects.filter(reference=OuterRef("pk")))
    return Q(is_reference=True) & (~Q(shown) | Q(named))


def prompt_count(batch: Batch) -> int:
    """How many different prompts its images have, in their normal form."""
    rows = Image.objects.filter(batch=batch, is_reference=False)
    return rows.values(form=EQUAL_PROMPT).distinct().count()


def images_by_prompt(batch: Batch) -> Iterator[tuple[str, list[Image]]]:
    """Every prompt with its images, as the first of them has it; streamed in a lasting order.

    Equal are prompts of one normal form.
    """
    rows = Image.objects.filter(batch=batch, is_reference=False).select_related("reference")
    rows = rows.annotate(form=EQUAL_PROMPT)
    ordered = rows.order_by("form", "source_name", "prompt").iterator(chunk_size=2000)
    for _, group in groupby(ordered, key=attrgetter("form")):
        images: list[Image] = [*group]
        yield images[0].prompt, images


class Holds(Func):
    """Whether a column of `meta` has this key with this value; GIN answers it on PostgreSQL."""

    template = "%(expressions)s"
    arg_joiner = " @> "
    output_field = BooleanField()

    def __init__(self, column: str, key: str, value: MetaValue) -> None:
        self.entry = key, value
        super().__init__(F(column), Value({key: value}, JSONField()))

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> tuple[str, Any]:
        """SQLite looks through the object's entries."""
        column, _ = compiler.compile(self.source_expressions[0])
        found = f"SELECT 1 FROM json_each({column}) WHERE key = %s AND value = %s"  # noqa: S608
        return f"EXISTS ({found})", [*self.entry]


class Entry(Func):
    """The value of one key of a column of `meta`, as text; null where there is none."""

    template = "(%(expressions)s)"
    arg_joiner = " ->> "
    output_field = TextField()

    def __init__(self, column: str, key: str) -> None:
        self.key = key
        super().__init__(F(column), Value(key, TextField()))

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> tuple[str, Any]:
        """SQLite has 1 for true, and a path where a key has a dot."""
        column, _ = compiler.compile(self.source_expressions[0])
        written = "CASE WHEN type IN ('true', 'false') THEN type ELSE CAST(value AS TEXT) END"
        found = f"(SELECT {written} FROM json_each({column}) WHERE key = %s)"  # noqa: S608
        return found, [self.key]


def holding(key: str, value: str, column: str = "meta") -> Q:
    """Images or items with this key, and with this value as somebody writes it; "": with any."""
    if not value:
        return Q(IsNull(Entry(column, key), rhs=False))
    return Q(*(Q(Holds(column, key, one)) for one in _readings(value)), _connector=Q.OR)


def _readings(text: str) -> list[MetaValue]:
    """What a text can stand for: itself, and a number or truth that is written so."""
    if text in ("true", "false"):
        return [text, text == "true"]
    try:
        number = float(text) if text[:1] in "-0123456789" else None
    except ValueError:
        number = None
    if number is None or not isfinite(number):
        return [text]
    return [text, int(text) if text.lstrip("-").isdecimal() else number]


def text_of(value: MetaValue) -> str:
    """A value as people read it. Browsers would round a large number."""
    return value if isinstance(value, str) else json.dumps(value)


def texts_of(meta: FlatMeta) -> dict[str, str]:
    """All of them, by key."""
    return {key: text_of(value) for key, value in sorted(meta.items())}


def design_of(item: Item, batch: Batch) -> str:
    """The rule by which the site drew this pair: all, ring or random:K; "": it was listed."""
    return "" if item.selection_probability is None else batch.pairs


def meta_keys(project: Project) -> dict[MetaOf, list[str]]:
    """Which keys images and items of the project have (1 query)."""
    rows = MetaKey.objects.filter(batch__project=project).values_list("of", "key").distinct()
    found: dict[MetaOf, list[str]] = {of: [] for of in MetaOf}
    for of, key in rows.order_by("of", "key"):
        found[MetaOf(of)].append(key)
    return found


def skills_of(project: Project) -> list[str]:
    """What rows of the project's checklists ask about, at most MOST_SKILLS (1 query)."""
    rows = Item.objects.filter(project=project).exclude(checklist=[]).order_by()
    found = Counter(
        row["kind"]
        for checklist in rows.values_list("checklist", flat=True).iterator()
        for row in checklist
        if row["kind"]
    )
    return sorted(kind for kind, _ in found.most_common(MOST_SKILLS))


def shows_beside(project: Project) -> bool:
    """Whether any of its items has images besides those that are judged (1 query)."""
    rows = ItemImage.in_any_role.filter(item__project=project)
    return rows.exclude(role=ImageRole.CANDIDATE).exists()


def has_items(batch: Batch) -> bool:
    """Whether anything of it can be put to people, be it as a known answer."""
    return Item.with_copies.filter(batch=batch).exists()


def item_count(batch: Batch) -> int:
    """Items of the batch."""
    return Item.objects.filter(batch=batch).count()


def copies_in(project: Project) -> QuerySet[Item]:
    """The project's copies of items: what is said of them counts in no report."""
    return Item.with_copies.filter(project=project, source__isnull=False)


def last_stretch(batch: Batch) -> int:
    """The last part of the batch that was taken in by itself; 0 before the first."""
    found: int | None = Item.with_copies.filter(batch=batch).aggregate(n=Max("stretch"))["n"]
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
