"""Takes uploads in: images first, then rows, a stretch of the manifest at a time.

A stretch's rows and "gone through so far" are one transaction, so a worker may be killed anywhere:
the next one goes on after the last whole stretch, and nothing is lost or doubled.
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import IO

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from annotator import jobs, pipeline
from annotator.core.reasons import Reason, sentence
from annotator.items import selectors as items
from annotator.items import services as making
from annotator.items.archive import ArchiveLimits
from annotator.items.decoding import Allowance, Decoder, Decoders
from annotator.items.images import Kept, Limits
from annotator.items.manifest import Row, Rules, read_manifest, rows_of_files
from annotator.items.names import shown
from annotator.items.pairing import pair_rule
from annotator.items.sources import MAX_MANIFEST_BYTES, Source, kind_of, open_upload
from annotator.items.troubles import ImageRefused, Trouble, UploadRefused
from annotator.jobs import Held
from annotator.projects import batches, uploads
from annotator.projects.batches import LeftOut
from annotator.projects.models import Batch, Template
from annotator.projects.selectors import questions_of
from annotator.projects.templates import bounds_of
from annotator.questions.kinds import KINDS

STRETCH_ROWS = 256
STRETCH_FILES = 96
PROMPTS_AT_ONCE = 200
EXAMPLES = 5

Opener = Callable[[], tuple[Source, str]]
Tell = Callable[[int, int], None]
Entry = Row | Trouble


@shared_task(name=Batch.TASK)
def ingest_batch(batch_id: int) -> None:
    """Takes in an uploaded batch, if it waits for that."""
    jobs.run(Batch, batch_id)


def _take_in_upload(held: Held[Batch]) -> None:
    batch = held.job
    path = uploads.upload_path(batch)
    take_in(held, lambda: open_upload(path, archive_limits(), kind_of(batch.filename)))
    uploads.drop_upload(batch)


def take_in(held: Held[Batch], opener: Opener, tell: Tell = lambda _done, _total: None) -> Batch:
    """Takes in a batch; `tell(done, total)` hears of rows gone through.

    The batch ends done, or failed with its error. Raises StaleState when another worker has it.
    """
    batch = held.job
    try:
        rules = rules_of(batch)
        source, manifest = opener()
        with closing(_Upload(source, manifest, rules)) as upload:
            _go_through(held, upload, tell)
    except UploadRefused as refused:
        return give_up(batch, refused.reason)
    except FileNotFoundError:
        return give_up(batch, "The upload's bytes are no longer there. Upload it again.")
    if not items.has_items(batch):
        return give_up(batch, "Nothing of this upload could be taken; see its problems.")
    batches.advance(held)
    return pipeline.open_batch(batch, now=timezone.now(), tick=lambda: batches.advance(held))


def give_up(batch: Batch, error: str) -> Batch:
    """Fails the batch and takes back what was made of it."""
    with transaction.atomic():
        batches.fail(batch, error=error, now=timezone.now())
        making.discard(batch)
    return batch


def _after_the_last_attempt(batch: Batch, reason: Reason) -> None:
    if batch.done_count < batch.total_count or not batch.total_count:
        give_up(batch, sentence(reason))
    else:
        # Its items are whole and some may be with people already: keep them.
        batches.fail(batch, error=sentence(reason), now=timezone.now())


jobs.register(Batch, work=_take_in_upload, give_up=_after_the_last_attempt)


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


def rules_of(batch: Batch) -> Rules:
    """What the batch's project takes."""
    kinds = {question.kind for question in questions_of(batch.project_id)}
    bounds = bounds_of(batch.project.template, kinds)
    return Rules(
        fewest=bounds.fewest,
        most=bounds.most,
        needs_prompt=batch.project.template != Template.CUSTOM
        or any(KINDS[kind].needs_words for kind in kinds),
        pairs=pair_rule(batch.pairs),
    )


@dataclass
class _Upload:
    """An open source, its manifest (a copy that can be read twice), and what the project takes."""

    source: Source
    manifest: str
    rules: Rules
    _copy: IO[bytes] | None = field(default=None, init=False)

    @property
    def base(self) -> str:
        """The manifest's folder: its names are relative to it."""
        folder = self.manifest.rpartition("/")[0]
        return f"{folder}/" if folder else ""

    def entries(self) -> Iterator[Entry]:
        """The manifest's rows, or without one a row for each image; from the start."""
        if not self.manifest:
            return rows_of_files(self.source.names, self.rules)
        if self._copy is None:
            self._copy = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the upload
            self.source.copy(self.manifest, self._copy, MAX_MANIFEST_BYTES)
        self._copy.seek(0)
        return read_manifest(self._copy, kind_of(self.manifest), self.rules)

    def close(self) -> None:
        """Lets go of the source and the copy."""
        self.source.close()
        if self._copy is not None:
            self._copy.close()

    def read(self, name: str) -> bytes:
        """An image that the manifest names."""
        return self.source.read(self.base + name, settings.IMAGE_MAX_BYTES)


