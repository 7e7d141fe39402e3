"""What can be done with items: record a stretch of them, make pairs of images, take them back."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages

from annotator.items.images import Kept, Stored
from annotator.items.manifest import Mention, Row
from annotator.items.models import Image, Item, ItemImage
from annotator.items.names import shown
from annotator.items.pairing import MOST_PAIRS, PairRule, pair_count, pairs_of
from annotator.items.selectors import ImageKey, files_wanted, images_named, keys_taken
from annotator.items.troubles import Trouble
from annotator.projects.models import Batch

AT_ONCE = 2000
KEEP_UNNAMED = timedelta(hours=24)


@dataclass(slots=True)
class _Recording:
    """Rows to write for one stretch of a manifest."""

    batch: Batch
    kept: Mapping[str, Kept]
    known: dict[ImageKey, Image]
    keys: set[str]
    references: list[Image] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    places: list[ItemImage] = field(default_factory=list)


def keep_image(project_id: int, source: bytes, stored: Stored) -> Kept:
    """Writes an image and its thumbnail; the row that points at them comes after.

    Also when they are there already: the file is young again, so the sweep leaves it alone.
    """
    digest = hashlib.sha256(stored.png).hexdigest()
    named = Image(project_id=project_id, sha256=digest)
    storage = storages["default"]
    storage.save(named.thumbnail_path, ContentFile(stored.thumbnail))
    storage.save(named.path, ContentFile(stored.png))
    return Kept(
        sha256=digest,
        source_sha256=hashlib.sha256(source).hexdigest(),
        bytes=len(stored.png),
        width=stored.width,
        height=stored.height,
    )


def record(batch: Batch, rows: Sequence[Row], kept: Mapping[str, Kept]) -> list[Trouble]:
    """Makes the images and items of `rows`; returns the rows that could not be made.

    `kept` has every file that the rows name. Runs in the transaction that counts the rows as gone
    through, so that a restart neither loses nor doubles one (6 queries at most).
    """
    files = {file for row in rows for file in files_of(row)}
    recording = _Recording(
        batch=batch,
        kept=kept,
        known=images_named(batch, files),
        keys=keys_taken(batch, [row.key for row in rows if not row.single]),
    )
    troubles = [trouble for row in rows if (trouble := _add(recording, row)) is not None]
    Image.objects.bulk_create(recording.references)
    Image.objects.bulk_create(recording.images)
    Item.objects.bulk_create(recording.items)
    ItemImage.objects.bulk_create(recording.places)
    return troubles


def files_of(row: Row) -> list[str]:
    """Every file that a row names."""
    return [name for image in row.images for name in (image.file, image.reference) if name]


def _add(recording: _Recording, row: Row) -> Trouble | None:
    if not row.single and row.key in recording.keys:
        return Trouble(row.line, "", f"The id “{shown(row.key)}” is taken by an earlier line.")
    for mention in row.images:
        if (reason := _conflict(recording, row, mention)) is not None:
            return Trouble(row.line, shown(mention.file), reason)
    images = [_image(recording, row, mention) for mention in row.images]
    if row.single:
        return None
    recording.keys.add(row.key)
    item = Item(
        project_id=recording.batch.project_id, batch=recording.batch, prompt=row.prompt, key=row.key
    )
    recording.items.append(item)
    _lot(recording.batch, row.key).shuffle(images)
    recording.places += [
        ItemImage(item=item, image=image, place=place) for place, image in enumerate(images)
    ]
    return None


def _lot(batch: Batch, name: str) -> Random:
    """Chance of our own for one item or prompt of a batch, the same after a restart.

    Letters are drawn by it: were a always the manifest's first, it would be the same generator's.
    """
    return Random(f"{batch.project.seed}:{batch.pk}:{name}")  # noqa: S311 - keyed by a secret


def _conflict(recording: _Recording, row: Row, mention: Mention) -> str | None:
    """Why an image can't be what an earlier line said of the same file and prompt."""
    known = recording.known.get((mention.file, row.prompt, False))
    if known is None:
        return None
    if row.single:
        return "is named by an earlier line with the same prompt"
    if known.generator != mention.generator:
        return (
            f"has another generator on an earlier line: “{shown(known.generator)}”, here "
            f"“{shown(mention.generator)}”"
        )
    reference = known.reference.source_name if known.reference is not None else ""
    if reference != mention.reference:
        return "has another reference on an earlier line"
    return None


