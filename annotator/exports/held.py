"""Rows that wait until something is known about all of them."""

import json
from collections.abc import Callable, Iterator
from tempfile import TemporaryFile
from types import TracebackType
from typing import IO, Any, Generic, Self, TypeVar

Row = TypeVar("Row")
ROWS_IN_MEMORY = 2000


class Held(Generic[Row]):
    """Takes rows, gives them back in their order; all but the last ROWS_IN_MEMORY wait on the disk.

    `dump` makes JSON of a row and `load` the same row of that JSON: few rows never need them.
    """

    def __init__(self, dump: Callable[[Row], Any], load: Callable[[Any], Row]) -> None:
        self._dump, self._load = dump, load
        self._few: list[Row] = []
        self._many: IO[str] | None = None
        self._rows = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._many is not None:
            self._many.close()

    def __len__(self) -> int:
        return self._rows

    def add(self, row: Row) -> None:
        """One more; not after the first was given back."""
        self._rows += 1
        self._few.append(row)
        if len(self._few) > ROWS_IN_MEMORY:
            self._spill()

    def __iter__(self) -> Iterator[Row]:
        if self._many is not None:
            self._many.seek(0)
            for line in self._many:
                yield self._load(json.loads(line))
        yield from self._few

    def _spill(self) -> None:
        if self._many is None:
            self._many = TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - closed by __exit__
        self._many.writelines(json.dumps(self._dump(row)) + "\n" for row in self._few)
        self._few.clear()
