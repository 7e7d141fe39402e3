"""What a shard can be written into. Each output is opened once a shard and hashed on the way.

Lines, lists, CSV and records of all shards are joined into one file; of parquet, tar and zip every
shard makes a file of its own, numbered when all are there. Names are ours, "/" between folders.
"""

import csv
import io
import tarfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from annotator.exports.gathered import ROWS_MEMBER, member
from annotator.exports.hashed import ROW, HashedFile, new_file
from annotator.exports.records import framed

ROWS_AT_ONCE = 1000
BYTES_AT_ONCE = 64 << 20
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Kind(StrEnum):
    """How the parts of an output come together."""

    LINES = "lines"
    LIST = "list"
    CSV = "csv"
    RECORDS = "records"
    PARQUET = "parquet"
    TAR = "tar"
    ZIP = "zip"
    TABLE = "table"
    ALBUM = "album"
    FILE = "file"

    @property
    def joined(self) -> bool:
        """All shards' parts become one file."""
        return not self.suffix and self is not Kind.FILE

    @property
    def suffix(self) -> str:
        """Of the numbered files, one a shard; "" for what is named by the format."""
        return f".{self}" if self in (Kind.PARQUET, Kind.TAR, Kind.ZIP) else ""


@dataclass(frozen=True, slots=True)
class Part:
    """One shard's part of an output. `header`: a CSV's first line, the key of a list, an
    album's list."""

    kind: Kind
    name: str
    rows: int
    bytes: int
    sha256: str
    crc32: int
    header: str = ""


class Rows(Protocol):
    """Takes rows of JSON: lines, or the elements of a list."""

    def write_row(self, row: object) -> None:
        """One more."""


class Cells(Protocol):
    """Takes rows of cells."""

    def write_row(self, row: Sequence[object]) -> None:
        """One more; text that a spreadsheet would take for a formula gets an apostrophe."""


class Records(Protocol):
    """Takes records as bytes, which it frames."""

    def write(self, data: bytes, shows: Mapping[str, Any] | None = None) -> None:
        """One more; `shows` is what a preview shows in the place of the bytes."""


class Table(Protocol):
    """Takes rows of a parquet schema."""

    def write_row(self, row: Mapping[str, Any]) -> None:
        """One more; a column that is not named is null."""


class Bundle(Protocol):
    """Takes files, in the order in which they shall lie in it."""

    def add(self, name: str, data: bytes) -> None:
        """One more."""


class Album(Bundle, Rows, Protocol):
    """Takes files and rows about them."""


class Outputs(Protocol):
    """Where a shard goes: onto the disk, or before somebody's eyes. The same name is the same."""

    def lines(self, name: str) -> Rows: ...
    def list(self, name: str, under: str = "") -> Rows: ...
    def csv(self, name: str, header: Sequence[str]) -> Cells: ...
    def records(self, name: str) -> Records: ...
    def parquet(self, stem: str, schema: pa.Schema) -> Table: ...
    def tar(self, stem: str) -> Bundle: ...
    def zip(self, stem: str) -> Bundle: ...
    def table(self, name: str, schema: pa.Schema) -> Table: ...
    def album(self, name: str, listing: str) -> Album: ...
    def file(self, name: str, data: bytes) -> None: ...


