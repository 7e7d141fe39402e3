"""Datasets by their address: read file by file where they lie, as a folder of this machine is.

`lake://cats` and `s3://bucket/cats` lie at a source of the site (roots.py), and
`hf://datasets/OWNER/NAME[@REVISION][/PATH]` on the hub that HUB_ENDPOINT names (hub.py). What an
address names is a folder, or a manifest, dataset or zip in one file.
"""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Protocol

from annotator.core.reasons import Code, Reason
from annotator.ingest.archive import Archive, ArchiveLimits
from annotator.ingest.names import BadName, is_ignored, plain_name, shown
from annotator.ingest.refusals import ImageRefused, Refusal, SourceAway, UploadRefused
from annotator.ingest.roots import Root, Roots
from annotator.ingest.rows import KINDS
from annotator.ingest.sources import MIB, Source, kind_of, manifest_among, open_path
from annotator.ingest.window import Window

HUB = "hf://"
MOST_AT_ONCE = 8 * MIB


class Place(Protocol):
    """Files below an address. Each call may raise SourceAway, and FileNotFoundError for a file."""

    def sizes(self) -> Mapping[str, int]:
        """Every file below it, with its bytes. Raises UploadRefused where there is none such."""
        ...

    def read(self, name: str, most: int) -> bytes:
        """A file's first bytes."""
        ...

    def between(self, name: str, start: int, stop: int) -> bytes:
        """A file's bytes from `start` up to `stop`, which lies within it."""
        ...


class _File(Window):
    """A file of a place: each read fetches what it asks for."""

    def __init__(self, place: Place, name: str, size: int) -> None:
        super().__init__(size)
        self._place, self._name = place, name

    def between(self, start: int, stop: int) -> bytes:
        return self._place.between(self._name, start, min(stop, start + MOST_AT_ONCE))


class Elsewhere:
    """A place as a Source (see sources.py)."""

    def __init__(self, place: Place, limits: ArchiveLimits) -> None:
        self._place = place
        sizes = place.sizes()
        if len(sizes) > limits.entries:
            code = Code.ADDRESS_TOO_MANY_FILES
            raise UploadRefused(Reason(code, count=len(sizes), max=limits.entries))
        self.refusals: list[Refusal] = []
        self._files: dict[str, tuple[str, int]] = {}
        for name, size in sizes.items():
            if is_ignored(name):
                continue
            try:
                self._files[plain_name(name)] = (name, size)
            except BadName as bad:
                self.refusals.append(Refusal(None, shown(name), bad.reason))
        self.names = sorted(self._files)

    def is_about(self, name: str) -> None:
        """Of all that lies there this one file is the dataset, the rest is beside it."""
        if name not in self._files:
            raise UploadRefused(Reason(Code.PATH_MISSING, path=name))
        self.names = [name]

    def called(self, name: str) -> str:
        """See Source."""
        return name

    def is_guessed(self, name: str) -> bool:
        """See Source."""
        return False

    def read(self, name: str, most: int) -> bytes:
        """See Source. Raises SourceAway."""
        try:
            return self._place.read(self._files[name][0], most + 1)
        except (KeyError, FileNotFoundError) as error:
            raise ImageRefused(Reason(Code.FILE_MISSING_AT_SOURCE)) from error

    def open(self, name: str) -> IO[bytes]:
        """See Source. Raises SourceAway."""
        return io.BufferedReader(_File(self._place, *self._files[name]), MIB)

    def copy(self, name: str, sink: IO[bytes], most: int) -> None:
        """See Source. Raises SourceAway."""
        copied = 0
        try:
            with self.open(name) as stream:
                while piece := stream.read(MIB):
                    copied += len(piece)
                    if copied > most:
                        raise UploadRefused(Reason(Code.MANIFEST_TOO_LARGE, max=round(most / MIB)))
                    sink.write(piece)
        except FileNotFoundError as error:
            raise UploadRefused(Reason(Code.MANIFEST_UNREADABLE, error=shown(name))) from error

    def close(self) -> None:
        """Nothing is kept open."""


def check_address(address: str, roots: Roots, *, hub: bool) -> None:
    """Refuses what can't be a dataset's address here; whether it is there is seen later.

    Raises BadName.
    """
    if address.startswith(HUB):
        from annotator.ingest.hub import parts_of  # noqa: PLC0415 - the hub's client is heavy

        if not hub:
            raise BadName(Reason(Code.HUB_IS_OFF))
        parts_of(address)
    else:
        root_of(address, roots)


def root_of(address: str, roots: Roots) -> tuple[Root, str]:
    """The source that an address lies at, and its path there without slashes around it.

    Raises BadName.
    """
    source, _, inner = address.partition("://")
    inside = "/".join(filter(None, (inner.strip("/"), ".dataset")))
    name, _, path = roots.address(f"{source}://{inside}").partition("://")
    return roots.by_name[name], path.removesuffix(".dataset").strip("/")


def open_address(
    address: str, limits: ArchiveLimits, roots: Roots, *, hub: bool
) -> tuple[Source, str]:
    """What lies at an address, and its manifest's name or "". Raises UploadRefused, SourceAway."""
    try:
        check_address(address, roots, hub=hub)
    except BadName as bad:
        raise UploadRefused(bad.reason) from bad
    folder, file = address, ""
    if kind_of(address.rstrip("/")):
        above, _, file = address.rstrip("/").rpartition("/")
        folder = f"{above}/"
    if not address.startswith(HUB):
        root, path = root_of(address, roots)
        if root.folder:
            return open_path(_inside(root, path), limits)
    source = Elsewhere(_place(folder, roots), limits)
    if not file:
        if not source.names:
            raise UploadRefused(Reason(Code.PATH_MISSING, path=address))
        return source, manifest_among(source.names)
    source.is_about(file)
    if kind_of(file) == "zip":
        archive = Archive(source.open(file), limits)
        return archive, manifest_among(archive.names)
    return source, file if kind_of(file) in KINDS else ""


def _inside(root: Root, path: str) -> Path:
    """A place in a folder that is a source. Raises SourceAway where it is not mounted."""
    top = Path(root.folder).resolve()
    if not top.is_dir() or next(top.iterdir(), None) is None:
        raise SourceAway(Reason(Code.SOURCE_NOT_HERE, source=root.name))
    found = (top / path).resolve()
    if not found.is_relative_to(top):
        raise UploadRefused(Reason(Code.FILE_LEADS_OUT))
    return found


def _place(address: str, roots: Roots) -> Place:
    """Each comes with a client of its own, which is loaded where it is needed."""
    if address.startswith(HUB):
        from annotator.ingest.hub import HubPlace  # noqa: PLC0415

        return HubPlace(address)
    from annotator.ingest.buckets import BucketPlace  # noqa: PLC0415

    return BucketPlace(*root_of(address, roots))
