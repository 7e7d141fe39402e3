"""What is pushed: items with their images, as one zip whose bytes depend on nothing else.

The same items make the same bytes, and so the same idempotency key: sent twice, the site answers
with the batch of the first time.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Protocol, TypeGuard

# The oldest time that a zip can say.
NO_TIME = (1980, 1, 1, 0, 0, 0)
MANIFESTS = ("manifest.jsonl", "manifest.csv", "manifest.parquet")
KINDS = (".zip", ".jsonl", ".csv", ".parquet")
MAGIC = {b"\x89PNG": "png", b"\xff\xd8\xff": "jpg", b"RIFF": "webp"}


class Drawn(Protocol):
    """An image in memory that can save itself, as Pillow's do."""

    def save(self, fp: IO[bytes], format: str) -> object:  # noqa: A002 - Pillow's own name
        """Writes itself."""


# A file, its bytes, or an image of Pillow.
ImageLike = str | Path | bytes | Drawn
Meta = Mapping[str, Any]


@dataclass(frozen=True)
class NewImage:
    """One image of an item: what it is, which model made it, what else is known of it."""

    image: ImageLike
    generator: str = ""
    meta: Meta = field(default_factory=dict)


@dataclass(frozen=True)
class NewItem:
    """What is put to a person: a prompt and its images, and what is shown beside them.

    `source`: the image that was edited, `prompt` being the instruction; `mask`: where. `references`
    are what the images are to be faithful to.
    """

    images: Sequence[NewImage]
    prompt: str = ""
    id: str = ""
    meta: Meta = field(default_factory=dict)
    source: ImageLike | None = None
    mask: ImageLike | None = None
    references: Sequence[ImageLike] = ()

    @property
    def shows_beside(self) -> bool:
        """Whether there is anything besides its images."""
        return self.source is not None or self.mask is not None or bool(self.references)


def items_of(
    images: Any, prompt: str | Sequence[str], generator: str | Sequence[str], meta: Any
) -> list[NewItem]:
    """One item for a prompt; for several prompts as many, with `images` in the same order.

    `generator` and `meta` are of all images, or a sequence with one for each image of an item; for
    several prompts `meta` is of all, or a sequence with one for each item.
    """
    if isinstance(prompt, str):
        return [_item(images, prompt, generator, meta)]
    metas = [meta] * len(prompt) if meta is None or isinstance(meta, Mapping) else list(meta)
    if not len(images) == len(prompt) == len(metas):
        raise ValueError(
            f"{len(prompt)} prompts, {len(images)} images and {len(metas)} meta do not match."
        )
    rows = zip(images, prompt, metas, strict=True)
    return [_item(one, text, generator, known) for one, text, known in rows]


def _item(images: Any, prompt: str, generator: str | Sequence[str], meta: Any) -> NewItem:
    shown: list[ImageLike] = [images] if _is_image(images) else list(images)
    generators = [generator] * len(shown) if isinstance(generator, str) else list(generator)
    metas = [meta] * len(shown) if meta is None or isinstance(meta, Mapping) else list(meta)
    if not len(shown) == len(generators) == len(metas):
        raise ValueError(
            f"{len(shown)} images, {len(generators)} generators and {len(metas)} meta do not match."
        )
    rows = zip(shown, generators, metas, strict=True)
    return NewItem([NewImage(image, name, known or {}) for image, name, known in rows], prompt)


def _is_image(value: Any) -> TypeGuard[ImageLike]:
    return isinstance(value, str | Path | bytes) or hasattr(value, "save")


def write_zip(items: Iterable[NewItem], to: IO[bytes], *, single: bool) -> None:
    """The upload of these items; `single`: a line an image, which pairs are then made of."""
    lines: list[str] = []
    stored: set[str] = set()
    with zipfile.ZipFile(to, "w", zipfile.ZIP_STORED) as archive:
        for item in items:
            rows = [_row(archive, image, stored) for image in item.images]
            if single and item.shows_beside:
                raise ValueError("Pairs are made of single images, which show nothing beside.")
            if single:
                lines += [_line({"prompt": item.prompt, **row}) for row in rows]
            else:
                named = {"id": item.id} if item.id else {}
                beside = _beside(archive, item, stored)
                known = {"meta": dict(item.meta)} if item.meta else {}
                lines.append(
                    _line({**named, "prompt": item.prompt, "images": rows, **known, **beside})
                )
        _store(archive, "manifest.jsonl", "\n".join(lines).encode())


def _beside(archive: zipfile.ZipFile, item: NewItem, stored: set[str]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    if item.source is not None:
        row["source_image"] = _file(archive, item.source, stored)
    if item.mask is not None:
        row["mask_image"] = _file(archive, item.mask, stored)
    if item.references:
        row["shown_references"] = [_file(archive, one, stored) for one in item.references]
    return row


def _row(archive: zipfile.ZipFile, image: NewImage, stored: set[str]) -> dict[str, Any]:
    row: dict[str, Any] = {"file": _file(archive, image.image, stored)}
    if image.generator:
        row["generator"] = image.generator
    if image.meta:
        row["meta"] = dict(image.meta)
    return row


def _file(archive: zipfile.ZipFile, image: ImageLike, stored: set[str]) -> str:
    """The name of an image in the upload, whose bytes are there once."""
    data = bytes_of(image)
    digest = hashlib.sha256(data).hexdigest()
    kind = next((kind for magic, kind in MAGIC.items() if data.startswith(magic)), "img")
    name = f"images/{digest}.{kind}"
    if name not in stored:
        stored.add(name)
        _store(archive, name, data)
    return name


def bytes_of(image: ImageLike) -> bytes:
    """The image as a file."""
    if isinstance(image, bytes):
        return image
    if isinstance(image, str | Path):
        return Path(image).read_bytes()
    stream = io.BytesIO()
    image.save(stream, format="PNG")
    return stream.getvalue()


def _line(row: Mapping[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False, sort_keys=True)


def _store(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(name, NO_TIME), data)


def zip_folder(folder: Path, to: IO[bytes]) -> None:
    """A folder with a manifest and the images that it names, as it is uploaded."""
    if not any((folder / name).is_file() for name in MANIFESTS):
        raise ValueError(f"{folder} has none of {', '.join(MANIFESTS)}.")
    with zipfile.ZipFile(to, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            info = zipfile.ZipInfo(path.relative_to(folder).as_posix(), NO_TIME)
            with path.open("rb") as source, archive.open(info, "w", force_zip64=True) as target:
                while piece := source.read(1024 * 1024):
                    target.write(piece)


def digest_of(stream: IO[bytes]) -> str:
    """SHA-256 of all that is in it; it stands at its beginning then."""
    stream.seek(0)
    digest = hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]
    stream.seek(0)
    return digest
