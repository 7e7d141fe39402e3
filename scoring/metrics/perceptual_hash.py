"""Perceptual hashes: those of nearly the same images differ in a few bits.

The hash is the DCT hash (Zauner 2010; ImageHash's ``phash``): luma at 32×32, two-dimensional
DCT-II, its 8×8 lowest frequencies, one bit each for "above their median", row by row, the first bit
the highest. Distance is the number of differing bits; up to about 8 of 64 is nearly the same.

A coefficient that is 0 in mathematics (of flat, symmetric or straight images most are) comes out as
rounding noise of either sign, another on another processor: below ``_ZERO`` of the largest it is 0.
"""

import numpy as np
from PIL import Image

from scoring.images import RGB
from scoring.measured import Measured
from scoring.metric_functions import of_image

_SIDE, _LOW = 32, 8
_STEPS = np.arange(_SIDE)
_ZERO = 1e-6
_DCT = 2 * np.cos(np.pi * np.outer(_STEPS[:_LOW], 2 * _STEPS + 1) / (2 * _SIDE))


def phash(image: RGB) -> Measured:
    """The hash as 16 hexadecimal digits."""
    return Measured(f"{phash_bits(image):016x}")


def phash_bits(image: RGB) -> int:
    """The hash as an integer of 64 bits."""
    small = Image.fromarray(image).convert("L").resize((_SIDE, _SIDE), Image.Resampling.LANCZOS)
    frequencies = _DCT @ np.asarray(small, dtype=np.float64) @ _DCT.T
    frequencies[abs(frequencies) < _ZERO * abs(frequencies).max()] = 0
    bits = (frequencies > np.median(frequencies)).ravel()
    return int("".join("1" if bit else "0" for bit in bits), 2)


METRICS = {"phash": of_image(phash)}
