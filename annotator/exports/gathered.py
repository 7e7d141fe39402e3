"""Outputs of all shards in one file that is more than its parts one after the other."""

import zipfile
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from annotator.exports.hashed import BLOCK, HashedFile

FIRST_DATE = (1980, 1, 1, 0, 0, 0)
# A member's name that no format uses: an album's rows, until they become its list.
ROWS_MEMBER = "\x1frows"


def member(name: str) -> zipfile.ZipInfo:
    """A member that has the same header whoever writes it and when, stored as it is."""
    info = zipfile.ZipInfo(name, FIRST_DATE)
    info.external_attr = 0o100644 << 16
    return info


def join_albums(out: HashedFile, parts: Sequence[Path], listing: str) -> None:
    """One zip of all parts' files, and their rows as one JSON list in the member `listing`."""
    with zipfile.ZipFile(out, "w") as album:
        for part in parts:
            with zipfile.ZipFile(part) as found:
                for info in found.infolist():
                    if info.filename != ROWS_MEMBER:
                        album.writestr(member(info.filename), found.read(info))
        with album.open(member(listing), "w") as rows:
            rows.write(b"[")
            before = b"\n"
            for part in parts:
                with zipfile.ZipFile(part) as found, found.open(ROWS_MEMBER) as lines:
                    for line in lines:
                        rows.write(before + line.rstrip(b"\n"))
                        before = b",\n"
            rows.write(b"\n]\n")


def join_tables(out: HashedFile, parts: Sequence[Path]) -> None:
    """One parquet file of all parts' rows."""
    schema = pq.read_schema(parts[0])
    with pq.ParquetWriter(pa.PythonFile(out, mode="w"), schema, compression="zstd") as table:
        for part in parts:
            for batch in pq.ParquetFile(part).iter_batches(BLOCK >> 10):
                table.write_batch(batch)
