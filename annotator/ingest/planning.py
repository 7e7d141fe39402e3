"""Rows of a manifest that names images at sources of the site → planned items, by COPY.

No image is looked at yet. What can be known of the rows is known when all are read: which are
refused, which pairs are made, in which order the items are taken in (fetching.py).
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby, islice

import msgspec
from django.db import connection, transaction
from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber

from annotator import jobs
from annotator.core import copying
from annotator.core.reasons import Code, Reason
from annotator.ingest import known
from annotator.ingest.beside import Beside
from annotator.ingest.checklist import Checklist
from annotator.ingest.identity import already, identity_of_id
from annotator.ingest.manifest import Mention, Row
from annotator.ingest.meta import shared
from annotator.ingest.models import PlannedItem
from annotator.ingest.names import shown
from annotator.ingest.pairing import PairRule, chance_of_pair
from annotator.ingest.problems import forget_problems, keep_problems
from annotator.ingest.recording import drawn_pairs, files_of
from annotator.ingest.refusals import Refusal, UploadRefused
from annotator.ingest.roots import is_address
from annotator.ingest.survey import Entry, OpenUpload
from annotator.items.models import FlatMeta
from annotator.items.selectors import earlier_items
from annotator.jobs import Held
from annotator.judges.selectors import ImportedVote
from annotator.projects import batches
from annotator.projects.models import Batch
from scoring.prompts import normal_form

ROWS_AT_ONCE = 5000
PROMPTS_AT_ONCE = 200
COLUMNS = (
    "batch_id", "position", "line", "key", "prompt", "normal_prompt", "images", "single", "meta",
    "selection_probability", "identity", "gold", "votes", "checklist", "beside",
)  # fmt: skip

# PostgreSQL and SQLite differ in the function that makes rows of a list.
IMAGES_NAMED = """
SELECT count(*) FROM (
    SELECT DISTINCT planned.prompt, image.value->>'file' AS file
    FROM ingest_planneditem planned, {elements} AS image
    WHERE planned.batch_id = %s
) named
"""
ELEMENTS = {
    "postgresql": "json_array_elements(planned.images::json)",
    "sqlite": "json_each(planned.images)",
}

Tell = Callable[[int, int], None]
PlannedRow = tuple[
    int, int, int | None, str, str, str, str, bool, str, float | None, str, str, str, str, str
]  # fmt: skip

_images_of = msgspec.json.Decoder(tuple[Mention, ...]).decode
_votes_of = msgspec.json.Decoder(tuple[ImportedVote, ...]).decode
_checklist_of = msgspec.json.Decoder(Checklist).decode
_beside_of = msgspec.json.Decoder(tuple[Beside, ...]).decode
_meta_of = msgspec.json.Decoder(FlatMeta).decode
_as_text = msgspec.json.Encoder().encode


def names_sources(upload: OpenUpload) -> bool:
    """Whether a manifest's images are to be fetched: as the first row says that is understood."""
    if not (upload.manifest and upload.rules.roots.by_name):
        return False
    first = next((entry for entry in upload.entries() if isinstance(entry, Row)), None)
    return first is not None and any(map(is_address, files_of(first)))


def plan(held: Held[Batch], upload: OpenUpload, tell: Tell) -> None:
    """Plans all items of a manifest; goes on after the rows that are planned already.

    Raises UploadRefused.
    """
    batch = held.job
    with transaction.atomic():
        batches.advance(held, total=max(upload.row_count(), batch.total_count))
        if batch.done_count == 0:
            forget_problems(batch)
            forget_plan(batch)
    entries = upload.entries()
    rows = sum(1 for _ in islice(entries, batch.done_count))
    while some := list(islice(entries, ROWS_AT_ONCE)):
        with transaction.atomic():
            batches.advance(held, by=len(some))
            _plan_rows(batch, some)
        rows += len(some)
        tell(batch.done_count, batch.total_count)
        jobs.give_way(held)
    if not rows:
        raise UploadRefused(Reason(Code.MANIFEST_NO_ROWS))
    batches.advance(held, total=max(rows, batch.done_count))
    if upload.rules.pairs is not None and _of(batch).filter(single=True).exists():
        _refuse_items_among_singles(held)
        _pair_up(held, rows, upload.rules.pairs, tell)
    else:
        _refuse_repeated_ids(held)
    _end(held)


