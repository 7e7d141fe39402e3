"""An image's bytes → what is stored of it: its pixels upright, on white, and nothing else.

Where the compressed data is those pixels already it is kept, in a container of our making (ADR
38); else the pixels are encoded anew as PNG. Every derivative is made of the decoded pixels.

Runs in a process of its own (decoder.py), for decoders are the most attacked code there is.
"""

import io
import struct
import zlib
from dataclasses import dataclass

import numpy as np
from PIL import Image as Pil
from PIL import ImageCms, ImageOps, UnidentifiedImageError

from annotator.core.reasons import Code, Reason
from annotator.ingest import containers
from annotator.ingest.refusals import ImageRefused, file_too_large
from annotator.items.derivatives import Derived, derive

SUFFIXES = {"PNG": "png", "JPEG": "jpg", "WEBP": "webp"}
FORMATS = tuple(SUFFIXES)
ORIENTATION = 0x0112
WHITE = (255, 255, 255)

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
    (b"PK\x03\x04", "ZIP"),
    (b"\x1f\x8b", "GZIP"),
    (b"<svg", "SVG"),
    (b"<?xml", "XML"),
    (b"<!doc", "HTML"),
    (b"<html", "HTML"),
)
_ISO_BRANDS = {b"avif": "AVIF", b"avis": "AVIF", b"heic": "HEIC", b"mif1": "HEIC"}
_SRGB = ImageCms.createProfile("sRGB")


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
        with Pil.open(io.BytesIO(data), formats=FORMATS) as image:
            _check_shape(image, limits)
            pixels = _upright_rgb(image)
            kept = _kept(data, image, pixels)
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
    if getattr(image, "n_frames", 1) > 1:
        raise ImageRefused(Reason(Code.IMAGE_MOVES))


def _upright_rgb(image: Pil.Image) -> Pil.Image:
    """A bare RGB image: orientation applied, 16 bits scaled to 8, transparency over white."""
    image.load()
    profile = image.info.get("icc_profile")
    upright = ImageOps.exif_transpose(image)
    flat = _to_srgb(_flat(upright), profile)
    bare = Pil.new("RGB", flat.size)
    bare.paste(flat)
    return bare


def _flat(image: Pil.Image) -> Pil.Image:
    """RGB or CMYK, opaque."""
    if image.mode.startswith("I"):
        return _from_16_bits(image)
    if image.mode in ("RGB", "CMYK") and "transparency" not in image.info:
        return image
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        white = Pil.new("RGB", layer.size, WHITE)
        white.paste(layer, mask=layer.getchannel("A"))
        return white
    return image.convert("RGB")


def _from_16_bits(image: Pil.Image) -> Pil.Image:
    """Grey of 16 bits by v / 257, rounded: Pillow's own conversion clips all above 255."""
    values = np.asarray(image).astype(np.uint32)
    gray = ((values + 128) // 257).astype(np.uint8)
    clear = image.info.get("transparency")
    if isinstance(clear, int):
        gray[values == clear] = 255
    return Pil.fromarray(gray).convert("RGB")


def _to_srgb(image: Pil.Image, profile: object) -> Pil.Image:
    """Through its colour profile, if it has one that is not sRGB already; else as it is."""
    if isinstance(profile, bytes):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            if "srgb" not in ImageCms.getProfileDescription(source).lower():
                shown = ImageCms.profileToProfile(image, source, _SRGB, outputMode="RGB")
                return shown if shown is not None else image.convert("RGB")
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            return image.convert("RGB")
    return image.convert("RGB")


def _kept(data: bytes, image: Pil.Image, pixels: Pil.Image) -> tuple[bytes, str] | None:
    """The uploaded file in a bare container and its suffix, if that is exactly these pixels."""
    kind = image.format or ""
    file = containers.bare(data, kind)
    if file is None:
        return None
    # A PNG's pixels are its IDAT's alone, unless one of these says more: nothing to decode twice.
    if kind == "PNG" and not _says_more(image):
        return file, SUFFIXES[kind]
    try:
        with Pil.open(io.BytesIO(file), formats=[kind]) as again:
            same = again.mode == "RGB" and again.tobytes() == pixels.tobytes()
    except BROKEN:
        return None
    return (file, SUFFIXES[kind]) if same else None


def _says_more(image: Pil.Image) -> bool:
    told = {"icc_profile", "transparency"} & image.info.keys()
    return bool(told) or image.getexif().get(ORIENTATION, 1) != 1


def _png(image: Pil.Image) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "PNG", compress_level=PNG_LEVEL, compress_type=PNG_RLE)
    return stream.getvalue()


def _type_of(data: bytes) -> Reason:
    """What the bytes are instead of an image that is taken."""
    head = data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if data[4:8] == b"ftyp" and data[8:12] in _ISO_BRANDS:
        return Reason(Code.IMAGE_OF_OTHER_TYPE, format=_ISO_BRANDS[data[8:12]])
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
