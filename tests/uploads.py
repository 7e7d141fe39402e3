"""Uploads as people make them: images, zips and manifests, in memory."""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from PIL import Image, PngImagePlugin


def pixels(seed: int = 0, *, width: int = 32, height: int = 24) -> np.ndarray[Any, Any]:
    """A drawn uint8 (height, width, 3) image."""
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def image_bytes(seed: int = 0, *, kind: str = "PNG", **size: int) -> bytes:
    """The same as a file."""
    return encoded(Image.fromarray(pixels(seed, **size)), kind)


def encoded(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    """An image's file."""
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def with_text(data: bytes, text: str) -> bytes:
    """A PNG that carries a text, an EXIF tag, and bytes after its end."""
    notes = PngImagePlugin.PngInfo()
    notes.add_text("parameters", text)
    notes.add_itxt("XML:com.adobe.xmp", text)
    exif = Image.Exif()
    exif[0x010E] = text
    return encoded(Image.open(io.BytesIO(data)), pnginfo=notes, exif=exif) + text.encode()


def lines(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """A manifest.jsonl."""
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def zipped(files: Mapping[str, bytes], *, method: int = zipfile.ZIP_STORED) -> bytes:
    """A zip of these files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


def pair_rows(count: int) -> list[dict[str, Any]]:
    """Manifest rows of `count` items of two images each: 0-a.png, 0-b.png, 1-a.png …"""
    return [
        {
            "prompt": f"a red cube number {place}",
            "images": [
                {"file": f"{place}-{letter}.png", "generator": f"generator-{letter}"}
                for letter in "ab"
            ],
        }
        for place in range(count)
    ]


def pairs_zip(count: int, *, width: int = 32, height: int = 24, **replaced: bytes) -> bytes:
    """A zip of `count` pair items; `replaced`: other bytes, `_7_a` for those of 7-a.png."""
    files = {"manifest.jsonl": lines(pair_rows(count))}
    for place in range(count):
        for side, letter in enumerate("ab"):
            data = image_bytes(2 * place + side, width=width, height=height)
            files[f"{place}-{letter}.png"] = data
    for name, data in replaced.items():
        files[f"{name.removeprefix('_').replace('_', '-')}.png"] = data
    return zipped(files)


def parts_of(batch_id: int) -> list[Path]:
    """The files of an upload that lie in this site's folder, in the order of their bytes."""
    return sorted(Path(settings.UPLOAD_ROOT).glob(f"{batch_id}-*"))


def bytes_of(batch_id: int) -> bytes:
    """What has come of an upload."""
    return b"".join(path.read_bytes() for path in parts_of(batch_id))
