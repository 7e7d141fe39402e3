"""Parquet as readers take it: rows without their images, and images by row, both streamed.

A file's pages are read as they are needed, never a whole row group: one of a hundred gigabytes
costs some megabytes.
"""

from bisect import bisect_right
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import accumulate
from threading import Lock
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from annotator.core.reasons import Code, Reason
from annotator.ingest.datasets.layout import UploadedFiles
from annotator.ingest.refusals import ImageRefused, UploadRefused, file_too_large
from annotator.ingest.rows import MAX_LINE_BYTES, MAX_ROWS, too_long
from annotator.ingest.tables import BROKEN, batches, open_table, why_broken

ROWS_AT_ONCE = 256
IMAGES_AT_ONCE = 8
KEPT = 4
MOST_COLUMNS = 8


def schema_of(files: UploadedFiles, name: str) -> dict[str, pa.DataType]:
    """A parquet file's columns; none for what is no parquet."""
    try:
        schema = _opened(files, name).schema_arrow
    except (*BROKEN, UploadRefused):
        return {}
    return dict(zip(schema.names, schema.types, strict=True))


def is_image(kind: pa.DataType) -> bool:
    """A struct of bytes and a path, as `datasets` writes an image."""
    return pa.types.is_struct(kind) and {field.name for field in kind} >= {"bytes", "path"}


def is_images(kind: pa.DataType) -> bool:
    """A list of them, in any of the forms that Arrow has."""
    lists = (pa.types.is_list, pa.types.is_large_list, pa.types.is_fixed_size_list)
    return any(is_list(kind) for is_list in lists) and is_image(kind.value_type)


def path_of_images(files: UploadedFiles, name: str, column: str) -> str:
    """The paths within a column of lists; writers differ in what they call a list's element."""
    schema = _opened(files, name).schema
    paths = [schema.column(place).path for place in range(len(schema))]
    within = (one for one in paths if one.startswith(f"{column}.") and one.endswith(".path"))
    return str(next(within))


def is_binary(kind: pa.DataType) -> bool:
    """Bytes as they are."""
    kinds = (pa.types.is_binary, pa.types.is_large_binary, pa.types.is_binary_view)
    return any(is_kind(kind) for is_kind in kinds)


def rows_of(files: UploadedFiles, name: str, columns: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The rows' columns of these names; "image.path" is the field of a struct."""
    try:
        table = _opened(files, name)
        if table.metadata.num_rows > MAX_ROWS:
            raise UploadRefused(Reason(Code.MANIFEST_TOO_MANY_ROWS, max=MAX_ROWS))
        line = 1
        for batch in batches(table, columns, rows=ROWS_AT_ONCE):
            if batch.nbytes > ROWS_AT_ONCE * MAX_LINE_BYTES:
                raise UploadRefused(too_long(line))
            yield from batch.to_pylist()
            line += batch.num_rows
    except BROKEN as error:
        raise UploadRefused(Reason(Code.MANIFEST_NOT_PARQUET, error=why_broken(error))) from error


def image_name(file: str, row: int, column: str) -> str:
    """The name of an image inside: `file#row/column`, of a list `column/place`."""
    return f"{file}#{row}/{column}"


class ImagesInside:
    """The images inside parquet files, by image_name; asked for in about the order of rows."""

    def __init__(self, files: UploadedFiles) -> None:
        self._files = files
        self._lock = Lock()
        self._columns: dict[tuple[str, str], _Column] = {}

    def read(self, name: str, most: int) -> bytes:
        """An image's bytes. Raises ImageRefused."""
        file, _, inner = name.rpartition("#")
        if not file:
            return self._files.read(name, most)
        row, column, *place = inner.split("/")
        try:
            with self._lock:
                value = self._column(file, column).value(int(row))
        except (*BROKEN, UploadRefused, StopIteration) as error:
            raise ImageRefused(Reason(Code.FILE_BROKEN, error=why_broken(error)[:100])) from error
        data = value[int(place[0])] if place and value else value
        if isinstance(data, dict):
            data = data["bytes"]
        if not data:
            raise ImageRefused(Reason(Code.FILE_MISSING))
        if len(data) > most:
            raise ImageRefused(file_too_large(len(data), most))
        return bytes(data)

    def _column(self, file: str, column: str) -> "_Column":
        key = (file, column)
        if key not in self._columns:
            if len(self._columns) >= MOST_COLUMNS:
                del self._columns[next(iter(self._columns))]
            self._columns[key] = _Column(_opened(self._files, file, "images"), column)
        return self._columns[key]


class _Column:
    """One column of a file, read forward some rows at a time; going back begins a group anew."""

    def __init__(self, table: parquet.ParquetFile, column: str) -> None:
        self._table, self._column = table, column
        sizes = (table.metadata.row_group(n).num_rows for n in range(table.num_row_groups))
        self._firsts = list(accumulate(sizes, initial=0))
        self._batches: Iterator[pa.RecordBatch] = iter(())
        self._kept: deque[tuple[int, pa.RecordBatch]] = deque(maxlen=KEPT)
        self._next = self._firsts[-1]

    def value(self, row: int) -> Any:
        """What stands in a row."""
        if row < (self._kept[0][0] if self._kept else self._next):
            self._begin(row)
        while row >= self._next:
            batch = next(self._batches)
            self._kept.append((self._next, batch))
            self._next += batch.num_rows
        start, batch = next(one for one in reversed(self._kept) if one[0] <= row)
        return batch.column(0)[row - start].as_py()

    def _begin(self, row: int) -> None:
        group = bisect_right(self._firsts, row) - 1
        groups = range(group, self._table.num_row_groups)
        self._batches = batches(self._table, [self._column], rows=IMAGES_AT_ONCE, groups=groups)
        self._next = self._firsts[group]
        self._kept.clear()


def _opened(files: UploadedFiles, name: str, use: str = "rows") -> parquet.ParquetFile:
    return open_table(files.open(name, use))
