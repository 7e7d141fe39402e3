"""What can be written: joined over shards, numbered, framed, neutralised; the same bytes always."""

import csv
import hashlib
import io
import json
import struct
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from annotator.exports.read.draws import Splitter, percents_of
from annotator.exports.store.assembly import put_outputs
from annotator.exports.store.folder import ExportFolder
from annotator.exports.store.images import Pool
from annotator.exports.store.outputs import (
    Album,
    Csv,
    JsonList,
    Lines,
    Output,
    Parquet,
    Records,
    Tar,
)
from annotator.exports.store.rows import ExportRow
from annotator.exports.store.sink import DiskSink, Sink
from annotator.exports.store.tfrecord import crc32c, framed
from annotator.exports.store.work import Summary, Work, added, write_shard_files

SCHEMA = pa.schema([("n", pa.int64()), ("bytes", pa.binary()), ("place", pa.int64())])

# filename, overall_score and prompt_misalignment_label as TensorFlow 2.21 wrote.
GOLDEN = bytes.fromhex(
    "6400000000000000435f1cdf0a620a1d0a0866696c656e616d6512110a0f0a0d"
    "747261696e2f6162632e706e670a190a0d6f766572616c6c5f73636f7265120812"
    "060a040000403f0a260a1970726f6d70745f6d6973616c69676e6d656e745f6c61"
    "62656c12090a070a05312030203126dc2500"
)


def row(output: Output, value: Any, **more: Any) -> ExportRow:
    return ExportRow(to=(output,), value=value, items=(), **more)


def write(sink: Sink, numbers: list[int]) -> None:
    """Every form of output; the second shard of three has no rows."""
    under, empty = (
        JsonList("h.json", under="samples"),
        JsonList("empty-under.json", under="samples"),
    )
    lines, cells = Lines("a.jsonl"), Csv("c.csv", ("n", "text"))
    table = Parquet("data/e", SCHEMA, numbered="place")
    records, album = Records("d.tfrecord"), Album("g.zip", "g.json")
    always = [lines, JsonList("b.json"), cells, records, table, Tar("f"), album, under, empty]
    for output in (*always, JsonList("empty.json"), Parquet("none", SCHEMA)):
        sink.begin(output)
    for n in numbers:
        data = str(n).encode()
        sink.write(row(lines, {"n": n}, files={f"files/{n}.txt": data}))
        sink.write(row(JsonList("b.json"), {"n": n}))
        sink.write(row(under, n))
        sink.write(row(cells, {"n": n, "text": f"=1+{n}"}))
        sink.write(row(records, {"n": float(n)}))
        sink.write(row(table, {"n": n, "bytes": b"x" * n}))
        sink.write(row(Tar("f"), {f"{n:05}.txt": data}))
        sink.write(row(album, {"n": n}, members={f"{n:05}.txt": data}))


def assembled(root: Path) -> Path:
    work = Work(root)
    shards = []
    for index, numbers in enumerate([[1, 2], [], [3, 4, 5]]):
        part = work.begin(f"shards/{index:05d}")
        sink = DiskSink(part, Pool(work.pool, 1))
        write(sink, numbers)
        write_shard_files(part, Summary(len(numbers), 1), sink.finish(), [])
        shards.append(part.rename(work.shard(index)))
    folder = ExportFolder(work.folder)
    folder.begin()
    put_outputs(folder, shards, tick=lambda: None)
    for entry in folder.listing:
        data = (folder.part / entry.name).read_bytes()
        assert (entry.bytes, entry.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    folder.listing.close()
    return folder.part


def test_shards_are_joined_in_their_order_or_numbered(tmp_path: Path) -> None:
    folder = assembled(tmp_path / "work")

    assert sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()) == [
        "a.jsonl",
        "b.json",
        "c.csv",
        "d.tfrecord",
        "data/e-00000-of-00002.parquet",
        "data/e-00001-of-00002.parquet",
        "empty-under.json",
        "empty.json",
        "f-00000-of-00002.tar",
        "f-00001-of-00002.tar",
        "files/1.txt",
        "files/2.txt",
        "files/3.txt",
        "files/4.txt",
        "files/5.txt",
        "g.zip",
        "h.json",
        "none-00000-of-00001.parquet",
    ]
    five = [{"n": n} for n in range(1, 6)]
    assert [json.loads(line) for line in (folder / "a.jsonl").read_text().splitlines()] == five
    assert json.loads((folder / "b.json").read_text()) == five
    assert json.loads((folder / "empty.json").read_text()) == []
    assert json.loads((folder / "h.json").read_text()) == {"samples": [1, 2, 3, 4, 5]}
    assert json.loads((folder / "empty-under.json").read_text()) == {"samples": []}
    tables = [pq.read_table(path) for path in sorted((folder / "data").iterdir())]
    assert [table.to_pylist() for table in tables] == [
        [{"n": n, "bytes": b"x" * n, "place": place} for place, n in enumerate((1, 2))],
        [{"n": n, "bytes": b"x" * n, "place": place} for place, n in enumerate((3, 4, 5))],
    ]
    assert pq.read_table(folder / "none-00000-of-00001.parquet").schema == SCHEMA


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    first, second = assembled(tmp_path / "1"), assembled(tmp_path / "2")

    for path in (p for p in first.rglob("*") if p.is_file()):
        assert path.read_bytes() == (second / path.relative_to(first)).read_bytes(), path


