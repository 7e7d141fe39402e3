"""Colours as browsers show them: what a file says of its colours, made sRGB; or refused by name.

The order is that of the PNG specification, third edition, 4.3: cICP, an ICC profile, sRGB, gAMA.
"""

import io
import struct

import numpy as np
from PIL import Image as Pil
from PIL import ImageCms

from annotator.core.reasons import Code, Reason
from annotator.ingest.refusals import ImageRefused
from scoring.images import PNG_SIGNATURE, parts_of_png

# Rec. ITU-T H.273: primaries of BT.709, the curve of sRGB, RGB, full range.
SRGB_CODE = bytes([1, 13, 0, 1])
# BT.709's and white, as cHRM has them: so many hundred-thousandths.
SRGB_CHROMATICITIES = (31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)
NEAR_CHROMATICITY = 1000
SRGB_GAMMA = 0.45455
NEAR_GAMMA = 0.01
_SRGB = ImageCms.createProfile("sRGB")
_LEVELS = np.arange(0, 256, 5, dtype=np.uint8)
# Greys, and each channel by itself.
_PROBE = Pil.fromarray(
    np.stack([_LEVELS[:, None] * np.array(on, np.uint8) for on in
              ((1, 1, 1), (1, 0, 0), (0, 1, 0), (0, 0, 1))])
)  # fmt: skip
BAD_PROFILE = (ImageCms.PyCMSError, OSError, ValueError, TypeError)


def to_srgb(image: Pil.Image, profile: object, data: bytes) -> Pil.Image:
    """L, RGB or CMYK → RGB. Raises ImageRefused for colours that can't be told."""
    told = _told_by_png(data)
    if (code := told.get(b"cICP")) is not None:
        if code != SRGB_CODE:
            raise ImageRefused(Reason(Code.IMAGE_COLOURS_UNKNOWN, chunk="cICP"))
        return image.convert("RGB")
    if isinstance(profile, bytes):
        return _through(image, profile)
    if b"sRGB" in told:
        return image.convert("RGB")
    return _by_gamma(image.convert("RGB"), told)


def _through(image: Pil.Image, profile: bytes) -> Pil.Image:
    """By its profile, whatever that is called; left aside where it is not of such images."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if image.mode == "RGB" and source.profile.xcolor_space.strip() == "GRAY":
            image = image.getchannel(0)
        if image.mode == "L" and source.profile.xcolor_space.strip() == "RGB":
            image = image.convert("RGB")
        if image.mode == "RGB" and _is_srgb(source):
            return image
        shown = ImageCms.profileToProfile(image, source, _SRGB, outputMode="RGB")
    except BAD_PROFILE:
        return image.convert("RGB")
    return shown if shown is not None else image.convert("RGB")


def _is_srgb(source: ImageCms.ImageCmsProfile) -> bool:
    """By what it does to some colours; near is near enough, for curves are written as tables."""
    shown = ImageCms.profileToProfile(_PROBE, source, _SRGB, outputMode="RGB")
    return shown is not None and bool(
        np.abs(np.asarray(shown, np.int16) - np.asarray(_PROBE, np.int16)).max() <= 2
    )


def _told_by_png(data: bytes) -> dict[bytes, bytes]:
    if not data.startswith(PNG_SIGNATURE):
        return {}
    told = {b"cICP", b"sRGB", b"gAMA", b"cHRM"}
    return {
        kind: data[start + 8 : end - 4] for kind, start, end in parts_of_png(data) if kind in told
    }


def _by_gamma(image: Pil.Image, told: dict[bytes, bytes]) -> Pil.Image:
    """gAMA says by which power levels were made of light; sRGB's own curve makes them anew."""
    if len(primaries := told.get(b"cHRM", b"")) == 32:
        told_apart = zip(struct.unpack(">8I", primaries), SRGB_CHROMATICITIES, strict=True)
        if any(abs(one - other) > NEAR_CHROMATICITY for one, other in told_apart):
            raise ImageRefused(Reason(Code.IMAGE_COLOURS_UNKNOWN, chunk="cHRM"))
    if len(written := told.get(b"gAMA", b"")) != 4:
        return image
    gamma = struct.unpack(">I", written)[0] / 100_000
    if gamma <= 0 or abs(gamma - SRGB_GAMMA) < NEAR_GAMMA:
        return image
    light = (np.arange(256) / 255) ** (1 / gamma)
    levels = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return image.point(np.rint(levels * 255).clip(0, 255).astype(int).tolist() * 3)
