"""A folder of files that appears under its name only when it is whole and on the disk."""

import ctypes
import hashlib
import json
import os
import shutil
import sys
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from django.core.files.storage import default_storage

from annotator.core.errors import Conflict

BLOCK = 1 << 20
MANIFEST = "manifest.json"
LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
ROW = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)


@dataclass(frozen=True, slots=True)
class Entry:
    """One file: its name within the folder, size, SHA-256 in hexadecimal and CRC-32."""

    name: str
    bytes: int
    sha256: str
    crc32: int


class Listing:
    """The files of a folder in the order in which they were written.

    Kept on disk: a heatmap export may hold a million files.
    """

    def __init__(self) -> None:
        self._spool: IO[str] = tempfile.TemporaryFile("w+")  # noqa: SIM115 - lives as long as we
        self.count = 0

    def add(self, entry: Entry) -> None:
        """Notes one more file."""
        self._spool.seek(0, os.SEEK_END)
        self._spool.write(json.dumps(astuple(entry)) + "\n")
        self.count += 1

    def __iter__(self) -> Iterator[Entry]:
        self._spool.seek(0)
        for line in self._spool:
            yield Entry(*json.loads(line))

    def close(self) -> None:
        """Gives the disk back."""
        self._spool.close()


class HashedFile:
    """A file being written, hashed on the way."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._sha256 = hashlib.sha256()
        self._crc32 = 0
        self._bytes = 0

    def write(self, data: bytes) -> int:
        """Appends bytes."""
        self._sha256.update(data)
        self._crc32 = zlib.crc32(data, self._crc32)
        self._bytes += len(data)
        return self._stream.write(data)

    def write_row(self, row: object) -> None:
        """Appends a line of JSON."""
        self.write(ROW.encode(row).encode() + b"\n")

    def entry(self, name: str) -> Entry:
        """What was written so far."""
        return Entry(name, self._bytes, self._sha256.hexdigest(), self._crc32)


@dataclass
class Folder:
    """A folder being written beside its final place, under a hidden name.

    As a context manager: what was written goes away unless `publish` was reached. The listing of a
    published folder stays open, for its user to close.
    """

    final: Path
    listing: Listing = field(default_factory=Listing)

    @property
    def part(self) -> Path:
        """Where it is until it is whole."""
        return self.final.with_name(f".{self.final.name}.part")

    def __enter__(self) -> Self:
        if self.final.exists() and any(self.final.iterdir()):
            raise Conflict(f"{self.final} holds something already; nothing is written over.")
        shutil.rmtree(self.part, ignore_errors=True)  # what a killed process left
        self.part.mkdir(parents=True, mode=0o700)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.part.exists():
            shutil.rmtree(self.part, ignore_errors=True)
            self.listing.close()

    @contextmanager
    def open(self, name: str) -> Iterator[HashedFile]:
        """A new file; `name` is ours, with "/" between folders."""
        path = self.part / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb", buffering=BLOCK) as stream:
            hashed = HashedFile(stream)
            yield hashed
        self.listing.add(hashed.entry(name))

    def add(self, name: str, data: bytes) -> None:
        """A new file with this content."""
        with self.open(name) as out:
            out.write(data)

    def add_picture(self, path: str, sha256: str) -> str:
        """Copies a stored picture to images/, once; returns its name there.

        Raises Conflict when what is stored is missing or not what was stored.
        """
        name = picture_name(sha256)
        if (self.part / name).exists():
            return name
        try:
            with default_storage.open(path) as stored, self.open(name) as out:
                for chunk in stored.chunks(BLOCK):
                    out.write(chunk)
                found = out.entry(name).sha256
        except FileNotFoundError as error:
            raise Conflict(f"The picture {sha256} is missing from the storage.") from error
        if found != sha256:
            raise Conflict(f"The stored picture {sha256} has other bytes than it once had.")
        return name

    def publish(self, head: dict[str, Any]) -> None:
        """Writes the manifest, waits for the disk, then gives the folder its name: all at once."""
        self._write_manifest(head)
        _sync_all(self.part)
        self.part.rename(self.final)
        _sync_all(self.final.parent)

    def _write_manifest(self, head: dict[str, Any]) -> None:
        with self.open(MANIFEST) as out:
            text = json.dumps(head, ensure_ascii=False, indent=1, allow_nan=False)
            out.write(text.removesuffix("\n}").encode() + b',\n "files": [')
            for place, entry in enumerate(self.listing):
                line = {"name": entry.name, "bytes": entry.bytes, "sha256": entry.sha256}
                out.write(f"{',' if place else ''}\n  {json.dumps(line)}".encode())
            out.write(b"\n ]\n}\n")


def picture_name(sha256: str) -> str:
    """A picture's name in an export: its content, and nothing about where it came from."""
    return f"images/{sha256}.png"


def _sync_all(folder: Path) -> None:
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
