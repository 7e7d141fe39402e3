"""Our own exports, taken in again: `annotations`, `preferences` and `hf-dataset`.

What people said there comes in as imported judges, by their pseudonyms where the export has them.
What was rejected, changed later or late, and a lead's override, are no votes.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from annotator.core.reasons import Reason
from annotator.ingest.datasets.columns import (
    ImagesInside,
    image_name,
    is_images,
    rows_of,
    schema_of,
)
from annotator.ingest.datasets.layout import (
    FAULTS,
    Dataset,
    PublishedLayout,
    UploadedFiles,
    beside,
    chosen,
    fault_of,
    image,
    made,
    vote,
)
from annotator.ingest.datasets.records import has_keys
from annotator.ingest.rows import Raw, read_rows
from scoring.votes import CHOICES

Export = Mapping[str, Any]
Vote = dict[str, Any]
Group = tuple[Export, list[Vote]]
ANNOTATIONS, PREFERENCES = "annotations.jsonl", "preferences.jsonl"
STANDING = ("accepted", "submitted", "imported")


def _named(files: UploadedFiles, file: str, *keys: str) -> str:
    """The file of an export, if its first row has these keys; else nothing."""
    for name in files.names:
        if name.rpartition("/")[2] == file and has_keys(files, name, {*keys}):
            return name
    return ""


def _lines(files: UploadedFiles, name: str) -> Iterator[tuple[int, Export | Reason]]:
    yield from read_rows(files.open(name), "jsonl")


def _recognise_annotations(files: UploadedFiles) -> Dataset | None:
    name = _named(files, ANNOTATIONS, "annotation", "item", "images", "answers")
    return Dataset(lambda: _annotated(files, name), files.read) if name else None


def _annotated(files: UploadedFiles, name: str) -> Iterator[Raw]:
    """The lines of an item follow each other."""
    for line, group in _grouped(_lines(files, name), lambda row: row["item"]["id"], _votes_of):
        if isinstance(group, Reason):
            yield line, group
        else:
            yield made(line, _item, name, *group)


def _item(name: str, first: Export, votes: list[Vote]) -> dict[str, Any]:
    item = first["item"]
    images = [
        {**image(beside(name, one["file"]), one.get("generator")), "meta": one.get("meta")}
        for one in sorted(first["images"], key=lambda one: str(one["letter"]))
    ]
    about = {
        "id": item.get("key"), "prompt": item["prompt"], "checklist": item.get("checklist"),
        **_meta_of_item(item.get("meta")),
    }  # fmt: skip
    return {**about, **_shown_beside(name, first), "images": images, "votes": votes}


def _shown_beside(name: str, first: Export) -> dict[str, Any]:
    """As a manifest names them; their files are there where the images are."""
    files: dict[str, list[str]] = {"source": [], "mask": [], "reference": []}
    for one in first.get("beside") or []:
        files[one["role"]].append(beside(name, one["file"]))
    return {
        "source_image": next(iter(files["source"]), ""),
        "mask_image": next(iter(files["mask"]), ""),
        "shown_references": files["reference"],
    }


def _grouped(
    lines: Iterator[tuple[int, Export | Reason]],
    key_of: Callable[[Export], object],
    votes_of: Callable[[Export], list[Vote]],
) -> Iterator[tuple[int, Group | Reason]]:
    """The first row and the votes of rows that follow each other; a faulty one is by itself."""
    group: Group | None = None
    start, begun = 0, None
    for line, row in lines:
        if isinstance(row, Reason):
            yield line, row
            continue
        try:
            key, votes = key_of(row), votes_of(row)
        except FAULTS as error:
            yield line, fault_of(error)
            continue
        if group is not None and key == begun:
            group[1].extend(votes)
            continue
        if group is not None:
            yield start, group
        start, begun, group = line, key, (row, votes)
    if group is not None:
        yield start, group


def _counts(row: Export) -> bool:
    if row.get("override") is not None or not row["answers"]:
        return False
    return (
        bool(row["current"])
        and row["state"] in STANDING
        and bool(row["counted"] or row["state"] == "imported")
    )


def _votes_of(row: Export) -> list[Vote]:
    if not _counts(row):
        return []
    imported = row.get("imported") or {}
    return [vote(row["answers"], judge=row["annotator"], count=imported.get("count", 1))]


def _meta_of_item(meta: Mapping[str, Any] | None) -> dict[str, Any]:
    """A category stands beside what else came with an item."""
    rest = dict(meta or {})
    return {"category": rest.pop("category", None), "meta": rest}


def _recognise_preferences(files: UploadedFiles) -> Dataset | None:
    name = _named(files, PREFERENCES, "chosen", "rejected", "dimension", "votes", "pair", "letters")
    return Dataset(lambda: _preferred(files, name), files.read) if name else None


def _preferred(files: UploadedFiles, name: str) -> Iterator[Raw]:
    """The rows of a pair follow each other, one a dimension."""
    for line, group in _grouped(_lines(files, name), _pair_of, _counted):
        if isinstance(group, Reason):
            yield line, group
        else:
            yield made(line, _pair, name, *group)


def _pair(name: str, first: Export, votes: list[Vote]) -> dict[str, Any]:
    sides = {first["letters"][side]: side for side in ("chosen", "rejected")}
    order = [sides[letter] for letter in first["pair"]]
    images = [
        {"file": beside(name, first[side]), "generator": first["generators"][side] or None,
         "meta": first["meta"][side]}
        for side in order
    ]  # fmt: skip
    key = first.get("key") or first["item"]
    # Of a ranking each pair is an item of its own.
    own = key if first["source"] == "preference" else f"{key} {''.join(first['pair'])}"
    about = {"id": own, "prompt": first["prompt"], **_meta_of_item(first["meta"].get("item"))}
    return {**about, "images": images, "votes": votes}


def _pair_of(row: Export) -> tuple[str, ...]:
    return (row["item"], *row["pair"])


def _counted(row: Export) -> list[Vote]:
    """A vote for each name with some: a and b are the pair's first and second."""
    return [
        vote({row["dimension"]: chosen(choice)}, count=count)
        for choice in CHOICES
        if (count := row["votes"].get(choice, 0))
    ]


