"""A site's backup: database, stored files, unfinished uploads; made while people work.

The database is copied at one instant. Stored files are copied before it and once more after it:

* A file is written before the row that names it, so what the copied rows name was there at that
  instant. What came during the first round is copied in the second.
* Images and thumbnails that no row names any more are collected a day after they were *written*,
  not after their row went, and a reference's statistics go together with their row. So a file
  that the copied rows name may vanish before the second round; the first has it then.

One gap is left: statistics of a reference that are uploaded and removed again while the backup
runs. `verify` names them after a restore.

Names of stored files are hashes of content, so one that is there already with its length is taken
over from the backup before, as a hard link. The backup is written beside its place, as DIR.part,
and renamed when all of it is on the disk; one that was interrupted is gone on with.
"""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from annotator.core import clock, places
from annotator.core.places import Files
from annotator.core.storage import FileStore, sync_folder
from annotator.ops import dumps
from annotator.ops.kept import (
    EXPORTS,
    FORMAT_VERSION,
    MANIFEST,
    STORED,
    UPLOADS,
    BackupError,
    KeptFile,
    KeptWeights,
    Manifest,
    look_at,
    names_in,
    names_stored,
    paths_below,
    read_manifest,
    storage,
    write_file,
)
from scoring.weights.files import REGISTRY
from scoring.weights.hashes import read_note

BEGUN = "this-backup-is-not-finished"
SAY_EVERY = 500

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Made:
    """A finished backup: what it says of itself, and how many files had to be copied for it."""

    manifest: Manifest
    copied: int


@dataclass(slots=True)
class _Writing:
    """A backup that is being written into `part`; `before` is the one that stood at its place."""

    part: Path
    earlier: Path
    before: dict[str, KeptFile]
    say: Say
    files: dict[str, KeptFile] = field(default_factory=dict)
    copied: int = 0

    def stored(self) -> None:
        """Every file in the storage, but those that are there."""
        for name in names_stored():
            if f"{STORED}/{name}" not in self.files:
                self._keep(name)

    def left(self, part: str, kind: Files) -> None:
        """Every file that is left for others; there may come more and some vanish meanwhile."""
        files = places.store(kind, places.here(kind))
        for name in names_in(files):
            try:
                size = files.size(name)
            except FileNotFoundError:
                continue
            kept = self.files.get(f"{part}/{name}")
            if kept is None or kept.bytes != size:
                self._copy(f"{part}/{name}", _blocks_left(files, name, size))

    def _keep(self, stored_name: str) -> None:
        name = f"{STORED}/{stored_name}"
        try:
            size = int(storage().size(stored_name))
        except FileNotFoundError:
            return  # collected since it was listed
        path = self.part / name
        before = self.before.get(name)
        if path.is_file() and path.stat().st_size == size:
            self.files[name] = look_at(path)
        elif before is not None and before.bytes == size and self._link(name):
            self.files[name] = before
        else:
            self._copy(name, _blocks_stored(stored_name))

    def _link(self, name: str) -> bool:
        """Takes a file over from the backup before; False where it is not as it should be."""
        old, new = self.earlier / name, self.part / name
        if not old.is_file() or old.stat().st_size != self.before[name].bytes:
            return False
        new.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        new.unlink(missing_ok=True)
        try:
            os.link(old, new)
        except OSError:
            return False
        return True

    def _copy(self, name: str, blocks: Iterator[bytes]) -> None:
        try:
            self.files[name] = write_file(self.part / name, blocks)
        except FileNotFoundError:
            return  # collected since it was listed: no row of the database's copy needs it
        self.copied += 1
        if self.copied % SAY_EVERY == 0:
            self.say(f"{self.copied:,} files copied …")

    def clear(self) -> None:
        """Removes what an interrupted backup left that this one does not have."""
        for name in list(paths_below(self.part)):
            if name not in self.files and name != BEGUN:
                (self.part / name).unlink()


