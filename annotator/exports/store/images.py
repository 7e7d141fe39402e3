"""Stored images on their way into an export: copied as they are, or encoded anew, each once."""

import io
import os
import uuid
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256 as hash_of
from pathlib import Path

from django.core.files.storage import default_storage
from PIL import Image as Pillow
from PIL import ImageOps

from annotator.core.errors import Conflict
from annotator.core.reasons import Code, Reason
from annotator.exports.store.files import FileEntry, entry_of
from annotator.exports.store.rows import Copy
from annotator.items.models import Image

PNG, JPEG, WEBP = "png", "jpeg95", "webp"
ENCODINGS = (PNG, JPEG, WEBP)
SUFFIXES = {PNG: "png", JPEG: "jpg", WEBP: "webp"}
STARTS = {PNG: b"\x89PNG", JPEG: b"\xff\xd8", WEBP: b"RIFF"}
# zlib's strategy: level 6's size of a photograph at level 1's time.
RUN_LENGTHS = 3
REMEMBERED = 20_000
IMAGES = "images"
Size = tuple[int, int]


@lru_cache(REMEMBERED)
def image_name(sha256: str, encoding: str = PNG, folder: str = IMAGES) -> str:
    """An image's name in an export: its content, and nothing about where it came from."""
    return f"{folder}/{sha256}.{SUFFIXES[encoding]}"


def stored_bytes(project: int, sha256: str, suffix: str) -> bytes:
    """The stored file.

    Raises Conflict when what is stored is missing or not what was stored.
    """
    try:
        image = Image(project_id=project, sha256=sha256, suffix=suffix)
        with default_storage.open(image.path) as stored:
            data: bytes = stored.read()
    except FileNotFoundError as error:
        raise Conflict(Reason(Code.IMAGE_LOST, sha256=sha256)) from error
    if hash_of(data).hexdigest() != sha256:
        raise Conflict(Reason(Code.IMAGE_CHANGED, sha256=sha256))
    return data


def encoded(stored: bytes, encoding: str, size: Size | None = None) -> bytes:
    """A stored file as PNG, JPEG of quality 95 or lossless WebP, in RGB.

    `size` (width, height): scaled (Lanczos) to cover it and cut to it around the middle. A file
    that has the format already and keeps its size keeps its bytes, and so its exact pixels.
    """
    if size is None and stored.startswith(STARTS[encoding]):
        return stored
    with Pillow.open(io.BytesIO(stored)) as opened:
        image = opened.convert("RGB")
    if size is not None and size != image.size:
        image = ImageOps.fit(image, size, Pillow.Resampling.LANCZOS)
    out = io.BytesIO()
    if encoding == JPEG:
        image.save(out, "JPEG", quality=95, subsampling=0)
    elif encoding == WEBP:
        image.save(out, "WEBP", lossless=True, quality=50, method=4)
    else:
        image.save(out, "PNG", compress_level=1, compress_type=RUN_LENGTHS)
    return out.getvalue()


@dataclass
class Pool:
    """The folder of an export's images, which all its shards share.

    A file appears in it whole, under a name that follows from its content: two shards that want
    the same image write the same bytes.
    """

    folder: Path
    project: int
    used: dict[str, FileEntry] = field(default_factory=dict)
    _known: "OrderedDict[str, FileEntry]" = field(default_factory=OrderedDict)

    def add(self, copy: Copy) -> None:
        """The image's file is there afterwards."""
        sha256, suffix, encoding = copy.image.sha256, copy.image.suffix, copy.encoding
        name = image_name(sha256, encoding, copy.folder)
        if name not in self.used:
            self.used[name] = self._entry(
                name, lambda: encoded(stored_bytes(self.project, sha256, suffix), encoding)
            )

    def take_used(self) -> list[FileEntry]:
        """What was added since the last time, by name."""
        used = sorted(self.used.values(), key=lambda entry: entry.name)
        self.used = {}
        return used

    def _entry(self, name: str, data: Callable[[], bytes]) -> FileEntry:
        if name not in self._known:
            path = self.folder / name
            if not path.exists():
                _place(path, data())
            self._known[name] = entry_of(path, name)
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return self._known[name]


def _place(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    part.write_bytes(data)
    os.replace(part, path)
