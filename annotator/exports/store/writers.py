"""An output on the disk, one class a form: its shard's part, and how all parts are joined.

Every file is hashed on the way, and the same rows give the same bytes, whoever writes them.
"""

import csv
import io
import json
import re
import tarfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from annotator.exports.store.files import BLOCK, HashedFile
from annotator.exports.store.outputs import (
    Album,
    Csv,
    JsonList,
    Lines,
    Output,
    Parquet,
    Records,
    Table,
    Tar,
)
from annotator.exports.store.rows import ExportRow
from annotator.exports.store.tfrecord import example, framed
from annotator.exports.store.work import OutputPart

_QUICK_JSON = msgspec.json.Encoder()
_EXPONENT = re.compile(rb"e-?[0-9]+(?:[],}]|$)")
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)
ROWS_AT_ONCE = 1000
BYTES_AT_ONCE = 64 << 20
FORMULA = ("=", "+", "-", "@", "\t", "\r")
FIRST_DATE = (1980, 1, 1, 0, 0, 0)
# A member's name that no format uses: an album's rows, until they become its list.
ROWS_MEMBER = "\x1frows"

O = TypeVar("O", bound=Output)  # noqa: E741 - an output
Parts = Sequence[tuple[Path, OutputPart]]


class Writer(Generic[O]):
    """Takes values one by one and becomes a part."""

    # Of numbered files, one a shard; "" where all shards make one file.
    suffix: ClassVar[str] = ""

    def __init__(self, output: O, out: HashedFile) -> None:
        self.output, self.out, self.rows = output, out, 0

    def write(self, row: ExportRow) -> None:
        """One more row."""
        self._write(row.value)
        self.rows += 1

    def _write(self, value: Any) -> None:
        raise NotImplementedError

    def head(self) -> str:
        """What `join` needs to know besides the parts."""
        return ""

    def finish(self) -> OutputPart:
        """Writes what is still to be written."""
        self.out.close()
        entry = self.out.entry(self.output.name)
        return OutputPart(self.output.form, entry, self.rows, self.head())

    @staticmethod
    def join(out: HashedFile, parts: Parts) -> None:
        """One file of all shards' parts: one after the other."""
        for path, _ in parts:
            out.copy(path)


class LinesWriter(Writer[Lines]):
    def _write(self, value: Any) -> None:
        self.out.write(json_bytes(value) + b"\n")


class ListWriter(Writer[JsonList]):
    """The elements alone: brackets, and the commas between shards, come when they are joined."""

    def _write(self, value: Any) -> None:
        self.out.write((b",\n" if self.rows else b"") + json_bytes(value))

    def head(self) -> str:
        return self.output.under

    @staticmethod
    def join(out: HashedFile, parts: Parts) -> None:
        under = parts[0][1].head
        out.write(f"{{{json.dumps(under)}: ".encode() if under else b"")
        filled = [path for path, part in parts if part.rows]
        for place, path in enumerate(filled):
            out.write(b",\n" if place else b"[\n")
            out.copy(path)
        out.write(b"\n]" if filled else b"[]")
        out.write(b"}\n" if under else b"\n")


class CsvWriter(Writer[Csv]):
    def _write(self, value: Mapping[str, Any]) -> None:
        self.out.write(csv_line([value[name] for name in self.output.header]))

    def head(self) -> str:
        return csv_line(self.output.header).decode()

    @staticmethod
    def join(out: HashedFile, parts: Parts) -> None:
        out.write(parts[0][1].head.encode())
        Writer.join(out, parts)


class RecordsWriter(Writer[Records]):
    def _write(self, value: Mapping[str, bytes | float]) -> None:
        self.out.write(framed(example(value)))


class ParquetWriter(Writer[Parquet]):
    """Row groups of ROWS_AT_ONCE rows, or fewer where they hold BYTES_AT_ONCE."""

    suffix = ".parquet"

    def __init__(self, output: Any, out: HashedFile) -> None:
        super().__init__(output, out)
        self._writer = pq.ParquetWriter(
            pa.PythonFile(out, mode="w"), output.schema, compression="zstd", write_statistics=True
        )
        self._waiting: list[Mapping[str, Any]] = []
        self._bytes = 0

    def _write(self, value: Mapping[str, Any]) -> None:
        unknown = value.keys() - set(self.output.schema.names)
        if unknown:
            raise KeyError(f"{self.output.name} has no column {sorted(unknown)[0]}")
        self._waiting.append(self._numbered(value))
        self._bytes += _size(value)
        if len(self._waiting) >= ROWS_AT_ONCE or self._bytes >= BYTES_AT_ONCE:
            self._write_group()

    def _numbered(self, value: Mapping[str, Any]) -> Mapping[str, Any]:
        number = self.output.numbered
        return {**value, number: self.rows} if number else value

    def _write_group(self) -> None:
        if self._waiting:
            table = pa.Table.from_pylist(self._waiting, schema=self.output.schema)
            self._writer.write_table(table)
        self._waiting, self._bytes = [], 0

    def finish(self) -> OutputPart:
        self._write_group()
        self._writer.close()
        return super().finish()


