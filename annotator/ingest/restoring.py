"""An image's bytes → what is stored of it: its pixels upright, on white, and nothing else.

Where the compressed data is those pixels already it is kept, in a container of our making (ADR
38); else the pixels are encoded anew as PNG. Every derivative is made of the decoded pixels.

Runs in a process of its own (decoder.py), for decoders are the most attacked code there is.
"""

import io
import struct
import zlib
from dataclasses import dataclass

from PIL import Image as Pil
from PIL import ImageFile, UnidentifiedImageError

from annotator.core.reasons import Code, Reason
from annotator.ingest import containers
from annotator.ingest.colours import to_srgb
from annotator.ingest.damage import refuse_damaged, with_its_end
from annotator.ingest.refusals import ImageRefused, file_too_large
from annotator.items.derivatives import Derived, derive
from scoring.images import flat, open_image

SUFFIXES = {"PNG": "png", "JPEG": "jpg", "WEBP": "webp"}
FORMATS = tuple(SUFFIXES)
# What Pillow calls a JPEG with further pictures behind the first.
SEVERAL_IMAGES = "MPO"
ORIENTATION = 0x0112
_TURN = Pil.Transpose
TURNS = {
    2: _TURN.FLIP_LEFT_RIGHT, 3: _TURN.ROTATE_180, 4: _TURN.FLIP_TOP_BOTTOM, 5: _TURN.TRANSPOSE,
    6: _TURN.ROTATE_270, 7: _TURN.TRANSVERSE, 8: _TURN.ROTATE_90,
}  # fmt: skip

# Our own limits stand before any pixel is read; Pillow's only warns at a place of its choosing.
Pil.MAX_IMAGE_PIXELS = None

# Measured on 512×512 photographs: the run-length strategy gives level 6's size at level 1's time.
# An encoder of our own with one fixed filter saved 5 of 40 ms for 9 % more bytes: not worth it.
PNG_LEVEL, PNG_RLE = 1, 3

# What Pillow's decoders raise at broken input.
BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    KeyError,
    IndexError,
    TypeError,
    OverflowError,
    AttributeError,
    NotImplementedError,
    struct.error,
    zlib.error,
)

