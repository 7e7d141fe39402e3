"""HPDv2 and HPDv3: JSON lists of pairs and rankings with their images in folders.

Sources: tgxs002/HPSv2 (train.json, test.json), MizzenAI/HPDv3's card. Of HPDv3's pairs path1 is the
preferred one; `choice_dist` has the votes for each, where it is known.
"""

from collections.abc import Callable, Iterator
from typing import Any

from annotator.ingest.datasets.layout import (
    Dataset,
    PublishedLayout,
    UploadedFiles,
    beside,
    chosen,
    image,
    tiers_of,
    vote,
)
from annotator.ingest.datasets.records import Record, heads_of, rows_of_lists
from annotator.ingest.rows import Raw

PREFERENCE, RANKING = "overall", "ranking"
# HPSv2's own training reads pairs for validation from a folder of this name.
VALID = "valid"
MOST_JUDGES = 10_000
Reader = Callable[[str, Record], dict[str, Any]]


def recognise_v2(files: UploadedFiles) -> Dataset | None:
    """By the keys of train.json and test.json."""
    return _recognised(files, _reader_of_v2)


def recognise_v3(files: UploadedFiles) -> Dataset | None:
    """By the keys of its lists."""
    return _recognised(files, _reader_of_v3)


def _recognised(
    files: UploadedFiles, reader_of: Callable[[Record], Reader | None]
) -> Dataset | None:
    lists = {
        name: reader
        for name in files.ending(".json")
        if (reader := next(filter(None, map(reader_of, heads_of(files, name))), None)) is not None
    }
    return Dataset(lambda: _rows(files, lists), files.read) if lists else None


def _rows(files: UploadedFiles, lists: dict[str, Reader]) -> Iterator[Raw]:
    return rows_of_lists(files, lists, lambda name, record: lists[name](name, record))


def _reader_of_v2(first: Record) -> Reader | None:
    if first.keys() >= {"prompt", "human_preference"}:
        return _pair
    return _ranked if first.keys() >= {"prompt", "image_path", "rank"} else None


def _paths(files_of: str, record: Record, folder: str) -> list[dict[str, Any]]:
    """Paths are relative to a folder beside the list, or to the list."""
    paths = record.get("file_path") or record.get("image_path") or []
    paths = [paths] if isinstance(paths, str) else paths
    return [image(beside(files_of, f"{folder}/{path}" if folder else path)) for path in paths]


def _pair(name: str, record: Record) -> dict[str, Any]:
    """One annotator's choice among two images; among more or fewer it is none of a pair."""
    votes = []
    if len(preferred := record["human_preference"]) == 2:
        first, second = preferred
        choice = "tie" if first == second else "a" if first > second else "b"
        votes = [vote({PREFERENCE: chosen(choice)}, judge=record.get("user_hash"))]
    return {
        "prompt": record["prompt"],
        "images": _paths(name, record, VALID if VALID in name.rpartition("/")[2] else "train"),
        "votes": votes,
    }


def _ranked(name: str, record: Record) -> dict[str, Any]:
    """Each annotator's own ranking where it is published, else the averaged one."""
    votes = [
        vote({RANKING: tiers_of(one["rank"])}, judge=one.get("user_hash"))
        for one in record.get("raw_annotations") or ()
    ]
    return {
        "prompt": record["prompt"],
        "images": _paths(name, record, "test"),
        "votes": votes or [vote({RANKING: tiers_of(record["rank"])})],
    }


def _reader_of_v3(first: Record) -> Reader | None:
    known = {"prompt", "path1", "path2"}
    return _compared if first.keys() >= known and "path_src" not in first else None


def _compared(name: str, record: Record) -> dict[str, Any]:
    votes = []
    counts = record.get("choice_dist")
    if isinstance(counts, list) and len(counts) == 2:
        for choice, count in zip("ab", counts, strict=True):
            if isinstance(count, int) and 0 < count <= MOST_JUDGES:
                votes.append(vote({PREFERENCE: chosen(choice)}, count=count))
    return {
        "prompt": record["prompt"],
        "images": [
            image(beside(name, record[f"path{n}"]), record.get(f"model{n}")) for n in (1, 2)
        ],
        "meta": {"confidence": record.get("confidence")},
        "votes": votes or [vote({PREFERENCE: chosen("a")})],
    }


HPDV2 = PublishedLayout("hpdv2", recognise_v2)
HPDV3 = PublishedLayout("hpdv3", recognise_v3)
