"""An upload becomes images and items: images first, then rows, a stretch of the manifest at a time.

A stretch's rows and "gone through so far" are one transaction, so a worker may be killed anywhere:
the next one goes on after the last whole stretch, and nothing is lost or doubled.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.db import transaction

from annotator import jobs
from annotator.core import clock
from annotator.core.reasons import Code, Reason
from annotator.ingest.archive import ArchiveLimits
from annotator.ingest.elsewhere import open_address
from annotator.ingest.manifest import Row, Rules
from annotator.ingest.planning import forget_plan, names_sources, plan
from annotator.ingest.problems import forget_problems, keep_problems
from annotator.ingest.recognising import keep_recognised
from annotator.ingest.recording import files_of, make_pairs, record
from annotator.ingest.refusals import Refusal, UploadRefused
from annotator.ingest.roots import configured, is_address
from annotator.ingest.selectors import rules_of
from annotator.ingest.sources import Source, open_path
from annotator.ingest.storing import Crew, crew, image_limits, store_all, store_image
from annotator.ingest.survey import Entry, OpenUpload, survey
from annotator.items import selectors as items
from annotator.items.services import discard
from annotator.jobs import Held
from annotator.projects import batches
from annotator.projects.models import Batch

__all__ = [
    "Opener", "Tell", "archive_limits", "give_up", "give_up_after_last_attempt", "image_limits",
    "keep_problems", "open_address_here", "open_here", "store_image", "take_in",
]  # fmt: skip

STRETCH_ROWS = 1000
STRETCH_FILES = 96
PROMPTS_AT_ONCE = 200

Opener = Callable[[], tuple[Source, str]]
Tell = Callable[[int, int], None]


def take_in(held: Held[Batch], opener: Opener, tell: Tell = lambda _done, _total: None) -> bool:
    """Makes a batch's images and items; `tell(done, total)` hears of rows gone through.

    Of a manifest that names images at sources of the site, the items are planned (see planning).
    False: nothing could be taken, and the batch has failed with the reason. Raises StaleState when
    another worker has it.
    """
    batch = held.job
    try:
        source, manifest = opener()
        with closing(OpenUpload(source, manifest, rules_of(batch))) as upload:
            if names_sources(upload):
                plan(held, upload, tell)
            else:
                _go_through(held, upload, tell)
    except UploadRefused as refused:
        give_up(batch, refused.reason)
        return False
    except FileNotFoundError:
        give_up(batch, Reason(Code.UPLOAD_GONE))
        return False
    if not (items.has_items(batch) or batch.is_planned):
        give_up(batch, Reason(Code.NOTHING_TAKEN))
        return False
    return True


def give_up(batch: Batch, reason: Reason) -> None:
    """Fails the batch and takes back what was made of it."""
    with transaction.atomic():
        batches.fail(batch, reason=reason, now=clock.now())
        forget_plan(batch)
        discard(batch)


def give_up_after_last_attempt(batch: Batch, reason: Reason) -> None:
    """Fails the batch; items that are whole, and may be with people already, stay."""
    if not batch.is_planned and (batch.done_count < batch.total_count or not batch.total_count):
        give_up(batch, reason)
    else:
        batches.fail(batch, reason=reason, now=clock.now())
        forget_plan(batch)


def archive_limits() -> ArchiveLimits:
    """From the settings."""
    return ArchiveLimits(settings.ZIP_MAX_ENTRIES, settings.ZIP_MAX_PRODUCED_BYTES)


def open_here(path: Path) -> tuple[Source, str]:
    """See sources.open_path."""
    return open_path(path, archive_limits())


def open_address_here(address: str) -> tuple[Source, str]:
    """See elsewhere.open_address; by this process' sources."""
    return open_address(address, archive_limits(), configured(), hub=settings.HUB_DATASETS)


def _go_through(held: Held[Batch], upload: OpenUpload, tell: Tell) -> None:
    batch = held.job
    found = survey(upload)
    rows = found.rows
    with transaction.atomic():
        batches.advance(held, total=max(rows, batch.total_count))
        keep_recognised(batch, upload.layout, rows=rows, votes=found.votes)
        if batch.done_count == 0:
            forget_problems(batch)
            keep_problems(batch, [*upload.source.refusals, *found.refusals])
    tell(batch.done_count, batch.total_count)
    with crew() as decoders:
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
    decoders: Crew,
    stretch: Sequence[Entry],
) -> None:
    """Files, then in one transaction: how far we are, the rows, and what was not taken."""
    batch = held.job
    rows, unfit = _fitting(stretch, upload.rules)
    found = store_all(held, upload.read, decoders, rows)
    whole, broken = found.sort_out(rows)
    with transaction.atomic():
        batches.advance(held, by=len(stretch))
        refusals = [*unfit, *broken, *record(batch, whole, found.stored).refusals]
        keep_problems(batch, sorted(refusals, key=lambda one: one.line or 0))


def _fitting(stretch: Sequence[Entry], rules: Rules) -> tuple[list[Row], list[Refusal]]:
    """The rows to take. Where pairs are made, an item among single images is not taken."""
    rows: list[Row] = []
    refusals: list[Refusal] = []
    for entry in stretch:
        if isinstance(entry, Refusal):
            refusals.append(entry)
        elif any(map(is_address, files_of(entry))):
            refusals.append(Refusal(entry.line, "", Reason(Code.SOURCE_AND_UPLOAD)))
        elif rules.pairs is not None and not entry.single:
            refusals.append(Refusal(entry.line, "", Reason(Code.ITEM_AMONG_SINGLE_IMAGES)))
        else:
            rows.append(entry)
    return rows, refusals


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
