"""Files in a bucket. By itself, so that a site without one never loads what speaks S3."""

from collections.abc import Iterator

from botocore.exceptions import ClientError
from storages.backends.s3 import S3Storage

from annotator.core.storage import BLOCK


class BucketStorage(S3Storage):  # type: ignore[misc] - it has no types
    """Objects appear whole by themselves; `read` streams, where S3File would take all of it first.

    A failing bucket raises botocore's own errors.
    """

    def read(self, name: str, start: int, stop: int) -> Iterator[bytes]:
        """The bytes from `start` up to `stop`, in blocks. Raises FileNotFoundError at once."""
        if start >= stop:
            return iter(())
        wanted = self.bucket.Object(self._normalize_name(name))
        try:
            answer = wanted.get(Range=f"bytes={start}-{stop - 1}")
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                raise FileNotFoundError(name) from error
            raise
        blocks: Iterator[bytes] = answer["Body"].iter_chunks(BLOCK)
        return blocks