def row_of(planned: PlannedItem) -> Row:
    """A planned item as the manifest said it."""
    return Row(
        planned.line or 0,
        planned.key,
        planned.prompt,
        _images_of(planned.images),
        gold=known.as_gold(planned.gold),
        meta=_meta_of(planned.meta) if planned.meta else {},
        selection_probability=planned.selection_probability,
        named=bool(planned.identity),
        votes=_votes_of(planned.votes) if planned.votes else (),
        checklist=_checklist_of(planned.checklist) if planned.checklist else (),
        beside=_beside_of(planned.beside) if planned.beside else (),
    )


def forget_plan(batch: Batch) -> None:
    """Items of a batch that failed, or is begun anew."""
    _of(batch).delete()


def _of(batch: Batch) -> QuerySet[PlannedItem]:
    return PlannedItem.objects.filter(batch=batch)


def _plan_rows(batch: Batch, entries: Iterable[Entry]) -> None:
    rows: list[Row] = []
    refusals: list[Refusal] = []
    for entry in entries:
        if isinstance(entry, Refusal):
            refusals.append(entry)
        elif all(map(is_address, files_of(entry))):
            rows.append(entry)
        else:
            refusals.append(Refusal(entry.line, "", Reason(Code.SOURCE_AND_UPLOAD)))
    named = [(row, _named(row)) for row in rows]
    earlier = earlier_items(batch.project_id, (name for _, name in named if name))
    repeated = [(row.line, earlier[name]) for row, name in named if name in earlier]
    refusals += [Refusal(line, "", already(found)) for line, found in repeated]
    place = _places(batch)
    _add(
        (
            batch.pk, place(row.key), row.line, row.key, row.prompt, normal_form(row.prompt),
            _as_text(row.images).decode(), row.single, _meta_text(row.meta), None,
            name, known.as_text(row.gold), _votes_text(row),
            _as_text(row.checklist).decode() if row.checklist else "",
            _as_text(row.beside).decode() if row.beside else "",
        )
        for row, name in named
        if name not in earlier
    )  # fmt: skip
    keep_problems(batch, refusals)


def _named(row: Row) -> str:
    """The identity of a row that is an item with a name of its own; "" for others."""
    return identity_of_id(row.key) if row.named and not row.single else ""


def _votes_text(row: Row) -> str:
    return _as_text(row.votes).decode() if row.votes else ""


def _meta_text(meta: FlatMeta) -> str:
    return _as_text(meta).decode() if meta else ""


def _add(rows: Iterable[PlannedRow]) -> None:
    copying.add(PlannedItem, COLUMNS, rows)


def _places(batch: Batch) -> Callable[[str], int]:
    """Each item's place in the batch's order, of its key and the project's secret.

    As good as drawn, the same after a restart, and known before the other items are.
    """
    keyed = hashlib.blake2b(f"{batch.pk}:".encode(), digest_size=8, key=batch.project.seed.encode())

    def place(key: str) -> int:
        own = keyed.copy()
        own.update(key.encode())
        return int.from_bytes(own.digest(), "big") >> 1

    return place


