"""Where an upload's files come from: a zip, a folder, or a manifest with its folder."""

import os
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import IO, Protocol

from annotator.core.reasons import Code, Reason
from annotator.ingest.archive import Archive, ArchiveLimits
from annotator.ingest.names import BadName, is_ignored, plain_name, shown
from annotator.ingest.refusals import ImageRefused, Refusal, UploadRefused
from annotator.ingest.rows import KINDS

# What published datasets come in besides.
DATASETS = ("json", "tar", "tfrecord")
MANIFESTS = tuple(f"manifest.{kind}" for kind in KINDS)
MIB = 1024**2
MAX_MANIFEST_BYTES = 512 * MIB


class Source(Protocol):
    """Files by their plain names; reads within limits."""

    @property
    def refusals(self) -> Sequence[Refusal]:
        """What is not taken, before anything is read."""
        ...

    @property
    def names(self) -> Sequence[str]:
        """Every file that can be read, sorted."""
        ...

    def called(self, name: str) -> str:
        """Under which of `names` a file is found that a manifest calls so."""
        ...

    def is_guessed(self, name: str) -> bool:
        """Whether one of `names` is a guess at what nobody says how to read."""
        ...

    def read(self, name: str, most: int) -> bytes:
        """A file of at most `most` bytes. Raises ImageRefused."""
        ...

    def copy(self, name: str, sink: IO[bytes], most: int) -> None:
        """A file into `sink`. Raises UploadRefused."""
        ...

    def open(self, name: str) -> IO[bytes]:
        """A file that can seek, at its start; whoever asks closes it. Raises UploadRefused."""
        ...

    def close(self) -> None:
        """Lets go of what is open."""
        ...


class Folder:
    """A folder of this machine. Links are not followed: nothing outside it is read."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        found: list[str] = []
        refusals: list[Refusal] = []
        for folder, _, files in os.walk(self.root):
            for file in files:
                path = Path(folder) / file
                name = path.relative_to(self.root).as_posix()
                if is_ignored(name):
                    continue
                try:
                    plain = plain_name(name)
                except BadName as bad:
                    refusals.append(Refusal(None, shown(name), bad.reason))
                    continue
                if path.is_symlink():
                    refusals.append(Refusal(None, shown(name), Reason(Code.FILE_IS_LINK)))
                elif plain != name and (self.root / plain).exists():
                    refusals.append(Refusal(None, shown(name), Reason(Code.FILE_HAS_TWIN)))
                else:
                    found.append(name)
        self._paths = {plain_name(name): name for name in found}
        self.names: Sequence[str] = sorted(self._paths)
        self.refusals = refusals

    def is_about(self, name: str) -> None:
        """Of all that lies in the folder this one file is the dataset, the rest is beside it."""
        self.names = [name]

    def called(self, name: str) -> str:
        """See Source."""
        return name

    def is_guessed(self, name: str) -> bool:
        """See Source."""
        return False

    def read(self, name: str, most: int) -> bytes:
        """See Source."""
        if name not in self._paths:
            raise ImageRefused(Reason(Code.FILE_MISSING_HERE))
        try:
            with self._open(name) as stream:
                return stream.read(most + 1)
        except OSError as error:
            raise ImageRefused(Reason(Code.FILE_UNREADABLE, error=error.strerror or "")) from error

    def copy(self, name: str, sink: IO[bytes], most: int) -> None:
        """See Source."""
        try:
            with self._open(name) as stream:
                copied = 0
                while piece := stream.read(MIB):
                    copied += len(piece)
                    if copied > most:
                        limit = round(most / MIB)
                        raise UploadRefused(Reason(Code.MANIFEST_TOO_LARGE, max=limit))
                    sink.write(piece)
        except OSError as error:
            raise UploadRefused(
                Reason(Code.MANIFEST_UNREADABLE, error=error.strerror or "")
            ) from error

    def open(self, name: str) -> IO[bytes]:
        """See Source."""
        try:
            return self._open(name)
        except OSError as error:
            why = Reason(Code.MANIFEST_UNREADABLE, error=error.strerror or "")
            raise UploadRefused(why) from error

    def close(self) -> None:
        """Nothing is kept open."""

    def _open(self, name: str) -> IO[bytes]:
        # O_NOFOLLOW: a file that has become a link since the walk is not followed either.
        path = self.root / self._paths[name]
        if not path.parent.resolve().is_relative_to(self.root):
            raise OSError(0, "it lies outside the folder")
        return os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb")


class LoneManifest(Folder):
    """A manifest or dataset in one file: every other file that it names is missing."""

    def __init__(self, path: Path, kind: str) -> None:
        self.root = path.parent.resolve()
        self.refusals = []
        self.names = [f"manifest.{kind}" if kind in KINDS else f"dataset.{kind}"]
        self._paths = {self.names[0]: path.name}

    def read(self, name: str, most: int) -> bytes:
        """Refuses: only this file was sent."""
        raise ImageRefused(Reason(Code.ONLY_MANIFEST_SENT))


def open_upload(path: Path, limits: ArchiveLimits, kind: str) -> tuple[Source, str]:
    """An uploaded file of this kind ("zip", or one of KINDS) and the name of its manifest or ""."""
    if kind in (*KINDS, *DATASETS):
        lone = LoneManifest(path, kind)
        return lone, lone.names[0] if kind in KINDS else ""
    archive = Archive(path.open("rb"), limits)
    return archive, manifest_among(archive.names)


def open_path(path: Path, limits: ArchiveLimits) -> tuple[Source, str]:
    """A zip, a folder or a manifest on this machine, and the name of the manifest or ""."""
    if not path.exists():
        raise UploadRefused(Reason(Code.PATH_MISSING, path=str(path)))
    if path.is_dir():
        folder = Folder(path)
        return folder, manifest_among(folder.names)
    kind = kind_of(path.name)
    if kind == "zip":
        return open_upload(path, limits, kind)
    if not kind:
        raise UploadRefused(Reason(Code.PATH_OF_NO_KIND, name=path.name))
    folder = Folder(path.parent)
    if kind in DATASETS:
        folder.is_about(path.name)
        return folder, ""
    return folder, path.name


def kind_of(filename: str) -> str:
    """What a file is by its name's end: "zip", one of KINDS or of DATASETS; "" for others."""
    ending = PurePosixPath(filename.lower()).suffix.removeprefix(".")
    return ending if ending in ("zip", *KINDS, *DATASETS) else ""


def manifest_among(names: Sequence[str]) -> str:
    """The manifest nearest to the top; "" where there is none. Raises UploadRefused for two."""
    found = [name for name in names if name.rsplit("/", 1)[-1].lower() in MANIFESTS]
    depth = min((name.count("/") for name in found), default=0)
    top = [name for name in found if name.count("/") == depth]
    if len(top) > 1:
        raise UploadRefused(Reason(Code.SEVERAL_MANIFESTS, names=tuple(sorted(top)[:5])))
    return top[0] if top else ""
