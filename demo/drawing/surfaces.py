"""What things stand on and before: albedo of the ground and colours of the distance, procedural.

Colours are linear RGB in [0, 1]. ``x`` and ``z`` are world coordinates of ground points.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from demo.drawing.scenes import Surface

Floats = NDArray[np.floating[Any]]

_TILE = 512


@lru_cache(maxsize=16)
def cloud(seed: int, roughness: float) -> Floats:
    """A tile (512, 512) of 1/f^roughness noise, mean 0, deviation 1, that repeats without seams."""
    rng = np.random.default_rng([seed, 77])
    frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(_TILE), np.fft.rfftfreq(_TILE), indexing="ij"))
    frequency[0, 0] = 1
    phases = np.exp(2j * np.pi * rng.random(frequency.shape))
    spectrum = phases * frequency**-roughness
    spectrum[0, 0] = 0
    tile = np.fft.irfft2(spectrum, (_TILE, _TILE))
    return np.asarray(tile / tile.std(), dtype=np.float32)


def sample(tile: Floats, u: Floats, v: Floats) -> Floats:
    """Bilinear look-up; the tile spans one unit of u (columns) and v (rows) and repeats."""
    column, row = u * _TILE, v * _TILE
    left, top = np.floor(column), np.floor(row)
    dx, dy = column - left, row - top
    c0, r0 = left.astype(np.int32) % _TILE, top.astype(np.int32) % _TILE
    c1, r1 = (c0 + 1) % _TILE, (r0 + 1) % _TILE
    upper = tile[r0, c0] * (1 - dx) + tile[r0, c1] * dx
    lower = tile[r1, c0] * (1 - dx) + tile[r1, c1] * dx
    return np.asarray(upper * (1 - dy) + lower * dy, dtype=np.float32)


def ramp(amount: Floats, dark: tuple[float, ...], light: tuple[float, ...]) -> Floats:
    """From one colour to the other by an amount in [0, 1], clipped: (…, 3)."""
    share = np.clip(amount, 0, 1)[..., None]
    low, high = np.array(dark, dtype=np.float32), np.array(light, dtype=np.float32)
    return np.asarray(low + (high - low) * share, dtype=np.float32)


def smoothstep(low: float, high: float, value: Floats) -> Floats:
    """0 below ``low``, 1 above ``high`` (or the reverse), smooth between."""
    t = np.clip((value - np.float32(low)) / np.float32(high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), dtype=np.float32)


def ground_albedo(surface: Surface, seed: int, x: Floats, z: Floats) -> Floats:
    """The ground's colour at world points, (…, 3)."""
    return _GROUNDS[surface](seed, x, z)


def _wood(seed: int, x: Floats, z: Floats) -> Floats:
    width = np.float32(1.15)
    plank = np.floor(z / width)
    shade = np.sin(plank * 12.9898 + seed) * 43758.5453
    shade = (shade - np.floor(shade)).astype(np.float32)
    fibre = sample(cloud(seed, 1.6), x * 0.055 + shade * 7, z * 0.62 + shade)
    fine = sample(cloud(seed + 1, 0.9), x * 0.05 + shade * 3, z * 1.3)
    rings = np.sin((z / width + 0.22 * fibre + shade * 5) * 17)
    amount = 0.52 + 0.16 * rings + 0.09 * fine + 0.12 * fibre + 0.34 * (shade - 0.5)
    colour = ramp(amount.astype(np.float32), (0.155, 0.062, 0.024), (0.56, 0.315, 0.145))
    edge = np.abs(z / width - np.round(z / width)) * width
    colour *= (1 - 0.72 * smoothstep(0.028, 0.006, edge))[..., None]
    return colour


def _marble(seed: int, x: Floats, z: Floats) -> Floats:
    bend = sample(cloud(seed, 1.9), x * 0.06, z * 0.06)
    detail = sample(cloud(seed + 1, 1.7), x * 0.09 + 0.04 * bend, z * 0.09)
    soft = sample(cloud(seed + 2, 2.0), x * 0.05, z * 0.05)
    veins = np.exp(-np.abs(detail + 0.35 * bend) * 9) * 0.75
    veins += np.exp(-np.abs(detail - 0.9 + 0.5 * soft) * 16) * 0.4
    amount = 1.02 - 0.75 * veins - 0.09 * (soft > 0) * soft
    colour = ramp(amount.astype(np.float32), (0.23, 0.24, 0.27), (0.80, 0.79, 0.765))
    side = np.float32(2.6)
    gap = np.minimum(np.abs(x / side - np.round(x / side)), np.abs(z / side - np.round(z / side)))
    colour *= (1 - 0.45 * smoothstep(0.011, 0.004, gap * side * 0.5))[..., None]
    return colour


def _cloth(seed: int, x: Floats, z: Floats) -> Floats:
    hues = ((0.50, 0.035, 0.045), (0.035, 0.14, 0.42), (0.04, 0.28, 0.13))
    colour = np.array(hues[seed % 3], dtype=np.float32)
    side = np.float32(0.62)
    wave = np.float32(0.05) * sample(cloud(seed, 2.0), x * 0.05, z * 0.05)
    across = smoothstep(-0.06, 0.06, np.sin((x + wave) * np.pi / side))
    along = smoothstep(-0.06, 0.06, np.sin((z + wave) * np.pi / side))
    cover = (across + along) * 0.5
    thread = 1 + 0.07 * np.sin(x * 95) * np.sin(z * 95)
    white = np.array([0.82, 0.81, 0.78], dtype=np.float32)
    base = white + (colour - white) * (0.97 * cover)[..., None]
    fold = 1 + 0.05 * sample(cloud(seed + 1, 2.0), x * 0.04, z * 0.04)
    return np.asarray(base * (thread * fold)[..., None], dtype=np.float32)


