"""Whether the weights of a network lie here whole, and where. Fetches nothing.

Every file is looked for at its own place below one folder, which the caller names. Where the
publisher's hash is not known, the hash first noted (``hashes.py``) is the one that counts from then
on: a file that changes is damaged until a person removes the note.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from types import MappingProxyType

from scoring.reasons import Code, Reason, Refusal
from scoring.weights.hashes import Note, read_note, verified_note
from scoring.weights.published import PUBLISHED, WeightFile, Weights

REGISTRY: Mapping[str, Weights] = MappingProxyType(PUBLISHED)


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
class Look:
    """What a look at the files says; ``reasons`` say what is wrong and what to do, if anything."""

    state: State
    reasons: tuple[Reason, ...] = ()


class Unavailable(Refusal):
    """A network cannot be built here; the reasons say why and what to do."""


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
        if not (root / file.place).is_file():
            return _missing(weights, file)
        if problem := _known_problem(file, root / file.place):
            return _damaged(weights, problem)
    return Look(State.HERE)


def file_state(file: WeightFile, root: Path) -> State:
    """The same quick look at one file."""
    if not (root / file.place).is_file():
        return State.MISSING
    return State.DAMAGED if _known_problem(file, root / file.place) else State.HERE


def locate(name: str, root: Path, registry: Mapping[str, Weights] = REGISTRY) -> Found | Look:
    """The files of these weights, each of the right size and hash; else what is wrong.

    Hashes what was not hashed since it changed, and notes it.
    """
    weights = entry(name, registry)
    hashes: dict[str, str] = {}
    for file in weights.files:
        path = root / file.place
        if not path.is_file():
            return _missing(weights, file)
        note = verified_note(path)
        if problem := _problem(file, path, note.sha256, note):
            return _damaged(weights, problem)
        hashes[file.name] = note.sha256
    return Found({file.name: root / file.place for file in weights.files}, combined_sha256(hashes))


def combined_sha256(hashes: Mapping[str, str]) -> str:
    """One file's own hash; of several, the hash of their ``sha256sum`` lines sorted by name."""
    if len(hashes) == 1:
        return next(iter(hashes.values()))
    lines = "".join(f"{hashes[name]}  {name}\n" for name in sorted(hashes))
    return hashlib.sha256(lines.encode()).hexdigest()


def mismatch(file: WeightFile, *, size: int, sha256: str | None) -> Reason | None:
    """What of the published size and hash these are not; None when nothing contradicts."""
    if file.bytes is not None and size != file.bytes:
        return Reason(Code.WEIGHTS_SIZE_DIFFERS, file=file.place, n=size, published=file.bytes)
    if sha256 is None:
        return None
    if file.sha256 is not None and sha256 != file.sha256:
        return Reason(
            Code.WEIGHTS_HASH_DIFFERS, file=file.place, sha256=sha256, published=file.sha256
        )
    if not sha256.startswith(file.sha256_prefix):
        return Reason(
            Code.WEIGHTS_HASH_PREFIX_DIFFERS,
            file=file.place,
            begins=sha256[:8],
            published=file.sha256_prefix,
        )
    return None


def _known_problem(file: WeightFile, path: Path) -> Reason | None:
    """What is wrong with a file, as far as it was hashed before."""
    note = read_note(path)
    sha256 = note.sha256 if note is not None and note.is_of(path) else None
    return _problem(file, path, sha256, note)


def _problem(file: WeightFile, path: Path, sha256: str | None, note: Note | None) -> Reason | None:
    found = mismatch(file, size=path.stat().st_size, sha256=sha256)
    if not found and file.sha256 is None and note is not None and sha256 not in (None, note.first):
        return Reason(Code.WEIGHTS_CHANGED, file=file.place, begins=note.first[:12])
    return found


def _missing(weights: Weights, file: WeightFile) -> Look:
    missing = Reason(Code.WEIGHTS_MISSING, file=file.place)
    return Look(State.MISSING, (missing, _remedy(weights, file)))


def _remedy(weights: Weights, file: WeightFile) -> Reason:
    """How a file comes to its place."""
    if file.package:
        return Reason(Code.WEIGHTS_IN_PACKAGE, weights=weights.name, package=file.package)
    if file.url:
        return Reason(Code.WEIGHTS_FETCH, weights=weights.name, url=file.url)
    return Reason(Code.WEIGHTS_CONVERT)


def _damaged(weights: Weights, problem: Reason) -> Look:
    return Look(State.DAMAGED, (problem, Reason(Code.WEIGHTS_REPLACE, weights=weights.name)))
