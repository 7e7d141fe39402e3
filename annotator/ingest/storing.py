"""The files of some rows, decoded side by side and stored; and which could not be, with reasons."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from django.conf import settings

from annotator.core.reasons import Reason
from annotator.ingest.decoding import Allowance, Decoder, Decoders
from annotator.ingest.manifest import Row
from annotator.ingest.names import shown
from annotator.ingest.recording import files_of
from annotator.ingest.refusals import ImageRefused, Refusal
from annotator.ingest.restoring import Limits, Restored
from annotator.items import selectors as items
from annotator.items.selectors import StoredFile
from annotator.items.services import store_files
from annotator.jobs import Held
from annotator.projects.models import Batch

Crew = Decoders[str, StoredFile]


@dataclass(frozen=True, slots=True)
class StoredFiles:
    """What became of the files of some rows."""

    stored: dict[str, StoredFile] = field(default_factory=dict)
    refused: dict[str, Reason] = field(default_factory=dict)

    def sort_out(self, rows: Iterable[Row]) -> tuple[list[Row], list[Refusal]]:
        """The rows whose files are all there, and why the others are not taken."""
        whole, refusals = [], []
        for row in rows:
            refusal = self._refusal(row)
            if refusal is None:
                whole.append(row)
            else:
                refusals.append(refusal)
        return whole, refusals

    def _refusal(self, row: Row) -> Refusal | None:
        for one in row.beside:
            if one.file in self.refused:
                return Refusal(row.line, shown(one.file), self.refused[one.file])
        for image in row.images:
            for file in filter(None, (image.file, image.reference)):
                if file in self.refused:
                    line = row.line if image.line is None else image.line
                    return Refusal(line, shown(file), self.refused[file])
        return None


def image_limits() -> Limits:
    """From the settings."""
    return Limits(
        side=settings.IMAGE_MAX_SIDE,
        pixels=settings.IMAGE_MAX_PIXELS,
        bytes=settings.IMAGE_MAX_BYTES,
        thumbnail=settings.THUMBNAIL_SIDE,
    )


def crew() -> Crew:
    """Decoders for one ingest."""
    return Decoders(image_limits(), Allowance())


def store_all(
    held: Held[Batch], read: Callable[[str], bytes], decoders: Crew, rows: Sequence[Row]
) -> StoredFiles:
    """Every file of the rows; those that an earlier stretch has stored are not read again."""
    batch = held.job
    files = list(dict.fromkeys(file for row in rows for file in files_of(row)))
    found = StoredFiles(items.stored_of(batch, files))

    def store(decoder: Decoder, file: str) -> StoredFile:
        data = read(file)
        return store_image(batch.project_id, data, decoder.restore(data))

    missing = [file for file in files if file not in found.stored]
    for file, result in decoders.each(missing, store, held.check):
        if isinstance(result, ImageRefused):
            found.refused[file] = result.reason
        else:
            found.stored[file] = result
        held.check()
    return found


def store_image(project_id: int, source: bytes, restored: Restored) -> StoredFile:
    """Writes a decoded image into the storage; `source` are the bytes that came."""
    return store_files(
        project_id,
        source=source,
        kept=restored.kept,
        suffix=restored.suffix,
        derived=restored.derived,
        width=restored.width,
        height=restored.height,
    )
