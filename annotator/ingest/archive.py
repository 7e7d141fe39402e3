"""Zips that strangers made: members are streamed, never extracted, and counted as they come.

What would harm as a whole (too many entries, entries that lie over one another, too much in all)
refuses the archive; what is wrong with one member leaves that one out, with its reason.
"""

import io
import stat
import struct
import tempfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import IO

from annotator.core.reasons import Code, Reason
from annotator.ingest.names import BadName, is_ignored, plain_name, same_as, shown
from annotator.ingest.refusals import ImageRefused, Refusal, UploadRefused, file_too_large
from annotator.ingest.window import Window

PIECE = 1024**2
MIB = 1024**2
GIB = 1024**3
# A deflated image or manifest does not come near; a bomb comes to 1,000.
MAX_RATIO = 250
RATIO_MATTERS_FROM = 4 * MIB
LOCAL_HEADER = 30
UTF8_NAME = 0x800
UNICODE_PATH = 0x7075
# "Version made by", APPNOTE 4.4.2: FAT, NTFS, VFAT.
WINDOWS = frozenset({0, 10, 14})
# What archivers of Windows write names in that their users' languages have: Chinese of both
# scripts, Japanese (of its Unix too), Korean; then what its command line has of each, then its
# windows; then what other systems had.
CODE_PAGES = (
    "gb18030", "cp950", "big5hkscs", "cp932", "euc_jp", "cp949",
    "cp866", "cp850", "cp852", "cp737", "cp857", "cp1252", "cp1251", "cp1250", "cp1253", "cp1254",
    "koi8_r", "koi8_u", "mac_roman",
)  # fmt: skip
READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

_END = struct.Struct("<4s4H2LH")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_64 = struct.Struct("<4sLQL")
_ENTRY = b"PK\x01\x02"
_LAST = b"PK\x05\x06"
_LONGEST_COMMENT = 65_535
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, struct.error, ValueError)


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """Entries, and bytes that they may unpack to in all."""

    entries: int
    produced: int


class Archive:
    """A zip that can seek, as a Source (see sources.py); it closes the stream.

    Raises UploadRefused when it can't be trusted, and what the stream raises (SourceAway).
    """

    def __init__(self, stream: IO[bytes], limits: ArchiveLimits) -> None:
        self._limits = limits
        self._produced = 0
        self._stream = stream
        try:
            try:
                whole = _without_comment(stream)
                _check_directory(whole, limits.entries)
                self._zip = zipfile.ZipFile(whole)
            except _BROKEN as error:
                raise UploadRefused(Reason(Code.ZIP_UNREADABLE, error=str(error))) from error
            self._open_up()
        except BaseException:
            self.close()
            raise

    def _open_up(self) -> None:
        entries = self._zip.infolist()
        if len(entries) > self._limits.entries:
            raise _too_many(len(entries), self._limits.entries)
        _check_overlap(entries, self._zip.start_dir)
        announced = sum(entry.file_size for entry in entries)
        if announced > self._limits.produced:
            raise UploadRefused(
                Reason(
                    Code.ZIP_TOO_LARGE,
                    gib=round(announced / GIB, 1),
                    max=round(self._limits.produced / GIB, 1),
                )
            )
        self.refusals, self._entries = _sort_out(entries)
        self._by_bytes = {
            _raw_name(entry): name
            for name, entry in self._entries.items()
            if not _declares_its_name(entry)
        }
        self.names = sorted(self._entries)
        self._refused = {refusal.file: refusal.reason for refusal in self.refusals}

    def called(self, name: str) -> str:
        """See Source. Names of no told encoding are looked for under each that is in use."""
        if name in self._entries or not self._by_bytes:
            return name
        cuts = [0, *(at + 1 for at, letter in enumerate(name) if letter == "/")]
        for page in CODE_PAGES:
            for cut in cuts:
                # A manifest's own folder is called as the archive was read.
                try:
                    inner = name[cut:].encode(page).replace(b"\\", b"/")
                    raw = name[:cut].encode("cp437") + inner
                except UnicodeEncodeError:
                    continue
                if raw in self._by_bytes:
                    return self._by_bytes[raw]
        return name

    def is_guessed(self, name: str) -> bool:
        """See Source."""
        return not name.isascii() and name in self._by_bytes.values()

    @property
    def size(self) -> int:
        """Bytes produced so far."""
        return self._produced

    def read(self, name: str, most: int) -> bytes:
        """The member's bytes, at most `most + 1` of them. Raises ImageRefused."""
        entry = self._entries.get(self.called(name))
        if entry is None:
            raise ImageRefused(self._refused.get(name, Reason(Code.FILE_MISSING)))
        if entry.file_size > most:
            raise ImageRefused(file_too_large(entry.file_size, most))
        try:
            with self._zip.open(entry) as stream:
                data = stream.read(most + 1)
        except NotImplementedError as error:
            raise ImageRefused(Reason(Code.FILE_PACKING)) from error
        except _BROKEN as error:
            raise ImageRefused(Reason(Code.FILE_BROKEN, error=str(error))) from error
        self._count(len(data))
        return data

    def open(self, name: str) -> IO[bytes]:
        """See Source: a copy that lives as long as it is open."""
        made = tempfile.TemporaryFile()  # noqa: SIM115 - whoever asked closes it
        self.copy(name, made, self._limits.produced)
        made.seek(0)
        return made

    def copy(self, name: str, sink: IO[bytes], most: int) -> None:
        """The member's bytes into `sink`. Raises UploadRefused."""
        copied = 0
        try:
            with self._zip.open(self._entries[name]) as stream:
                while piece := stream.read(PIECE):
                    copied += len(piece)
                    self._count(len(piece))
                    if copied > most:
                        limit = round(most / MIB)
                        raise UploadRefused(Reason(Code.MANIFEST_TOO_LARGE, max=limit))
                    sink.write(piece)
        except NotImplementedError as error:
            raise UploadRefused(Reason(Code.FILE_PACKING)) from error
        except _BROKEN as error:
            raise UploadRefused(Reason(Code.MANIFEST_UNREADABLE, error=str(error))) from error

    def close(self) -> None:
        """Closes the file."""
        self._stream.close()

    def _count(self, size: int) -> None:
        """What was announced may be a lie; what comes out is not."""
        self._produced += size
        if self._produced > self._limits.produced:
            limit = round(self._limits.produced / GIB, 1)
            raise UploadRefused(Reason(Code.ZIP_GROWS, max=limit))


