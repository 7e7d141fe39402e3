"""The bytes of one image → its pixels, within limits that stand before any pixel is read."""

import struct
from dataclasses import dataclass

import numpy as np
from PIL import Image

from scoring.images import RGB, flat, open_image
from scoring.reasons import Code as ScoringCode
from scoring.reasons import Reason, Refusal
from scoring.service.refusals import Code, Refused

FORMATS = ("PNG", "JPEG", "WEBP")
# What Pillow's decoders raise at broken input.
BROKEN = (
    OSError, SyntaxError, ValueError, EOFError, KeyError, IndexError, TypeError, OverflowError,
    AttributeError, NotImplementedError, MemoryError, struct.error,
)  # fmt: skip

# Ours stand first; Pillow's only warns at a place of its choosing.
Image.MAX_IMAGE_PIXELS = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a request may hold: bytes and images of it, bytes, side and pixels of an image.

    ``seconds`` is how long an image may wait for its rewards.
    """

    body_bytes: int
    images: int
    image_bytes: int
    side: int
    pixels: int
    seconds: float


def decoded(data: bytes, limits: Limits) -> RGB:
    """The pixels of a PNG, JPEG or WebP, what is transparent on white. Raises Refusal."""
    if len(data) > limits.image_bytes:
        raise Refused(Code.IMAGE_TOO_LARGE, n=len(data), most=limits.image_bytes)
    try:
        with open_image(data, FORMATS) as image:
            width, height = image.size
            if max(width, height) > limits.side or width * height > limits.pixels:
                raise Refused(
                    Code.IMAGE_TOO_MANY_PIXELS,
                    size=f"{width}×{height}",
                    side=limits.side,
                    pixels=limits.pixels,
                )
            return np.asarray(flat(image, data).convert("RGB"))
    except BROKEN as error:
        raise Refusal(Reason(ScoringCode.IMAGE_UNREADABLE)) from error
