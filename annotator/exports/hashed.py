"""Files that are hashed while they are written, and how exports write JSON."""

import hashlib
import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

BLOCK = 1 << 20
ROW = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)


@dataclass(frozen=True, slots=True)
class Entry:
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

    def write(self, data: bytes) -> int:
        """Appends bytes."""
        self._sha256.update(data)
        self._crc32 = zlib.crc32(data, self._crc32)
        self._bytes += len(data)
        return self._stream.write(data)

    def flush(self) -> None:
        """Nothing: the stream is flushed when it is closed."""

    def tell(self) -> int:
        """Bytes written so far."""
        return self._bytes

    @property
    def closed(self) -> bool:
        """Whether `close` was called; writers of parquet ask."""
        return self._stream.closed

    def entry(self, name: str) -> Entry:
        """What was written so far."""
        return Entry(name, self._bytes, self._sha256.hexdigest(), self._crc32)

    def close(self) -> None:
        """Closes the file."""
        self._stream.close()


def new_file(path: Path) -> HashedFile:
    """A file that was not there before; folders above it are made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return HashedFile(path.open("xb", buffering=BLOCK))


@contextmanager
def writing(path: Path) -> Iterator[HashedFile]:
    """The same, closed at the end."""
    hashed = new_file(path)
    try:
        yield hashed
    finally:
        hashed.close()


def entry_of(path: Path, name: str) -> Entry:
    """What an existing file is."""
    sha256, crc32, size = hashlib.sha256(), 0, 0
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            sha256.update(block)
            crc32 = zlib.crc32(block, crc32)
            size += len(block)
    return Entry(name, size, sha256.hexdigest(), crc32)
