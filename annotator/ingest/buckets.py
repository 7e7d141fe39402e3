"""What lies in a bucket below a prefix, as a Place (elsewhere.py)."""

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from annotator.core.bucket import AccessRefused
from annotator.core.reasons import Code, Reason
from annotator.core.storage import StorageAway
from annotator.ingest.reading import away, bucket_of
from annotator.ingest.refusals import ImageRefused
from annotator.ingest.roots import Root

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

    from annotator.core.bucket import BucketStorage

BLOCK = 1 << 20


class BucketPlace:
    """Below a path in a source that is a bucket."""

    def __init__(self, root: Root, path: str) -> None:
        self._source = root.name
        self._below = f"{path}/" if path else ""
        self._files = bucket_of(root)

    def sizes(self) -> Mapping[str, int]:
        """See Place."""
        with _away_from(self._source):
            return dict(self._files.sizes(self._below))

    def read(self, name: str, most: int) -> bytes:
        """See Place. Raises ImageRefused."""
        with _away_from(self._source):
            try:
                return self._files.beginning(self._below + name, most)
            except AccessRefused as error:
                if not self._files.lists():
                    raise
                raise ImageRefused(Reason(Code.FILE_FORBIDDEN)) from error

    def open(self, name: str, size: int) -> IO[bytes]:
        """See Place."""
        return io.BufferedReader(
            _Object(self._files, self._source, self._below + name, size), BLOCK
        )


class _Object(io.RawIOBase):
    """An object that can seek: each read is one request of a range."""

    def __init__(self, files: "BucketStorage", source: str, name: str, size: int) -> None:
        super().__init__()
        self._files, self._source, self._name, self._size = files, source, name, size
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: "WriteableBuffer") -> int:
        view = memoryview(buffer)
        stop = min(self._at + len(view), self._size)
        begun_at = self._at
        with _away_from(self._source):
            for block in self._files.read(self._name, self._at, stop):
                view[self._at - begun_at : self._at - begun_at + len(block)] = block
                self._at += len(block)
        return self._at - begun_at


@contextmanager
def _away_from(source: str) -> Iterator[None]:
    try:
        yield
    except StorageAway as error:
        raise away(source, str(error)) from error