_SIGNATURES = (
    (b"GIF8", "GIF"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"BM", "BMP"),
    (b"%!PS", "PostScript"),
    (b"%PDF", "PDF"),
    (b"\x00\x00\x00\x0cjP  ", "JPEG 2000"),
    (b"\xff\x4f\xff\x51", "JPEG 2000"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\x00\x00\x00\x0cjxl ", "JPEG XL"),
    (b"8BPS", "Photoshop"),
    (b"\x00\x00\x01\x00", "ICO"),
    (b"v/1\x01", "OpenEXR"),
    (b"version https://git-lfs", "Git LFS pointer"),
    (b"PK\x03\x04", "ZIP"),
    (b"\x1f\x8b", "GZIP"),
    (b"<svg", "SVG"),
    (b"<?xml", "XML"),
    (b"<!doc", "HTML"),
    (b"<html", "HTML"),
)
# ISO/IEC 14496-12: what a file of type boxes says that it is, the narrower first.
_ISO_BRANDS = (
    ("AVIF", {b"avif", b"avis"}),
    ("HEIC", {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}),
    ("MP4", {b"isom", b"iso2", b"mp41", b"mp42", b"qt  "}),
)


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one image: longest side and area in pixels, size in bytes; the thumbnail's side."""

    side: int
    pixels: int
    bytes: int
    thumbnail: int


@dataclass(frozen=True, slots=True)
class Restored:
    """The file to keep, with its format's suffix, what is derived of it, and its size in pixels."""

    kept: bytes
    suffix: str
    derived: Derived
    width: int
    height: int


def restore(data: bytes, limits: Limits) -> Restored:
    """Decodes a whole image and encodes it anew. Raises ImageRefused."""
    check_size(len(data), limits)
    try:
        data = with_its_end(data)
        with open_image(data, FORMATS) as image:
            _check_shape(image, limits)
            pixels = _upright_rgb(image, data)
            kind = "JPEG" if image.format == SEVERAL_IMAGES else image.format or ""
            bare = containers.bare(data, kind)
            if kind == "JPEG":
                refuse_damaged(bare or data, image.mode)
            kept = _kept(bare, kind, image, pixels)
    except UnidentifiedImageError as error:
        raise ImageRefused(_type_of(data)) from error
    except MemoryError as error:
        raise ImageRefused(Reason(Code.IMAGE_NEEDS_MEMORY)) from error
    except BROKEN as error:
        raise ImageRefused(_how_broken(error)) from error
    file, suffix = kept or (_png(pixels), SUFFIXES["PNG"])
    return Restored(file, suffix, derive(pixels, limits.thumbnail), *pixels.size)


def check_size(size: int, limits: Limits) -> None:
    """Refuses what is empty or too many bytes, before it is read."""
    if size == 0:
        raise ImageRefused(Reason(Code.IMAGE_EMPTY))
    if size > limits.bytes:
        raise ImageRefused(file_too_large(size, limits.bytes))


def _check_shape(image: Pil.Image, limits: Limits) -> None:
    pixels = image.width * image.height
    if image.width > limits.side:
        raise ImageRefused(Reason(Code.IMAGE_TOO_WIDE, width=image.width, max=limits.side))
    if image.height > limits.side:
        raise ImageRefused(Reason(Code.IMAGE_TOO_HIGH, height=image.height, max=limits.side))
    if pixels > limits.pixels:
        raise ImageRefused(Reason(Code.IMAGE_TOO_MANY_PIXELS, pixels=pixels, max=limits.pixels))
    # A camera's further pictures (CIPA DC-007), a gain map, say, are no frames: the first is it.
    if getattr(image, "n_frames", 1) > 1 and image.format != SEVERAL_IMAGES:
        raise ImageRefused(Reason(Code.IMAGE_MOVES))


def _upright_rgb(image: ImageFile.ImageFile, data: bytes) -> Pil.Image:
    """A bare RGB image: orientation applied, 16 bits scaled to 8, transparency over white."""
    opaque = flat(image, data)
    shown = to_srgb(opaque, image.info.get("icc_profile"), data)
    turn = TURNS.get(_orientation(image))
    upright = shown if turn is None else shown.transpose(turn)
    bare = Pil.new("RGB", upright.size)
    bare.paste(upright)
    return bare


def _orientation(image: Pil.Image) -> int:
    """As the EXIF says; 1 where that can't be read.

    Pillow's `getexif` takes XMP's word where EXIF has none, which no browser does.
    """
    exif = Pil.Exif()
    try:
        exif.load(image.info.get("exif") or b"")
        return int(exif.get(ORIENTATION, 1))
    except BROKEN:
        return 1


def _kept(
    file: bytes | None, kind: str, image: Pil.Image, pixels: Pil.Image
) -> tuple[bytes, str] | None:
    """The uploaded file in a bare container and its suffix, if that is exactly these pixels."""
    if file is None:
        return None
    # Nothing to decode twice where the compressed data alone says what the pixels are.
    if _is_plain(kind, image):
        return file, SUFFIXES[kind]
    try:
        with Pil.open(io.BytesIO(file), formats=[kind]) as again:
            same = again.mode == "RGB" and again.tobytes() == pixels.tobytes()
    except BROKEN:
        return None
    return (file, SUFFIXES[kind]) if same else None


def _is_plain(kind: str, image: Pil.Image) -> bool:
    """A PNG's pixels are its IDAT's alone, unless one of these says more.

    So are a JPEG's its scans', if it says that it is JFIF, as its new container does: without that,
    or where Adobe's marker stands, the decoder guesses which colours its components are.
    """
    told = {"icc_profile", "transparency", "gamma", "adobe"} & image.info.keys()
    return (
        (kind == "PNG" or (kind == "JPEG" and "jfif" in image.info))
        and not told
        and _orientation(image) == 1
    )


def _png(image: Pil.Image) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "PNG", compress_level=PNG_LEVEL, compress_type=PNG_RLE)
    return stream.getvalue()


def _type_of(data: bytes) -> Reason:
    """What the bytes are instead of an image that is taken."""
    head = data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if data[4:8] == b"ftyp":
        end = min(int.from_bytes(data[:4], "big"), 256)
        brands = {data[at : at + 4] for at in (8, *range(16, end, 4))}
        for name, known in _ISO_BRANDS:
            if brands & known:
                return Reason(Code.IMAGE_OF_OTHER_TYPE, format=name)
    for signature, name in _SIGNATURES:
        if head.startswith(signature.lower()):
            return Reason(Code.IMAGE_OF_OTHER_TYPE, format=name)
    if data.startswith((b"\x89PNG", b"\xff\xd8\xff", b"RIFF")):
        return Reason(Code.IMAGE_HEAD_BROKEN)
    return Reason(Code.IMAGE_NO_IMAGE)


def _how_broken(error: BaseException) -> Reason:
    if "truncated" in str(error).lower() or isinstance(error, EOFError):
        return Reason(Code.IMAGE_TRUNCATED)
    message = str(error).splitlines()[0][:150] if str(error) else type(error).__name__
    return Reason(Code.IMAGE_BROKEN, error=message)