def _grass(seed: int, x: Floats, z: Floats) -> Floats:
    patch = sample(cloud(seed, 1.8), x * 0.05, z * 0.05)
    blades = sample(cloud(seed + 1, 0.75), x * 0.42, z * 0.11)
    tips = sample(cloud(seed + 2, 0.45), x * 0.55, z * 0.15)
    amount = 0.42 + 0.12 * patch + 0.17 * blades + 0.10 * tips
    colour = ramp(amount.astype(np.float32), (0.018, 0.055, 0.010), (0.23, 0.42, 0.065))
    dry = smoothstep(0.4, 2.2, patch + 0.4 * tips)[..., None] * np.float32(0.35)
    return np.asarray(
        colour * (1 - dry) + np.array([0.36, 0.40, 0.10], np.float32) * dry, dtype=np.float32
    )


def _sand(seed: int, x: Floats, z: Floats) -> Floats:
    dune = sample(cloud(seed, 2.0), x * 0.045, z * 0.045)
    grain = sample(cloud(seed + 1, 0.2), x * 0.5, z * 0.32)
    ripple = np.sin(z * 6.5 + x * 0.8 + dune * 2.6)
    amount = 0.60 + 0.10 * dune + 0.075 * ripple + 0.075 * grain
    return ramp(amount.astype(np.float32), (0.36, 0.235, 0.125), (0.80, 0.63, 0.41))


def _snow(seed: int, x: Floats, z: Floats) -> Floats:
    drift = sample(cloud(seed, 2.1), x * 0.055, z * 0.055)
    crust = sample(cloud(seed + 1, 1.1), x * 0.22, z * 0.12)
    spark = sample(cloud(seed + 2, 0.0), x * 0.7, z * 0.5)
    amount = 0.60 + 0.22 * drift + 0.11 * crust + 0.7 * smoothstep(3.0, 3.8, spark)
    return ramp(amount.astype(np.float32), (0.40, 0.50, 0.68), (0.88, 0.91, 0.96))


_GROUNDS: dict[Surface, Callable[[int, Floats, Floats], Floats]] = {
    "wood": _wood,
    "marble": _marble,
    "cloth": _cloth,
    "grass": _grass,
    "sand": _sand,
    "snow": _snow,
}


def backdrop(surface: Surface, seed: int, across: Floats, above: Floats) -> Floats:
    """What is seen beyond the ground, (…, 3); ``above`` is the height over the horizon.

    ``across`` and ``above`` are in image heights, 0 at the middle and at the horizon.
    """
    return (
        _indoors(seed, across, above)
        if surface in _INDOORS
        else _outdoors(surface, seed, across, above)
    )


_INDOORS = frozenset({"wood", "marble", "cloth"})


def _indoors(seed: int, across: Floats, above: Floats) -> Floats:
    """A wall out of focus, with the light of a window and soft round lights."""
    walls = (
        ((0.20, 0.17, 0.15), (0.52, 0.45, 0.38)),
        ((0.12, 0.16, 0.19), (0.40, 0.46, 0.50)),
        ((0.19, 0.17, 0.20), (0.50, 0.44, 0.47)),
    )
    dark, light = walls[seed % 3]
    glow = np.exp(-((across - 0.28) ** 2 + (above - 0.16) ** 2) / 0.11)
    wall = ramp((0.32 + 0.55 * glow).astype(np.float32), dark, light)
    rng = np.random.default_rng([seed, 5])
    for _ in range(9):
        cx, cy = rng.uniform(-0.6, 0.6), rng.uniform(0.02, 0.4)
        radius, strength = rng.uniform(0.03, 0.075), rng.uniform(0.03, 0.11)
        distance = np.hypot(across - np.float32(cx), above - np.float32(cy))
        disc = smoothstep(radius * 1.15, radius * 0.85, distance)
        wall += disc[..., None] * np.array([1.0, 0.86, 0.62], np.float32) * np.float32(strength)
    return wall


def _outdoors(surface: Surface, seed: int, across: Floats, above: Floats) -> Floats:
    """Sky with clouds; hills behind grass and snow, the sea behind sand."""
    sky = ramp(smoothstep(-0.02, 0.42, above), (0.66, 0.78, 0.90), (0.16, 0.37, 0.74))
    puff = sample(cloud(seed + 3, 1.75), across * 0.35 + seed * 0.13, above * 0.8)
    cover = smoothstep(0.1, 1.5, puff) * smoothstep(0.0, 0.12, above) * np.float32(0.8)
    sky = sky + (np.float32(0.93) - sky) * cover[..., None]
    if surface == "sand":
        sea = ramp(smoothstep(0.0, 0.055, above), (0.16, 0.42, 0.47), (0.05, 0.20, 0.33))
        return _under(sky, sea, smoothstep(0.052, 0.058, above))
    hills = ((0.36, 0.47, 0.50), (0.16, 0.28, 0.16)) if surface == "grass" else (
        (0.58, 0.66, 0.78), (0.40, 0.49, 0.60)
    )  # fmt: skip
    for layer, (colour, height) in enumerate(zip(hills, (0.085, 0.04), strict=True)):
        ridge = sample(
            cloud(seed + 4 + layer, 1.9), across * 0.28 + layer * 0.31, np.zeros_like(across)
        )
        edge = above - np.float32(height) * (1 + np.float32(0.42) * ridge)
        flat = np.broadcast_to(np.array(colour, np.float32), sky.shape)
        sky = _under(sky, flat, smoothstep(-0.005, 0.005, edge))
    return sky


def _under(above: Floats, below: Floats, share: Floats) -> Floats:
    return np.asarray(below + (above - below) * share[..., None], dtype=np.float32)
