"""Tables: parquet of a shard's own, and of all shards in one file."""

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from annotator.exports.store.files import BLOCK, HashedFile
from annotator.exports.store.outputs import Parquet, Table
from annotator.exports.store.work import OutputPart
from annotator.exports.store.writer import Parts, Writer

ROWS_AT_ONCE = 1000
BYTES_AT_ONCE = 64 << 20


class ParquetWriter(Writer[Parquet]):
    """Row groups of ROWS_AT_ONCE rows, or fewer where they hold BYTES_AT_ONCE."""

    suffix = ".parquet"

    def __init__(self, output: Any, out: HashedFile) -> None:
        super().__init__(output, out)
        self._writer = pq.ParquetWriter(
            pa.PythonFile(out, mode="w"), output.schema, compression="zstd", write_statistics=True
        )
        self._columns = frozenset(output.schema.names)
        self._holds_images = any(_is_binary(column.type) for column in output.schema)
        self._waiting: list[Mapping[str, Any]] = []
        self._bytes = self.in_memory = 0

    def _write(self, value: Mapping[str, Any]) -> None:
        if not self._columns.issuperset(value):
            unknown = value.keys() - self._columns
            raise KeyError(f"{self.output.name} has no column {sorted(unknown)[0]}")
        self._waiting.append(self._numbered(value))
        # Of texts alone ROWS_AT_ONCE are little.
        self._bytes += _size(value) if self._holds_images else 0
        if len(self._waiting) >= ROWS_AT_ONCE or self._bytes >= BYTES_AT_ONCE:
            self._write_group()

    def _numbered(self, value: Mapping[str, Any]) -> Mapping[str, Any]:
        number = self.output.numbered
        return {**value, number: self.rows} if number else value

    def _write_group(self) -> None:
        if self._waiting:
            table = pa.Table.from_pylist(self._waiting, schema=self.output.schema)
            self.in_memory += table.nbytes
            self._writer.write_table(table)
        self._waiting, self._bytes = [], 0

    def finish(self) -> OutputPart:
        self._write_group()
        self._writer.close()
        return super().finish()


class TableWriter(ParquetWriter):
    """The same, but all shards' make one file."""

    suffix = ""

    def __init__(self, output: Table, out: HashedFile) -> None:
        super().__init__(output, out)
        self._row = output.row

    def _write(self, value: Mapping[str, Any]) -> None:
        super()._write(self._row(value) if self._row else value)

    def _numbered(self, value: Mapping[str, Any]) -> Mapping[str, Any]:
        return value

    @staticmethod
    def join(out: HashedFile, parts: Parts) -> None:
        schema = pq.read_schema(parts[0][0])
        with pq.ParquetWriter(pa.PythonFile(out, mode="w"), schema, compression="zstd") as table:
            for path, _ in parts:
                for batch in pq.ParquetFile(path).iter_batches(BLOCK >> 10):
                    table.write_batch(batch)


def _is_binary(kind: pa.DataType) -> bool:
    """The column has bytes somewhere within it."""
    inner = (kind.field(place).type for place in range(kind.num_fields))
    return pa.types.is_binary(kind) or any(_is_binary(one) for one in inner)


def _size(value: object) -> int:
    """About how many bytes a value of a row takes: those of its texts and images."""
    if isinstance(value, bytes | str):
        return len(value)
    if isinstance(value, Mapping):
        return sum(_size(inner) for inner in value.values())
    return sum(_size(inner) for inner in value) if isinstance(value, list) else 0