def formula_safe(cell: object) -> object:
    """Text that a spreadsheet would run, with an apostrophe before it; all else as it is."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def csv_line(row: Sequence[object]) -> bytes:
    """One line of RFC 4180, UTF-8."""
    out = io.StringIO(newline="")
    csv.writer(out).writerow([formula_safe(cell) for cell in row])
    return out.getvalue().encode()


class _Writer:
    """An output on the disk: counts its rows and becomes a Part."""

    kind: Kind

    def __init__(self, name: str, out: HashedFile) -> None:
        self.name, self.out, self.rows = name, out, 0

    def finish(self) -> Part:
        """Writes what is still to be written."""
        self.out.close()
        entry = self.out.entry(self.name)
        return Part(self.kind, self.name, self.rows, entry.bytes, entry.sha256, entry.crc32)


class _Lines(_Writer):
    kind = Kind.LINES

    def write_row(self, row: object) -> None:
        self.out.write(ROW.encode(row).encode() + b"\n")
        self.rows += 1


class _List(_Writer):
    """The elements alone: brackets, and the commas between shards, come when they are joined."""

    kind = Kind.LIST
    under = ""

    def write_row(self, row: object) -> None:
        self.out.write((b",\n" if self.rows else b"") + ROW.encode(row).encode())
        self.rows += 1

    def finish(self) -> Part:
        return replace(super().finish(), header=self.under)


class _Csv(_Writer):
    kind = Kind.CSV
    header = ""

    def write_row(self, row: Sequence[object]) -> None:
        self.out.write(csv_line(row))
        self.rows += 1

    def finish(self) -> Part:
        return replace(super().finish(), header=self.header)


class _Records(_Writer):
    kind = Kind.RECORDS

    def write(self, data: bytes, shows: Mapping[str, Any] | None = None) -> None:
        self.out.write(framed(data))
        self.rows += 1


class _Parquet(_Writer):
    """Row groups of ROWS_AT_ONCE rows, or fewer where they hold BYTES_AT_ONCE."""

    kind = Kind.PARQUET

    def __init__(self, name: str, out: HashedFile, schema: pa.Schema) -> None:
        super().__init__(name, out)
        self._schema = schema
        self._writer = pq.ParquetWriter(
            pa.PythonFile(out, mode="w"), schema, compression="zstd", write_statistics=True
        )
        self._waiting: list[Mapping[str, Any]] = []
        self._bytes = 0

    def write_row(self, row: Mapping[str, Any]) -> None:
        unknown = row.keys() - set(self._schema.names)
        if unknown:
            raise KeyError(f"{self.name} has no column {sorted(unknown)[0]}")
        self._waiting.append(row)
        self._bytes += _size(row)
        self.rows += 1
        if len(self._waiting) >= ROWS_AT_ONCE or self._bytes >= BYTES_AT_ONCE:
            self._write_group()

    def _write_group(self) -> None:
        if self._waiting:
            self._writer.write_table(pa.Table.from_pylist(self._waiting, schema=self._schema))
        self._waiting, self._bytes = [], 0

    def finish(self) -> Part:
        self._write_group()
        self._writer.close()
        return super().finish()


def _size(value: object) -> int:
    """About how many bytes a value of a row takes: those of its texts and images."""
    if isinstance(value, bytes | str):
        return len(value)
    if isinstance(value, Mapping):
        return sum(_size(inner) for inner in value.values())
    return sum(_size(inner) for inner in value) if isinstance(value, list) else 0


class _OneTable(_Parquet):
    """The same, but all shards' make one file."""

    kind = Kind.TABLE


class _Tar(_Writer):
    """USTAR with the same header for the same name and size, whoever writes it and when."""

    kind = Kind.TAR

    def add(self, name: str, data: bytes) -> None:
        info = tarfile.TarInfo(name)
        info.size, info.mode = len(data), 0o644
        self.out.write(info.tobuf(tarfile.USTAR_FORMAT, "utf-8", "strict"))
        self.out.write(data)
        self.out.write(b"\0" * (-len(data) % tarfile.BLOCKSIZE))
        self.rows += 1

    def finish(self) -> Part:
        self.out.write(b"\0" * 2 * tarfile.BLOCKSIZE)
        self.out.write(b"\0" * (-self.out.tell() % tarfile.RECORDSIZE))
        return super().finish()