def test_tars_and_zips_open_and_name_nobody(tmp_path: Path) -> None:
    folder = assembled(tmp_path / "work")

    with tarfile.open(folder / "f-00001-of-00002.tar") as found:
        members = found.getmembers()
        assert [(m.name, m.mtime, m.uid, m.uname) for m in members] == [
            (f"{n:05}.txt", 0, 0, "") for n in (3, 4, 5)
        ]
        content = found.extractfile(members[0])
        assert content is not None
        assert content.read() == b"3"
    with zipfile.ZipFile(folder / "g.zip") as album:
        assert album.testzip() is None
        assert album.namelist() == [*(f"{n:05}.txt" for n in range(1, 6)), "g.json"]
        assert json.loads(album.read("g.json")) == [{"n": n} for n in range(1, 6)]


def test_cells_that_a_spreadsheet_would_run_are_neutralised(tmp_path: Path) -> None:
    sink = DiskSink(tmp_path, Pool(tmp_path, 1))
    cells = Csv("c.csv", ("prompt", "value"))
    said = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "a=1", 'quo"te, and\nline']
    for text in said:
        sink.write(row(cells, {"prompt": text, "value": -1.5}))
    sink.write(row(Lines("c.jsonl"), {"prompt": "=1+1"}))
    sink.finish()

    with io.StringIO((tmp_path / "csv/c.csv").read_bytes().decode(), newline="") as text:
        found = list(csv.reader(text))

    # CSV alone, and text alone: a negative number is no formula.
    assert [row[0] for row in found] == [f"'{s}" for s in said[:6]] + said[6:]
    assert {row[1] for row in found} == {"-1.5"}
    assert json.loads((tmp_path / "lines/c.jsonl").read_text()) == {"prompt": "=1+1"}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        # RFC 3720, B.4, and the check value of the Castagnoli polynomial.
        (b"\0" * 32, 0x8A9136AA),
        (b"\xff" * 32, 0x62A8AB43),
        (bytes(range(32)), 0x46DD794E),
        (b"123456789", 0xE3069283),
        (b"", 0),
    ],
)
def test_the_checksum_is_castagnolis(data: bytes, expected: int) -> None:
    assert crc32c(data) == expected


@pytest.mark.parametrize("size", [1, 3, 4, 5, 4095, 4096, 4097, 9001])
def test_blocks_and_what_is_left_of_them_join(size: int) -> None:
    data = np.random.default_rng(size).bytes(size)
    bitwise = 0xFFFFFFFF
    for byte in data:
        bitwise ^= byte
        for _ in range(8):
            bitwise = bitwise >> 1 ^ (0x82F63B78 if bitwise & 1 else 0)

    assert crc32c(data) == bitwise ^ 0xFFFFFFFF


def test_a_record_is_framed_as_tensorflow_frames_it() -> None:
    length = struct.unpack("<Q", GOLDEN[:8])[0]

    assert framed(GOLDEN[12 : 12 + length]) == GOLDEN
    assert hashlib.sha256(GOLDEN).hexdigest() == (
        "b27db39ee184a066c9f3fa29fa9fa3820eb7c25620f71f2bfa4e27f560e19723"
    )


def test_prompts_keep_their_split_and_the_shares_hold() -> None:
    splitter = Splitter("secret", 0, (90, 5, 5))
    other = Splitter("secret", 1, (90, 5, 5))

    drawn = [splitter.split_of(f"prompt {n}") for n in range(20_000)]

    shares = [drawn.count(name) / 20_000 for name in ("train", "valid", "test")]
    # Five standard errors: sqrt(.05 * .95 / 20000) = .0015.
    assert shares == pytest.approx([0.9, 0.05, 0.05], abs=0.011)
    assert [splitter.split_of(f"prompt {n}") for n in range(50)] == drawn[:50]
    assert [other.split_of(f"prompt {n}") for n in range(20_000)] != drawn
    assert {Splitter("s", 0, (0, 0, 100)).split_of(str(n)) for n in range(99)} == {"test"}


@pytest.mark.parametrize("text", ["90/5", "90/5/6", "a/b/c", "90/10/-0", "99.5/0/0.5", "²/0/98"])
def test_percents_that_do_not_make_a_hundred_are_none(text: str) -> None:
    assert percents_of(text) is None


def test_nested_counts_add_up() -> None:
    assert added({"a": 1, "b": {"c": 2}}, {"b": {"c": 1, "d": 1}}) == {
        "a": 1,
        "b": {"c": 3, "d": 1},
    }