def back_up(target: Path, *, with_exports: bool, say: Say) -> Made:
    """Makes a backup, or brings the one that is there up to date. Raises BackupError."""
    target = target.resolve()
    _refuse_inside(target)
    dumps.need_programs()
    earlier = _settle(target)
    before = read_manifest(target).files if earlier else {}
    with _alone(target) as part:
        writing = _Writing(part, target, before, say)
        say("Stored files …")
        writing.stored()
        writing.left(UPLOADS, Files.UPLOADS)
        say("Database …")
        at = clock.now().isoformat()
        snapshot = _dump_into(writing)
        say("Stored files that came meanwhile …")
        writing.stored()
        writing.left(UPLOADS, Files.UPLOADS)
        if with_exports:
            say("Exports …")
            writing.left(EXPORTS, Files.EXPORTS)
        writing.clear()
        manifest = Manifest(
            format_version=FORMAT_VERSION,
            at=at,
            engine=dumps.engine(),
            database=dumps.dump_name(),
            exports=with_exports,
            migrations=snapshot.migrations,
            counts=snapshot.counts,
            weights=_weights(),
            files=dict(sorted(writing.files.items())),
        )
        manifest.write(part)
        (part / BEGUN).unlink()
        _put_in_place(part, target)
    return Made(manifest, writing.copied)


def _dump_into(writing: _Writing) -> dumps.Snapshot:
    path = writing.part / dumps.dump_name()
    path.unlink(missing_ok=True)
    snapshot = dumps.dump(path)
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    writing.files[dumps.dump_name()] = look_at(path)
    return snapshot


def _refuse_inside(target: Path) -> None:
    """A backup within what is backed up would hold itself."""
    for root in (settings.MEDIA_ROOT, settings.UPLOAD_ROOT, settings.EXPORT_ROOT):
        if target.is_relative_to(Path(root).resolve()):
            raise BackupError(f"{target} lies within {root}, which is backed up; choose another.")


def _settle(target: Path) -> bool:
    """Whether a backup stands at its place; puts right what an interrupted renaming left."""
    old = _beside(target, "old")
    if not target.exists() and old.exists():
        old.rename(target)
    if not target.exists():
        return False
    if not target.is_dir():
        raise BackupError(f"{target} is a file; name a folder.")
    if not (target / MANIFEST).is_file():
        if any(target.iterdir()):
            raise BackupError(
                f"{target} holds other files and no backup; name a folder that is not there yet."
            )
        return False
    if old.exists():
        shutil.rmtree(old)
    return True


@contextmanager
def _alone(target: Path) -> Iterator[Path]:
    """The folder beside it that is written into, by nobody else."""
    part = _beside(target, "part")
    if part.exists() and any(part.iterdir()) and not (part / BEGUN).exists():
        if not (part / MANIFEST).exists():
            raise BackupError(f"{part} holds other files; move them away, or name another folder.")
        (part / MANIFEST).unlink()  # cut off just before it was renamed
    part.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(part, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupError(f"Another backup is being written into {part}.") from error
        (part / BEGUN).touch()
        yield part
    finally:
        os.close(descriptor)


def _put_in_place(part: Path, target: Path) -> None:
    old = _beside(target, "old")
    sync_folder(str(part))
    if target.exists():
        target.rename(old)
    part.rename(target)
    sync_folder(str(target.parent))
    if old.exists():
        shutil.rmtree(old)


def _beside(target: Path, ending: str) -> Path:
    return target.with_name(f"{target.name}.{ending}")


def _blocks_stored(name: str) -> Iterator[bytes]:
    with storage().open(name) as stream:
        yield from stream.chunks()


def _blocks_left(files: FileStore, name: str, size: int) -> Iterator[bytes]:
    yield from files.read(name, 0, size)


def _weights() -> list[KeptWeights]:
    """The files of weights that lie here, by name and hash; "" where it was never computed."""
    root = Path(settings.WEIGHTS_ROOT)
    found = {file.place: file for weights in REGISTRY.values() for file in weights.files}
    kept = []
    for place, file in sorted(found.items()):
        path = root / place
        if path.is_file():
            note = read_note(path)
            sha256 = note.sha256 if note else file.sha256 or ""
            kept.append(KeptWeights(place, path.stat().st_size, sha256))
    return kept
