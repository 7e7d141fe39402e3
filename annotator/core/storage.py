"""Files that are wholly there or not there at all."""

import os
from collections.abc import Iterator
from datetime import datetime
from typing import IO, Any, Protocol

from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage
from django.utils.crypto import get_random_string

BLOCK = 1 << 20


class DurableFileStorage(FileSystemStorage):
    """A FileSystemStorage whose files appear under their name only when complete and on the disk.

    Django's own streams into the final name without fsync: a crash leaves half a file under a
    valid name. Here: temporary name in the same folder, write, fsync, rename, fsync the folder.
    Names are content hashes, so replacing a file replaces it by itself.
    """

    def _save(self, name: str, content: "File[Any] | IO[Any]") -> str:
        full_path = self.path(name)
        folder = os.path.dirname(full_path)
        os.makedirs(folder, mode=0o700, exist_ok=True)
        temporary = f"{full_path}.{get_random_string(8)}.part"
        try:
            with open(temporary, "xb") as stream:
                for chunk in File(content).chunks():
                    stream.write(chunk)
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(temporary, full_path)
        except BaseException:
            if os.path.exists(temporary):
                os.unlink(temporary)
            raise
        sync_folder(folder)
        return name

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """The name itself: a content hash may overwrite itself."""
        return name

    def read(self, name: str, start: int, stop: int) -> Iterator[bytes]:
        """The bytes from `start` up to `stop`, in blocks. Raises FileNotFoundError at once."""
        path = self.path(name)
        os.stat(path)
        return _blocks(path, start, stop)


class StorageAway(Exception):
    """A bucket that can't be reached, or refuses; it may pass."""


class FileStore(Protocol):
    """What can be done with files, in a folder as in a bucket: Django's storage, and `read`."""

    def read(self, name: str, start: int, stop: int) -> Iterator[bytes]: ...
    def save(self, name: str, content: "File[Any] | IO[Any]") -> str: ...
    def delete(self, name: str) -> None: ...
    def exists(self, name: str) -> bool: ...
    def size(self, name: str) -> int: ...
    def listdir(self, path: str) -> tuple[list[str], list[str]]: ...
    def get_modified_time(self, name: str) -> datetime: ...


def names_below(files: Storage | FileStore, folder: str = "") -> Iterator[str]:
    """Every file below a folder, by its whole name."""
    try:
        folders, names = files.listdir(folder)
    except FileNotFoundError:
        return
    start = f"{folder}/" if folder else ""
    yield from (f"{start}{name}" for name in names if name)
    for name in folders:
        yield from names_below(files, f"{start}{name}")


def _blocks(path: str, start: int, stop: int) -> Iterator[bytes]:
    with open(path, "rb") as stream:
        stream.seek(start)
        left = stop - start
        while left > 0 and (block := stream.read(min(BLOCK, left))):
            left -= len(block)
            yield block


def sync_folder(folder: str) -> None:
    """Makes the names in a folder last through a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
