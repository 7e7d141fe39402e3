"""Manifests as raw rows, streamed: JSON lines, CSV, parquet. Knows nothing of what rows mean.

Each row comes as (line, its columns) or, where it can't be read, (line, the reason). Only a fault
of the file as a whole ends the reading, by UploadRefused.
"""

import csv
import io
import json
import os
from collections.abc import Callable, Iterator, Mapping
from typing import IO, TYPE_CHECKING, NoReturn

from annotator.core.reasons import Code, Reason
from annotator.ingest.meta import key_of_column
from annotator.ingest.refusals import UploadRefused
from annotator.ingest.tables import (
    BROKEN,
    batches,
    is_plain,
    open_table,
    plain,
    why_broken,
)

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

Raw = tuple[int, Mapping[str, object] | Reason]

KINDS = ("jsonl", "csv", "parquet")
MAX_LINE_BYTES = 256 * 1024
MAX_COLUMNS = 100
MAX_ROWS = 1_000_000
PARQUET_ROWS = 256
BLOCK = 1 << 20
COLUMNS = (
    "file", "prompt", "generator", "reference", "id", "images", "category", "meta", "gold", "votes",
    "checklist", "source_image", "mask_image", "shown_references",
)  # fmt: skip

_COMPRESSED = {
    b"\x1f\x8b": "gzip",
    b"PK\x03\x04": "zip",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
}
_BOM = b"\xef\xbb\xbf"
_WIDE_BOMS = (b"\xff\xfe", b"\xfe\xff")
# What parts the cells of a CSV: a spreadsheet writes what its user's language has.
_COMMA, _OTHERS = ",", ";\t"
# Excel's own first line, which names it and is no row.
_NAMES_IT = "sep="
# Of UTF-16 without such a mark every other byte is this; no text in UTF-8 has it.
_ZERO = b"\0"


def row_count(stream: IO[bytes], kind: str) -> int:
    """How many rows a manifest has, to a few: blank lines count, too. `stream` is at its start."""
    if kind == "parquet":
        try:
            rows: int = open_table(stream).metadata.num_rows
        except BROKEN:
            return 0  # its reading says why
        return rows
    blocks = iter(lambda: stream.read(BLOCK), b"")
    feeds = returns = 0
    for block in blocks:
        feeds += block.count(b"\n")
        returns += block.count(b"\r")
    ends = feeds or returns
    return ends - 1 if kind == "csv" else ends


def read_rows(
    stream: IO[bytes], kind: str, needs: Callable[[str], bool] = "file".__eq__
) -> Iterator[Raw]:
    """The rows of a manifest of one of KINDS; `stream` can seek and stands at its start.

    `needs` knows the column that a CSV can't be without, unless it has `images`.
    """
    head = stream.read(8)
    stream.seek(0)
    if kind == "parquet":
        return _limited(_parquet_rows(stream))
    for magic, name in _COMPRESSED.items():
        if head.startswith(magic):
            raise UploadRefused(Reason(Code.MANIFEST_COMPRESSED, format=name, kind=kind))
    if head.startswith(_WIDE_BOMS) or _ZERO in head:
        raise UploadRefused(Reason(Code.MANIFEST_UTF16))
    text = _with_line_feeds(stream)
    return _limited(_jsonl_rows(text) if kind == "jsonl" else _csv_rows(text, needs))


class _LineFeeds(io.RawIOBase):
    """A text whose lines end in carriage returns alone, as old Macs and their programs have it."""

    def __init__(self, stream: IO[bytes]) -> None:
        super().__init__()
        self._stream = stream

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return self._stream.seek(offset, whence)

    def readinto(self, buffer: "WriteableBuffer") -> int:
        view = memoryview(buffer)
        found = self._stream.read(len(view)).replace(b"\r", b"\n")
        view[: len(found)] = found
        return len(found)


def _with_line_feeds(stream: IO[bytes]) -> IO[bytes]:
    head = stream.read(MAX_LINE_BYTES)
    stream.seek(0)
    return io.BufferedReader(_LineFeeds(stream)) if b"\r" in head and b"\n" not in head else stream


def _limited(rows: Iterator[Raw]) -> Iterator[Raw]:
    for count, row in enumerate(rows, 1):
        if count > MAX_ROWS:
            raise UploadRefused(Reason(Code.MANIFEST_TOO_MANY_ROWS, max=MAX_ROWS))
        yield row