class _Zip(_Writer):
    """Members stored as they are: images are compressed already."""

    kind = Kind.ZIP

    def __init__(self, name: str, out: HashedFile) -> None:
        super().__init__(name, out)
        self._zip = zipfile.ZipFile(out, "w")

    def add(self, name: str, data: bytes) -> None:
        self._zip.writestr(member(name), data)
        self.rows += 1

    def finish(self) -> Part:
        self._zip.close()
        return super().finish()


class _Album(_Zip):
    """A zip with its rows beside, until they become one list (gathered.py)."""

    kind = Kind.ALBUM
    listing = ""

    def __init__(self, name: str, out: HashedFile) -> None:
        super().__init__(name, out)
        self._lines: list[bytes] = []

    def write_row(self, row: object) -> None:
        self._lines.append(ROW.encode(row).encode() + b"\n")

    def finish(self) -> Part:
        self._zip.writestr(member(ROWS_MEMBER), b"".join(self._lines))
        self.rows = len(self._lines)
        return replace(super().finish(), header=self.listing)


W = TypeVar("W", bound=_Writer)


class DiskOutputs:
    """A shard's outputs in its own folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: dict[tuple[Kind, str], Any] = {}
        self._files: list[Part] = []

    def lines(self, name: str) -> Rows:
        """JSON lines: the shards' joined in their order."""
        return self._writer(_Lines, name)

    def list(self, name: str, under: str = "") -> Rows:
        """One JSON list, an element a line."""
        writer = self._writer(_List, name)
        writer.under = under
        return writer

    def csv(self, name: str, header: Sequence[str]) -> Cells:
        """A table for spreadsheets, its header once."""
        writer = self._writer(_Csv, name)
        writer.header = csv_line(header).decode()
        return writer

    def records(self, name: str) -> Records:
        """TFRecords."""
        return self._writer(_Records, name)

    def parquet(self, stem: str, schema: pa.Schema) -> Table:
        """Numbered files stem-00000-of-00012.parquet."""
        return self._table(_Parquet, stem, schema)

    def tar(self, stem: str) -> Bundle:
        """Numbered files stem-00000-of-00012.tar."""
        return self._writer(_Tar, stem)

    def zip(self, stem: str) -> Bundle:
        """Numbered files stem-00000-of-00012.zip."""
        return self._writer(_Zip, stem)

    def table(self, name: str, schema: pa.Schema) -> Table:
        """One parquet file over all shards."""
        return self._table(_OneTable, name, schema)

    def album(self, name: str, listing: str) -> Album:
        """One zip over all shards, with the list of its rows in the member `listing`."""
        writer = self._writer(_Album, name)
        writer.listing = listing
        return writer

    def file(self, name: str, data: bytes) -> None:
        """A file by itself; its name must be in no other shard."""
        out = self._new(Kind.FILE, name)
        out.write(data)
        out.close()
        entry = out.entry(name)
        self._files.append(Part(Kind.FILE, name, 1, entry.bytes, entry.sha256, entry.crc32))

    def finish(self) -> Sequence[Part]:
        """Closes all; what came to be, in the order in which it was begun, files last."""
        return [writer.finish() for writer in self._open.values()] + self._files

    def abandon(self) -> None:
        """Closes all without a word."""
        for writer in self._open.values():
            writer.out.close()

    def _table(self, writer: type[_Parquet], name: str, schema: pa.Schema) -> Table:
        key = (writer.kind, name)
        if key not in self._open:
            self._open[key] = writer(name, self._new(*key), schema)
        table: Table = self._open[key]
        return table

    def _writer(self, writer: type[W], name: str) -> W:
        key = (writer.kind, name)
        if key not in self._open:
            self._open[key] = writer(name, self._new(*key))
        found: W = self._open[key]
        return found

    def _new(self, kind: Kind, name: str) -> HashedFile:
        return new_file(part_path(self._folder, kind, name))


def part_path(folder: Path, kind: Kind, name: str) -> Path:
    """Where a shard's part of an output lies within the shard's folder."""
    return folder / kind / f"{name}{kind.suffix}"
