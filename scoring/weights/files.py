"""Whether the weights of a network lie here whole, and where. Fetches nothing.

Every file is looked for at its own place below one folder, which the caller names. Beside a file
lies a note (``NAME.noted.json``) of its SHA-256, computed once and again when size or time of the
file change. Where the publisher's hash is not known, the hash first noted is the one that counts
from then on: a file that changes is damaged until a person removes the note.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path
from types import MappingProxyType

from scoring.weights.published import PUBLISHED, WeightFile, Weights

REGISTRY: Mapping[str, Weights] = MappingProxyType(PUBLISHED)
_BLOCK = 1 << 20


class State(Enum):
    """What can be said of weights by looking at them."""

    HERE = "here"
    MISSING = "missing"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class Found:
    """Whole weights: their files by name, and one hash for all of them (``combined_sha256``)."""

    paths: Mapping[str, Path]
    sha256: str


@dataclass(frozen=True, slots=True)
class Missing:
    """Why these weights cannot be used, in words that a person can act on."""

    state: State
    why: str


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at the files says; ``why`` is "" when they are here."""

    state: State
    why: str = ""


@dataclass(frozen=True, slots=True)
class _Note:
    """What was noted of a file: its hash when it was seen first, and at its present state."""

    first: str
    sha256: str
    bytes: int
    mtime_ns: int


class Unavailable(Exception):
    """A network cannot be built here; the message says why and what to do."""


class UnknownWeights(KeyError):
    """No weights have this name."""

    def __init__(self, name: str, known: Mapping[str, Weights]) -> None:
        super().__init__(name)
        self.name, self.known = name, tuple(known)

    def __str__(self) -> str:
        return f"there are no weights called {self.name!r}; there are: {', '.join(self.known)}"


def entry(name: str, registry: Mapping[str, Weights] = REGISTRY) -> Weights:
    """The entry of this name. Raises UnknownWeights, which lists those there are."""
    try:
        return registry[name]
    except KeyError:
        raise UnknownWeights(name, registry) from None


def look(name: str, root: Path, registry: Mapping[str, Weights] = REGISTRY) -> Look:
    """A quick look, for lists and pages: sizes and notes, no hashing of what was not hashed yet."""
    weights = entry(name, registry)
    for file in weights.files:
        state, problem = _look_at(file, root)
        if state is State.MISSING:
            return Look(state, _absent(weights, file))
        if state is State.DAMAGED:
            return Look(state, _damaged(weights, file, problem))
    return Look(State.HERE)


def file_state(file: WeightFile, root: Path) -> State:
    """The same quick look at one file."""
    return _look_at(file, root)[0]


def locate(name: str, root: Path, registry: Mapping[str, Weights] = REGISTRY) -> Found | Missing:
    """The files of these weights, each of the right size and hash; else why not.

    Hashes what was not hashed since it changed, and notes it.
    """
    weights = entry(name, registry)
    hashes: dict[str, str] = {}
    for file in weights.files:
        path = root / file.place
        size = _size(path)
        if size is None:
            return Missing(State.MISSING, _absent(weights, file))
        note = verified_note(path)
        problem = _problem(file, size, note.sha256, note)
        if problem:
            return Missing(State.DAMAGED, _damaged(weights, file, problem))
        hashes[file.name] = note.sha256
    return Found({file.name: root / file.place for file in weights.files}, combined_sha256(hashes))


def combined_sha256(hashes: Mapping[str, str]) -> str:
    """One file's own hash; of several, the hash of their ``sha256sum`` lines sorted by name."""
    if len(hashes) == 1:
        return next(iter(hashes.values()))
    lines = "".join(f"{hashes[name]}  {name}\n" for name in sorted(hashes))
    return hashlib.sha256(lines.encode()).hexdigest()


def file_sha256(path: Path) -> str:
    """Of the bytes of a file. Raises OSError."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def mismatch(file: WeightFile, *, size: int, sha256: str | None) -> str:
    """What of the published size and hash these are not; "" when nothing contradicts."""
    if file.bytes is not None and size != file.bytes:
        return f"{file.place} has {size:,} bytes instead of {file.bytes:,}"
    if sha256 is None:
        return ""
    if file.sha256 is not None and sha256 != file.sha256:
        return f"{file.place} has the SHA-256 {sha256} instead of {file.sha256}"
    if not sha256.startswith(file.sha256_prefix):
        return f"{file.place} has a SHA-256 that begins {sha256[:8]}, not {file.sha256_prefix}"
    return ""


def verified_note(path: Path) -> "_Note":
    """The note of a file as it is now, hashed and written where that is needed."""
    note = _noted(path)
    if note is not None and not _stale(note, path):
        return note
    stat = path.stat()
    sha256 = file_sha256(path)
    first = sha256 if note is None else note.first
    note = _Note(first, sha256, stat.st_size, stat.st_mtime_ns)
    _write(path, note)
    return note


def first_noted(path: Path) -> str | None:
    """The SHA-256 that a file had when it was seen here first, if it ever was."""
    note = _noted(path)
    return None if note is None else note.first


def note_path(path: Path) -> Path:
    """Where the note of a file lies: beside it."""
    return path.with_name(f"{path.name}.noted.json")


def _look_at(file: WeightFile, root: Path) -> tuple[State, str]:
    path = root / file.place
    size = _size(path)
    if size is None:
        return State.MISSING, ""
    note = _noted(path)
    sha256 = None if note is None or _stale(note, path) else note.sha256
    problem = _problem(file, size, sha256, note)
    return (State.DAMAGED if problem else State.HERE), problem


def _problem(file: WeightFile, size: int, sha256: str | None, note: "_Note | None") -> str:
    said = mismatch(file, size=size, sha256=sha256)
    if not said and file.sha256 is None and note is not None and sha256 not in (None, note.first):
        return f"{file.place} is not the file that was first noted here ({note.first[:12]}…)"
    return said


def _damaged(weights: Weights, file: WeightFile, problem: str) -> str:
    return f"{problem}: remove it with its note, then {_remedy(weights, file)}"


def _absent(weights: Weights, file: WeightFile) -> str:
    return f"{file.place} is not in the folder of weights: {_remedy(weights, file)}"


def _remedy(weights: Weights, file: WeightFile) -> str:
    if not file.url:
        return weights.note
    return f"run `manage.py weights fetch {weights.name}`, or put there what {file.url} gives"


def _size(path: Path) -> int | None:
    return path.stat().st_size if path.is_file() else None


def _noted(path: Path) -> "_Note | None":
    try:
        return _Note(**json.loads(note_path(path).read_text()))
    except (OSError, ValueError, TypeError):
        return None


def _stale(note: "_Note", path: Path) -> bool:
    stat = path.stat()
    return (note.bytes, note.mtime_ns) != (stat.st_size, stat.st_mtime_ns)


def _write(path: Path, note: "_Note") -> None:
    temporary = note_path(path).with_suffix(f".{os.getpid()}")
    try:
        temporary.write_text(json.dumps(asdict(note)))
        temporary.replace(note_path(path))
    except OSError:
        # A folder of weights may be mounted read-only: then each process hashes for itself.
        return
