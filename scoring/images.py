"""What an image is, as numbers: uint8 (height, width, 3), RGB, row 0 at the top."""

from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

RGB = NDArray[np.uint8]
"""uint8 (height, width, 3)."""
Gray = NDArray[np.float64]
"""float64 (height, width) in [0, 255]."""

_LUMA = np.array([0.299, 0.587, 0.114])
"""ITU-R BT.601, what OpenCV and Pillow use; not rounded to whole levels here."""


def read_rgb(source: str | Path | IO[bytes]) -> RGB:
    """Decodes a whole image to RGB; what is transparent lies on white.

    Of 16 bits a channel the upper eight count, in grey (where Pillow's own conversion makes all
    but the darkest white) as in colour.

    Raises OSError (Pillow's UnidentifiedImageError is one) for what is no image or is cut short.
    """
    with Image.open(source) as image:
        if image.mode.startswith("I"):
            grey = (np.asarray(image).clip(0, 65535) >> 8).astype(np.uint8)
            return np.repeat(grey[..., None], 3, axis=2)
        if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
            layer = image.convert("RGBA")
            white = Image.new("RGBA", layer.size, (255, 255, 255, 255))
            return np.asarray(Image.alpha_composite(white, layer).convert("RGB"))
        return np.asarray(image.convert("RGB"))


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


def size_text(image: RGB) -> str:
    """``512×768``: width × height, for reasons."""
    return f"{image.shape[1]}×{image.shape[0]}"
