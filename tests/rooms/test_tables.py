"""Parquet that unpacks to far more than it is: refused in words, within a bound of memory."""

import io
import math
import resource
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from annotator.core.reasons import Code
from annotator.ingest import tables
from annotator.ingest.datasets.columns import rows_of
from annotator.ingest.datasets.layout import UploadedFiles
from annotator.ingest.refusals import UploadRefused
from annotator.ingest.rows import read_rows
from annotator.ingest.sources import Folder

MIB = 1 << 20


def bomb(column: str, *, length: int, rows: int = 200) -> bytes:
    """One text in a dictionary, named by every row: a few KB of it make rows × length."""
    text = pa.DictionaryArray.from_arrays(
        pa.array([0] * rows, pa.int32()), pa.array(["x" * length])
    )
    stream = io.BytesIO()
    table = pa.table({column: text, "prompt": ["p"] * rows})
    parquet.write_table(table, stream, compression="zstd", store_schema=False)
    return stream.getvalue()


def highest_memory() -> int:
    status = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) << 10 for line in status if line.startswith("VmHWM"))


def test_a_small_file_that_unpacks_to_gigabytes_is_refused_in_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tables, "MOST_MEMORY", 1 << 30)
    data = bomb("file", length=32 * MIB)
    before, limits = highest_memory(), resource.getrlimit(resource.RLIMIT_DATA)

    with pytest.raises(UploadRefused) as refused:
        list(read_rows(io.BytesIO(data), "parquet"))

    assert len(data) < 10_000
    assert refused.value.reason.code == Code.MANIFEST_NOT_PARQUET
    assert refused.value.reason.params["error"] == (
        "its rows take more than 1 GiB of memory to unpack"
    )
    assert highest_memory() - before < 1200 * MIB
    assert resource.getrlimit(resource.RLIMIT_DATA) == limits


def test_rows_that_fit_but_are_longer_than_lines_may_be_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(bomb("caption", length=MIB))
    files = UploadedFiles(Folder(tmp_path))

    with pytest.raises(UploadRefused) as manifest:
        list(read_rows(io.BytesIO(bomb("file", length=MIB)), "parquet"))
    with pytest.raises(UploadRefused) as dataset:
        list(rows_of(files, "a.parquet", ["caption"]))

    files.close()
    assert manifest.value.reason.code == Code.MANIFEST_LINE_TOO_LONG
    assert dataset.value.reason == manifest.value.reason


TEXT, IMAGES = pa.string(), pa.list_(pa.struct([("file", pa.string()), ("seed", pa.uint64())]))


@pytest.mark.parametrize(
    ("kind", "is_as_it_is"),
    [
        (TEXT, True), (pa.large_string(), True), (pa.int8(), True), (pa.bool_(), True),
        (pa.null(), True), (IMAGES, True), (pa.dictionary(pa.int32(), TEXT), True),
        (pa.list_(pa.list_(TEXT)), True),
        (pa.float32(), False), (pa.decimal128(9, 2), False), (pa.date32(), False),
        (pa.timestamp("us", "UTC"), False), (pa.map_(TEXT, TEXT), False),
        (pa.list_(pa.struct([("file", TEXT), ("cfg", pa.float64())])), False),
        (pa.dictionary(pa.int32(), pa.float64()), False),
    ],
)  # fmt: skip
def test_cells_are_gone_through_only_where_their_type_may_need_it(
    kind: pa.DataType, *, is_as_it_is: bool
) -> None:
    assert tables.is_plain(kind) is is_as_it_is


def test_what_is_plain_stays_and_the_rest_is_as_json_has_it() -> None:
    columns = {
        "FILE": ["a.png", "b.png"], "prompt": ["one", None], "Category": [math.nan, 2.5],
        "meta": [{"cfg": math.nan, "on": date(2026, 11, 30)}, {"cfg": 7.5, "on": None}],
    }  # fmt: skip
    stream = io.BytesIO()
    parquet.write_table(pa.table(columns), stream)
    stream.seek(0)

    assert list(read_rows(stream, "parquet")) == [
        (1, {"file": "a.png", "prompt": "one", "category": None,
             "meta": {"cfg": None, "on": "2026-11-30"}}),
        (2, {"file": "b.png", "prompt": None, "category": 2.5, "meta": {"cfg": 7.5, "on": None}}),
    ]  # fmt: skip
