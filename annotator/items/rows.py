"""Manifests as raw rows, streamed: JSON lines, CSV, parquet. Knows nothing of what rows mean.

Each row comes as (line, its columns) or, where it can't be read, (line, the reason). Only a fault
of the file as a whole ends the reading, by UploadRefused.
"""

import csv
import json
from collections.abc import Iterator, Mapping
from typing import IO, NoReturn

import pyarrow as pa
from pyarrow import parquet

from annotator.items.troubles import UploadRefused

Raw = tuple[int, Mapping[str, object] | str]

KINDS = ("jsonl", "csv", "parquet")
MAX_LINE_BYTES = 256 * 1024
MAX_COLUMNS = 100
MAX_ROWS = 1_000_000
PARQUET_ROWS = 256
WANTED = ("file", "prompt", "generator", "reference", "id", "images")

_COMPRESSED = {
    b"\x1f\x8b": "gzip",
    b"PK\x03\x04": "zip",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
}
_BOM = b"\xef\xbb\xbf"
_WIDE_BOMS = (b"\xff\xfe", b"\xfe\xff")


def read_rows(stream: IO[bytes], kind: str) -> Iterator[Raw]:
    """The rows of a manifest of one of KINDS; `stream` can seek and stands at its start."""
    head = stream.read(8)
    stream.seek(0)
    if kind == "parquet":
        return _limited(_parquet_rows(stream))
    for magic, name in _COMPRESSED.items():
        if head.startswith(magic):
            raise UploadRefused(f"The manifest is compressed ({name}). Send it as plain {kind}.")
    if head.startswith(_WIDE_BOMS):
        raise UploadRefused("The manifest is in UTF-16. Save it as UTF-8.")
    return _limited(_jsonl_rows(stream) if kind == "jsonl" else _csv_rows(stream))


def _limited(rows: Iterator[Raw]) -> Iterator[Raw]:
    for count, row in enumerate(rows, 1):
        if count > MAX_ROWS:
            raise UploadRefused(
                f"The manifest has more than {MAX_ROWS:,} rows; send it in several batches."
            )
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


_TOO_LONG = f"is longer than {MAX_LINE_BYTES:,} bytes"


def _jsonl_rows(stream: IO[bytes]) -> Iterator[Raw]:
    for number, raw in enumerate(_lines(stream), 1):
        if raw is None:
            yield number, f"The line {_TOO_LONG}."
        elif raw.strip():
            yield number, _json_row(raw)


def _json_row(raw: bytes) -> Mapping[str, object] | str:
    try:
        row = json.loads(
            raw.decode("utf-8"), object_pairs_hook=_object, parse_constant=_no_constant
        )
    except UnicodeDecodeError:
        return "The line is not UTF-8."
    except json.JSONDecodeError as error:
        return f"The line is not JSON: {error.msg} at column {error.colno}."
    except RecursionError:
        return "The line is nested too deeply."
    except ValueError as error:
        return f"The line can't be taken: {error}."
    if not isinstance(row, dict):
        return "The line is no JSON object; a manifest has one {…} a line."
    return row


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"“{twice[:50]}” stands in it twice")
    return made


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _csv_rows(stream: IO[bytes]) -> Iterator[Raw]:
    # Bytes that are no UTF-8 become lone surrogates, which the check of each text finds.
    reader = csv.reader(_csv_lines(stream), strict=True)
    try:
        header = [name.strip().lower() for name in next(reader, [])]
    except csv.Error as error:
        raise UploadRefused(f"The manifest's first line is no CSV: {error}.") from error
    _check_header(header)
    while True:
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield reader.line_num, f"The line is no CSV: {error}."
            continue
        if not values:
            continue
        if len(values) != len(header):
            yield (
                reader.line_num,
                f"The line has {len(values)} values, the header {len(header)} columns.",
            )
            continue
        yield reader.line_num, dict(zip(header, values, strict=True))


def _csv_lines(stream: IO[bytes]) -> Iterator[str]:
    for number, raw in enumerate(_lines(stream), 1):
        if raw is None:
            raise UploadRefused(f"Line {number} of the manifest {_TOO_LONG}.")
        yield raw.decode("utf-8", "surrogateescape")


def _check_header(header: list[str]) -> None:
    if len(header) > MAX_COLUMNS:
        raise UploadRefused(
            f"The manifest has {len(header):,} columns; the limit is {MAX_COLUMNS}."
        )
    for name in ("file", "images"):
        if header.count(name) > 1:
            raise UploadRefused(f"The manifest has the column “{name}” twice.")
    if "file" not in header:
        raise UploadRefused(
            "The manifest's first line must name the columns, and one of them must be “file” "
            "(file,prompt,generator,reference,id; separated by commas)."
        )


def _parquet_rows(stream: IO[bytes]) -> Iterator[Raw]:
    try:
        table = parquet.ParquetFile(stream)
        names = list(table.schema_arrow.names)
        if len(names) > MAX_COLUMNS:
            raise UploadRefused(
                f"The manifest has {len(names):,} columns; the limit is {MAX_COLUMNS}."
            )
        wanted = [name for name in WANTED if name in names]
        if not {"file", "images"} & set(wanted):
            raise UploadRefused("The manifest needs a column “file” or “images”.")
        if table.metadata.num_rows > MAX_ROWS:
            raise UploadRefused(
                f"The manifest has {table.metadata.num_rows:,} rows; the limit is {MAX_ROWS:,}."
            )
        line = 0
        for batch in table.iter_batches(batch_size=PARQUET_ROWS, columns=wanted):
            if batch.nbytes > PARQUET_ROWS * MAX_LINE_BYTES:
                raise UploadRefused(f"A row near {line + 1} of the manifest {_TOO_LONG}.")
            for row in batch.to_pylist():
                line += 1
                yield line, row
    except (pa.ArrowException, OSError, ValueError) as error:
        reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise UploadRefused(
            f"The manifest is no parquet file that can be read: {reason}"
        ) from error