def _refuse_repeated_ids(held: Held[Batch]) -> None:
    """Of several items with one id the first line's is taken."""
    batch = held.job
    earlier = Window(RowNumber(), partition_by=F("key"), order_by=["line", "pk"])
    rows = _of(batch).filter(single=False).annotate(n=earlier).filter(n__gt=1)
    with transaction.atomic():
        batches.advance(held)
        again = iter(list(rows.order_by("line").values_list("pk", "line", "key")))
        while some := list(islice(again, ROWS_AT_ONCE)):
            _of(batch).filter(pk__in=[pk for pk, _, _ in some]).delete()
            taken = [(line, Reason(Code.ID_TAKEN, id=shown(key))) for _, line, key in some]
            keep_problems(batch, (Refusal(line, "", reason) for line, reason in taken))


def _refuse_items_among_singles(held: Held[Batch]) -> None:
    batch = held.job
    rows = _of(batch).filter(single=False, line__isnull=False)
    reason = Reason(Code.ITEM_AMONG_SINGLE_IMAGES)
    with transaction.atomic():
        batches.advance(held)
        lines = rows.order_by("line").values_list("line", flat=True)
        keep_problems(batch, [Refusal(line, "", reason) for line in lines])
        rows.delete()


def _pair_up(held: Held[Batch], rows: int, rule: PairRule, tell: Tell) -> None:
    """Pairs of the images of each prompt. Goes on after the prompts that are done."""
    batch = held.job
    prompts = _of(batch).filter(single=True).values("normal_prompt").distinct().count()
    batches.advance(held, total=rows + prompts)
    groups = islice(_by_prompt(batch), batch.done_count - rows, None)
    while some := list(islice(groups, PROMPTS_AT_ONCE)):
        with transaction.atomic():
            batches.advance(held, by=len(some))
            _plan_pairs(batch, some, rule)
        tell(batch.done_count, batch.total_count)
        jobs.give_way(held)


def _by_prompt(batch: Batch) -> Iterator[tuple[str, list[PlannedItem]]]:
    """Every prompt with its single images, as the first line has it; streamed in a lasting order.

    Equal are prompts of one normal form.
    """
    singles = _of(batch).filter(single=True).order_by("normal_prompt", "line")
    streamed = singles.iterator(chunk_size=2000)
    for _, group in groupby(streamed, key=lambda row: row.normal_prompt):
        rows = list(group)
        yield rows[0].prompt, rows


def _plan_pairs(
    batch: Batch, groups: Sequence[tuple[str, Sequence[PlannedItem]]], rule: PairRule
) -> None:
    planned: list[PlannedRow] = []
    refusals: list[Refusal] = []
    place = _places(batch)
    for prompt, singles in groups:
        files: dict[str, Mention] = {}
        for single in singles:
            (image,) = _images_of(single.images)
            if image.file in files:
                named = Reason(Code.IMAGE_NAMED_BEFORE)
                refusals.append(Refusal(single.line, shown(image.file), named))
            else:
                files[image.file] = msgspec.structs.replace(image, line=single.line)
        names = sorted(files)
        drawn = drawn_pairs(batch, prompt, names, rule)
        if isinstance(drawn, Refusal):
            refusals.append(drawn)
            continue
        probability, form = chance_of_pair(len(names), rule), normal_form(prompt)
        for key, *pair in drawn:
            mentions = [files[names[index]] for index in pair]
            images = _as_text(mentions).decode()
            meta = _meta_text(shared(mention.meta for mention in mentions))
            row = (batch.pk, place(key), None, key, prompt, form, images, False, meta)
            planned.append((*row, probability, "", "", "", "", ""))
    _add(planned)
    keep_problems(batch, refusals)


def _end(held: Held[Batch]) -> None:
    """All is planned: from here on the manifest is not needed any more."""
    batch = held.job
    with transaction.atomic():
        batches.advance(held)
        _of(batch).filter(single=True).delete()
        with connection.cursor() as cursor:
            named = IMAGES_NAMED.format(elements=ELEMENTS[connection.vendor])
            cursor.execute(named, [batch.pk])
            (images,) = cursor.fetchone()
        if images:
            batches.plan(held, images_named=images)
    if not images:
        raise UploadRefused(Reason(Code.NOTHING_TAKEN))
