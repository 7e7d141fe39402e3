"""Rows of a manifest → images and items, a stretch at a time, the same after a restart."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from annotator.core import clock
from annotator.core.reasons import Code, Reason
from annotator.ingest.checklist import as_columns
from annotator.ingest.identity import already, identity_of, identity_of_content
from annotator.ingest.known import keep_known, votes_with_letters, with_letters
from annotator.ingest.manifest import Gold, Mention, Row
from annotator.ingest.meta import shared
from annotator.ingest.names import shown
from annotator.ingest.pairing import MOST_PAIRS, PairRule, chance_of_pair, pair_count, pairs_of
from annotator.ingest.refusals import Refusal
from annotator.items import services as items
from annotator.items.models import Image, ImageRole, Item
from annotator.items.selectors import (
    Earlier,
    ImageKey,
    StoredFile,
    earlier_items,
    images_named,
    keys_taken,
)
from annotator.judges.selectors import ImportedVote
from annotator.judges.services import keep_imported
from annotator.projects.models import Batch
from annotator.projects.selectors import specs_by_key
from annotator.questions.types import QuestionSpec
from scoring.prompts import normal_form
from scoring.tokens import is_unspaced


@dataclass(slots=True)
class _Stretch:
    """Rows to write for one stretch of a manifest."""

    batch: Batch
    number: int
    stored: Mapping[str, StoredFile]
    known: dict[ImageKey, Image]
    keys: set[str]
    questions: Mapping[str, QuestionSpec]
    identities: Mapping[int, str]
    earlier: dict[str, Earlier]
    images: list[Image] = field(default_factory=list)
    items: list[tuple[Item, Sequence[Image]]] = field(default_factory=list)
    gold: list[tuple[Item, Sequence[Image], Gold]] = field(default_factory=list)
    beside: list[tuple[Item, Sequence[tuple[ImageRole, Image]]]] = field(default_factory=list)
    votes: list[tuple[Item, ImportedVote]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was made of some rows: items to put to people, and the rows that could not be made."""

    items: Sequence[tuple[Item, Sequence[Image]]]
    refusals: list[Refusal]


def record(
    batch: Batch, rows: Sequence[Row], stored: Mapping[str, StoredFile], *, stretch: int = 0
) -> Recorded:
    """Makes the images and items of `rows`.

    `stored` has every file that the rows name. Runs in the transaction that counts the rows as
    gone through, so that a restart neither loses nor doubles one (6 statements at most).
    """
    identities = {id(row): identity_of(row, stored) for row in rows if not row.single}
    made = _Stretch(
        batch=batch,
        number=stretch,
        stored=stored,
        known=images_named(
            batch, {file for row in rows for file in files_of(row)}, {row.prompt for row in rows}
        ),
        keys=keys_taken(batch, [row.key for row in rows if not row.single]),
        questions=specs_by_key(batch.project_id)
        if any(row.gold or row.votes for row in rows)
        else {},
        identities=identities,
        earlier=earlier_items(batch.project_id, identities.values()),
    )
    refusals = [refusal for row in rows if (refusal := _add(made, row)) is not None]
    items.add_images(made.images)
    judged = [*made.items, *((item, images) for item, images, _ in made.gold)]
    items.add_items(judged, made.beside)
    keep_known((item, gold) for item, _, gold in made.gold)
    keep_imported(made.votes)
    return Recorded(made.items, refusals)


def files_of(row: Row) -> list[str]:
    """Every file that a row names."""
    judged = [name for image in row.images for name in (image.file, image.reference) if name]
    return [*judged, *(one.file for one in row.beside)]


def _add(stretch: _Stretch, row: Row) -> Refusal | None:
    if not row.single and row.key in stretch.keys:
        return Refusal(row.line, "", Reason(Code.ID_TAKEN, id=shown(row.key)))
    for mention in row.images:
        if (reason := _contradiction(stretch, row, mention)) is not None:
            return Refusal(row.line, shown(mention.file), reason)
    identity = stretch.identities.get(id(row), "")
    if (earlier := stretch.earlier.get(identity)) is not None:
        return Refusal(row.line or None, "", already(earlier))
    images = [_image(stretch, row, mention) for mention in row.images]
    if not row.single:
        stretch.keys.add(row.key)
        stretch.earlier[identity] = Earlier(stretch.batch.pk, stretch.batch.name)
        _put_together(stretch, row, images, identity)
    return None