class _Cut(Window):
    """A zip up to the end of its last record, which says that no comment follows."""

    def __init__(self, stream: IO[bytes], size: int) -> None:
        super().__init__(size)
        self._stream = stream

    def between(self, start: int, stop: int) -> bytes:
        self._stream.seek(start)
        found = bytearray(self._stream.read(stop - start))
        # Its last two bytes are the comment's length.
        for place in range(max(start, self._size - 2), start + len(found)):
            found[place - start] = 0
        return bytes(found)


def _without_comment(stream: IO[bytes]) -> IO[bytes]:
    """The zip, without a comment that could be taken for its last record.

    That is the last one whose comment ends where the file does.
    """
    start, tail = _tail(stream)
    at = tail.rfind(_LAST, 0, max(0, len(tail) - _END.size + len(_LAST)))
    while at >= 0 and at + _END.size + _END.unpack_from(tail, at)[-1] != len(tail):
        at = tail.rfind(_LAST, 0, at)
    if at < 0 or at == tail.rfind(_LAST):
        return stream
    return io.BufferedReader(_Cut(stream, start + at + _END.size))


def _tail(stream: IO[bytes]) -> tuple[int, bytes]:
    """Where the last record and the longest comment may begin, and all from there on."""
    stream.seek(0, 2)
    start = max(0, stream.tell() - _END.size - _LONGEST_COMMENT)
    stream.seek(start)
    return start, stream.read()


def _too_many(count: int, most: int) -> UploadRefused:
    return UploadRefused(Reason(Code.ZIP_TOO_MANY_ENTRIES, count=count, max=most))


def _check_directory(stream: IO[bytes], most: int) -> None:
    """Counts the entries before Python's zipfile makes an object of each."""
    tail_start, tail = _tail(stream)
    at = tail.rfind(_LAST)
    if at < 0 or len(tail) - at < _END.size:
        raise zipfile.BadZipFile("its directory is missing, perhaps its end was cut off")
    _, _, _, _, _, size, _, _ = _END.unpack_from(tail, at)
    end_of_directory = tail_start + at
    if at >= _LOCATOR_64.size and tail[at - _LOCATOR_64.size :].startswith(b"PK\x06\x07"):
        _, _, where, _ = _LOCATOR_64.unpack_from(tail, at - _LOCATOR_64.size)
        stream.seek(where)
        record = stream.read(_END_64.size)
        if len(record) == _END_64.size and record.startswith(b"PK\x06\x06"):
            size, end_of_directory = _END_64.unpack(record)[8], where
    _count_entries(stream, end_of_directory - size, end_of_directory, most)


