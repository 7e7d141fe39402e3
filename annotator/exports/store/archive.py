"""An export as one zip that is never built: every byte of it follows from the list of its files.

Sizes and CRCs are known, members are stored as they are and every entry has the same zip64 form,
so the place of each byte is known beforehand: the archive has a length, can be read from anywhere
(downloads resume), takes no room on the disk, and is the same whenever it is asked for.
Layout: PKWARE APPNOTE 6.3.10, 4.3 and 4.5.3. Times are the format's first, 1 January 1980.
"""

import io
import struct
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

FULL_16, FULL_32 = 0xFFFF, 0xFFFFFFFF
ZIP64, UTF8, STORED = 45, 0x800, 0
MADE_ON_UNIX = 3 << 8 | ZIP64
FIRST_DATE = 1 << 5 | 1
PLAIN_FILE = 0o100644 << 16
LOCAL_HEADER, LOCAL_EXTRA = 30, struct.Struct("<2H2Q")


Reader = Callable[[int, int], Iterator[bytes]]
"""The bytes from here up to there, in blocks."""


@dataclass(frozen=True, slots=True)
class ArchiveMember:
    """One file to be: its name in the archive, how it is read, size and CRC-32."""

    name: str
    read: Reader
    bytes: int
    crc32: int


@dataclass(frozen=True, slots=True)
class ExportArchive:
    """The archive of `members()`, which gives the same ones in the same order every time."""

    members: Callable[[], Iterable[ArchiveMember]]

    def size(self) -> int:
        """Its length in bytes."""
        return sum(length for length, _ in self._pieces())

    def read(self, start: int, stop: int) -> Iterator[bytes]:
        """The bytes from `start` up to `stop`, in blocks."""
        at = 0
        for length, content in self._pieces():
            if at + length > start:
                first, last = max(start - at, 0), min(stop - at, length)
                if isinstance(content, bytes):
                    yield content[first:last]
                else:
                    yield from content(first, last)
            at += length
            if at >= stop:
                return

    def _pieces(self) -> Iterator[tuple[int, bytes | Reader]]:
        offset = 0
        for member in self.members():
            head = _local_header(member)
            yield len(head), head
            yield member.bytes, member.read
            offset += len(head) + member.bytes
        directory = offset
        count = at = 0
        for member in self.members():
            entry = _directory_entry(member, at)
            yield len(entry), entry
            at += len(_local_header(member)) + member.bytes
            offset += len(entry)
            count += 1
        end = _end(count, directory, offset - directory)
        yield len(end), end


def head_bytes(name: str) -> int:
    """What stands in the archive between a member's bytes and those of the one before."""
    return LOCAL_HEADER + len(name.encode()) + LOCAL_EXTRA.size


class ArchiveFile(io.RawIOBase):
    """An archive to be read like a file, for what sends files away; quick from front to back."""

    def __init__(self, archive: ExportArchive) -> None:
        self._archive, self._size = archive, archive.size()
        self._at = 0
        self._blocks: Iterator[bytes] = iter(())
        self._left = b""
        self.seek(0)

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def tell(self) -> int:
        """Where the next byte is read."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """See io; from another place reading begins anew."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = base + offset
        self._blocks, self._left = self._archive.read(self._at, self._size), b""
        return self._at

    def readinto(self, buffer: Any) -> int:
        """See io."""
        while not self._left and (block := next(self._blocks, None)) is not None:
            self._left = block
        count = min(len(buffer), len(self._left))
        buffer[:count], self._left = self._left[:count], self._left[count:]
        self._at += count
        return count


def _local_header(member: ArchiveMember) -> bytes:
    name = member.name.encode()
    extra = LOCAL_EXTRA.pack(1, 16, member.bytes, member.bytes)
    head = struct.pack(
        "<4s5H3I2H",
        b"PK\x03\x04",
        ZIP64,
        UTF8,
        STORED,
        0,
        FIRST_DATE,
        member.crc32,
        FULL_32,
        FULL_32,
        len(name),
        len(extra),
    )
    return head + name + extra


def _directory_entry(member: ArchiveMember, offset: int) -> bytes:
    name = member.name.encode()
    extra = struct.pack("<2H3Q", 1, 24, member.bytes, member.bytes, offset)
    head = struct.pack(
        "<4s6H3I5H2I",
        b"PK\x01\x02",
        MADE_ON_UNIX,
        ZIP64,
        UTF8,
        STORED,
        0,
        FIRST_DATE,
        member.crc32,
        FULL_32,
        FULL_32,
        len(name),
        len(extra),
        0,
        0,
        0,
        PLAIN_FILE,
        FULL_32,
    )
    return head + name + extra


def _end(count: int, directory: int, size: int) -> bytes:
    record = struct.pack(
        "<4sQ2H2I4Q", b"PK\x06\x06", 44, MADE_ON_UNIX, ZIP64, 0, 0, count, count, size, directory
    )
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, directory + size, 1)
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, FULL_16, FULL_16, FULL_32, FULL_32, 0)
    return record + locator + end
