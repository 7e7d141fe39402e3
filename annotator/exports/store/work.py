"""Where an export is made: the folder of its work, kept until it is whole."""

import shutil
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from annotator.exports.store.files import FileEntry
from annotator.exports.store.shapes import Shape, rows_merged

SHARD, IMAGES = "shard.json", "images.jsonl"


@dataclass(frozen=True, slots=True)
class Work:
    """An export's work folder: its spool, its shards, its images, the folder that they become.

    What is written by one worker alone is written beside, then renamed: what has its name is whole.
    """

    root: Path

    @property
    def spool(self) -> Path:
        """The whole spool."""
        return self.root / "spool"

    @property
    def pool(self) -> Path:
        """The images, shared by all shards."""
        return self.root / "pool"

    @property
    def folder(self) -> Path:
        """What will be the export."""
        return self.root / f"folder-{uuid.uuid4().hex}"

    def shard(self, index: int) -> Path:
        """A whole shard."""
        return self.root / "shards" / f"{index:05d}"

    def begin(self, name: str) -> Path:
        """A new folder for what will be called `name`, after clearing what others began of it."""
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        for left in self.root.glob(f"{name}.*.part"):
            shutil.rmtree(left, ignore_errors=True)
        part = self.root / f"{name}.{uuid.uuid4().hex}.part"
        part.mkdir(parents=True)
        return part

    def clear(self) -> None:
        """Gives the disk back."""
        shutil.rmtree(self.root, ignore_errors=True)


class Summary(msgspec.Struct, frozen=True):
    """What a shard, or all of them, came to.

    `items`: how many items the rows are about. `skipped`: what makes no row, counted by reason, of
    some formats by question first. `counts`: rows by question, split or whatever is worth telling.
    """

    rows: int
    items: int
    skipped: dict[str, Any] = {}
    counts: dict[str, Any] = {}


class OutputPart(msgspec.Struct, frozen=True):
    """One shard's part of an output; `head`: what its joined file needs besides the parts.

    `in_memory`: of a table, how many bytes its rows take there. `shape`: of JSON rows, their types;
    `steady`: every row has all of them by itself.
    """

    form: str
    file: FileEntry
    rows: int
    head: str = ""
    in_memory: int = 0
    shape: Shape = None
    steady: bool = True

    def added_to(self, before: "Written | None") -> "Written":
        """What the shards before wrote into the same output, and this part."""
        own = Written(
            self.form, self.rows, self.head, self.in_memory, self.shape, steady=self.steady
        )
        return own.behind(before) if before and before.rows else own


@dataclass(frozen=True, slots=True)
class Written:
    """What all shards have written into an output: see OutputPart."""

    form: str
    rows: int
    head: str
    in_memory: int
    shape: Shape
    steady: bool

    def behind(self, before: "Written") -> "Written":
        """Both together."""
        alike = not self.rows or self.shape == before.shape
        return Written(
            self.form,
            before.rows + self.rows,
            self.head,
            before.in_memory + self.in_memory,
            rows_merged(before.shape, self.shape),
            steady=before.steady and self.steady and alike,
        )


class _ShardHead(msgspec.Struct, frozen=True):
    summary: Summary
    parts: list[OutputPart]


@dataclass(frozen=True, slots=True)
class WholeShard:
    """A shard that is written: what it came to, and its parts."""

    folder: Path
    summary: Summary
    parts: Sequence[OutputPart]

    def images(self) -> Iterator[FileEntry]:
        """The images that it needs."""
        with (self.folder / IMAGES).open("rb") as lines:
            for line in lines:
                yield msgspec.json.decode(line, type=FileEntry)


def write_shard_files(
    folder: Path, summary: Summary, parts: Sequence[OutputPart], images: Sequence[FileEntry]
) -> None:
    """What stands beside a shard's parts."""
    with (folder / IMAGES).open("xb") as out:
        out.writelines(msgspec.json.encode(entry) + b"\n" for entry in images)
    (folder / SHARD).write_bytes(msgspec.json.encode(_ShardHead(summary, list(parts))))


def open_shard(folder: Path) -> WholeShard:
    """A whole shard. Raises FileNotFoundError where there is none."""
    head = msgspec.json.decode((folder / SHARD).read_bytes(), type=_ShardHead)
    return WholeShard(folder, head.summary, head.parts)


def total_of(first: Summary, second: Summary) -> Summary:
    """Two shards' summaries as one."""
    return Summary(
        first.rows + second.rows,
        first.items + second.items,
        added(first.skipped, second.skipped),
        added(first.counts, second.counts),
    )


def added(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    """Nested counts added up: {"a": 1, "b": {"c": 2}} and {"b": {"c": 1}} → {"a": 1, "b": {…3}}."""
    total = dict(first)
    for key, count in second.items():
        known = total.get(key)
        if isinstance(count, Mapping):
            total[key] = added(known or {}, count)
        else:
            total[key] = (known or 0) + count
    return {key: total[key] for key in sorted(total)}
