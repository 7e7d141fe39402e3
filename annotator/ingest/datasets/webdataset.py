"""WebDataset shards: tar files in which the members of one sample share a name up to its dot.

Source: webdataset's documentation, "The WebDataset Format". A sample's text is its caption (`txt`,
`caption`) or the keys of its `json`; each image of it is `jpg`, `png`, `webp`, or `0.jpg` …
"""

import json
import tarfile
from collections.abc import Iterator
from itertools import groupby
from threading import Lock
from typing import IO, Any

from annotator.core.reasons import Code, Reason
from annotator.ingest.datasets.layout import Dataset, PublishedLayout, UploadedFiles, made, row_of
from annotator.ingest.refusals import ImageRefused, UploadRefused, file_too_large
from annotator.ingest.rows import Raw

IMAGES = ("jpg", "jpeg", "png", "webp")
TEXTS = ("txt", "caption", "text", "prompt")
PROMPTS = ("prompt", "caption", "text")
GENERATORS = ("generator", "model", "model_name")
LONGEST_TEXT = 256 * 1024
MOST_META = 30
USED = {*PROMPTS, *GENERATORS, "id", "key", "category", "votes"}


def recognise(files: UploadedFiles) -> Dataset | None:
    """By the members of its tars."""
    shards = [name for name in files.ending(".tar") if _is_shard(files, name)]
    return Dataset(lambda: _rows(files, shards), _Members(files).read) if shards else None


def _is_shard(files: UploadedFiles, name: str) -> bool:
    try:
        first = next(_members(files.open(name)), None)
    except (tarfile.TarError, UploadRefused, OSError):
        return False
    return first is not None


def _members(stream: IO[bytes]) -> Iterator[tarfile.TarInfo]:
    with tarfile.open(fileobj=stream, mode="r:") as shard:
        while (member := shard.next()) is not None:
            # It would keep them all.
            shard.members.clear()  # type: ignore[attr-defined]  # typeshed has it not
            if member.isreg():
                yield member


def _parts(member: tarfile.TarInfo) -> tuple[str, str]:
    """The sample's key and what follows its dot, the folder being a part of the key."""
    folder, _, file = member.name.rpartition("/")
    key, _, rest = file.partition(".")
    return (f"{folder}/{key}" if folder else key), rest.lower()


def _rows(files: UploadedFiles, shards: list[str]) -> Iterator[Raw]:
    line = 0
    for name in shards:
        stream = files.open(name)
        try:
            for key, group in groupby(_members(stream), key=lambda member: _parts(member)[0]):
                line += 1
                own = key if len(shards) == 1 else f"{name.removesuffix('.tar')}/{key}"
                yield made(line, _sample, stream, name, own, list(group))
        except tarfile.TarError as error:
            why = Reason(Code.DATASET_NOT_TAR, name=name, error=str(error)[:200])
            raise UploadRefused(why) from error


def _sample(
    stream: IO[bytes], shard: str, key: str, members: list[tarfile.TarInfo]
) -> dict[str, Any]:
    told: dict[str, Any] = {}
    images: list[str] = []
    at = stream.tell()
    for member in members:
        ending = _parts(member)[1]
        if ending.rpartition(".")[2] in IMAGES:
            place = f"{member.offset_data}-{member.size}"
            images.append(f"{shard}#{place}/{member.name.rpartition('/')[2]}")
        elif ending in TEXTS or _is_json(ending):
            stream.seek(member.offset_data)
            text = stream.read(min(member.size, LONGEST_TEXT)).decode("utf-8", "replace")
            told |= _told(text) if _is_json(ending) else {"prompt": text.strip()}
    stream.seek(at)
    return _row(key, told, images)


def _is_json(ending: str) -> bool:
    """`json`, or that of the sample's image: `jpg.json`."""
    image, _, last = ending.rpartition(".")
    return last == "json" and (not image or image in IMAGES)


def _told(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _row(key: str, told: dict[str, Any], images: list[str]) -> dict[str, Any]:
    prompt = next((told[name] for name in PROMPTS if isinstance(told.get(name), str)), None)
    generator = next((told[name] for name in GENERATORS if isinstance(told.get(name), str)), None)
    flat = {
        name: value
        for name, value in told.items()
        if name not in USED and isinstance(value, str | int | float) and len(str(value)) <= 500
    }
    meta = dict(list(flat.items())[:MOST_META])
    about = {
        "id": key, "prompt": prompt, "category": told.get("category"), "meta": meta,
        "votes": told.get("votes"),
    }  # fmt: skip
    generators = [generator] if len(images) == 1 else told.get("generators")
    return row_of(about, images, generators if isinstance(generators, list) else ())


class _Members:
    """Images in shards, by `shard#offset-size/name`: nothing is looked for."""

    def __init__(self, files: UploadedFiles) -> None:
        self._files = files
        self._lock = Lock()

    def read(self, name: str, most: int) -> bytes:
        """An image's bytes. Raises ImageRefused."""
        shard, _, inner = name.rpartition("#")
        if not shard:
            return self._files.read(name, most)
        offset, size = map(int, inner.partition("/")[0].split("-"))
        if size > most:
            raise ImageRefused(file_too_large(size, most))
        with self._lock:
            stream = self._files.open(shard, "images")
            stream.seek(offset)
            return stream.read(size)


WEBDATASET = PublishedLayout("webdataset", recognise)
