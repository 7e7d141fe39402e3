"""What Hugging Face's `datasets` calls an image folder: metadata beside images, or images inside.

`metadata.jsonl`, `.csv` or `.parquet` names an image by `file_name`, or in columns that end in
`_file_name`; parquet shards hold images as structs of bytes and path. Source: datasets 5.2,
"Create an image dataset". Of several images a row is one item, of one it is that image.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from annotator.ingest.datasets.columns import (
    ImagesInside,
    image_name,
    is_image,
    is_images,
    path_of_images,
    rows_of,
    schema_of,
)
from annotator.ingest.datasets.layout import (
    Dataset,
    PublishedLayout,
    UploadedFiles,
    beside,
    made,
    row_of,
)
from annotator.ingest.meta import number_or_text
from annotator.ingest.rows import Raw, read_rows

NAME = "file_name"
NAMES = "file_names"
PROMPTS = ("prompt", "caption", "text", "instruction", "original_prompt")
GENERATORS = ("generator", "model", "model_name", "generator_name")
USED = {*PROMPTS, *GENERATORS, NAME, "id", "category"}
METADATA = ("metadata.jsonl", "metadata.csv", "metadata.parquet")
# Of a table's other columns, which are kept with the image, so many and no longer.
MOST_META = 30
LONGEST_META = 500


def recognise(files: UploadedFiles) -> Dataset | None:
    """By files of metadata, or by columns of images."""
    tables = [name for name in files.names if name.rpartition("/")[2].lower() in METADATA]
    if tables:
        return Dataset(lambda: _rows_of_metadata(files, tables), files.read)
    shards = [name for name in files.ending(".parquet") if _columns_of_images(files, name)]
    if shards:
        return Dataset(lambda: _rows_of_shards(files, shards), ImagesInside(files).read)
    return None


def _columns_of_images(files: UploadedFiles, name: str) -> list[str]:
    schema = schema_of(files, name)
    return [column for column, kind in schema.items() if is_image(kind) or is_images(kind)]


def _rows_of_metadata(files: UploadedFiles, tables: list[str]) -> Iterator[Raw]:
    line = 0
    for table in tables:
        kind = table.rpartition(".")[2].lower()
        rows: Iterator[Any]
        if kind == "parquet":
            rows = iter(rows_of(files, table, list(schema_of(files, table))))
        else:
            read = (raw for _, raw in read_rows(files.open(table), kind, needs=_is_name))
            rows = map(_typed, read) if kind == "csv" else read
        for raw in rows:
            line += 1
            yield made(line, _row, table, raw) if isinstance(raw, Mapping) else (line, raw)


def _is_name(column: str, name: str = NAME) -> bool:
    """`file_name`, `left_file_name`; a `profile_name` is none."""
    return column == name or column.endswith(f"_{name}")


def _typed(raw: Any) -> Any:
    """A row of CSV, what is kept with its image as a number where it is one."""
    if not isinstance(raw, Mapping):
        return raw
    return {
        name: cell if name in USED or _is_name(name) else number_or_text(cell)
        for name, cell in raw.items()
    }


def _row(table: str, raw: Mapping[str, Any]) -> dict[str, object]:
    named = [
        (column.removesuffix(NAME).rstrip("_"), raw[column])
        for column in raw
        if _is_name(column) and isinstance(raw[column], str) and raw[column]
    ]
    listed = next((raw[column] for column in raw if _is_name(column, NAMES)), None)
    if isinstance(listed, list):
        named += [("", file) for file in listed]
    return _made(raw, [(of, beside(table, file)) for of, file in named])


def _rows_of_shards(files: UploadedFiles, shards: list[str]) -> Iterator[Raw]:
    line = 0
    for shard in shards:
        schema = schema_of(files, shard)
        told = [name for name in schema if not (is_image(schema[name]) or is_images(schema[name]))]
        lengths = {
            name: path_of_images(files, shard, name) for name in schema if is_images(schema[name])
        }
        columns = [name for name in schema if is_image(schema[name])]
        asked = [*told, *lengths.values(), *(f"{name}.path" for name in columns)]
        for row, raw in enumerate(rows_of(files, shard, asked)):
            line += 1
            inside = [(name, image_name(shard, row, name)) for name in columns if raw.get(name)]
            for name in lengths:
                inside += [
                    (name, f"{image_name(shard, row, name)}/{place}")
                    for place in range(len(raw.get(name) or ()))
                ]
            rest = {name: raw[name] for name in told}
            yield made(line, _made, rest, inside)


def _made(raw: Mapping[str, Any], images: list[tuple[str, str]]) -> dict[str, object]:
    """A row of one image, or an item of several."""
    prompt = _first(raw, PROMPTS)
    meta = _flat({name: value for name, value in raw.items() if name not in USED})
    about = {
        "prompt": prompt, "id": raw.get("id"), "category": raw.get("category"), "meta": meta
    }  # fmt: skip
    generators = [_first(raw, GENERATORS)] if len(images) == 1 else raw.get("generators")
    told = generators if isinstance(generators, list) else [of or None for of, _ in images]
    return row_of(about, [file for _, file in images], told)


def _first(raw: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    return next((raw[name] for name in names if isinstance(raw.get(name), str)), None)


def _flat(values: Mapping[str, Any]) -> dict[str, Any]:
    kept = {
        name[:60]: value
        for name, value in values.items()
        if isinstance(value, bool | int | float)
        or (isinstance(value, str) and 0 < len(value) <= LONGEST_META)
    }
    return dict(list(kept.items())[:MOST_META])


IMAGEFOLDER = PublishedLayout("imagefolder", recognise)
