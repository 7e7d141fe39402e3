"""The spool: everything that an export is made of, taken out of the database in one snapshot.

Numbered files of JSON lines (zstd), an item a line; and spool.json, written last, with the facts
and how many items each file holds. Shards are functions of these files alone.
"""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import msgspec
import pyarrow as pa

from annotator.exports.read.facts import Facts
from annotator.exports.read.items import ExportedItem

HEAD = "spool.json"
COMPRESSION = "zstd"
BLOCK = 1 << 18


class _SpoolHead(msgspec.Struct, frozen=True):
    facts: Facts
    sizes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Spool:
    """A whole spool: `sizes` are the items of each of its files."""

    folder: Path
    facts: Facts
    sizes: tuple[int, ...]

    @property
    def shards(self) -> int:
        """How many it makes: one at the least, so that empty outputs come to be."""
        return max(1, len(self.sizes))

    def first_of(self, index: int) -> int:
        """The number of a file's first item among all."""
        return sum(self.sizes[:index])

    def size_of(self, index: int) -> int:
        """How many items a file has."""
        return self.sizes[index] if index < len(self.sizes) else 0

    def items(self, index: int) -> Iterator[ExportedItem]:
        """The items of one file."""
        if index >= len(self.sizes):
            return
        decoder = msgspec.json.Decoder(ExportedItem)
        with pa.input_stream(_path(self.folder, index), COMPRESSION) as stream:
            for line in io.BufferedReader(stream, BLOCK):
                yield decoder.decode(line)


def write_files(
    folder: Path, items: Iterable[ExportedItem], *, at_most: int, together: bool
) -> Iterator[Iterator[ExportedItem]]:
    """Writes items into numbered files of `at_most`; of each file its items, as they are written.

    A file is whole when its items have been gone through. `together`: a file ends only where the
    prompt changes.
    """
    stream = _numbered(items, at_most, together=together)
    for number, group in groupby(stream, key=lambda pair: pair[0]):
        yield _written(_path(folder, number), (item for _, item in group))


def _written(path: Path, items: Iterable[ExportedItem]) -> Iterator[ExportedItem]:
    encoder = msgspec.json.Encoder()
    with pa.output_stream(path, COMPRESSION, BLOCK) as out:
        for item in items:
            out.write(encoder.encode(item) + b"\n")
            yield item


def write_head(spool: Spool) -> None:
    """The last file of a spool. The project's seed is in it: it is for our own work folder."""
    head = _SpoolHead(spool.facts, spool.sizes)
    (spool.folder / HEAD).write_bytes(msgspec.json.encode(head))


def open_spool(folder: Path) -> Spool:
    """A whole spool. Raises FileNotFoundError where there is none."""
    head = msgspec.json.decode((folder / HEAD).read_bytes(), type=_SpoolHead)
    return Spool(folder, head.facts, head.sizes)


def _numbered(
    items: Iterable[ExportedItem], at_most: int, *, together: bool
) -> Iterator[tuple[int, ExportedItem]]:
    number = size = 0
    prompt = None
    for item in items:
        if size >= at_most and not (together and item.prompt == prompt):
            number, size = number + 1, 0
        size, prompt = size + 1, item.prompt
        yield number, item


def file_name(number: int) -> str:
    """Of one of the spool's files."""
    return f"{number:05d}.jsonl.zst"


def _path(folder: Path, number: int) -> Path:
    return folder / file_name(number)
