"""An output on the disk, one class a form: its shard's part, and how all parts are joined.

Every file is hashed on the way, and the same rows give the same bytes, whoever writes them.
"""

import json
import tarfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from heapq import merge
from typing import Any

from annotator.exports.store.files import HashedFile
from annotator.exports.store.outputs import (
    Album,
    Coco,
    Csv,
    JsonList,
    Lines,
    Ordered,
    Parquet,
    Records,
    Table,
    Tar,
)
from annotator.exports.store.parquet import ParquetWriter, TableWriter
from annotator.exports.store.rows import ExportRow
from annotator.exports.store.text import csv_line, json_bytes
from annotator.exports.store.tfrecord import example, framed
from annotator.exports.store.work import OutputPart
from annotator.exports.store.writer import Parts, Writer

# Between a place and its line; JSON holds no such byte.
_BETWEEN = b"\x1f"
BYTE_ORDER_MARK = "\ufeff"
FIRST_DATE = (1980, 1, 1, 0, 0, 0)
# A member's name that no format uses: an album's rows, until they become its list.
ROWS_MEMBER = "\x1frows"


class LinesWriter(Writer[Lines]):
    def _write(self, value: Any) -> None:
        if self.output.typed:
            self.shapes.add(value)
        self.out.write(json_bytes(value) + b"\n")


class OrderedWriter(Writer[Ordered]):
    """A shard's lines, sorted in memory; its part keeps their places, for all to be merged."""

    def __init__(self, output: Ordered, out: HashedFile) -> None:
        super().__init__(output, out)
        self._lines: list[tuple[float, str, bytes]] = []

    def write(self, row: ExportRow) -> None:
        self._lines.append((*row.place, self._line(row.value)))
        self.rows += 1

    def _line(self, value: Mapping[str, Any]) -> bytes:
        if text := self.output.text:
            return " ".join(value[text].split()).encode()
        self.shapes.add(value)
        return json_bytes(value)

    def finish(self) -> OutputPart:
        for *place, line in sorted(self._lines):
            self.out.write(json_bytes(place) + _BETWEEN + line + b"\n")
        return super().finish()

    @staticmethod
    def join(out: HashedFile, parts: Parts) -> None:
        with ExitStack() as opened:
            files = [opened.enter_context(path.open("rb")) for path, _ in parts]
            for _, line in merge(*(map(_placed, file) for file in files)):
                out.write(line)


def _placed(line: bytes) -> tuple[tuple[float, str], bytes]:
    place, _, rest = line.partition(_BETWEEN)
    number, text = json.loads(place)
    return (number, text), rest


class ListWriter(Writer[JsonList]):
    """The elements alone: brackets, and the commas between shards, come when they are joined."""

    def _write(self, value: Any) -> None:
        self.shapes.add(value)
        self.out.write((b",\n" if self.rows else b"") + json_bytes(value))

    def head(self) -> str:
        return self.output.under

    @staticmethod
    def join(out: HashedFile, parts: Parts) -> None:
        under = parts[0][1].head
        out.write(f"{{{json.dumps(under)}: ".encode() if under else b"")
        filled = [path for path, part in parts if part.rows]
        for place, path in enumerate(filled):
            out.write(b",\n" if place else b"[\n")
            out.copy(path)
        out.write(b"\n]" if filled else b"[]")
        out.write(b"}\n" if under else b"\n")


class CocoWriter(Writer[Coco]):
    """A row a line, until the lists are made of all shards' lines."""

    def _write(self, value: Mapping[str, Any]) -> None:
        self.out.write(json_bytes(value) + b"\n")

    def head(self) -> str:
        return self.output.whole

    @staticmethod
    def join(out: HashedFile, parts: Parts) -> None:
        out.write(parts[0][1].head.removesuffix("}").encode())
        for name, elements in (("images", _coco_images), ("annotations", _coco_annotations)):
            out.write(f',\n"{name}": ['.encode())
            before = b"\n"
            for number, element in enumerate(elements(parts), 1):
                out.write(before + json_bytes({"id": number, **element}))
                before = b",\n"
            out.write(b"\n]")
        out.write(b"}\n")


