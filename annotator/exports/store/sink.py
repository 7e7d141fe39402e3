"""Where a format's rows go: one interface, here onto the disk (preview.py: before a person)."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from annotator.exports.store.files import FileEntry, new_file
from annotator.exports.store.images import Pool
from annotator.exports.store.outputs import Output
from annotator.exports.store.rows import ExportRow
from annotator.exports.store.work import OutputPart
from annotator.exports.store.writer import Writer
from annotator.exports.store.writers import WRITERS

FILE = "file"


class Sink(Protocol):
    """Takes the rows of a shard."""

    def begin(self, output: Output) -> None:
        """An output that shall be there even if no row comes: in every shard."""

    def write(self, row: ExportRow) -> None:
        """One more row, with its files and the images beside it."""


class DiskSink:
    """A shard's own folder, and the pool of images that all shards share."""

    def __init__(self, folder: Path, pool: Pool) -> None:
        self._folder, self._pool = folder, pool
        self._open: dict[tuple[str, str], Writer[Any]] = {}
        self._files: list[FileEntry] = []

    def begin(self, output: Output) -> None:
        """See Sink, here as below."""
        self._writer(output)

    def write(self, row: ExportRow) -> None:
        """The value into each output; a file's name must be in no other shard."""
        for output in row.to:
            self._writer(output).write(row)
        for name, data in row.files.items():
            self._write_file(name, data)
        for copy in row.copies:
            self._pool.add(copy)

    def finish(self) -> Sequence[OutputPart]:
        """Closes all; what came to be, in the order in which it was begun, files last."""
        joined = [writer.finish() for writer in self._open.values()]
        return [*joined, *(OutputPart(FILE, entry, 1) for entry in self._files)]

    def abandon(self) -> None:
        """Closes all without a word."""
        for writer in self._open.values():
            writer.out.close()

    def _writer(self, output: Output) -> Writer[Any]:
        writer = self._open.get(output.key)
        if writer is None:
            file = new_file(part_path(self._folder, output.form, output.name))
            writer = self._open[output.key] = WRITERS[output.form](output, file)
        return writer

    def _write_file(self, name: str, data: bytes) -> None:
        out = new_file(part_path(self._folder, FILE, name))
        out.write(data)
        out.close()
        self._files.append(out.entry(name))


def part_path(folder: Path, form: str, name: str) -> Path:
    """Where a shard's part of an output lies within the shard's folder."""
    return folder / form / name