def _go_through(held: Held[Batch], upload: _Upload, tell: Tell) -> None:
    batch = held.job
    rows, unnamed = _survey(upload)
    with transaction.atomic():
        batches.advance(held, total=max(rows, batch.total_count))
        if batch.done_count == 0:
            batches.forget_problems(batch)
            batches.note(batch, [_left_out(one) for one in [*upload.source.troubles, *unnamed]])
    tell(batch.done_count, batch.total_count)
    with Decoders[str, Kept](image_limits(), Allowance()) as decoders:
        for stretch in _stretches(islice(upload.entries(), batch.done_count, None)):
            _take_stretch(held, upload, decoders, stretch)
            tell(batch.done_count, batch.total_count)
    if upload.rules.pairs is not None:
        _pair_up(held, rows, upload.rules, tell)


def _survey(upload: _Upload) -> tuple[int, list[Trouble]]:
    """Reads the manifest once: how many rows it has, and which files no row names."""
    idle = {name for name in upload.source.names if name != upload.manifest}
    rows, single = 0, False
    for entry in upload.entries():
        rows += 1
        if isinstance(entry, Row):
            single |= entry.single
            idle.difference_update(upload.base + file for file in making.files_of(entry))
        elif entry.file:
            idle.discard(upload.base + entry.file)
    if not rows:
        raise UploadRefused("The upload has no images." if not upload.manifest else
                            "The manifest has no rows.")  # fmt: skip
    if not single:
        # Its items are made already: the rule for pairs has nothing to say.
        upload.rules = replace(upload.rules, pairs=None)
    if not idle or not upload.manifest:
        return rows, []
    examples = ", ".join(shown(name, 60) for name in sorted(idle)[:EXAMPLES])
    more = ", …" if len(idle) > EXAMPLES else ""
    reason = f"Not named by any line of the manifest, so not taken: {examples}{more}"
    return rows, [Trouble(None, f"{len(idle):,} file{'s' if len(idle) > 1 else ''}", reason)]


def _stretches(entries: Iterator[Entry]) -> Iterator[list[Entry]]:
    stretch: list[Entry] = []
    files = 0
    for entry in entries:
        stretch.append(entry)
        files += len(making.files_of(entry)) if isinstance(entry, Row) else 0
        if len(stretch) >= STRETCH_ROWS or files >= STRETCH_FILES:
            yield stretch
            stretch, files = [], 0
    if stretch:
        yield stretch


def _take_stretch(
    held: Held[Batch], upload: _Upload, decoders: Decoders[str, Kept], stretch: Sequence[Entry]
) -> None:
    """Files, then in one transaction: how far we are, the rows, and what was left out."""
    batch = held.job
    rows, troubles = _fitting(stretch, upload.rules)
    left_out = [_left_out(trouble) for trouble in troubles]
    kept, refused = _keep_files(held, upload, decoders, rows)
    whole = []
    for row in rows:
        missing = next((file for file in making.files_of(row) if file in refused), None)
        if missing is None:
            whole.append(row)
        else:
            left_out.append(LeftOut(row.line, shown(missing), refused[missing]))
    with transaction.atomic():
        batches.advance(held, by=len(stretch))
        left_out += [_left_out(trouble) for trouble in making.record(batch, whole, kept)]
        batches.note(batch, sorted(left_out, key=lambda one: one.line or 0))


def _fitting(stretch: Sequence[Entry], rules: Rules) -> tuple[list[Row], list[Trouble]]:
    """The rows to take. Where pairs are made, an item among single images is left out."""
    rows: list[Row] = []
    troubles: list[Trouble] = []
    for entry in stretch:
        if isinstance(entry, Trouble):
            troubles.append(entry)
        elif rules.pairs is not None and not entry.single:
            reason = "The line is an item already, among single images of which pairs are made."
            troubles.append(Trouble(entry.line, "", f"{reason} Upload the two apart."))
        else:
            rows.append(entry)
    return rows, troubles


def _keep_files(
    held: Held[Batch], upload: _Upload, decoders: Decoders[str, Kept], rows: Sequence[Row]
) -> tuple[dict[str, Kept], dict[str, str]]:
    """Every file of the rows, decoded and stored; and which could not be, with the reason."""
    batch = held.job
    files = list(dict.fromkeys(file for row in rows for file in making.files_of(row)))
    kept = items.kept_of(batch, files)
    refused: dict[str, str] = {}

    def keep(decoder: Decoder, file: str) -> Kept:
        data = upload.read(file)
        return making.keep_image(batch.project_id, data, decoder.restore(data))

    missing = [file for file in files if file not in kept]
    for file, result in decoders.each(missing, keep, held.check):
        if isinstance(result, ImageRefused):
            refused[file] = result.reason
        else:
            kept[file] = result
        held.check()
    return kept, refused


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
            troubles = making.make_pairs(batch, some, rules.pairs)
            batches.note(batch, [_left_out(trouble) for trouble in troubles])
        tell(batch.done_count, batch.total_count)


def _left_out(trouble: Trouble) -> LeftOut:
    return LeftOut(trouble.line, trouble.file, trouble.reason)