def _coco_images(parts: Parts) -> Iterator[dict[str, Any]]:
    return (row["image"] for row in _coco_rows(parts))


def _coco_annotations(parts: Parts) -> Iterator[dict[str, Any]]:
    for number, row in enumerate(_coco_rows(parts), 1):
        for annotation in row["annotations"]:
            yield {"image_id": number, **annotation}


def _coco_rows(parts: Parts) -> Iterator[dict[str, Any]]:
    for path, _ in parts:
        with path.open("rb") as lines:
            yield from map(json.loads, lines)


class CsvWriter(Writer[Csv]):
    def _write(self, value: Mapping[str, Any]) -> None:
        self.out.write(csv_line([value[name] for name in self.output.header]))

    def head(self) -> str:
        return csv_line(self.output.header).decode()

    @staticmethod
    def join(out: HashedFile, parts: Parts) -> None:
        # Without it a spreadsheet reads UTF-8 as some other encoding.
        out.write((BYTE_ORDER_MARK + parts[0][1].head).encode())
        Writer.join(out, parts)


class RecordsWriter(Writer[Records]):
    def _write(self, value: Mapping[str, bytes | float]) -> None:
        self.out.write(framed(example(value)))


class TarWriter(Writer[Tar]):
    """USTAR with the same header for the same name and size."""

    suffix = ".tar"

    def _write(self, value: Mapping[str, bytes]) -> None:
        for name, data in value.items():
            info = tarfile.TarInfo(name)
            info.size, info.mode = len(data), 0o644
            self.out.write(info.tobuf(tarfile.USTAR_FORMAT, "utf-8", "strict"))
            self.out.write(data)
            self.out.write(b"\0" * (-len(data) % tarfile.BLOCKSIZE))

    def finish(self) -> OutputPart:
        self.out.write(b"\0" * 2 * tarfile.BLOCKSIZE)
        self.out.write(b"\0" * (-self.out.tell() % tarfile.RECORDSIZE))
        return super().finish()


class AlbumWriter(Writer[Album]):
    """A zip with its rows beside, until they become one list.

    Members are stored as they are: images are compressed already.
    """

    def __init__(self, output: Album, out: HashedFile) -> None:
        super().__init__(output, out)
        self._zip = zipfile.ZipFile(out, "w")
        self._lines: list[bytes] = []

    def write(self, row: ExportRow) -> None:
        for name, data in row.members.items():
            self._zip.writestr(_member(name), data)
        self._lines.append(json_bytes(row.value) + b"\n")
        self.rows += 1

    def head(self) -> str:
        return self.output.listing

    def finish(self) -> OutputPart:
        self._zip.writestr(_member(ROWS_MEMBER), b"".join(self._lines))
        self._zip.close()
        return super().finish()

    @staticmethod
    def join(out: HashedFile, parts: Parts) -> None:
        with zipfile.ZipFile(out, "w") as album:
            for path, _ in parts:
                with zipfile.ZipFile(path) as found:
                    for info in found.infolist():
                        if info.filename != ROWS_MEMBER:
                            album.writestr(_member(info.filename), found.read(info))
            with album.open(_member(parts[0][1].head), "w") as rows:
                rows.write(b"[")
                before = b"\n"
                for path, _ in parts:
                    with zipfile.ZipFile(path) as found, found.open(ROWS_MEMBER) as lines:
                        for line in lines:
                            rows.write(before + line.rstrip(b"\n"))
                            before = b",\n"
                rows.write(b"\n]\n")


WRITERS: Mapping[str, type[Writer[Any]]] = {
    Lines.form: LinesWriter,
    Ordered.form: OrderedWriter,
    JsonList.form: ListWriter,
    Coco.form: CocoWriter,
    Csv.form: CsvWriter,
    Records.form: RecordsWriter,
    Parquet.form: ParquetWriter,
    Table.form: TableWriter,
    Tar.form: TarWriter,
    Album.form: AlbumWriter,
}


def _member(name: str) -> zipfile.ZipInfo:
    """A member that has the same header whoever writes it and when."""
    info = zipfile.ZipInfo(name, FIRST_DATE)
    info.external_attr = 0o100644 << 16
    return info
