"""Rows that wait until something is known about all of them."""

import json
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import Any, Self

IN_MEMORY_BYTES = 8 << 20


class Held:
    """Takes rows of JSON, gives them back in their order; what is too much waits on the disk."""

    def __init__(self) -> None:
        self._lines = SpooledTemporaryFile(IN_MEMORY_BYTES, "w+", encoding="utf-8")  # noqa: SIM115 - closed by __exit__
        self._rows = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._lines.close()

    def __len__(self) -> int:
        return self._rows

    def add(self, row: Any) -> None:
        """One more."""
        self._lines.write(json.dumps(row) + "\n")
        self._rows += 1

    def __iter__(self) -> Iterator[Any]:
        self._lines.seek(0)
        for line in self._lines:
            yield json.loads(line)
