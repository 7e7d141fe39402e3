"""What can be done with images and items: store files, add rows, take them back, collect files."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import chain
from operator import attrgetter
from threading import Lock
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.db.models import Q, QuerySet

from annotator.accounts.models import User
from annotator.core import copying
from annotator.core.copying import columns_of
from annotator.core.errors import NotFound
from annotator.core.storage import names_below
from annotator.items.derivatives import Derived, exact_of, view_of
from annotator.items.models import (
    BESIDE,
    FOLDERS,
    Image,
    ImageRole,
    Item,
    ItemImage,
    MetaKey,
    MetaOf,
)
from annotator.items.selectors import StoredFile, hashes_in_use
from annotator.projects.models import Batch, BatchState, Project

KEEP_UNNAMED = timedelta(hours=24)
COPY = "copy"
KNOWN = "known answer"
# One at a time in a process: the largest image needs some hundred megabytes.
_MAKING = Lock()


def store_files(
    project_id: int,
    *,
    source: bytes,
    kept: bytes,
    suffix: str,
    derived: Derived,
    width: int,
    height: int,
) -> StoredFile:
    """Writes an image and its derivatives; the row that points at them comes after.

    Also when they are there already: the file is young again, so the sweep leaves it alone.
    `source`: the bytes that came, of which only the hash is kept.
    """
    digest = hashlib.sha256(kept).hexdigest()
    named = Image(project_id=project_id, sha256=digest, suffix=suffix, width=width, height=height)
    storage = storages["default"]
    for path, view in zip(named.view_paths.values(), derived.views, strict=True):
        storage.save(path, ContentFile(view))
    storage.save(named.thumbnail_path, ContentFile(derived.thumbnail))
    storage.save(named.path, ContentFile(kept))
    return StoredFile(
        sha256=digest,
        source_sha256=hashlib.sha256(source).hexdigest(),
        suffix=suffix,
        bytes=len(kept),
        width=width,
        height=height,
    )


def made_view(image: Image, side: int) -> str:
    """The name of a view, which is made if it is not there. NotFound if it has none of that side.

    Views are made at ingest, but images of earlier releases have none.
    """
    path = image.view_paths.get(side)
    if path is None:
        raise NotFound
    return _made(image, path, partial(view_of, side=side))


def made_exact(image: Image) -> str:
    """The name of the losslessly encoded pixels, made the first time. NotFound without the image.

    Few images are looked at so closely; and once made, three people find it.
    """
    return _made(image, image.exact_path, exact_of)


def _made(image: Image, path: str, make: Callable[[bytes], bytes]) -> str:
    storage = storages["default"]
    if storage.exists(path):
        return path
    try:
        with storage.open(image.path) as stream:
            stored = stream.read()
    except FileNotFoundError as error:
        raise NotFound from error
    with _MAKING:
        made = make(stored)
    storage.save(path, ContentFile(made))
    return path


def add_images(images: Sequence[Image]) -> None:
    """Adds rows of images; a reference before the images that point at it."""
    columns = columns_of(Image)
    ordered = sorted(images, key=lambda image: not image.is_reference)
    copying.add(Image, columns, map(attrgetter(*columns), ordered))
    _keep_keys(MetaOf.IMAGE, images)


def add_items(
    items: Sequence[tuple[Item, Sequence[Image]]],
    beside: Sequence[tuple[Item, Sequence[tuple[ImageRole, Image]]]] = (),
) -> None:
    """Adds items with their images in the order of their letters, and what some show beside."""
    columns = columns_of(Item)
    _let_go([item for item, _ in items])
    copying.add(Item, columns, (attrgetter(*columns)(item) for item, _ in items))
    candidates = (
        (item.pk, image.pk, place, ImageRole.CANDIDATE.value)
        for item, images in items
        for place, image in enumerate(images)
    )
    others = (
        (item.pk, image.pk, place, role.value)
        for item, images in beside
        for place, (role, image) in enumerate(images, BESIDE)
    )
    copying.add(ItemImage, ("item_id", "image_id", "place", "role"), chain(candidates, others))
    _keep_keys(MetaOf.ITEM, [item for item, _ in items])


def _let_go(items: Sequence[Item]) -> None:
    """What is being deleted stands in nobody's way (1 query for each project)."""
    for project_id in {item.project_id for item in items}:
        identities = [item.identity for item in items if item.identity]
        going = Item.with_copies.filter(
            project_id=project_id, identity__in=identities, batch__state=BatchState.DELETING
        )
        going.update(identity="")


def _keep_keys(of: MetaOf, rows: Iterable[Image | Item]) -> None:
    """Notes which keys there are (1 query, none for rows without any)."""
    named = sorted({(row.batch_id, key) for row in rows for key in row.meta})
    if named:
        keys = (MetaKey(batch_id=batch, of=of, key=key) for batch, key in named)
        MetaKey.objects.bulk_create(keys, ignore_conflicts=True)


def discard(batch: Batch) -> None:
    """Takes back all items and images of a batch that failed; the sweep collects their files."""
    Item.with_copies.filter(batch=batch).delete()
    Image.objects.filter(batch=batch).delete()
    MetaKey.objects.filter(batch=batch).delete()


