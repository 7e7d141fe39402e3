"""What workers of several machines hand one another of an export, through the bucket they share.

Each works in a folder of its own machine (work.py). There, the spool is one file a shard, a whole
shard is one zip, and a finished export is the very zip that people download: a handful of objects,
however many files they hold. Where there is no bucket nothing is copied: all here does nothing.
"""

import io
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import msgspec
from django.core.files import File

from annotator.core import places
from annotator.core.places import BUCKET, Files
from annotator.core.storage import BLOCK, DurableFileStorage, FileStore, names_below
from annotator.exports.read.spool import HEAD, file_name
from annotator.exports.store.archive import ArchiveFile, ArchiveMember, ExportArchive
from annotator.exports.store.files import FileEntry, entry_of
from annotator.exports.store.sink import part_path
from annotator.exports.store.work import IMAGES, SHARD, Work, open_shard

PACKED = ".zip"
# In a shard's zip: its own folder, and the images that it needs of those that all share.
OWN, POOL = "shard", "pool"


@dataclass(frozen=True, slots=True)
class Shared:
    """An export's work on this machine, and what of it lies in the bucket; None: there is none."""

    work: Work
    files: FileStore | None

    @property
    def name(self) -> str:
        """Of the work in the bucket."""
        return self.work.root.name.removeprefix(".")

    def leave_spool(self) -> None:
        """The spool of this machine, for all; its head last, which says that it is whole."""
        if self.files is not None:
            names = {path.name for path in self.work.spool.iterdir()} - {HEAD}
            for name in (*sorted(names), HEAD):
                with (self.work.spool / name).open("rb") as stream:
                    self.files.save(f"{self.name}/spool/{name}", File(stream))

    def fetch_spool(self, index: int) -> None:
        """What one shard needs of the spool is here afterwards."""
        if self.files is None:
            return
        below = f"{self.name}/spool"
        needed = [name for name in self.files.listdir(below)[1] if _is_for(name, index)]
        for name in sorted(needed, key=HEAD.__eq__):
            if not (self.work.spool / name).exists():
                _fetch(self.files, f"{below}/{name}", self.work.spool / name)

    def leave_shard(self, index: int) -> None:
        """A whole shard of this machine, for whoever assembles."""
        if self.files is not None:
            _send(self.files, self._shard(index), ExportArchive(lambda: self._members(index)))

    def fetch_shards(self, count: int) -> None:
        """All shards are here afterwards."""
        if self.files is None:
            return
        for index in range(count):
            if not self.work.shard(index).exists():
                self._fetch_shard(self.files, index)

    def leave_whole(self, name: str, archive: ExportArchive) -> None:
        """A finished export as one zip, for all to read from."""
        if self.files is not None:
            _send(self.files, name, archive)

    def clear(self) -> None:
        """Nothing of the work is left, here or there."""
        self.work.clear()
        if self.files is not None:
            remove_all(self.files, self.name)

    def _shard(self, index: int) -> str:
        return f"{self.name}/shards/{index:05d}{PACKED}"

    def _members(self, index: int) -> Iterator[ArchiveMember]:
        shard = open_shard(self.work.shard(index))
        own, pool = (DurableFileStorage(location=at) for at in (shard.folder, self.work.pool))
        for name in (SHARD, IMAGES):
            yield _member(OWN, own, entry_of(shard.folder / name, name))
        for part in shard.parts:
            name = part_path(Path(), part.form, part.file.name).as_posix()
            yield _member(OWN, own, msgspec.structs.replace(part.file, name=name))
        for image in shard.images():
            yield _member(POOL, pool, image)

    def _fetch_shard(self, files: FileStore, index: int) -> None:
        part = self.work.begin(f"shards/{index:05d}")
        packed = part / f"all{PACKED}"
        _fetch(files, self._shard(index), packed)
        with zipfile.ZipFile(packed) as archive:
            archive.extractall(part)
        for path in (part / POOL).rglob("*"):
            if path.is_file():
                place = self.work.pool / path.relative_to(part / POOL)
                place.parent.mkdir(parents=True, exist_ok=True)
                os.replace(path, place)
        (part / OWN).rename(self.work.shard(index))
        shutil.rmtree(part)


def shared_work(work: Work, place: str) -> Shared:
    """The work of an export that is kept at this place."""
    return Shared(work, places.store(Files.EXPORTS, BUCKET) if place == BUCKET else None)


def remove_all(files: FileStore, folder: str) -> None:
    """Removes all files below a name."""
    for name in list(names_below(files, folder)):
        files.delete(name)


def _is_for(name: str, index: int) -> bool:
    """Whether a file of the spool is for this shard, or for all."""
    return name == file_name(index) or not name.endswith(file_name(0).partition(".")[2])


def _member(folder: str, files: FileStore, entry: FileEntry) -> ArchiveMember:
    read = partial(files.read, entry.name)
    return ArchiveMember(f"{folder}/{entry.name}", read, entry.bytes, entry.crc32)


def _send(files: FileStore, name: str, archive: ExportArchive) -> None:
    files.save(name, File(io.BufferedReader(ArchiveFile(archive), BLOCK)))


def _fetch(files: FileStore, name: str, target: Path) -> None:
    """A file of the bucket under its own name here, once it is whole."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as part:
        for block in files.read(name, 0, files.size(name)):
            part.write(block)
    os.replace(part.name, target)
