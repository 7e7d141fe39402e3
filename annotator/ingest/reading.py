"""Files read at their sources, never outside a root, while a worker takes them in."""

import errno
import os
import stat
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from django.conf import settings
from django.core.files.storage import storages

from annotator.core.reasons import Code, Reason
from annotator.core.storage import StorageAway
from annotator.ingest.refusals import ImageRefused, SourceAway, file_too_large
from annotator.ingest.roots import Root, Roots, apart

if TYPE_CHECKING:
    from annotator.core.bucket import BucketStorage

# What a network's filesystem says when the network, not the file, is the matter.
_AWAY = frozenset({
    errno.EIO, errno.ESTALE, errno.ENOTCONN, errno.ETIMEDOUT, errno.EHOSTDOWN, errno.EHOSTUNREACH,
    errno.ENETUNREACH, errno.ENODEV,
})  # fmt: skip
_OPENED = Path("/proc/self/fd")
_LONGEST_ERROR = 200


class Reader(Protocol):
    """What reads at one source; several threads may call it at once."""

    def read(self, path: str, most: int) -> bytes:
        """A file of at most `most` bytes. Raises ImageRefused, SourceAway."""
        ...


class Readers:
    """Whatever a site's sources hold, by address."""

    def __init__(self, roots: Roots) -> None:
        self._roots = roots
        self._of = cache(_reader_of)

    def read(self, address: str, most: int) -> bytes:
        """A file of at most `most` bytes. Raises ImageRefused, SourceAway."""
        name, path = apart(address)
        root = self._roots.by_name.get(name)
        if root is None:
            raise SourceAway(Reason(Code.SOURCE_NOT_HERE, source=name))
        return self._of(root).read(path, most)


def _reader_of(root: Root) -> Reader:
    return FolderReader(root) if root.folder else BucketReader(root)


class FolderReader:
    """A folder, also one of another machine that is mounted here. Links may not lead out of it."""

    def __init__(self, root: Root) -> None:
        self._name = root.name
        self._folder = root.folder

    def read(self, path: str, most: int) -> bytes:
        """See Reader."""
        top = self._top()
        try:
            real = os.path.realpath(os.path.join(top, path), strict=True)
            _refuse_outside(real, top)
            # Whoever may write there can put a link, or something that never answers, in its place.
            opened = os.open(real, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            try:
                _refuse_moved(opened, top)
                return _whole(opened, most)
            finally:
                os.close(opened)
        except (FileNotFoundError, NotADirectoryError) as error:
            self._top()
            raise ImageRefused(Reason(Code.FILE_MISSING_AT_SOURCE)) from error
        except OSError as error:
            if error.errno in _AWAY:
                raise self._away(error.strerror or "") from error
            raise ImageRefused(Reason(Code.FILE_UNREADABLE, error=error.strerror or "")) from error

    def _top(self) -> str:
        """The folder itself, with something in it: where nothing is mounted, it is empty."""
        try:
            top = os.path.realpath(self._folder, strict=True)
            with os.scandir(top) as entries:
                if next(entries, None) is not None:
                    return top
        except (FileNotFoundError, NotADirectoryError):
            pass
        except OSError as error:
            raise self._away(error.strerror or "") from error
        raise SourceAway(Reason(Code.SOURCE_NOT_HERE, source=self._name))

    def _away(self, error: str) -> SourceAway:
        return away(self._name, error)


def _whole(opened: int, most: int) -> bytes:
    found = os.fstat(opened)
    if not stat.S_ISREG(found.st_mode):
        raise ImageRefused(Reason(Code.FILE_MISSING_AT_SOURCE))
    if found.st_size > most:
        raise ImageRefused(file_too_large(found.st_size, most))
    with os.fdopen(opened, "rb", closefd=False) as stream:
        return stream.read(most + 1)


def _refuse_moved(opened: int, top: str) -> None:
    """By the name that the system has for what is open: no swap of a folder gets past it."""
    if _OPENED.is_dir():
        _refuse_outside(os.path.realpath(_OPENED / str(opened)), top)


def _refuse_outside(real: str, top: str) -> None:
    if not Path(real).is_relative_to(top):
        raise ImageRefused(Reason(Code.FILE_LEADS_OUT))


class BucketReader:
    """What lies in a bucket below a prefix, spoken to as the site's own bucket is."""

    def __init__(self, root: Root) -> None:
        self._name = root.name
        self._files = bucket_of(root)

    def read(self, path: str, most: int) -> bytes:
        """See Reader."""
        try:
            data = self._beginning(path, most + 1)
        except FileNotFoundError as error:
            raise ImageRefused(Reason(Code.FILE_MISSING_AT_SOURCE)) from error
        except StorageAway as error:
            raise away(self._name, str(error)) from error
        if len(data) > most:
            raise ImageRefused(file_too_large(len(data), most))
        return data

    def _beginning(self, path: str, most: int) -> bytes:
        from annotator.core.bucket import AccessRefused  # noqa: PLC0415 - it speaks S3

        try:
            return self._files.beginning(path, most)
        except AccessRefused as error:
            if not self._files.lists():
                raise
            raise ImageRefused(Reason(Code.FILE_FORBIDDEN)) from error


def bucket_of(root: Root) -> "BucketStorage":
    """The bucket of a source, from its prefix on."""
    options = {
        "bucket_name": root.bucket,
        "location": root.prefix,
        "endpoint_url": settings.S3_ENDPOINT_URL,
        "region_name": settings.S3_REGION,
    }
    backend = {"BACKEND": "annotator.core.bucket.BucketStorage", "OPTIONS": options}
    return cast("BucketStorage", storages.create_storage(backend))


def away(source: str, error: str) -> SourceAway:
    """That a source does not answer; it may pass."""
    return SourceAway(Reason(Code.SOURCE_AWAY, source=source, error=error[:_LONGEST_ERROR]))
