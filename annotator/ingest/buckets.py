"""What lies in a bucket below a prefix, as a Place (elsewhere.py)."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from annotator.core.bucket import AccessRefused
from annotator.core.reasons import Code, Reason
from annotator.core.storage import StorageAway
from annotator.ingest.reading import away, bucket_of
from annotator.ingest.refusals import ImageRefused
from annotator.ingest.roots import Root


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

    def between(self, name: str, start: int, stop: int) -> bytes:
        """See Place."""
        with _away_from(self._source):
            return b"".join(self._files.read(self._below + name, start, stop))


@contextmanager
def _away_from(source: str) -> Iterator[None]:
    try:
        yield
    except StorageAway as error:
        raise away(source, str(error)) from error
