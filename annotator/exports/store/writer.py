"""What every output on the disk has: a shard's part that is written, and how parts are joined."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar

from annotator.exports.store.files import HashedFile
from annotator.exports.store.outputs import Output
from annotator.exports.store.rows import ExportRow
from annotator.exports.store.shapes import RowShapes
from annotator.exports.store.work import OutputPart

O = TypeVar("O", bound=Output)  # noqa: E741 - an output
Parts = Sequence[tuple[Path, OutputPart]]


class Writer(Generic[O]):
    """Takes values one by one and becomes a part."""

    # Of numbered files, one a shard; "" where all shards make one file.
    suffix: ClassVar[str] = ""

    def __init__(self, output: O, out: HashedFile) -> None:
        self.output, self.out, self.rows = output, out, 0
        # How many bytes the rows of a table take as Arrow holds them.
        self.in_memory = 0
        self.shapes = RowShapes()

    def write(self, row: ExportRow) -> None:
        """One more row."""
        self._write(row.value)
        self.rows += 1

    def _write(self, value: Any) -> None:
        raise NotImplementedError

    def head(self) -> str:
        """What `join` needs to know besides the parts."""
        return ""

    def finish(self) -> OutputPart:
        """Writes what is still to be written."""
        self.out.close()
        entry = self.out.entry(self.output.name)
        return OutputPart(
            self.output.form,
            entry,
            self.rows,
            self.head(),
            self.in_memory,
            self.shapes.shape,
            self.shapes.steady,
        )

    @staticmethod
    def join(out: HashedFile, parts: Parts) -> None:
        """One file of all shards' parts: one after the other."""
        for path, _ in parts:
            out.copy(path)
