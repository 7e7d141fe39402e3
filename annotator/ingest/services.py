"""An upload becomes images and items: images first, then rows, a stretch of the manifest at a time.

A stretch's rows and "gone through so far" are one transaction, so a worker may be killed anywhere:
the next one goes on after the last whole stretch, and nothing is lost or doubled.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from itertools import islice

from django.conf import settings
from django.db import transaction

from annotator import jobs
from annotator.core import clock
from annotator.core.reasons import Code, Reason, as_json
from annotator.ingest.archive import ArchiveLimits
from annotator.ingest.decoding import Allowance, Decoder, Decoders
from annotator.ingest.manifest import Row, Rules
from annotator.ingest.models import Problem
from annotator.ingest.names import shown
from annotator.ingest.recording import files_of, make_pairs, record
from annotator.ingest.refusals import ImageRefused, Refusal, UploadRefused
from annotator.ingest.restoring import Limits, Restored
from annotator.ingest.selectors import rules_of
from annotator.ingest.sources import Source
from annotator.ingest.survey import Entry, OpenUpload, survey
from annotator.items import selectors as items
from annotator.items.selectors import StoredFile
from annotator.items.services import discard, store_files
from annotator.jobs import Held
from annotator.projects import batches
from annotator.projects.models import Batch

STRETCH_ROWS = 1000
STRETCH_FILES = 96
PROMPTS_AT_ONCE = 200
MAX_FILE = 500

Opener = Callable[[], tuple[Source, str]]
Tell = Callable[[int, int], None]


def take_in(held: Held[Batch], opener: Opener, tell: Tell = lambda _done, _total: None) -> bool:
    """Makes a batch's images and items; `tell(done, total)` hears of rows gone through.

    False: nothing could be taken, and the batch has failed with the reason. Raises StaleState when
    another worker has it.
    """
    batch = held.job
    try:
        source, manifest = opener()
        with closing(OpenUpload(source, manifest, rules_of(batch))) as upload:
            _go_through(held, upload, tell)
    except UploadRefused as refused:
        give_up(batch, refused.reason)
        return False
    except FileNotFoundError:
        give_up(batch, Reason(Code.UPLOAD_GONE))
        return False
    if not items.has_items(batch):
        give_up(batch, Reason(Code.NOTHING_TAKEN))
        return False
    return True


def give_up(batch: Batch, reason: Reason) -> None:
    """Fails the batch and takes back what was made of it."""
    with transaction.atomic():
        batches.fail(batch, reason=reason, now=clock.now())
        discard(batch)


def give_up_after_last_attempt(batch: Batch, reason: Reason) -> None:
    """Fails the batch; items that are whole, and may be with people already, stay."""
    if batch.done_count < batch.total_count or not batch.total_count:
        give_up(batch, reason)
    else:
        batches.fail(batch, reason=reason, now=clock.now())


def archive_limits() -> ArchiveLimits:
    """From the settings."""
    return ArchiveLimits(settings.ZIP_MAX_ENTRIES, settings.ZIP_MAX_PRODUCED_BYTES)


def image_limits() -> Limits:
    """From the settings."""
    return Limits(
        side=settings.IMAGE_MAX_SIDE,
        pixels=settings.IMAGE_MAX_PIXELS,
        bytes=settings.IMAGE_MAX_BYTES,
        thumbnail=settings.THUMBNAIL_SIDE,
    )


def store_image(project_id: int, source: bytes, restored: Restored) -> StoredFile:
    """Writes a decoded image into the storage; `source` are the bytes that came."""
    return store_files(
        project_id,
        source=source,
        png=restored.png,
        thumbnail=restored.thumbnail,
        width=restored.width,
        height=restored.height,
    )


def keep_problems(batch: Batch, refusals: Iterable[Refusal]) -> None:
    """Keeps what was not taken, for the uploader to read."""
    rows = [(one, as_json(one.reason)) for one in refusals]
    Problem.objects.bulk_create(
        Problem(
            batch=batch,
            line=one.line,
            file=one.file[:MAX_FILE],
            code=reason["code"],
            params=reason["params"],
        )
        for one, reason in rows
    )


def _go_through(held: Held[Batch], upload: OpenUpload, tell: Tell) -> None:
    batch = held.job
    rows, unnamed = survey(upload)
    with transaction.atomic():
        batches.advance(held, total=max(rows, batch.total_count))
        if batch.done_count == 0:
            Problem.objects.filter(batch=batch).delete()
            keep_problems(batch, [*upload.source.refusals, *unnamed])
    tell(batch.done_count, batch.total_count)
    with Decoders[str, StoredFile](image_limits(), Allowance()) as decoders:
        for stretch in _stretches(islice(upload.entries(), batch.done_count, None)):
            _take_stretch(held, upload, decoders, stretch)
            tell(batch.done_count, batch.total_count)
            jobs.give_way(held)
    if upload.rules.pairs is not None:
        _pair_up(held, rows, upload.rules, tell)


def _stretches(entries: Iterator[Entry]) -> Iterator[list[Entry]]:
    stretch: list[Entry] = []
    files: set[str] = set()
    for entry in entries:
        stretch.append(entry)
        files.update(files_of(entry) if isinstance(entry, Row) else ())
        if len(stretch) >= STRETCH_ROWS or len(files) >= STRETCH_FILES:
            yield stretch
            stretch, files = [], set()
    if stretch:
        yield stretch


def _take_stretch(
    held: Held[Batch],
    upload: OpenUpload,
    decoders: Decoders[str, StoredFile],
    stretch: Sequence[Entry],
) -> None:
    """Files, then in one transaction: how far we are, the rows, and what was not taken."""
    batch = held.job
    rows, refusals = _fitting(stretch, upload.rules)
    stored, refused = _store_files(held, upload, decoders, rows)
    whole = []
    for row in rows:
        missing = next((file for file in files_of(row) if file in refused), None)
        if missing is None:
            whole.append(row)
        else:
            refusals.append(Refusal(row.line, shown(missing), refused[missing]))
    with transaction.atomic():
        batches.advance(held, by=len(stretch))
        refusals += record(batch, whole, stored)
        keep_problems(batch, sorted(refusals, key=lambda one: one.line or 0))


def _fitting(stretch: Sequence[Entry], rules: Rules) -> tuple[list[Row], list[Refusal]]:
    """The rows to take. Where pairs are made, an item among single images is not taken."""
    rows: list[Row] = []
    refusals: list[Refusal] = []
    for entry in stretch:
        if isinstance(entry, Refusal):
            refusals.append(entry)
        elif rules.pairs is not None and not entry.single:
            refusals.append(Refusal(entry.line, "", Reason(Code.ITEM_AMONG_SINGLE_IMAGES)))
        else:
            rows.append(entry)
    return rows, refusals


def _store_files(
    held: Held[Batch],
    upload: OpenUpload,
    decoders: Decoders[str, StoredFile],
    rows: Sequence[Row],
) -> tuple[dict[str, StoredFile], dict[str, Reason]]:
    """Every file of the rows, decoded and stored; and which could not be, with the reason."""
    batch = held.job
    files = list(dict.fromkeys(file for row in rows for file in files_of(row)))
    stored = items.stored_of(batch, files)
    refused: dict[str, Reason] = {}

    def store(decoder: Decoder, file: str) -> StoredFile:
        data = upload.read(file)
        return store_image(batch.project_id, data, decoder.restore(data))

    missing = [file for file in files if file not in stored]
    for file, result in decoders.each(missing, store, held.check):
        if isinstance(result, ImageRefused):
            refused[file] = result.reason
        else:
            stored[file] = result
        held.check()
    return stored, refused


def _pair_up(held: Held[Batch], rows: int, rules: Rules, tell: Tell) -> None:
    """Pairs of the images of each prompt. Goes on after the prompts that are done."""
    if rules.pairs is None:
        return
    batch = held.job
    batches.advance(held, total=rows + items.prompt_count(batch))
    prompts = islice(items.images_by_prompt(batch), batch.done_count - rows, None)
    while some := list(islice(prompts, PROMPTS_AT_ONCE)):
        with transaction.atomic():
            batches.advance(held, by=len(some))
            keep_problems(batch, make_pairs(batch, some, rules.pairs))
        tell(batch.done_count, batch.total_count)
        jobs.give_way(held)
