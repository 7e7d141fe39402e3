"""Kept containers: the uploader's compressed data, exactly its pixels, and not a byte besides.

What stands in a file beside its pixels is planted as a canary and looked for afterwards.
"""

import io
import struct
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
import PIL.Image as Pillow
import pytest
from PIL import ImageCms, PngImagePlugin

from annotator.ingest.containers import bare
from annotator.ingest.restoring import Limits, Restored, restore
from tests.uploads import encoded, image_bytes, pixels, zipped

CANARY = b"canary-sdxl-turbo-4711"
LIMITS = Limits(8192, 40_000_000, 50 * 1024**2, 384)
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
PHOTO = Pillow.fromarray(pixels(7, width=96, height=64))


def seen(data: bytes) -> np.ndarray[Any, Any]:
    return np.asarray(Pillow.open(io.BytesIO(data)).convert("RGB"))


def kept(data: bytes) -> Restored:
    """What is stored of a file that decodes; its pixels are the file's own."""
    stored = restore(data, LIMITS)
    assert np.array_equal(seen(stored.kept), seen(data))
    return stored


def segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def chunk(kind: bytes, body: bytes) -> bytes:
    checksum = zlib.crc32(kind + body)
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", checksum)


def after_start(data: bytes, *segments: bytes) -> bytes:
    return data[:2] + b"".join(segments) + data[2:]


def before_end(png: bytes, *chunks: bytes) -> bytes:
    return png[:-12] + b"".join(chunks) + png[-12:]


def jpeg_markers(data: bytes) -> list[int]:
    """Those of a file without restarts, scans' data passed over."""
    found, at = [], 0
    while at < len(data):
        assert data[at] == 0xFF
        marker = data[at + 1]
        found.append(marker)
        at += 2
        if marker not in (0xD8, 0xD9):
            at += int.from_bytes(data[at : at + 2])
        while marker == 0xDA and (data[at] != 0xFF or data[at + 1] == 0):
            at += 1
    return found


def png_kinds(data: bytes) -> list[bytes]:
    found, at = [], 8
    while at < len(data):
        found.append(data[at + 4 : at + 8])
        at += 12 + int.from_bytes(data[at : at + 4])
    return found


def test_a_jpeg_keeps_its_compressed_data_in_a_container_of_ours() -> None:
    plain = encoded(PHOTO, "JPEG", quality=90)
    exif = Pillow.Exif()
    exif[0x010E] = CANARY.decode()
    laden = encoded(PHOTO, "JPEG", quality=90, exif=exif, icc_profile=SRGB, comment=CANARY)
    laden = after_start(
        laden, segment(0xE0, b"JFXX\0\x10" + CANARY), segment(0xE1, CANARY), segment(0xED, CANARY)
    )

    stored = kept(laden + CANARY)

    assert stored.suffix == "jpg"
    assert CANARY not in stored.kept
    assert jpeg_markers(stored.kept) == [
        0xD8, 0xE0, 0xDB, 0xDB, 0xC0, *[0xC4] * 4, 0xDA, 0xD9,
    ]  # fmt: skip
    # From the frame on it is, byte for byte, what a file without all that has.
    frame = plain.index(b"\xff\xc0")
    assert stored.kept.endswith(plain[frame:])
    assert kept(plain).kept == stored.kept


@pytest.mark.parametrize(
    "options",
    [
        {"progressive": True},
        {"restart_marker_rows": 1},
        {"subsampling": 0},
        {"subsampling": 2},
        {"optimize": True, "quality": 40},
        {"quality": 100},
    ],
)
def test_jpegs_of_every_make_are_kept(options: dict[str, Any]) -> None:
    data = encoded(PHOTO, "JPEG", **options)

    stored = kept(data)

    assert stored.suffix == "jpg"
    assert len(stored.kept) <= len(data)


def test_a_png_keeps_its_compressed_data_in_a_container_of_ours() -> None:
    text = PngImagePlugin.PngInfo()
    text.add_text("parameters", CANARY.decode())
    text.add_itxt("more", CANARY.decode())
    laden = encoded(PHOTO, pnginfo=text, dpi=(300, 300))
    laden = before_end(laden, chunk(b"tIME", bytes(7)), chunk(b"caBX", CANARY)) + CANARY
    at = laden.index(b"IDAT") - 4
    # More than one IDAT becomes one.
    size = int.from_bytes(laden[at : at + 4])
    scan = laden[at + 8 : at + 8 + size]
    split = laden[:at] + chunk(b"IDAT", scan[:10]) + chunk(b"IDAT", scan[10:])
    split += laden[at + 12 + size :]

    stored = kept(split)

    assert stored.suffix == "png"
    assert CANARY not in stored.kept
    assert png_kinds(stored.kept) == [b"IHDR", b"IDAT", b"IEND"]
    assert chunk(b"IDAT", scan) in stored.kept


