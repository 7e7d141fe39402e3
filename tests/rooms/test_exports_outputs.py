"""What can be written: joined over shards, numbered, framed, neutralised; the same bytes always."""

import csv
import hashlib
import io
import json
import struct
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from annotator.exports.assembly import README, assemble
from annotator.exports.facts import Facts
from annotator.exports.folder import Folder
from annotator.exports.formats.options import Options
from annotator.exports.formats.types import About, Format, Summary, added
from annotator.exports.outputs import DiskOutputs, Outputs
from annotator.exports.records import crc32c, framed
from annotator.exports.splits import Splitter, read_ratios
from annotator.exports.spool import Spool
from annotator.exports.work import Work, write_done
from tests.judged import START

SCHEMA = pa.schema([("n", pa.int64()), ("bytes", pa.binary())])

# filename, overall_score and prompt_misalignment_label as TensorFlow 2.21 wrote.
GOLDEN = bytes.fromhex(
    "6400000000000000435f1cdf0a620a1d0a0866696c656e616d6512110a0f0a0d"
    "747261696e2f6162632e706e670a190a0d6f766572616c6c5f73636f7265120812"
    "060a040000403f0a260a1970726f6d70745f6d6973616c69676e6d656e745f6c61"
    "62656c12090a070a05312030203126dc2500"
)


def write(outputs: Outputs, numbers: list[int]) -> None:
    """Every kind of output; the second shard of three has no rows."""
    lines, listed = outputs.lines("a.jsonl"), outputs.list("b.json")
    cells, records = outputs.csv("c.csv", ("n", "text")), outputs.records("d.tfrecord")
    table = outputs.parquet("data/e", SCHEMA)
    bundle, archive = outputs.tar("f"), outputs.zip("g")
    outputs.list("empty.json")
    under = outputs.list("h.json", under="samples")
    outputs.list("empty-under.json", under="samples")
    outputs.parquet("none", SCHEMA)
    for n in numbers:
        lines.write_row({"n": n})
        listed.write_row({"n": n})
        under.write_row(n)
        cells.write_row((n, f"=1+{n}"))
        records.write(str(n).encode())
        table.write_row({"n": n, "bytes": b"x" * n})
        bundle.add(f"{n:05}.txt", str(n).encode())
        archive.add(f"{n:05}.txt", str(n).encode())
        outputs.file(f"files/{n}.txt", str(n).encode())


def about(options: Options, facts: Facts, total: Summary) -> About:
    return About({}, {}, readme=("# Read me", ""), files={"fixed.yaml": b"a: 1\n"})


FORM = Format(
    name="all",
    version="1",
    title="",
    use="",
    why_not=lambda questions: None,
    write=lambda shard, options: Summary(0, 0),
    about=about,
)
FACTS = Facts(1, "", "", 3, "s", (), (), 5, 0, START)


def assembled(root: Path) -> Path:
    work = Work(root)
    for index, numbers in enumerate([[1, 2], [], [3, 4, 5]]):
        part = work.begin(f"shards/{index:05d}")
        outputs = DiskOutputs(part)
        write(outputs, numbers)
        write_done(part, Summary(len(numbers), 1), outputs.finish(), [])
        part.rename(work.shard(index))
    folder = Folder(work.folder)
    folder.begin()
    spool = Spool(work.spool, FACTS, (2, 0, 3))
    total = assemble(work, spool, FORM, Options({}), folder, tick=lambda done: None)
    assert (total.rows, total.items) == (5, 3)
    for entry in folder.listing:
        data = (folder.part / entry.name).read_bytes()
        assert (entry.bytes, entry.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    folder.listing.close()
    return folder.part


def test_shards_are_joined_in_their_order_or_numbered(tmp_path: Path) -> None:
    folder = assembled(tmp_path / "work")

    assert sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()) == [
        "README.md",
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
        "fixed.yaml",
        "g-00000-of-00002.zip",
        "g-00001-of-00002.zip",
        "h.json",
        "none-00000-of-00001.parquet",
    ]
    five = [{"n": n} for n in range(1, 6)]
    assert [json.loads(line) for line in (folder / "a.jsonl").read_text().splitlines()] == five
    assert json.loads((folder / "b.json").read_text()) == five
    assert json.loads((folder / "empty.json").read_text()) == []
    assert json.loads((folder / "h.json").read_text()) == {"samples": [1, 2, 3, 4, 5]}
    assert json.loads((folder / "empty-under.json").read_text()) == {"samples": []}
    assert (folder / README).read_text() == "# Read me\n\n"
    tables = [pq.read_table(path) for path in sorted((folder / "data").iterdir())]
    assert [table.to_pylist() for table in tables] == [
        [{"n": n, "bytes": b"x" * n} for n in (1, 2)],
        [{"n": n, "bytes": b"x" * n} for n in (3, 4, 5)],
    ]
    assert pq.read_table(folder / "none-00000-of-00001.parquet").schema.names == ["n", "bytes"]


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
    with zipfile.ZipFile(folder / "g-00000-of-00002.zip") as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["00001.txt", "00002.txt"]


def test_cells_that_a_spreadsheet_would_run_are_neutralised(tmp_path: Path) -> None:
    outputs = DiskOutputs(tmp_path)
    cells = outputs.csv("c.csv", ("prompt", "value"))
    said = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "a=1", 'quo"te, and\nline']
    for text in said:
        cells.write_row((text, -1.5))
    outputs.lines("c.jsonl").write_row({"prompt": "=1+1"})
    outputs.finish()

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
def test_ratios_that_do_not_make_a_whole_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="percents"):
        read_ratios(text)


def test_nested_counts_add_up() -> None:
    assert added({"a": 1, "b": {"c": 2}}, {"b": {"c": 1, "d": 1}}) == {
        "a": 1,
        "b": {"c": 3, "d": 1},
    }
