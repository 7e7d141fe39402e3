"""An image's bytes → its pixels, stored anew: no metadata, one format, upright, on white.

Runs in a process of its own (decoder.py), for decoders are the most attacked code there is.
"""

import io
import struct
import zlib
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from annotator.items.troubles import ImageRefused

FORMATS = ("PNG", "JPEG", "WEBP")
WHITE = (255, 255, 255)
MIB = 1024**2

# Our own limits stand before any pixel is read; Pillow's only warns at a place of its choosing.
Image.MAX_IMAGE_PIXELS = None

# Measured on 512×512 photographs: the run-length strategy gives level 6's size at level 1's time.
# An encoder of our own with one fixed filter saved 5 of 40 ms for 9 % more bytes: not worth it.
PNG_LEVEL, PNG_RLE = 1, 3
THUMBNAIL_QUALITY, THUMBNAIL_METHOD = 80, 0

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
    (b"GIF8", "a GIF"),
    (b"II*\x00", "a TIFF"),
    (b"MM\x00*", "a TIFF"),
    (b"BM", "a BMP"),
    (b"%!PS", "PostScript"),
    (b"%PDF", "a PDF"),
    (b"\x00\x00\x00\x0cjP  ", "a JPEG 2000"),
    (b"\xff\x4f\xff\x51", "a JPEG 2000"),
    (b"PK\x03\x04", "an archive"),
    (b"\x1f\x8b", "an archive"),
    (b"<svg", "an SVG"),
    (b"<?xml", "an SVG or XML file"),
    (b"<!doc", "a web page"),
    (b"<html", "a web page"),
)
_ISO_BRANDS = {b"avif": "an AVIF", b"avis": "an AVIF", b"heic": "a HEIC", b"mif1": "a HEIC"}
_SRGB = ImageCms.createProfile("sRGB")


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one image: longest side and area in pixels, size in bytes; the thumbnail's side."""

    side: int
    pixels: int
    bytes: int
    thumbnail: int


@dataclass(frozen=True, slots=True)
class Stored:
    """The PNG and the WebP thumbnail to keep, and the size in pixels as it is shown."""

    png: bytes
    thumbnail: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Kept:
    """An image that lies in the storage, under the hash of its stored bytes."""

    sha256: str
    source_sha256: str
    bytes: int
    width: int
    height: int


def restore(data: bytes, limits: Limits) -> Stored:
    """Decodes a whole image and encodes it anew. Raises ImageRefused."""
    check_size(len(data), limits)
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            _check_shape(image, limits)
            pixels = _upright_rgb(image)
    except UnidentifiedImageError as error:
        raise ImageRefused(_what_it_is(data)) from error
    except MemoryError as error:
        raise ImageRefused("needs more memory to decode than is allowed") from error
    except BROKEN as error:
        raise ImageRefused(_how_broken(error)) from error
    return Stored(_png(pixels), _thumbnail(pixels, limits.thumbnail), *pixels.size)


def check_size(size: int, limits: Limits) -> None:
    """Refuses what is empty or too many bytes, before it is read."""
    if size == 0:
        raise ImageRefused("is empty (0 bytes)")
    if size > limits.bytes:
        raise ImageRefused(
            f"is {size / MIB:,.1f} MiB in size; the limit is {limits.bytes / MIB:,.0f} MiB"
        )


def _check_shape(image: Image.Image, limits: Limits) -> None:
    for length, name in ((image.width, "wide"), (image.height, "high")):
        if length > limits.side:
            raise ImageRefused(f"is {length:,} pixels {name}; the limit is {limits.side:,}")
    if image.width * image.height > limits.pixels:
        raise ImageRefused(
            f"has {image.width * image.height:,} pixels; the limit is {limits.pixels:,}"
        )
    if getattr(image, "n_frames", 1) > 1:
        raise ImageRefused("is an animation or holds several images; only still ones are taken")


def _upright_rgb(image: Image.Image) -> Image.Image:
    """A bare RGB image: orientation applied, 16 bits scaled to 8, transparency over white."""
    image.load()
    profile = image.info.get("icc_profile")
    upright = ImageOps.exif_transpose(image)
    flat = _to_srgb(_flat(upright), profile)
    bare = Image.new("RGB", flat.size)
    bare.paste(flat)
    return bare


def _flat(image: Image.Image) -> Image.Image:
    """RGB or CMYK, opaque."""
    if image.mode.startswith("I"):
        return _from_16_bits(image)
    if image.mode in ("RGB", "CMYK") and "transparency" not in image.info:
        return image
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        white = Image.new("RGB", layer.size, WHITE)
        white.paste(layer, mask=layer.getchannel("A"))
        return white
    return image.convert("RGB")


def _from_16_bits(image: Image.Image) -> Image.Image:
    """Grey of 16 bits by v / 257, rounded: Pillow's own conversion clips all above 255."""
    values = np.asarray(image).astype(np.uint32)
    gray = ((values + 128) // 257).astype(np.uint8)
    clear = image.info.get("transparency")
    if isinstance(clear, int):
        gray[values == clear] = 255
    return Image.fromarray(gray).convert("RGB")


def _to_srgb(image: Image.Image, profile: object) -> Image.Image:
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


def _png(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "PNG", compress_level=PNG_LEVEL, compress_type=PNG_RLE)
    return stream.getvalue()


def _thumbnail(image: Image.Image, side: int) -> bytes:
    small = image.copy() if max(image.size) <= side else image
    if small is image:
        scale = side / max(image.size)
        size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
        small = image.resize(size, Image.Resampling.HAMMING, reducing_gap=2.0)
    stream = io.BytesIO()
    small.save(stream, "WEBP", quality=THUMBNAIL_QUALITY, method=THUMBNAIL_METHOD)
    return stream.getvalue()


def _what_it_is(data: bytes) -> str:
    head = data[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    wanted = "PNG, JPEG and WebP are taken"
    if data[4:8] == b"ftyp" and data[8:12] in _ISO_BRANDS:
        return f"is {_ISO_BRANDS[data[8:12]]} image; {wanted}"
    for signature, name in _SIGNATURES:
        if head.lower().startswith(signature.lower()):
            return f"is {name}, not an image that can be taken; {wanted}"
    if head.startswith((b"\x89PNG", b"\xff\xd8\xff", b"RIFF")):
        return "is broken: its beginning can't be read"
    return f"is no image; {wanted}"


def _how_broken(error: BaseException) -> str:
    text = str(error).lower()
    if "truncated" in text or isinstance(error, EOFError):
        return "is truncated: its end is missing"
    return f"is broken: {str(error).splitlines()[0][:150] if str(error) else type(error).__name__}"
