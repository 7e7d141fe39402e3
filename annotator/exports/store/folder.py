"""A folder of files that appears under its name only when it is whole and on the disk."""

import ctypes
import json
import os
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import msgspec

from annotator.exports.store.files import FileEntry, HashedFile, writing

MANIFEST = "manifest.json"
LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class Listing:
    """The files of a folder in the order in which they were written.

    Kept on disk: a heatmap export may hold a million files.
    """

    def __init__(self) -> None:
        self._entries: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as we
        self.count = 0
        self.bytes = 0

    def add(self, entry: FileEntry) -> None:
        """One more file."""
        self._entries.seek(0, os.SEEK_END)
        self._entries.write(msgspec.json.encode(entry) + b"\n")
        self.count += 1
        self.bytes += entry.bytes

    def __iter__(self) -> Iterator[FileEntry]:
        self._entries.seek(0)
        for line in self._entries:
            yield msgspec.json.decode(line, type=FileEntry)

    def close(self) -> None:
        """Gives the disk back."""
        self._entries.close()


@dataclass
class ExportFolder:
    """A folder being put together at `part`, to be given its name when it is whole.

    The listing of a published folder stays open, for its user to close.
    """

    part: Path
    listing: Listing = field(default_factory=Listing)

    def begin(self) -> None:
        """An empty folder, whatever an earlier try left."""
        shutil.rmtree(self.part, ignore_errors=True)
        self.part.mkdir(parents=True, mode=0o700)

    @contextmanager
    def open(self, name: str) -> Iterator[HashedFile]:
        """A new file; `name` is ours, with "/" between folders."""
        with writing(self.part / name) as out:
            yield out
        self.listing.add(out.entry(name))

    def add(self, name: str, data: bytes) -> None:
        """A new file with this content."""
        with self.open(name) as out:
            out.write(data)

    def take(self, path: Path, entry: FileEntry) -> None:
        """A file that lies elsewhere on the same disk, by a second name: nothing is copied."""
        place = self.part / entry.name
        place.parent.mkdir(parents=True, exist_ok=True)
        os.link(path, place)
        self.listing.add(entry)

    def publish(self, head: dict[str, Any], final: Path) -> None:
        """Writes the manifest, waits for the disk, then gives the folder its name: all at once."""
        self._write_manifest(head)
        sync_all(self.part)
        self.part.rename(final)
        sync_all(final.parent)

    def _write_manifest(self, head: dict[str, Any]) -> None:
        with self.open(MANIFEST) as out:
            text = json.dumps(head, ensure_ascii=False, indent=1, allow_nan=False)
            out.write(text.removesuffix("\n}").encode() + b',\n "files": [')
            for place, entry in enumerate(self.listing):
                line = {"name": entry.name, "bytes": entry.bytes, "sha256": entry.sha256}
                out.write(f"{',' if place else ''}\n  {json.dumps(line)}".encode())
            out.write(b"\n ]\n}\n")


@contextmanager
def sorted_once(entries: Iterable[FileEntry]) -> Iterator[Iterator[FileEntry]]:
    """The entries by name, each once, sorted on the disk: there may be millions of images."""
    with tempfile.NamedTemporaryFile() as where, closing(sqlite3.connect(where.name)) as table:
        table.execute("PRAGMA synchronous=OFF")
        table.execute("CREATE TABLE entry (name PRIMARY KEY, bytes, sha256, crc32) WITHOUT ROWID")
        table.executemany(
            "INSERT OR IGNORE INTO entry VALUES (?, ?, ?, ?)",
            (msgspec.structs.astuple(entry) for entry in entries),
        )
        yield (FileEntry(*row) for row in table.execute("SELECT * FROM entry ORDER BY name"))


def sync_all(folder: Path) -> None:
    """Waits until all that was written to the folder's filesystem is on the disk.

    One call for all files: an fsync each, 8 ms apiece, took three quarters of a heatmap export.
    """
    if LIBC is None:
        os.sync()
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        if LIBC.syncfs(descriptor):
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))
    finally:
        os.close(descriptor)
