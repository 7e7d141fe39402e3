"""Colours and patterns of things: albedo at points of a solid's own space, and how it shines."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from demo.drawing.scenes import Colour, Finish, Shape, Thing
from demo.drawing.surfaces import ramp, smoothstep

Floats = NDArray[np.floating[Any]]

LINEAR: dict[Colour, tuple[float, float, float]] = {
    "red": (0.56, 0.028, 0.030),
    "blue": (0.028, 0.115, 0.54),
    "green": (0.030, 0.25, 0.060),
    "yellow": (0.80, 0.56, 0.035),
    "orange": (0.76, 0.130, 0.010),
    "purple": (0.155, 0.035, 0.36),
    "pink": (0.78, 0.19, 0.34),
    "white": (0.78, 0.77, 0.74),
    "black": (0.020, 0.020, 0.023),
    "turquoise": (0.030, 0.43, 0.42),
}
_WHITE = np.array([0.80, 0.79, 0.76], dtype=np.float32)
_INK = np.array([0.035, 0.035, 0.045], dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Shine:
    """``mirror``: reflection straight on, 0 … 1; ``power`` and ``strength`` of the highlight."""

    mirror: float
    power: float
    strength: float
    tinted: bool = False


_SHINES: dict[Finish, Shine] = {
    "plain": Shine(0.022, 26, 0.16),
    "glossy": Shine(0.055, 320, 2.6),
    "metallic": Shine(0.62, 140, 2.2, tinted=True),
    "wooden": Shine(0.018, 30, 0.14),
    "striped": Shine(0.035, 90, 0.55),
    "dotted": Shine(0.035, 90, 0.55),
}


def shine(finish: Finish) -> Shine:
    return _SHINES[finish]


def albedo(thing: Thing, point: Floats) -> Floats:
    """Linear RGB (n, 3) at points (3, n) of the unit space."""
    colour = np.array(LINEAR[thing.colour], dtype=np.float32)
    base = np.broadcast_to(colour, (point.shape[1], 3))
    if thing.finish == "striped":
        return _mix(base, _second(thing.colour), _stripes(thing.shape, point))
    if thing.finish == "dotted":
        return _mix(base, _second(thing.colour), _dots(thing.shape, point))
    if thing.finish == "wooden":
        return base * _grain(point, thing.yaw)
    return np.asarray(base, dtype=np.float32)


def _second(colour: Colour) -> Floats:
    return _INK if colour == "white" else _WHITE


def _mix(base: Floats, other: Floats, share: Floats) -> Floats:
    return np.asarray(base + (other - base) * share[:, None], dtype=np.float32)


def _stripes(shape: Shape, point: Floats) -> Floats:
    x, y, z = point
    phase = np.arctan2(z, x) * 8 if shape == "ring" else y * np.float32(2 * np.pi / 0.52)
    return smoothstep(-0.12, 0.12, np.sin(phase).astype(np.float32))


_LIDS: dict[Shape, float] = {"cylinder": 2.19, "prism": 1.99}


def _dots(shape: Shape, point: Floats) -> Floats:
    if shape in ("sphere", "egg"):
        return _dots_on_ball(point, 1.25 if shape == "egg" else 1.0)
    x, y, z = point
    if shape in ("cylinder", "cone", "prism"):
        u = np.arctan2(z, x) * np.float32(0.85)
    else:
        u = np.where(np.abs(x) > np.abs(z), z, x)
    row = np.floor(y / 0.42)
    du = (u / 0.445 + 0.5 * (row % 2)) % 1 - 0.5
    dv = (y / 0.42) % 1 - 0.5
    # On a lid the pattern of the sides would run together: it stays plain.
    return np.where(y < _LIDS.get(shape, 9), smoothstep(0.29, 0.25, np.hypot(du, dv)), 0)


def _dots_on_ball(point: Floats, up: float) -> Floats:
    count = 46
    i = np.arange(count) + 0.5
    polar, around = np.arccos(1 - 2 * i / count), np.pi * (1 + 5**0.5) * i
    centres = np.stack(
        [np.sin(polar) * np.cos(around), np.cos(polar), np.sin(polar) * np.sin(around)]
    ).astype(np.float32)
    ball = point - np.array([[0], [up], [0]], dtype=np.float32)
    ball = ball / np.maximum(np.sqrt((ball * ball).sum(axis=0)), 1e-6)
    return smoothstep(0.986, 0.989, (centres.T @ ball).max(axis=0))


def _grain(point: Floats, seed: float) -> Floats:
    """Wood stained with the thing's colour: growth rings around a leaning axis, as a factor."""
    x, y, z = point
    wave = np.sin(3.1 * y + seed * 9) + 0.6 * np.sin(5.3 * x + 2.2 * y) + 0.4 * np.sin(7.7 * z)
    radius = np.hypot(x + 0.55 + 0.12 * y, 0.6 * z + 0.2) + 0.045 * wave
    rings = (0.5 + 0.5 * np.sin(radius * 30)).astype(np.float32)
    fibre = np.sin(y * 2.0 + 41 * x) * np.sin(37 * z + 1.3 * y)
    amount = 0.25 + 0.6 * rings**2 + 0.1 * fibre
    return ramp(amount.astype(np.float32), (1.25, 1.1, 0.95), (0.50, 0.42, 0.36))
