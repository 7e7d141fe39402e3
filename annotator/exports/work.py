"""Where an export is made: the folder of its work, kept until it is whole."""

import json
import shutil
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

from annotator.exports.formats.types import Summary
from annotator.exports.hashed import Entry
from annotator.exports.outputs import Kind, Part

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


@dataclass(frozen=True, slots=True)
class Done:
    """A whole shard: what it came to, and its parts."""

    folder: Path
    summary: Summary
    parts: tuple[Part, ...]

    def images(self) -> Iterator[Entry]:
        """The images that it needs."""
        with (self.folder / IMAGES).open() as lines:
            for line in lines:
                yield Entry(*json.loads(line))


def write_done(
    folder: Path, summary: Summary, parts: Sequence[Part], images: Sequence[Entry]
) -> None:
    """What stands beside a shard's parts."""
    with (folder / IMAGES).open("x") as out:
        for entry in images:
            out.write(json.dumps(astuple(entry)) + "\n")
    summed = {
        "rows": summary.rows,
        "items": summary.items,
        "left_out": _plain(summary.left_out),
        "counts": _plain(summary.counts),
    }
    head = {"summary": summed, "parts": [astuple(part) for part in parts]}
    (folder / SHARD).write_text(json.dumps(head, ensure_ascii=False))


def open_done(folder: Path) -> Done:
    """A whole shard. Raises FileNotFoundError where there is none."""
    head = json.loads((folder / SHARD).read_text())
    parts = tuple(Part(Kind(kind), *rest) for kind, *rest in head["parts"])
    return Done(folder, Summary(**head["summary"]), parts)


def _plain(counts: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: _plain(value) if isinstance(value, Mapping) else value for key, value in counts.items()
    }
