"""What a shard can write into: each output says how all shards' parts of it come together.

Lines, lists, CSV, records, tables and albums of all shards are joined into one file; of parquet and
tar every shard makes a file of its own, numbered when all are there. Names are ours, "/" between
folders.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Output:
    """One of those below, by the name of its file, or of its files without their number."""

    form: ClassVar[str]
    name: str

    @property
    def key(self) -> tuple[str, str]:
        """The same key is the same output."""
        return self.form, self.name


@dataclass(frozen=True, slots=True)
class Lines(Output):
    """JSON lines; `typed`: their fields' types are kept for the folder's card.

    Not where a table has the same rows: it takes a fifth of the time of a shard.
    """

    form = "lines"
    typed: bool = True


@dataclass(frozen=True, slots=True)
class Ordered(Output):
    """JSON lines in the order of their rows' places, over all shards; `text`: that field alone."""

    form = "ordered"
    text: str = ""


@dataclass(frozen=True, slots=True)
class JsonList(Output):
    """One JSON list, an element a line; `under` a key: {"key": [list]}."""

    form = "list"
    under: str = ""


@dataclass(frozen=True, slots=True)
class Coco(Output):
    """One JSON object: `whole`, an object as JSON, with the lists images and annotations behind.

    A row is {"image": …, "annotations": […]}; ids are given where all shards are joined, from 1 on.
    """

    form = "coco"
    whole: str


@dataclass(frozen=True, slots=True)
class Csv(Output):
    """CSV (RFC 4180, UTF-8 behind a byte order mark) of mappings: its header once, formula cells
    neutralised.
    """

    form = "csv"
    header: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Records(Output):
    """TFRecords of `tf.train.Example`s: mappings of a name to bytes or a number."""

    form = "records"


@dataclass(frozen=True, slots=True)
class Parquet(Output):
    """name-00000-of-00012.parquet, one a shard that has rows; a column not named is null.

    `numbered`: the column that takes the row's number within its file.
    """

    form = "parquet"
    schema: pa.Schema
    numbered: str = ""


@dataclass(frozen=True, slots=True)
class Tar(Output):
    """name-00000-of-00012.tar, one a shard that has files: mappings of a name to bytes."""

    form = "tar"


@dataclass(frozen=True, slots=True)
class Table(Output):
    """One parquet file of exactly this name over all shards: for small tables.

    `row`: what it makes of a value that other outputs take as it is.
    """

    form = "table"
    schema: pa.Schema
    row: Callable[[Mapping[str, Any]], Mapping[str, Any]] | None = None


@dataclass(frozen=True, slots=True)
class Album(Output):
    """One zip over all shards: files, and the rows about them as one list, the member `listing`."""

    form = "album"
    listing: str
