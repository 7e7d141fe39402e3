"""ImageRewardDB: `metadata-{split}.parquet`, and images in zips or unpacked.

Source: THUDM/ImageRewardDB, card and ImageRewardDB.py. Rows of one prompt follow each other; each
is one image with its rank and three ratings, of one annotator.
"""

import zipfile
from collections.abc import Iterator
from itertools import groupby
from threading import Lock
from typing import Any

from annotator.core.reasons import Code, Reason
from annotator.ingest.datasets.columns import rows_of, schema_of
from annotator.ingest.datasets.layout import (
    Dataset,
    PublishedLayout,
    UploadedFiles,
    beside,
    image,
    made,
    rated,
    tiers_of,
    vote,
)
from annotator.ingest.refusals import ImageRefused, UploadRefused, file_too_large
from annotator.ingest.rows import Raw

RATINGS = {
    "overall": "overall_rating",
    "alignment": "image_text_alignment_rating",
    "fidelity": "fidelity_rating",
}
COLUMNS = ("image_path", "prompt_id", "prompt", "classification", "rank", *RATINGS.values())


def recognise(files: UploadedFiles) -> Dataset | None:
    """By the columns of its tables."""
    tables = [
        name for name in files.ending(".parquet") if schema_of(files, name).keys() >= {*COLUMNS}
    ]
    if not tables:
        return None
    return Dataset(lambda: _rows(files, tables), _Shards(files).read)


def _rows(files: UploadedFiles, tables: list[str]) -> Iterator[Raw]:
    line = 0
    for table in tables:
        # A prompt's rows follow each other.
        for _, group in groupby(rows_of(files, table, COLUMNS), key=lambda row: row["prompt_id"]):
            rows = list(group)
            yield made(line + 1, _item, table, rows)
            line += len(rows)


def _item(table: str, rows: list[dict[str, Any]]) -> dict[str, object]:
    first = rows[0]
    answers: dict[str, Any] = {"ranking": tiers_of([row["rank"] for row in rows])}
    answers |= {key: rated([row[column] for row in rows]) for key, column in RATINGS.items()}
    return {
        "id": first["prompt_id"],
        "prompt": first["prompt"],
        "category": first["classification"],
        "images": [image(beside(table, row["image_path"])) for row in rows],
        "votes": [vote(answers)],
    }


class _Shards:
    """Images at `images/train/train_1/x.webp`: so, or in `images/train/train_1.zip`."""

    def __init__(self, files: UploadedFiles) -> None:
        self._files = files
        self._lock = Lock()
        self._name = ""
        self._zip: zipfile.ZipFile | None = None

    def read(self, name: str, most: int) -> bytes:
        """An image's bytes. Raises ImageRefused."""
        folder, _, file = name.rpartition("/")
        shard = f"{folder}.zip"
        if name in self._files.names or shard not in self._files.names:
            return self._files.read(name, most)
        try:
            with self._lock, self._opened(shard).open(file) as stream:
                data = stream.read(most + 1)
        except KeyError as error:
            raise ImageRefused(Reason(Code.FILE_MISSING)) from error
        except (zipfile.BadZipFile, OSError, ValueError, UploadRefused) as error:
            raise ImageRefused(Reason(Code.FILE_BROKEN, error=str(error)[:100])) from error
        if len(data) > most:
            raise ImageRefused(file_too_large(len(data), most))
        return data

    def _opened(self, shard: str) -> zipfile.ZipFile:
        if self._zip is None or self._name != shard:
            self._name, self._zip = shard, zipfile.ZipFile(self._files.open(shard))
        return self._zip


IMAGEREWARDDB = PublishedLayout("imagerewarddb", recognise)