class TableWriter(ParquetWriter):
    """The same, but all shards' make one file."""

    suffix = ""

    def _numbered(self, value: Mapping[str, Any]) -> Mapping[str, Any]:
        return value

    @staticmethod
    def join(out: HashedFile, parts: Parts) -> None:
        schema = pq.read_schema(parts[0][0])
        with pq.ParquetWriter(pa.PythonFile(out, mode="w"), schema, compression="zstd") as table:
            for path, _ in parts:
                for batch in pq.ParquetFile(path).iter_batches(BLOCK >> 10):
                    table.write_batch(batch)


class TarWriter(Writer[Tar]):
    """USTAR with the same header for the same name and size."""

    suffix = ".tar"

    def _write(self, value: Mapping[str, bytes]) -> None:
        for name, data in value.items():
            info = tarfile.TarInfo(name)
            info.size, info.mode = len(data), 0o644
            self.out.write(info.tobuf(tarfile.USTAR_FORMAT, "utf-8", "strict"))
            self.out.write(data)
            self.out.write(b"\0" * (-len(data) % tarfile.BLOCKSIZE))

    def finish(self) -> OutputPart:
        self.out.write(b"\0" * 2 * tarfile.BLOCKSIZE)
        self.out.write(b"\0" * (-self.out.tell() % tarfile.RECORDSIZE))
        return super().finish()


class AlbumWriter(Writer[Album]):
    """A zip with its rows beside, until they become one list.

    Members are stored as they are: images are compressed already.
    """

    def __init__(self, output: Album, out: HashedFile) -> None:
        super().__init__(output, out)
        self._zip = zipfile.ZipFile(out, "w")
        self._lines: list[bytes] = []

    def write(self, row: ExportRow) -> None:
        for name, data in row.members.items():
            self._zip.writestr(_member(name), data)
        self._lines.append(json_bytes(row.value) + b"\n")
        self.rows += 1

    def head(self) -> str:
        return self.output.listing

    def finish(self) -> OutputPart:
        self._zip.writestr(_member(ROWS_MEMBER), b"".join(self._lines))
        self._zip.close()
        return super().finish()

    @staticmethod
    def join(out: HashedFile, parts: Parts) -> None:
        with zipfile.ZipFile(out, "w") as album:
            for path, _ in parts:
                with zipfile.ZipFile(path) as found:
                    for info in found.infolist():
                        if info.filename != ROWS_MEMBER:
                            album.writestr(_member(info.filename), found.read(info))
            with album.open(_member(parts[0][1].head), "w") as rows:
                rows.write(b"[")
                before = b"\n"
                for path, _ in parts:
                    with zipfile.ZipFile(path) as found, found.open(ROWS_MEMBER) as lines:
                        for line in lines:
                            rows.write(before + line.rstrip(b"\n"))
                            before = b",\n"
                rows.write(b"\n]\n")


WRITERS: Mapping[str, type[Writer[Any]]] = {
    Lines.form: LinesWriter,
    JsonList.form: ListWriter,
    Csv.form: CsvWriter,
    Records.form: RecordsWriter,
    Parquet.form: ParquetWriter,
    Table.form: TableWriter,
    Tar.form: TarWriter,
    Album.form: AlbumWriter,
}


def json_bytes(value: Any) -> bytes:
    """A value as exports write JSON: UTF-8, no spaces, floats as Python writes them."""
    quick = _QUICK_JSON.encode(value)
    if b"0.0000" in quick or _EXPONENT.search(quick):
        # Of floats below 0.0001 and from 1e16 on the two write the same number in other words.
        return _JSON.encode(value).encode()
    return quick


def csv_line(cells: Sequence[object]) -> bytes:
    """One line of RFC 4180, UTF-8; text that a spreadsheet would run begins with an apostrophe."""
    safe = [f"'{c}" if isinstance(c, str) and c.startswith(FORMULA) else c for c in cells]
    out = io.StringIO(newline="")
    csv.writer(out).writerow(safe)
    return out.getvalue().encode()


def _size(value: object) -> int:
    """About how many bytes a value of a row takes: those of its texts and images."""
    if isinstance(value, bytes | str):
        return len(value)
    if isinstance(value, Mapping):
        return sum(_size(inner) for inner in value.values())
    return sum(_size(inner) for inner in value) if isinstance(value, list) else 0


def _member(name: str) -> zipfile.ZipInfo:
    """A member that has the same header whoever writes it and when."""
    info = zipfile.ZipInfo(name, FIRST_DATE)
    info.external_attr = 0o100644 << 16
    return info