def _count_entries(stream: IO[bytes], start: int, end: int, most: int) -> None:
    if start < 0:
        raise zipfile.BadZipFile("its directory does not lie within it")
    stream.seek(start)
    count, left, carry = 0, end - start, b""
    while left > 0 and (piece := stream.read(min(PIECE, left))):
        left -= len(piece)
        count += (carry + piece).count(_ENTRY)
        carry = piece[-3:]
        if count > most:
            raise _too_many(count, most)


def _check_overlap(entries: Sequence[zipfile.ZipInfo], directory: int) -> None:
    """Entries that share bytes: the bomb that unpacks 15 KB to 1 GB (CVE-2024-0450)."""
    end, before = 0, ""
    for entry in sorted(entries, key=lambda each: each.header_offset):
        if entry.header_offset < end:
            raise UploadRefused(
                Reason(Code.ZIP_OVERLAPS, name=shown(entry.filename), other=shown(before))
            )
        name_bytes = len(
            entry.orig_filename.encode("utf-8" if entry.flag_bits & UTF8_NAME else "cp437")
        )
        end = entry.header_offset + LOCAL_HEADER + name_bytes + entry.compress_size
        before = entry.filename
    if end > directory:
        raise UploadRefused(Reason(Code.ZIP_OVERLAPS_DIRECTORY, name=shown(before)))


def _sort_out(
    entries: Iterable[zipfile.ZipInfo],
) -> tuple[list[Refusal], dict[str, zipfile.ZipInfo]]:
    """What is not taken; and what can be read, by its plain name."""
    refusals: list[Refusal] = []
    named: list[tuple[str, zipfile.ZipInfo]] = []
    for entry in entries:
        told = _told_name(entry)
        if told.endswith("/") or is_ignored(told):
            continue
        try:
            name = plain_name(told)
            _check_entry(entry)
        except BadName as bad:
            refusals.append(Refusal(None, shown(told), bad.reason))
            continue
        named.append((name, entry))
    times = Counter(same_as(name) for name, _ in named)
    twins = [name for name, _ in named if times[same_as(name)] > 1]
    twice = Reason(Code.FILE_TWICE)
    refusals += [Refusal(None, shown(name), twice) for name in sorted(set(twins))]
    return refusals, {name: entry for name, entry in named if times[same_as(name)] == 1}


def _declares_its_name(entry: zipfile.ZipInfo) -> bool:
    return bool(entry.flag_bits & UTF8_NAME) or entry.orig_filename.isascii()


def _raw_name(entry: zipfile.ZipInfo) -> bytes:
    """The bytes of a name that Python has read as CP437, with `/` for each backslash.

    Such a byte may part folders, or be half a letter: names that are looked for have it so, too.
    """
    return entry.orig_filename.encode("cp437").replace(b"\\", b"/")


def _with_slashes(entry: zipfile.ZipInfo, name: str) -> str:
    """Made on FAT or NTFS, a name may have backslashes (PowerShell 5 writes such)."""
    return name.replace("\\", "/") if entry.create_system in WINDOWS else name


def _told_name(entry: zipfile.ZipInfo) -> str:
    """The entry's name: UTF-8 where it is said or valid, else CP437 (APPNOTE 4.4.4, 4.6.9, D)."""
    name = entry.orig_filename
    if not entry.flag_bits & UTF8_NAME:
        raw = name.encode("cp437")
        try:
            name = (_unicode_path(entry.extra, raw) or raw).decode()
        except UnicodeDecodeError:
            return name.replace("\\", "/")
    return _with_slashes(entry, name)


def _unicode_path(extra: bytes, raw: bytes) -> bytes:
    """The name in the extra field 0x7075, if it is of this very name; else nothing."""
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        body = extra[at + 4 : at + 4 + size]
        if kind == UNICODE_PATH and len(body) > 5 and body[0] == 1:
            (checksum,) = struct.unpack_from("<L", body, 1)
            return body[5:] if checksum == zlib.crc32(raw) else b""
        at += 4 + size
    return b""


def _check_entry(entry: zipfile.ZipInfo) -> None:
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise BadName(Reason(Code.FILE_IS_LINK))
    if entry.flag_bits & 0x1:
        raise BadName(Reason(Code.FILE_ENCRYPTED))
    if entry.compress_type not in READABLE:
        raise BadName(Reason(Code.FILE_PACKING))
    if entry.filename.lower().endswith((".zip", ".tar", ".tgz", ".gz", ".7z", ".rar")):
        raise BadName(Reason(Code.FILE_IS_ARCHIVE))
    ratio = entry.file_size / max(1, entry.compress_size)
    if entry.file_size > RATIO_MATTERS_FROM and ratio > MAX_RATIO:
        raise BadName(Reason(Code.FILE_UNPACKS_TOO_FAR, ratio=round(ratio), max=MAX_RATIO))
