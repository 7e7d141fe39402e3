"""What a reader of a published layout is, and the files that it reads.

A reader looks at the files' own shape and says None where they are not of its layout. What it gives
yields rows as a manifest has them (see ../manifest.py), with `votes` of imported judges, and reads
the images that these name. A record that is none is a problem of its line (`made`), and only a file
that can't be read ends the reading, by UploadRefused. Rows are asked
for several times, from the start; images later, in about their order. Nothing is held in memory
that grows with the dataset.
"""

import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import IO, Any, ParamSpec

from annotator.core.reasons import Code, Reason
from annotator.ingest.refusals import UploadRefused
from annotator.ingest.rows import Raw
from annotator.ingest.sources import Source
from annotator.items.models import LETTERS

P = ParamSpec("P")
Row = Mapping[str, object]
# What reading one record can end in where it has not what its layout says.
FAULTS = (KeyError, TypeError, ValueError, IndexError, AttributeError, struct.error)


@dataclass
class UploadedFiles:
    """An upload's files by their names; what was opened stays open until the upload is closed."""

    source: Source
    _open: dict[tuple[str, str], IO[bytes]] = field(default_factory=dict, init=False)

    @property
    def names(self) -> Sequence[str]:
        """Every file, sorted."""
        return self.source.names

    def ending(self, *suffixes: str) -> list[str]:
        """The files whose names end so, in whatever case."""
        return [name for name in self.names if name.lower().endswith(suffixes)]

    def open(self, name: str, use: str = "rows") -> IO[bytes]:
        """A file at its start, one for each use: rows and images are read side by side.

        Raises UploadRefused.
        """
        key = (name, use)
        if key not in self._open:
            self._open[key] = self.source.open(name)
        self._open[key].seek(0)
        return self._open[key]

    def head(self, name: str, most: int) -> bytes:
        """Its first bytes; nothing of what can't be read."""
        try:
            return self.open(name).read(most)
        except UploadRefused:
            return b""

    def read(self, name: str, most: int) -> bytes:
        """An image among them. Raises ImageRefused."""
        return self.source.read(name, most)

    def close(self) -> None:
        """Lets go of what was opened; the source is its owner's."""
        for stream in self._open.values():
            stream.close()


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset that was recognised: its rows, and its images by the names that these have."""

    rows: Callable[[], Iterator[Raw]]
    read: Callable[[str, int], bytes]


@dataclass(frozen=True, slots=True)
class PublishedLayout:
    """A published layout. `name` stands in lists and files, the words for it in the catalogs."""

    name: str
    recognise: Callable[[UploadedFiles], Dataset | None]


def made(line: int, make: Callable[P, Row], *about: P.args, **more: P.kwargs) -> Raw:
    """A record as a row, or why it is none: what its layout has is not all there."""
    try:
        return line, make(*about, **more)
    except FAULTS as error:
        return line, fault_of(error)


def fault_of(error: Exception) -> Reason:
    """What a record lacks, or how else it is not as its layout has it."""
    if isinstance(error, KeyError) and isinstance(error.args[0], str):
        return Reason(Code.DATASET_FIELD_MISSING, name=error.args[0][:50])
    return Reason(Code.DATASET_ROW, error=f"{type(error).__name__}: {error}"[:100])


def beside(file: str, path: str) -> str:
    """What a file calls by a relative path, as the upload calls it."""
    folder = PurePosixPath(file).parent.as_posix()
    return path if folder == "." else f"{folder}/{path}"


def image(file: str, generator: object = None, **meta: object) -> dict[str, Any]:
    """An image of a row; of `meta` what is there."""
    told = {key: value for key, value in meta.items() if value is not None and value != ""}
    return {"file": file, "generator": generator or None, "meta": told}


def row_of(
    about: Mapping[str, Any], files: Sequence[str], generators: Sequence[object] = ()
) -> dict[str, Any]:
    """A row of one image, or an item of several; of their generators as many as are told."""
    images = [
        {"file": file, "generator": generators[place] if place < len(generators) else None}
        for place, file in enumerate(files)
    ]
    return {**about, **images[0]} if len(images) == 1 else {**about, "images": images}


def vote(answers: Mapping[str, Any], *, judge: object = None, count: int = 1) -> dict[str, Any]:
    """What one judge said, or so many without names."""
    return {"answers": dict(answers), "judge": judge or None, "count": count}


def chosen(letter: str) -> dict[str, str]:
    """A preference, or a pick."""
    return {"choice": letter}


def tiers_of(ranks: Sequence[float]) -> dict[str, list[list[str]]]:
    """A ranking of images a, b … by their ranks, 1 the best; equal ones are a tie."""
    return {
        "tiers": [
            [LETTERS[place] for place, rank in enumerate(ranks) if rank == value]
            for value in sorted(set(ranks))
        ]
    }


def rated(ratings: Sequence[object]) -> dict[str, dict[str, object]]:
    """Ratings of images a, b …; those that are none are left out."""
    return {
        "ratings": {
            letter: rating
            for letter, rating in zip(LETTERS, ratings, strict=False)
            if rating is not None
        }
    }
