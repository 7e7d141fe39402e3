"""What can be read at any place, as the file that Python's readers of zips take."""

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class Window(io.RawIOBase):
    """`size` bytes that can be sought; where they come from, a subclass says."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self._size, self._at = size, 0

    def between(self, start: int, stop: int) -> bytes:
        """What stands there, from the start on: all of it, or less."""
        raise NotImplementedError

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
        if stop <= self._at:
            return 0
        found = self.between(self._at, stop)
        view[: len(found)] = found
        self._at += len(found)
        return len(found)
