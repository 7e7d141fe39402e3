"""Files in a bucket. By itself, so that a site without one never loads what speaks S3."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from typing import IO, Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files import File
from storages.backends.s3 import S3Storage

from annotator.core.storage import BLOCK, StorageAway

# A bucket that does not answer must not hold a request for minutes; boto3 tries several times.
TIMEOUTS = Config(connect_timeout=3, read_timeout=30)
# An object, that is; HEAD has no body to say it in words.
NOT_THERE = {"NoSuchKey", "404"}
NOT_ALLOWED = {"AccessDenied", "403"}


class AccessRefused(StorageAway):
    """A bucket that answers, but not to us, or not about this object."""


class BucketStorage(S3Storage):  # type: ignore[misc]
    """Objects appear whole by themselves; `read` streams, where S3File would take all of it first.

    Raises StorageAway where the bucket does not do as it is told.
    """

    def get_default_settings(self) -> dict[str, Any]:
        """As django-storages has them, with shorter timeouts."""
        return {**super().get_default_settings(), "client_config": TIMEOUTS}

    def read(self, name: str, start: int, stop: int) -> Iterator[bytes]:
        """The bytes from `start` up to `stop`, in blocks. Raises FileNotFoundError at once.

        Goes on by itself where the connection breaks, as it may behind a slow reader.
        """
        if start >= stop:
            return iter(())
        return self._going_on(name, self._part(name, start, stop), start, stop)

    def beginning(self, name: str, most: int) -> bytes:
        """At most `most` bytes of an object. Raises FileNotFoundError, AccessRefused."""
        with _in_words(name):
            stored = self.bucket.Object(self._normalize_name(name)).get()
            with closing(stored["Body"]) as body:
                data: bytes = body.read(most)
        if len(data) < min(most, stored["ContentLength"]):
            raise StorageAway(f"{name} came to {len(data)} of {stored['ContentLength']} bytes")
        return data

    def sizes(self, below: str) -> Iterator[tuple[str, int]]:
        """Every object below a name, without that, and its bytes."""
        prefix = self._normalize_name(below) if below else self.location
        with _in_words(prefix):
            for found in self.bucket.objects.filter(Prefix=prefix):
                if not found.key.endswith("/"):
                    yield found.key.removeprefix(prefix).removeprefix("/"), found.size

    def lists(self) -> bool:
        """Whether it tells what lies there: where it does not, what is missing seems forbidden."""
        try:
            with _in_words(self.location):
                list(self.bucket.objects.filter(Prefix=self.location).limit(1))
        except AccessRefused:
            return False
        return True

    def _part(self, name: str, start: int, stop: int) -> Iterator[bytes]:
        with _in_words(name):
            stored = self.bucket.Object(self._normalize_name(name))
            body = stored.get(Range=f"bytes={start}-{stop - 1}")["Body"]
        return iter(lambda: body.read(BLOCK), b"")

    def _going_on(self, name: str, blocks: Iterator[bytes], at: int, stop: int) -> Iterator[bytes]:
        while at < stop:
            begun_at = at
            try:
                for block in blocks:
                    at += len(block)
                    yield block
            except BotoCoreError as error:
                if at == begun_at:
                    raise StorageAway(str(error)) from error
            if at < stop:
                blocks = self._part(name, at, stop)

    def _open(self, name: str, mode: str = "rb") -> Any:
        with _in_words(name):
            return super()._open(name, mode)

    def _save(self, name: str, content: "File[Any] | IO[Any]") -> str:
        with _in_words(name):
            saved: str = super()._save(name, content)
        return saved

    def delete(self, name: str) -> None:
        """See Django's Storage, here as below."""
        with _in_words(name):
            super().delete(name)

    def exists(self, name: str) -> bool:
        with _in_words(name):
            return bool(super().exists(name))

    def size(self, name: str) -> int:
        with _in_words(name):
            return int(super().size(name))

    def get_modified_time(self, name: str) -> datetime:
        with _in_words(name):
            at: datetime = super().get_modified_time(name)
        return at

    def listdir(self, name: str) -> tuple[list[str], list[str]]:
        with _in_words(name):
            folders, files = super().listdir(name)
        return folders, files


@contextmanager
def _in_words(name: str) -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] in NOT_THERE:
            raise FileNotFoundError(name) from error
        if error.response["Error"]["Code"] in NOT_ALLOWED:
            raise AccessRefused(str(error)) from error
        raise StorageAway(str(error)) from error
    except BotoCoreError as error:
        raise StorageAway(str(error)) from error