def _image(recording: _Recording, row: Row, mention: Mention) -> Image:
    key = (mention.file, row.prompt, False)
    if key not in recording.known:
        made = _new_image(recording, mention.file, row.prompt)
        made.generator = mention.generator
        made.reference = _reference(recording, row, mention.reference)
        recording.known[key] = made
        recording.images.append(made)
    return recording.known[key]


def _reference(recording: _Recording, row: Row, file: str) -> Image | None:
    if not file:
        return None
    key = (file, row.prompt, True)
    if key not in recording.known:
        made = _new_image(recording, file, row.prompt)
        made.is_reference = True
        recording.known[key] = made
        recording.references.append(made)
    return recording.known[key]


def _new_image(recording: _Recording, file: str, prompt: str) -> Image:
    kept = recording.kept[file]
    return Image(
        project_id=recording.batch.project_id,
        batch=recording.batch,
        prompt=prompt,
        source_name=file,
        source_sha256=kept.source_sha256,
        sha256=kept.sha256,
        bytes=kept.bytes,
        width=kept.width,
        height=kept.height,
    )


def make_pairs(
    batch: Batch, groups: Sequence[tuple[str, Sequence[Image]]], rule: PairRule
) -> list[Trouble]:
    """Comparison items out of the images of each prompt; returns the prompts that make none.

    Drawn under the project's secret seed and independent of the order of the manifest, so a
    restart makes the same.
    """
    troubles: list[Trouble] = []
    items: list[Item] = []
    places: list[ItemImage] = []
    for prompt, images in groups:
        count = pair_count(len(images), rule)
        if not 0 < count <= MOST_PAIRS:
            troubles.append(_no_pairs(prompt, images, count))
            continue
        rng = _lot(batch, prompt)
        for first, second in pairs_of(len(images), rule, rng):
            pair = (images[first], images[second])
            item = Item(
                project_id=batch.project_id, batch=batch, prompt=prompt, key=_pair_key(prompt, pair)
            )
            items.append(item)
            places += [ItemImage(item=item, image=image, place=i) for i, image in enumerate(pair)]
    for start in range(0, len(items), AT_ONCE):
        Item.objects.bulk_create(items[start : start + AT_ONCE])
        ItemImage.objects.bulk_create(places[2 * start : 2 * (start + AT_ONCE)])
    return troubles


def _pair_key(prompt: str, pair: Iterable[Image]) -> str:
    names = "\0".join([prompt, *sorted(image.source_name for image in pair)])
    return f"pair-{hashlib.sha256(names.encode()).hexdigest()[:32]}"


def _no_pairs(prompt: str, images: Sequence[Image], count: int) -> Trouble:
    if count == 0:
        reason = f"is the only image of its prompt, so it makes no pair: “{shown(prompt)}”"
        return Trouble(None, shown(images[0].source_name), reason)
    return Trouble(
        None,
        "",
        f"The prompt “{shown(prompt)}” has {len(images):,} images, which would make {count:,} "
        f"pairs; the limit is {MOST_PAIRS:,}. Choose ring or random:K.",
    )


def discard(batch: Batch) -> None:
    """Takes back all items and images of a batch that failed; the sweep collects their files."""
    Item.objects.filter(batch=batch).delete()
    Image.objects.filter(batch=batch).delete()


def collect_files(now: datetime, *, shard: int) -> int:
    """Removes stored images that no image points at, a day after they were written.

    Looks at those whose hash begins with the byte `shard`; call it with all in turn.
    """
    storage = storages["default"]
    prefix = f"{shard:02x}"
    removed = 0
    for project_id in _folders(storage, "projects"):
        for kind in ("images", "thumbnails"):
            folder = f"projects/{project_id}/{kind}/{prefix}"
            names = _files(storage, folder)
            wanted = files_wanted(int(project_id), prefix) if names else set()
            for name in names:
                path = f"{folder}/{name}"
                named = name.partition(".")[0] in wanted and not name.endswith(".part")
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