def _recognise_hf(files: UploadedFiles) -> Dataset | None:
    shards = [name for name in files.ending(".parquet") if _is_shard(files, name)]
    if not shards:
        return None
    return Dataset(lambda: _shards(files, shards), ImagesInside(files).read)


def _is_shard(files: UploadedFiles, name: str) -> bool:
    schema = schema_of(files, name)
    needed = {"item", "key", "prompt", "images", "letters", "generators", "answers"}
    return schema.keys() >= needed and is_images(schema["images"])


HF_COLUMNS = ("key", "prompt", "letters", "generators", "meta", "item_meta", "answers")


def _shards(files: UploadedFiles, shards: list[str]) -> Iterator[Raw]:
    line = 0
    for shard in shards:
        for row, found in enumerate(rows_of(files, shard, HF_COLUMNS)):
            line += 1
            yield made(line, _item_of_shard, image_name(shard, row, "images"), found)


def _item_of_shard(inside: str, found: dict[str, Any]) -> dict[str, Any]:
    images = [
        {"file": f"{inside}/{place}", "generator": generator,
         "meta": json.loads(found["meta"][place])}
        for place, generator in enumerate(found["generators"])
    ]  # fmt: skip
    votes = [
        vote({question: chosen(choice)}, count=count)
        for question, given in found["answers"].items()
        for choice, count in ((given or {}).get("votes") or {}).items()
        if count
    ]
    about = {"id": found["key"], "prompt": found["prompt"], "images": images, "votes": votes}
    return {**about, **_meta_of_item(json.loads(found["item_meta"]))}


OWN_ANNOTATIONS = PublishedLayout("annotations", _recognise_annotations)
OWN_PREFERENCES = PublishedLayout("preferences", _recognise_preferences)
OWN_HF_DATASET = PublishedLayout("hf-dataset", _recognise_hf)