def _lines(stream: IO[bytes]) -> Iterator[bytes | None]:
    """The lines, each within the limit; None for a longer one, which is skipped."""
    first = True
    while raw := stream.readline(MAX_LINE_BYTES + 1):
        if first:
            raw, first = raw.removeprefix(_BOM), False
        if len(raw) <= MAX_LINE_BYTES:
            yield raw
            continue
        while raw and not raw.endswith(b"\n"):
            raw = stream.readline(MAX_LINE_BYTES)
        yield None


def _jsonl_rows(stream: IO[bytes]) -> Iterator[Raw]:
    for number, raw in enumerate(_lines(stream), 1):
        if number == 1 and raw is not None and _begins_list(raw):
            raise UploadRefused(Reason(Code.MANIFEST_IS_LIST))
        if raw is None:
            yield number, Reason(Code.LINE_TOO_LONG, max=MAX_LINE_BYTES)
        elif raw.strip():
            yield number, _json_row(raw)


def _begins_list(raw: bytes) -> bool:
    """A list of objects, whole or to be gone on with in the next lines."""
    text = raw.strip()
    return text.startswith(b"[") and text[1:].lstrip()[:1] in (b"", b"{")


class _BadValue(ValueError):
    """JSON that Python reads and that says nothing sure."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(str(reason.code))
        self.reason = reason


def _json_row(raw: bytes) -> Mapping[str, object] | Reason:
    try:
        row = _JSON.decode(raw.decode("utf-8").rstrip("\r\n"))
    except UnicodeDecodeError:
        return Reason(Code.LINE_NOT_UTF8)
    except json.JSONDecodeError as error:
        return Reason(Code.LINE_NOT_JSON, error=error.msg, column=error.colno)
    except RecursionError:
        return Reason(Code.LINE_TOO_DEEP)
    except _BadValue as bad:
        return bad.reason
    except ValueError as error:
        return Reason(Code.LINE_UNREADABLE, error=str(error))
    if not isinstance(row, dict):
        return Reason(Code.LINE_NOT_AN_OBJECT)
    return row


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _BadValue(Reason(Code.LINE_KEY_TWICE, name=twice[:50]))
    return made


def _no_constant(name: str) -> NoReturn:
    raise _BadValue(Reason(Code.LINE_CONSTANT, name=name))


_JSON = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_no_constant)


class _OpenQuote(Exception):
    """A record that goes on and on: its quote was never closed."""


class _CsvLines:
    """The lines of a CSV file as csv.reader takes them; from a record that is none it goes back."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.line = 0
        self.begin()

    def begin(self) -> None:
        """The next line is a record's first."""
        self.first, self._after_first, self._length = self.line + 1, 0, 0

    def go_back(self) -> None:
        """To the line after the record's first."""
        self._stream.seek(self._after_first)
        self.line = self.first

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        raw = self._stream.readline(MAX_LINE_BYTES + 1)
        if not raw:
            raise StopIteration
        self.line += 1
        self._length += len(raw)
        if len(raw) > MAX_LINE_BYTES:
            raise UploadRefused(too_long(self.line))
        if self.line == self.first:
            self._after_first = self._stream.tell()
        elif self._length > MAX_LINE_BYTES:
            raise _OpenQuote
        try:
            return raw.decode("utf-8-sig" if self.line == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise UploadRefused(Reason(Code.MANIFEST_NOT_UTF8, line=self.line)) from error


def _csv_rows(stream: IO[bytes], needs: Callable[[str], bool]) -> Iterator[Raw]:
    delimiter = _delimiter_of(stream, needs)
    lines = _CsvLines(stream)
    try:
        header = _header(lines, delimiter)
    except (csv.Error, _OpenQuote) as error:
        raise UploadRefused(Reason(Code.MANIFEST_HEADER_UNREADABLE, error=str(error))) from error
    _check_header(header, needs)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        lines.begin()
        try:
            values = next(reader)
        except StopIteration:
            return
        except (csv.Error, _OpenQuote) as error:
            yield lines.first, _csv_fault(error, lines)
            lines.go_back()
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
            continue
        if not _says_something(values):
            continue
        if len(values) == len(header):
            yield lines.line, dict(zip(header, values, strict=True))
        elif lines.line > lines.first:
            # A quote was left open, and another one further down has closed it.
            yield lines.first, Reason(Code.LINE_QUOTE_OPEN)
            lines.go_back()
        else:
            yield lines.line, Reason(Code.LINE_COLUMNS, values=len(values), columns=len(header))


def _delimiter_of(stream: IO[bytes], needs: Callable[[str], bool]) -> str:
    """The one that makes a header of the first line; a comma where none does."""
    for delimiter in _COMMA + _OTHERS:
        try:
            header = _header(_CsvLines(stream), delimiter)
        except (csv.Error, _OpenQuote):
            header = []
        stream.seek(0)
        whole = [name for name in header if not set(_OTHERS) & set(name)]
        if "images" in whole or any(map(needs, whole)):
            return delimiter
    return _COMMA


def _header(lines: _CsvLines, delimiter: str) -> list[str]:
    """The columns' names. Raises csv.Error, _OpenQuote."""
    rows = filter(_says_something, csv.reader(lines, delimiter=delimiter, strict=True))
    first = next(rows, [])
    if first and first[0].lower().startswith(_NAMES_IT):
        first = next(rows, [])
    return [_column(name.strip()) for name in first]


def _says_something(values: list[str]) -> bool:
    """Not a blank line, nor one of commas alone, as Excel has it below a table."""
    return any(value.strip() for value in values)


def _csv_fault(error: Exception, lines: _CsvLines) -> Reason:
    if lines.line > lines.first or "end of data" in str(error):
        return Reason(Code.LINE_QUOTE_OPEN)
    return Reason(Code.LINE_NOT_CSV, error=str(error))


def too_long(line: int) -> Reason:
    """A line, or the rows of a table from it on, take more than MAX_LINE_BYTES each."""
    return Reason(Code.MANIFEST_LINE_TOO_LONG, line=line, max=MAX_LINE_BYTES)


def _check_width(columns: list[str]) -> None:
    if len(columns) > MAX_COLUMNS:
        raise UploadRefused(
            Reason(Code.MANIFEST_TOO_MANY_COLUMNS, count=len(columns), max=MAX_COLUMNS)
        )


def _column(name: str) -> str:
    """A column's name in whatever case; a key of `meta` stays as it is written."""
    return name if key_of_column(name) else name.lower()


def _check_header(header: list[str], needs: Callable[[str], bool]) -> None:
    _check_width(header)
    _check_twice(header)
    if "images" not in header and not any(map(needs, header)):
        raise UploadRefused(Reason(Code.MANIFEST_NO_FILE_COLUMN))


def _check_twice(header: list[str]) -> None:
    for name in header:
        if header.count(name) > 1 and (name in COLUMNS or key_of_column(name)):
            raise UploadRefused(Reason(Code.MANIFEST_COLUMN_TWICE, name=name))


def _parquet_rows(stream: IO[bytes]) -> Iterator[Raw]:
    try:
        table = open_table(stream)
        names = {name: _column(name) for name in table.schema_arrow.names}
        _check_width(table.schema_arrow.names)
        _check_twice([_column(name) for name in table.schema_arrow.names])
        columns = [name for name, as_ in names.items() if as_ in COLUMNS or key_of_column(name)]
        if not {"file", "images"} & {*names.values()}:
            raise UploadRefused(Reason(Code.MANIFEST_NO_IMAGES_COLUMN))
        if table.metadata.num_rows > MAX_ROWS:
            raise UploadRefused(Reason(Code.MANIFEST_TOO_MANY_ROWS, max=MAX_ROWS))
        schema = table.schema_arrow
        odd = [names[name] for name in columns if not is_plain(schema.field(name).type)]
        line = 0
        for batch in batches(table, columns, rows=PARQUET_ROWS):
            if batch.nbytes > PARQUET_ROWS * MAX_LINE_BYTES:
                raise UploadRefused(too_long(line + 1))
            named = batch.rename_columns([names[name] for name in batch.schema.names])
            for row in named.to_pylist():
                line += 1
                for name in odd:
                    row[name] = plain(row[name])
                yield line, row
    except BROKEN as error:
        raise UploadRefused(Reason(Code.MANIFEST_NOT_PARQUET, error=why_broken(error))) from error
