"""What makes `datasets` load labelled rows from a folder of images: its metadata.parquet.

Source: datasets 5.2, packaged_modules/folder_based_builder. A column `x_file_name` becomes the
decoded image `x`; names are relative to the file and may not lead out of its folder. A table and
not JSON lines, so that a column has one type in whatever part of a large file is read first.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pyarrow as pa

from annotator.exports.formats.format import configs_of, front_matter
from annotator.exports.store.outputs import Table
from annotator.exports.store.text import json_text

FILE = "metadata.parquet"
NAME = "_file_name"
Columns = Sequence[tuple[str, pa.DataType]]


def image_table(images: Sequence[str], columns: Columns, folder: str = "") -> Table:
    """The table of the rows' images, in the folder that holds them: "" or one that ends in "/".

    `images` and `columns` are the rows' own fields; where a text is wanted of a mapping, it is
    JSON.
    """
    schema = pa.schema([*((image + NAME, pa.string()) for image in images), *columns])
    return Table(folder + FILE, schema, partial(_row, images, *_columns(columns), folder))


def named_table(name: str, images: Sequence[str], columns: Columns) -> Table:
    """The same rows where the images are not there: their names are texts as any others."""
    all_columns = (*((image, pa.string()) for image in images), *columns)
    return Table(name, pa.schema(all_columns), partial(_row, (), *_columns(all_columns), ""))


def _columns(columns: Columns) -> tuple[Sequence[str], Sequence[str]]:
    """The names of columns of texts, and of the others."""
    texts = [name for name, kind in columns if pa.types.is_string(kind)]
    return texts, [name for name, _ in columns if name not in texts]


def _row(
    images: Sequence[str],
    texts: Sequence[str],
    others: Sequence[str],
    folder: str,
    row: Mapping[str, Any],
) -> dict[str, Any]:
    cells = {image + NAME: row[image].removeprefix(folder) for image in images}
    cells |= {name: row[name] for name in others}
    for name in texts:
        cell = row[name]
        cells[name] = json_text(cell) if isinstance(cell, dict) else cell
    return cells


def card_of(*files: str) -> list[str]:
    """The head of a README.md by which `datasets` looks at these files and at no others."""
    return front_matter(configs=configs_of({"default": {"train": list(files)}}))