def exclude(item: Item, *, by: User | None, reason: str, now: datetime) -> None:
    """Marks an item as out of work, reports and exports; what follows is interventions.py's.

    `by`: None for the site itself.
    """
    item.excluded_at, item.excluded_by, item.excluded_reason = now, by, reason
    item.save(update_fields=["excluded_at", "excluded_by", "excluded_reason"])


def include(item: Item) -> None:
    """Undoes it."""
    item.excluded_at, item.excluded_by, item.excluded_reason = None, None, ""
    item.save(update_fields=["excluded_at", "excluded_by", "excluded_reason"])


def copy_of(item: Item, *, now: datetime) -> Item:
    """The item's copy, made where there is none (3 queries, or 1).

    It has the same images: their bytes would tell a copy of them anyway.
    """
    if found := Item.with_copies.filter(source=item).first():
        return found
    made = Item(
        project_id=item.project_id,
        batch_id=item.batch_id,
        prompt=item.prompt,
        by_character=item.by_character,
        checklist=item.checklist,
        key=f"copy:{item.pk}",
        source=item,
        asked=item.asked,
        excluded_at=now,
        excluded_reason=COPY,
    )
    Item.with_copies.bulk_create([made], ignore_conflicts=True)
    copy = Item.with_copies.get(source=item)
    if copy.pk == made.pk:
        places = ItemImage.in_any_role.filter(item=item)
        ItemImage.in_any_role.bulk_create(
            ItemImage(item=made, image_id=place.image_id, place=place.place, role=place.role)
            for place in places
        )
    return copy


def make_own_copy(item: Item, *, now: datetime) -> None:
    """Makes an item that is not stored yet its own source: nobody is asked but to see how."""
    item.source, item.excluded_at, item.excluded_reason = item, now, KNOWN


def keep_version(project: Project, slots: QuerySet[Any], *, asked: int) -> int:
    """Holds the items of these slots, and their copies, to a version of the project's questions.

    Those that a former version has already are its for good; how many they were.
    """
    held = slots.order_by().values("item")
    rows = Item.with_copies.filter(project=project, asked=None)
    return rows.filter(Q(pk__in=held) | Q(source__in=held)).update(asked=asked)


def remove_items(batches: Sequence[Batch], *, most: int) -> int:
    """Removes some items of these batches with all that people said of them; how many they were.

    They are locked first, so that who is just answering one comes to an end before it goes.
    """
    rows = Item.with_copies.filter(batch__in=batches).order_by("pk")
    found = list(rows.select_for_update().values_list("pk", flat=True)[:most])
    Item.with_copies.filter(pk__in=found).delete()
    return len(found)


def remove_images(batches: Sequence[Batch], *, most: int) -> int:
    """Removes some images of these batches and their files; how many they were.

    To be called when their items are gone. A file that another image of the project has too stays.
    """
    found = list(Image.objects.filter(batch__in=batches).order_by("pk")[:most])
    storage = storages["default"]
    for image in _last_of_their_content(found):
        for path in image.all_paths:
            storage.delete(path)
    Image.objects.filter(pk__in=[image.pk for image in found]).delete()
    return len(found)


def _last_of_their_content(images: Sequence[Image]) -> list[Image]:
    by_content = {(image.project_id, image.sha256): image for image in images}
    others = Image.objects.exclude(pk__in=[image.pk for image in images]).filter(
        project__in={image.project_id for image in images},
        sha256__in={image.sha256 for image in images},
    )
    kept = set(others.values_list("project_id", "sha256"))
    return [image for content, image in by_content.items() if content not in kept]


def remove_folder(project_id: int) -> None:
    """Removes whatever lies in the storage of a project that has no images any more."""
    storage = storages["default"]
    for name in list(names_below(storage, f"projects/{project_id}")):
        storage.delete(name)


def collect_files(now: datetime, *, shard: int) -> int:
    """Removes stored images that no image points at, a day after they were written.

    Looks at those whose hash begins with the byte `shard`; call it with all in turn.
    """
    storage = storages["default"]
    prefix = f"{shard:02x}"
    removed = 0
    for project_id in _folders(storage, "projects"):
        for kind in FOLDERS:
            folder = f"projects/{project_id}/{kind}/{prefix}"
            names = _files(storage, folder)
            in_use = hashes_in_use(int(project_id), prefix) if names else set()
            for name in names:
                path = f"{folder}/{name}"
                named = name.partition(".")[0] in in_use and not name.endswith(".part")
                if not named and storage.get_modified_time(path) < now - KEEP_UNNAMED:
                    storage.delete(path)
                    removed += 1
    return removed


def _folders(storage: Storage, path: str) -> list[str]:
    try:
        return [name for name in storage.listdir(path)[0] if name.isdecimal()]
    except FileNotFoundError:
        return []


def _files(storage: Storage, path: str) -> list[str]:
    try:
        return storage.listdir(path)[1]
    except FileNotFoundError:
        return []
