"""What a backup is made of on the disk: its folder, its manifest, and files that appear whole."""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

from django.core.files.storage import Storage, storages

from annotator.core.storage import FileStore, StorageAway, names_below, sync_folder

FORMAT_VERSION = 1
MANIFEST = "manifest.json"
STORED = "stored"
UPLOADS = "uploads"
EXPORTS = "exports"
# Everything that the site keeps in its storage stands below this name.
OURS = "projects"
# How the name of what an export's workers leave for one another ends: it is made anew.
WORKSHOP = ".work"
BLOCK = 1 << 20
# What a disk or a bucket raises that does not do as it is told.
STORAGE_ERRORS = (OSError, StorageAway)


class BackupError(Exception):
    """A backup that can't be made or restored; its words say why and what to do."""


@dataclass(frozen=True, slots=True)
class KeptFile:
    """One file of a backup, as its manifest knows it."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class KeptWeights:
    """A file of weights that the site had; the file itself is not in the backup."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself. `files` are named by their path in its folder."""

    format_version: int
    at: str
    engine: str
    database: str
    exports: bool
    migrations: list[str]
    counts: dict[str, int]
    weights: list[KeptWeights]
    files: dict[str, KeptFile] = field(default_factory=dict)

    def below(self, part: str) -> dict[str, KeptFile]:
        """The files of one part, by their names in it."""
        start = f"{part}/"
        return {
            name.removeprefix(start): file
            for name, file in self.files.items()
            if name.startswith(start)
        }

    def write(self, folder: Path) -> None:
        """Writes it; the last file of a backup."""
        text = json.dumps(asdict(self), indent=1, ensure_ascii=False)
        write_file(folder / MANIFEST, [text.encode()])


def read_manifest(folder: Path) -> Manifest:
    """What a finished backup says of itself. Raises BackupError."""
    path = folder / MANIFEST
    try:
        read: dict[str, Any] = json.loads(path.read_bytes())
        version = read["format_version"]
        if version != FORMAT_VERSION:
            raise BackupError(
                f"{path} is of format {version}; this version of Triptych reads {FORMAT_VERSION}."
            )
        read["files"] = {_safe(name): KeptFile(**file) for name, file in read["files"].items()}
        read["weights"] = [KeptWeights(**file) for file in read["weights"]]
        return Manifest(**read)
    except FileNotFoundError as error:
        raise BackupError(f"{folder} is no finished backup: it has no {MANIFEST}.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupError(f"{path} can't be read; the backup is damaged.") from error


def _safe(name: str) -> str:
    """The name, if it leads nowhere else than below the backup's folder."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        raise ValueError(name)
    return name


def blocks_of(stream: IO[bytes]) -> Iterator[bytes]:
    """A stream's bytes, some at a time."""
    while block := stream.read(BLOCK):
        yield block


def write_file(path: Path, blocks: Iterable[bytes]) -> KeptFile:
    """Writes a file that appears under its name only when it is whole and on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = path.with_name(f"{path.name}.writing")
    digest = hashlib.sha256()
    written = 0
    with temporary.open("wb") as stream:
        for block in blocks:
            stream.write(block)
            digest.update(block)
            written += len(block)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(path)
    sync_folder(str(path.parent))
    return KeptFile(written, digest.hexdigest())


def look_at(path: Path) -> KeptFile:
    """What a file is, by reading it."""
    digest = hashlib.sha256()
    size = 0
    with path.open("rb") as stream:
        for block in blocks_of(stream):
            digest.update(block)
            size += len(block)
    return KeptFile(size, digest.hexdigest())


def words_of(error: Exception) -> str:
    """What a disk or a bucket complains of, with the name of the file where there is one."""
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}"
    return str(error).rstrip(".")


def storage() -> Storage:
    """Where images are: a folder or a bucket."""
    return storages["default"]


def names_stored() -> Iterator[str]:
    """Every file that the site keeps in its storage, but those that are just being written."""
    return names_in(storage(), OURS)


def names_in(files: Storage | FileStore, below: str = "") -> Iterator[str]:
    """Every file of a storage by name; not what is being written, nor workshops of exports."""
    return (name for name in names_below(files, below) if not _is_under_way(name))


def _is_under_way(name: str) -> bool:
    parts = name.split("/")
    return parts[-1].endswith(".part") or any(
        part.startswith(".") or part.endswith(WORKSHOP) for part in parts
    )


def paths_below(root: Path) -> Iterator[str]:
    """Every file below a folder, by its name from there."""
    for folder, _, names in os.walk(root):
        for name in names:
            yield (Path(folder) / name).relative_to(root).as_posix()
