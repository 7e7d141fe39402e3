"""Rows of a manifest → images and items, a stretch at a time, the same after a restart."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from annotator.core.reasons import Code, Reason
from annotator.ingest.manifest import Mention, Row
from annotator.ingest.names import shown
from annotator.ingest.pairing import MOST_PAIRS, PairRule, pair_count, pairs_of
from annotator.ingest.refusals import Refusal
from annotator.items import services as items
from annotator.items.models import Image, Item
from annotator.items.selectors import ImageKey, StoredFile, images_named, keys_taken
from annotator.projects.models import Batch


@dataclass(slots=True)
class _Stretch:
    """Rows to write for one stretch of a manifest."""

    batch: Batch
    number: int
    stored: Mapping[str, StoredFile]
    known: dict[ImageKey, Image]
    keys: set[str]
    images: list[Image] = field(default_factory=list)
    items: list[tuple[Item, Sequence[Image]]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was made of some rows: items with their images, and the rows that could not be made."""

    items: Sequence[tuple[Item, Sequence[Image]]]
    refusals: list[Refusal]


def record(
    batch: Batch, rows: Sequence[Row], stored: Mapping[str, StoredFile], *, stretch: int = 0
) -> Recorded:
    """Makes the images and items of `rows`.

    `stored` has every file that the rows name. Runs in the transaction that counts the rows as
    gone through, so that a restart neither loses nor doubles one (5 statements at most).
    """
    made = _Stretch(
        batch=batch,
        number=stretch,
        stored=stored,
        known=images_named(
            batch, {file for row in rows for file in files_of(row)}, {row.prompt for row in rows}
        ),
        keys=keys_taken(batch, [row.key for row in rows if not row.single]),
    )
    refusals = [refusal for row in rows if (refusal := _add(made, row)) is not None]
    items.add_images(made.images)
    items.add_items(made.items)
    return Recorded(made.items, refusals)


def files_of(row: Row) -> list[str]:
    """Every file that a row names."""
    return [name for image in row.images for name in (image.file, image.reference) if name]


def _add(stretch: _Stretch, row: Row) -> Refusal | None:
    if not row.single and row.key in stretch.keys:
        return Refusal(row.line, "", Reason(Code.ID_TAKEN, id=shown(row.key)))
    for mention in row.images:
        if (reason := _contradiction(stretch, row, mention)) is not None:
            return Refusal(row.line, shown(mention.file), reason)
    images = [_image(stretch, row, mention) for mention in row.images]
    if not row.single:
        stretch.keys.add(row.key)
        _random(stretch.batch, row.key).shuffle(images)
        stretch.items.append((_item(stretch.batch, row.prompt, row.key, stretch.number), images))
    return None


def _random(batch: Batch, name: str) -> Random:
    """Chance of our own for one item or prompt of a batch, the same after a restart.

    Letters are drawn by it: were a always the manifest's first, it would be the same generator's.
    """
    return Random(f"{batch.project.seed}:{batch.pk}:{name}")  # noqa: S311 - keyed by a secret


def _item(batch: Batch, prompt: str, key: str, stretch: int = 0) -> Item:
    return Item(project_id=batch.project_id, batch=batch, prompt=prompt, key=key, stretch=stretch)


def _contradiction(stretch: _Stretch, row: Row, mention: Mention) -> Reason | None:
    """Why an image can't be what an earlier line said of the same file and prompt."""
    known = stretch.known.get((mention.file, row.prompt, False))
    if known is None:
        return None
    if row.single:
        return Reason(Code.IMAGE_NAMED_BEFORE)
    if known.generator != mention.generator:
        before, here = shown(known.generator), shown(mention.generator)
        return Reason(Code.OTHER_GENERATOR_BEFORE, before=before, here=here)
    reference = known.reference.source_name if known.reference is not None else ""
    if reference != mention.reference:
        return Reason(Code.OTHER_REFERENCE_BEFORE)
    return None


def _image(stretch: _Stretch, row: Row, mention: Mention) -> Image:
    key = (mention.file, row.prompt, False)
    if key not in stretch.known:
        made = _new_image(stretch, key)
        made.generator = mention.generator
        made.reference = _reference(stretch, row, mention.reference)
    return stretch.known[key]


def _reference(stretch: _Stretch, row: Row, file: str) -> Image | None:
    if not file:
        return None
    key = (file, row.prompt, True)
    return stretch.known.get(key) or _new_image(stretch, key)


def _new_image(stretch: _Stretch, key: ImageKey) -> Image:
    file, prompt, is_reference = key
    stored = stretch.stored[file]
    made = Image(
        project_id=stretch.batch.project_id,
        batch=stretch.batch,
        prompt=prompt,
        is_reference=is_reference,
        source_name=file,
        source_sha256=stored.source_sha256,
        sha256=stored.sha256,
        suffix=stored.suffix,
        bytes=stored.bytes,
        width=stored.width,
        height=stored.height,
    )
    stretch.known[key] = made
    stretch.images.append(made)
    return made


def make_pairs(
    batch: Batch, groups: Sequence[tuple[str, Sequence[Image]]], rule: PairRule
) -> list[Refusal]:
    """Comparison items out of the images of each prompt; returns the prompts that make none.

    Drawn under the project's secret seed and independent of the order of the manifest, so a
    restart makes the same.
    """
    refusals: list[Refusal] = []
    made: list[tuple[Item, Sequence[Image]]] = []
    for prompt, images in groups:
        names = [image.source_name for image in images]
        drawn = drawn_pairs(batch, prompt, names, rule)
        if isinstance(drawn, Refusal):
            refusals.append(drawn)
            continue
        for key, first, second in drawn:
            made.append((_item(batch, prompt, key), (images[first], images[second])))
    items.add_items(made)
    return refusals


def drawn_pairs(
    batch: Batch, prompt: str, files: Sequence[str], rule: PairRule
) -> list[tuple[str, int, int]] | Refusal:
    """Which of a prompt's files are compared: the item's key, and who is a and b; or why none."""
    count = pair_count(len(files), rule)
    if not 0 < count <= MOST_PAIRS:
        return _no_pairs(prompt, files, count)
    return [
        (_pair_key(prompt, (files[first], files[second])), first, second)
        for first, second in pairs_of(len(files), rule, _random(batch, prompt))
    ]


def _pair_key(prompt: str, pair: Iterable[str]) -> str:
    names = "\0".join([prompt, *sorted(pair)])
    return f"pair-{hashlib.sha256(names.encode()).hexdigest()[:32]}"


def _no_pairs(prompt: str, files: Sequence[str], count: int) -> Refusal:
    if count == 0:
        alone = Reason(Code.ONLY_IMAGE_OF_PROMPT, prompt=shown(prompt))
        return Refusal(None, shown(files[0]), alone)
    many = Reason(
        Code.TOO_MANY_PAIRS, prompt=shown(prompt), images=len(files), count=count, max=MOST_PAIRS
    )
    return Refusal(None, "", many)