@pytest.mark.parametrize("lossless", [True, False])
def test_a_webp_keeps_its_one_chunk(lossless: bool) -> None:
    exif = Pillow.Exif()
    exif[0x010E] = CANARY.decode()
    laden = encoded(PHOTO, "WEBP", lossless=lossless, exif=exif, xmp=CANARY) + CANARY

    stored = kept(laden)

    assert stored.suffix == "webp"
    assert CANARY not in stored.kept
    assert stored.kept[12:16] == (b"VP8L" if lossless else b"VP8 ")
    assert int.from_bytes(stored.kept[4:8], "little") == len(stored.kept) - 8


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_polyglot_is_only_an_image_afterwards(kind: str) -> None:
    page = b"<html><script>alert(1)</script>"
    archive = zipped({"secret.txt": CANARY})
    data = image_bytes(3, kind=kind, width=96, height=64)
    inside = {
        "JPEG": lambda: after_start(data, segment(0xFE, page)),
        "PNG": lambda: before_end(data, chunk(b"zzZz", page)),
        "WEBP": lambda: data,
    }[kind]()

    stored = kept(inside + archive)

    for file in (stored.kept, stored.derived.thumbnail, *stored.derived.views):
        assert page not in file
        assert CANARY not in file
        assert b"PK\x03\x04" not in file
    assert stored.suffix == {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}[kind]


def turned(kind: str) -> bytes:
    exif = Pillow.Exif()
    exif[0x0112] = 6
    return encoded(PHOTO, kind, exif=exif)


def in_another_space(kind: str) -> bytes:
    swapped = (
        SRGB.replace(b"rXYZ", b"tXYZ").replace(b"gXYZ", b"rXYZ").replace(b"tXYZ", b"gXYZ")
    ).replace("sRGB".encode("utf-16-be"), "swap".encode("utf-16-be"))
    return encoded(PHOTO, kind, icc_profile=swapped)


def clear(kind: str) -> bytes:
    layer = np.dstack([pixels(7), np.full((24, 32), 128, np.uint8)])
    return encoded(Pillow.fromarray(layer), kind, **({"lossless": True} if kind == "WEBP" else {}))


def deep_png() -> bytes:
    rows = b"".join(b"\0" + bytes(range(60)) for _ in range(10))
    header = struct.pack(">IIBBBBB", 10, 10, 16, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    )  # fmt: skip


@pytest.mark.parametrize(
    "data",
    [
        *(turned(kind) for kind in ("JPEG", "PNG", "WEBP")),
        *(in_another_space(kind) for kind in ("JPEG", "PNG", "WEBP")),
        *(clear(kind) for kind in ("PNG", "WEBP")),
        encoded(Pillow.new("CMYK", (8, 8), (0, 255, 255, 0)), "JPEG"),
        encoded(Pillow.new("L", (8, 8), 77), "JPEG"),
        encoded(Pillow.new("L", (8, 8), 77)),
        encoded(PHOTO.quantize(16)),
        encoded(PHOTO, transparency=(1, 2, 3)),
        deep_png(),
    ],
)
def test_what_has_to_change_is_encoded_anew_as_rgb(data: bytes) -> None:
    stored = restore(data, LIMITS)

    assert stored.suffix == "png"
    assert png_kinds(stored.kept)[0] == b"IHDR"
    assert set(png_kinds(stored.kept)) == {b"IHDR", b"IDAT", b"IEND"}
    assert Pillow.open(io.BytesIO(stored.kept)).mode == "RGB"


def an_rgb_jpeg() -> bytes:
    """Three components that are red, green and blue, as Adobe's marker says."""
    return encoded(PHOTO, "JPEG", quality=90, keep_rgb=True)


def with_a_strange_segment(data: bytes) -> bytes:
    return after_start(data, segment(0xF7, CANARY))


def with_fill_bytes(data: bytes) -> bytes:
    return data[:2] + b"\xff" + data[2:]


@pytest.mark.parametrize("change", [with_a_strange_segment, with_fill_bytes])
def test_a_jpeg_out_of_the_ordinary_has_no_container_of_ours(
    change: Callable[[bytes], bytes],
) -> None:
    assert bare(change(encoded(PHOTO, "JPEG")), "JPEG") is None


def test_a_jpeg_of_red_green_and_blue_is_not_kept_as_if_it_were_luma() -> None:
    stored = kept(an_rgb_jpeg())

    assert stored.suffix == "png"


def test_every_cut_of_a_file_is_taken_apart_without_a_fault() -> None:
    for kind in ("JPEG", "PNG", "WEBP"):
        data = image_bytes(1, kind=kind)
        for end in range(len(data)):
            found = bare(data[:end], kind)
            assert found is None or len(found) <= len(data) + 18


def test_views_are_never_larger_than_the_image_and_one_covers_it() -> None:
    sizes = {
        (1, 1): [(1, 1)],
        (512, 300): [(512, 300)],
        (513, 300): [(512, 299), (513, 300)],
        (1000, 3000): [(171, 512), (341, 1024), (683, 2048)],
    }
    for (width, height), expected in sizes.items():
        stored = restore(image_bytes(width=width, height=height), LIMITS)

        views = [Pillow.open(io.BytesIO(view)) for view in stored.derived.views]
        assert [view.size for view in views] == expected
        assert {view.format for view in views} == {"WEBP"}
