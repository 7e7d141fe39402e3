"""Parquet of strangers, read a few rows at a time within a bound of memory.

A file of 1 KB can unpack to gigabytes (one long text in a dictionary, named by each of its rows),
and its metadata may lie, so what it would take is seen only while it is read.
"""

import math
import resource
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import IO

import pyarrow as pa
from pyarrow import parquet

# What the reading of one batch may take beyond what the process has already.
MOST_MEMORY = 2 << 30
BUFFER = 1 << 20
BROKEN = (pa.ArrowException, MemoryError, OSError, ValueError)


def open_table(stream: IO[bytes]) -> parquet.ParquetFile:
    """A parquet file whose pages are read as they are needed. Raises one of BROKEN."""
    with _bounded_memory():
        return parquet.ParquetFile(stream, pre_buffer=False, buffer_size=BUFFER)


def batches(
    table: parquet.ParquetFile,
    columns: Sequence[str],
    *,
    rows: int,
    groups: Sequence[int] | None = None,
) -> Iterator[pa.RecordBatch]:
    """Its rows, at most so many at once, of all or some row groups. Raises one of BROKEN."""
    # Threads would each take address space of their own.
    found = table.iter_batches(
        batch_size=rows, columns=list(columns), row_groups=groups, use_threads=False
    )
    while True:
        with _bounded_memory():
            batch = next(found, None)
        if batch is None:
            return
        yield batch


def why_broken(error: Exception) -> str:
    """One of BROKEN in a line."""
    if isinstance(error, MemoryError):
        return f"its rows take more than {MOST_MEMORY >> 30} GiB of memory to unpack"
    return str(error).splitlines()[0][:200] if str(error) else type(error).__name__


def plain(value: object) -> object:
    """A cell as JSON has it: NaN is none, a decimal a number, a day or time its ISO 8601."""
    match value:
        case float():
            return None if math.isnan(value) else value
        case Decimal():
            if not value.is_finite():
                return None
            return int(value) if value == value.to_integral_value() else float(value)
        case date():
            return value.isoformat()
        case dict():
            return {name: plain(one) for name, one in value.items()}
        case list():
            return [plain(one) for one in value]
        case tuple():
            return tuple(plain(one) for one in value)
    return value


_PLAIN = (
    pa.types.is_null, pa.types.is_boolean, pa.types.is_integer, pa.types.is_string,
    pa.types.is_large_string, pa.types.is_string_view, pa.types.is_binary,
    pa.types.is_large_binary, pa.types.is_binary_view,
)  # fmt: skip
_LISTS = (pa.types.is_list, pa.types.is_large_list, pa.types.is_fixed_size_list)


def is_plain(kind: pa.DataType) -> bool:
    """Whether `plain` changes no cell of this type: most tables have few others."""
    if any(is_kind(kind) for is_kind in _PLAIN):
        return True
    if pa.types.is_struct(kind):
        return all(is_plain(field.type) for field in kind)
    lists = any(is_list(kind) for is_list in _LISTS)
    return (lists or pa.types.is_dictionary(kind)) and is_plain(kind.value_type)


@contextmanager
def _bounded_memory() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    bound = _data_bytes() + MOST_MEMORY
    if soft != resource.RLIM_INFINITY and soft <= bound:
        yield
        return
    resource.setrlimit(resource.RLIMIT_DATA, (bound, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _data_bytes() -> int:
    """The private writable memory of this process, as RLIMIT_DATA counts it."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith("VmData"))
