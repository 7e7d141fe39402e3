"""An upload, opened: its manifest's rows from the start, and a first look at all of them."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import IO

from django.conf import settings

from annotator.core.reasons import Code, Reason
from annotator.ingest.manifest import Row, Rules, read_manifest, rows_of_files
from annotator.ingest.names import shown
from annotator.ingest.recording import files_of
from annotator.ingest.refusals import Refusal, UploadRefused
from annotator.ingest.rows import row_count
from annotator.ingest.sources import MAX_MANIFEST_BYTES, Source, kind_of

EXAMPLES = 5

Entry = Row | Refusal


@dataclass
class OpenUpload:
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
        return read_manifest(self._from_its_start(), kind_of(self.manifest), self.rules)

    def row_count(self) -> int:
        """How many rows the manifest has, to a few."""
        return row_count(self._from_its_start(), kind_of(self.manifest))

    def _from_its_start(self) -> IO[bytes]:
        if self._copy is None:
            self._copy = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the upload
            self.source.copy(self.manifest, self._copy, MAX_MANIFEST_BYTES)
        self._copy.seek(0)
        return self._copy

    def close(self) -> None:
        """Lets go of the source and the copy."""
        self.source.close()
        if self._copy is not None:
            self._copy.close()

    def read(self, name: str) -> bytes:
        """An image that the manifest names."""
        return self.source.read(self.base + name, settings.IMAGE_MAX_BYTES)


def survey(upload: OpenUpload) -> tuple[int, list[Refusal]]:
    """Reads the manifest once: how many rows it has, and which files no row names."""
    idle = {name for name in upload.source.names if name != upload.manifest}
    rows, single = 0, False
    for entry in upload.entries():
        rows += 1
        if isinstance(entry, Row):
            single |= entry.single
            idle.difference_update(upload.base + file for file in files_of(entry))
        elif entry.file:
            idle.discard(upload.base + entry.file)
    if not rows:
        code = Code.MANIFEST_NO_ROWS if upload.manifest else Code.UPLOAD_NO_IMAGES
        raise UploadRefused(Reason(code))
    if not single:
        # Its items are made already: the rule for pairs has nothing to say.
        upload.rules = replace(upload.rules, pairs=None)
    if not idle or not upload.manifest:
        return rows, []
    names = tuple(shown(name, 60) for name in sorted(idle)[:EXAMPLES])
    more = len(idle) - len(names)
    if more:
        reason = Reason(Code.FILES_NOT_NAMED_AND_MORE, names=names, count=more)
    else:
        reason = Reason(Code.FILES_NOT_NAMED, names=names)
    return rows, [Refusal(None, "", reason)]
