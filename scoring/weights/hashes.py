"""SHA-256 of files of weights, computed once and kept beside each in ``NAME.noted.json``.

It is computed again when size or time of the file change. The hash that was seen first stays there
too: where the publisher's is not known, that one counts.
"""

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Note:
    """What is noted of a file: its hash when it was seen first, and in its present state."""

    first: str
    sha256: str
    bytes: int
    mtime_ns: int

    def is_of(self, path: Path) -> bool:
        """Whether the file is as it was when this was noted, by size and time."""
        stat = path.stat()
        return (self.bytes, self.mtime_ns) == (stat.st_size, stat.st_mtime_ns)


def file_sha256(path: Path) -> str:
    """Of the bytes of a file. Raises OSError."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def verified_note(path: Path) -> Note:
    """The note of a file as it is now, hashed and written where that is needed."""
    note = read_note(path)
    if note is not None and note.is_of(path):
        return note
    stat = path.stat()
    sha256 = file_sha256(path)
    first = sha256 if note is None else note.first
    note = Note(first, sha256, stat.st_size, stat.st_mtime_ns)
    _write(path, note)
    return note


def first_noted(path: Path) -> str | None:
    """The SHA-256 that a file had when it was seen here first, if it ever was."""
    note = read_note(path)
    return None if note is None else note.first


def note_path(path: Path) -> Path:
    """Where the note of a file lies: beside it."""
    return path.with_name(f"{path.name}.noted.json")


def read_note(path: Path) -> Note | None:
    """The note of a file, if there is one."""
    try:
        return Note(**json.loads(note_path(path).read_text()))
    except (OSError, ValueError, TypeError):
        return None


def _write(path: Path, note: Note) -> None:
    temporary = note_path(path).with_suffix(f".{os.getpid()}")
    try:
        temporary.write_text(json.dumps(asdict(note)))
        temporary.replace(note_path(path))
    except OSError:
        # A folder of weights may be mounted read-only: then each process hashes for itself.
        return
