"""What an image is, as numbers: uint8 (height, width, 3), RGB, row 0 at the top."""

import io
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile

RGB = NDArray[np.uint8]
"""uint8 (height, width, 3)."""
Gray = NDArray[np.float64]
"""float64 (height, width) in [0, 255]."""
Region = NDArray[np.bool_]
"""bool (height, width): the pixels that belong to a part of an image."""

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
TEXT_PARTS = frozenset({b"tEXt", b"zTXt", b"iTXt"})
WHITE = 255

_LUMA = np.array([0.299, 0.587, 0.114])
"""ITU-R BT.601, what OpenCV and Pillow use; not rounded to whole levels here."""


def read_rgb(source: str | Path | IO[bytes]) -> RGB:
    """Decodes a whole image to RGB; what is transparent lies on white, 16 bits become 8 (÷ 257).

    A stream is read from its beginning, wherever it stands, as Pillow does.
    Raises OSError (Pillow's UnidentifiedImageError is one) for what is no image or is cut short.
    """
    if isinstance(source, str | Path):
        data = Path(source).read_bytes()
    else:
        source.seek(0)
        data = source.read()
    with open_image(data) as image:
        return np.asarray(flat(image, data).convert("RGB"))


def read_region(source: str | Path | IO[bytes]) -> Region:
    """Where a mask is white: where the mean of its channels is 128 or more. Raises OSError."""
    mask: Region = read_rgb(source).mean(axis=2) >= (WHITE + 1) / 2
    return mask


def open_image(data: bytes, formats: tuple[str, ...] | None = None) -> ImageFile.ImageFile:
    """The image, its pixels not read yet. Raises what Pillow's decoders raise."""
    return Image.open(io.BytesIO(without_text(data)), formats=formats)


def flat(image: ImageFile.ImageFile, data: bytes) -> Image.Image:
    """Eight bits a channel, opaque: L, RGB or CMYK. `image` is `data`, opened and not loaded yet.

    A transparent key is compared at the depth in which it is written (PNG third edition 11.3.1.1).
    """
    wide = _read_wide(image, data)
    if wide is not None:
        return _flat_wide(wide, image.info.get("transparency"))
    depth = _depth_of_grey(image)
    image.load()
    key = image.info.get("transparency")
    if image.mode.startswith("I"):
        return _flat_wide(np.asarray(image).clip(0, 65535)[..., None], key)
    if depth and isinstance(key, int):
        gray = np.array(image.convert("L"))
        gray[gray == key * 255 // (2**depth - 1)] = WHITE
        return Image.fromarray(gray)
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        white = Image.new("RGB", layer.size, (WHITE, WHITE, WHITE))
        white.paste(layer, mask=layer.getchannel("A"))
        return white
    if image.mode == "1":
        return image.convert("L")
    return image if image.mode in ("L", "RGB", "CMYK") else image.convert("RGB")


def parts_of_png(png: bytes) -> Iterator[tuple[bytes, int, int]]:
    """A PNG's chunks: kind, where each begins and where it ends, as far as they are whole."""
    at = len(PNG_SIGNATURE)
    while at + 12 <= len(png):
        (size,) = struct.unpack_from(">I", png, at)
        end = at + 12 + size
        yield png[at + 4 : at + 8], at, end
        at = end


def without_text(data: bytes) -> bytes:
    """A PNG without its texts, of which no pixel is made and Pillow takes a megabyte at most."""
    if not data.startswith(PNG_SIGNATURE):
        return data
    texts = [(start, end) for kind, start, end in parts_of_png(data) if kind in TEXT_PARTS]
    kept, at = [], 0
    for start, end in texts:
        kept.append(data[at:start])
        at = end
    return b"".join([*kept, data[at:]])


def _depth_of_grey(image: ImageFile.ImageFile) -> int:
    """Bits a pixel of a grey PNG of 8 at most, before it is loaded; 0: it is none."""
    raw = str(image.tile[0].args) if image.format == "PNG" and image.tile else ""
    return {"1": 1, "L;2": 2, "L;4": 4, "L": 8}.get(raw, 0)


def _read_wide(image: ImageFile.ImageFile, data: bytes) -> NDArray[np.uint16] | None:
    """A PNG's channels of 16 bits; None for other images, and for grey alone, which Pillow reads.

    Pillow keeps the upper byte of each channel. Told that a file is little-endian it keeps the
    lower one; grey with alpha has as many bytes a pixel as RGBA of 8 bits.
    """
    raw = str(image.tile[0].args) if image.format == "PNG" and image.tile else ""
    if raw == "LA;16B":
        four = _loaded_as(image, "RGBA")
        return _joined(four[..., ::2], four[..., 1::2])
    if raw in ("RGB;16B", "RGBA;16B"):
        with open_image(data, ("PNG",)) as again:
            low = _loaded_as(again, f"{raw[:-1]}L")
        return _joined(_loaded_as(image, raw), low)
    return None


def _joined(upper: NDArray[np.uint16], lower: NDArray[np.uint16]) -> NDArray[np.uint16]:
    joined: NDArray[np.uint16] = (upper << np.uint16(8)) | lower
    return joined


def _loaded_as(image: ImageFile.ImageFile, raw: str) -> NDArray[np.uint16]:
    image.tile = [image.tile[0]._replace(args=raw)]
    return np.asarray(image).astype(np.uint16)


def _flat_wide(values: NDArray[np.generic], key: object) -> Image.Image:
    """Grey, grey with alpha, RGB or RGBA of 16 bits → 8 (÷ 257, rounded), opaque over white."""
    levels = ((values.astype(np.uint32) + 128) // 257).astype(np.uint8)
    if values.shape[2] in (2, 4):
        layer = Image.fromarray(levels, "LA" if values.shape[2] == 2 else "RGBA").convert("RGBA")
        white = Image.new("RGB", layer.size, (WHITE, WHITE, WHITE))
        white.paste(layer, mask=layer.getchannel("A"))
        return white
    if isinstance(key, int | tuple):
        levels[(values == np.asarray(key)).all(axis=2)] = WHITE
    return Image.fromarray(levels[..., 0] if values.shape[2] == 1 else levels)


def require_rgb(image: RGB) -> None:
    """Raises ValueError unless this is a uint8 (height, width, 3) array that is not empty."""
    if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3 or not image.size:
        raise ValueError(
            f"an image is uint8 (height, width, 3), not {image.dtype} {tuple(image.shape)}"
        )


def luma(image: RGB) -> Gray:
    """0.299 R + 0.587 G + 0.114 B as float64 in [0, 255]."""
    gray: Gray = image.astype(np.float64) @ _LUMA
    return gray


def size_text(image: RGB | Region) -> str:
    """``512×768``: width × height, for reasons."""
    return f"{image.shape[1]}×{image.shape[0]}"
