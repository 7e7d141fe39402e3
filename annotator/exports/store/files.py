"""Files that are hashed while they are written."""

import hashlib
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import msgspec

BLOCK = 1 << 20


class FileEntry(msgspec.Struct, frozen=True, array_like=True):
    """One file: its name within the folder, size, SHA-256 in hexadecimal and CRC-32."""

    name: str
    bytes: int
    sha256: str
    crc32: int


class HashedFile:
    """A file being written, hashed on the way."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._sha256 = hashlib.sha256()
        self._crc32 = 0
        self._bytes = 0
        self._waiting = bytearray()

    def write(self, data: bytes) -> int:
        """Appends bytes."""
        self._waiting += data
        if len(self._waiting) >= BLOCK:
            self.flush()
        return len(data)

    def copy(self, path: Path) -> None:
        """Appends another file's bytes."""
        for block in blocks(path):
            self.write(block)

    def flush(self) -> None:
        """Hashes what was written since, a block rather than a line at a time."""
        self._sha256.update(self._waiting)
        self._crc32 = zlib.crc32(self._waiting, self._crc32)
        self._bytes += len(self._waiting)
        self._stream.write(self._waiting)
        self._waiting = bytearray()

    def tell(self) -> int:
        """Bytes written so far."""
        return self._bytes + len(self._waiting)

    @property
    def closed(self) -> bool:
        """Whether `close` was called; writers of parquet ask."""
        return self._stream.closed

    def entry(self, name: str) -> FileEntry:
        """What was written so far."""
        if self._waiting:
            self.flush()
        return FileEntry(name, self._bytes, self._sha256.hexdigest(), self._crc32)

    def close(self) -> None:
        """Closes the file."""
        try:
            self.flush()
        finally:
            self._stream.close()


def new_file(path: Path) -> HashedFile:
    """A file that was not there before; folders above it are made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return HashedFile(path.open("xb"))


@contextmanager
def writing(path: Path) -> Iterator[HashedFile]:
    """The same, closed at the end."""
    hashed = new_file(path)
    try:
        yield hashed
    finally:
        hashed.close()


def blocks(path: Path) -> Iterator[bytes]:
    """A file's bytes, a block at a time."""
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            yield block


def entry_of(path: Path, name: str) -> FileEntry:
    """What an existing file is."""
    sha256, crc32, size = hashlib.sha256(), 0, 0
    for block in blocks(path):
        sha256.update(block)
        crc32 = zlib.crc32(block, crc32)
        size += len(block)
    return FileEntry(name, size, sha256.hexdigest(), crc32)