def _put_together(stretch: _Stretch, row: Row, images: Sequence[Image], identity: str) -> None:
    item = Item(
        project_id=stretch.batch.project_id,
        batch=stretch.batch,
        prompt=row.prompt,
        by_character=is_unspaced(row.prompt),
        key=row.key,
        stretch=stretch.number,
        meta=row.meta,
        checklist=as_columns(row.checklist),
        selection_probability=row.selection_probability,
        identity=identity,
    )
    order = list(range(len(images)))
    _random(stretch.batch, row.key).shuffle(order)
    drawn = [images[place] for place in order]
    if row.beside:
        shown_beside = [(one.role, _not_judged(stretch, row, one.file)) for one in row.beside]
        stretch.beside.append((item, shown_beside))
    votes = votes_with_letters(row.votes, stretch.questions, order)
    stretch.votes += [(item, vote) for vote in votes]
    if row.gold:
        items.make_own_copy(item, now=clock.now())
        stretch.gold.append((item, drawn, with_letters(row.gold, stretch.questions, order)))
    else:
        stretch.items.append((item, drawn))


def _random(batch: Batch, name: str) -> Random:
    """Chance of our own for one item or prompt of a batch, the same after a restart.

    Letters are drawn by it: were a always the manifest's first, it would be the same generator's.
    """
    return Random(f"{batch.project.seed}:{batch.pk}:{name}")  # noqa: S311 - keyed by a secret


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
    if known.meta != mention.meta:
        return Reason(Code.OTHER_META_BEFORE)
    return None


def _image(stretch: _Stretch, row: Row, mention: Mention) -> Image:
    key = (mention.file, row.prompt, False)
    if key not in stretch.known:
        made = _new_image(stretch, key)
        made.generator = mention.generator
        made.meta = mention.meta
        if mention.reference:
            made.reference = _not_judged(stretch, row, mention.reference)
    return stretch.known[key]


def _not_judged(stretch: _Stretch, row: Row, file: str) -> Image:
    """An image that others are measured against, or that is shown beside them."""
    key = (file, row.prompt, True)
    return stretch.known.get(key) or _new_image(stretch, key)


def _new_image(stretch: _Stretch, key: ImageKey) -> Image:
    file, prompt, is_reference = key
    stored = stretch.stored[file]
    made = Image(
        project_id=stretch.batch.project_id,
        batch=stretch.batch,
        prompt=prompt,
        normal_prompt=normal_form(prompt),
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
    for prompt, same in groups:
        images = list({image.source_name: image for image in reversed(same)}.values())[::-1]
        names = [image.source_name for image in images]
        refusals += _spelt_twice(same, images)
        drawn = drawn_pairs(batch, prompt, names, rule)
        if isinstance(drawn, Refusal):
            refusals.append(drawn)
            continue
        probability = chance_of_pair(len(images), rule)
        for key, first, second in drawn:
            pair = images[first], images[second]
            made.append((pair_item(batch, prompt, key, pair, probability), pair))
    earlier = earlier_items(batch.project_id, (item.identity for item, _ in made))
    new: list[tuple[Item, Sequence[Image]]] = []
    for item, compared in made:
        if (found := earlier.get(item.identity)) is not None:
            refusals.append(Refusal(None, shown(compared[0].source_name), already(found)))
        else:
            earlier[item.identity] = Earlier(batch.pk, batch.name)
            new.append((item, compared))
    items.add_items(new)
    return refusals


def pair_item(
    batch: Batch, prompt: str, key: str, pair: tuple[Image, Image], probability: float
) -> Item:
    """An item that the site has drawn, not stored yet."""
    return Item(
        project_id=batch.project_id,
        batch=batch,
        prompt=prompt,
        by_character=is_unspaced(prompt),
        key=key,
        meta=shared(image.meta for image in pair),
        selection_probability=probability,
        identity=identity_of_content(prompt, sorted(map(_bytes_of, pair))),
    )


def _bytes_of(image: Image) -> str:
    files = [image, image.reference] if image.reference is not None else [image]
    return ":".join(one.source_sha256 for one in files)


def _spelt_twice(images: Sequence[Image], taken: Sequence[Image]) -> list[Refusal]:
    """Files that came twice with one prompt, spelt in two ways."""
    again = {image.pk for image in images} - {image.pk for image in taken}
    named = Reason(Code.IMAGE_NAMED_BEFORE)
    return [Refusal(None, shown(one.source_name), named) for one in images if one.pk in again]


def drawn_pairs(
    batch: Batch, prompt: str, files: Sequence[str], rule: PairRule
) -> list[tuple[str, int, int]] | Refusal:
    """Which of a prompt's files are compared: the item's key, and who is a and b; or why none."""
    count = pair_count(len(files), rule)
    if not 0 < count <= MOST_PAIRS:
        return _no_pairs(prompt, files, count)
    return [
        (pair_key(prompt, (files[first], files[second])), first, second)
        for first, second in pairs_of(len(files), rule, _random(batch, prompt))
    ]


def pair_key(prompt: str, pair: Iterable[str]) -> str:
    """What names a pair within its batch, whatever the order of its two images' names."""
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
