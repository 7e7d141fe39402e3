"""Rays against simple solids, and their outlines from above. All in a solid's own unit space.

Unit space: the foot's middle is the origin, y is up, ``Thing.size`` is 1. Fields of vectors are
float32 arrays (3, n). A ray that misses has distance infinity.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from demo.drawing.scenes import Shape

Floats = NDArray[np.floating[Any]]
Hit = tuple[Floats, Floats]
"""Distances (n,) along the rays and unit normals (3, n)."""

_FAR = np.float32(np.inf)
_BEVEL = np.float32(0.075)


def intersect(shape: Shape, origin: Floats, direction: Floats) -> Hit:
    """First hits of rays from one ``origin`` (3,) along each ``direction`` (3, n)."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        return _SOLIDS[shape](origin, direction)


def outline(shape: Shape, y: float) -> NDArray[np.float64]:
    """The solid's cross-section at height y, as points (n, 2) of x and z; empty outside it."""
    radius, corners = _SECTIONS[shape](y)
    angles = (np.arange(corners) + 0.5) * 2 * np.pi / corners
    if radius <= 0:
        return np.zeros((0, 2))
    return radius * np.stack([np.cos(angles), np.sin(angles)], axis=1)


def _ellipsoid(across: float, up: float) -> Callable[[Floats, Floats], Hit]:
    def hit(origin: Floats, direction: Floats) -> Hit:
        scale = np.array([across, up, across], dtype=np.float32)
        o = (origin - np.array([0, up, 0], dtype=np.float32)) / scale
        d = direction / scale[:, None]
        t = _nearest_root((d * d).sum(axis=0), o @ d, np.float32(o @ o - 1))
        point = o[:, None] + d * np.where(np.isfinite(t), t, 0)
        return t, _unit(point / scale[:, None])

    return hit


def _nearest_root(a: Floats, half_b: Floats, c: np.float32 | Floats) -> Floats:
    inside = half_b * half_b - a * c
    root = np.sqrt(np.maximum(inside, 0))
    t = (-half_b - root) / a
    return np.asarray(np.where((inside > 0) & (t > 0), t, _FAR), dtype=np.float32)


def _unit(vectors: Floats) -> Floats:
    length = np.sqrt((vectors * vectors).sum(axis=0))
    return np.asarray(vectors / np.maximum(length, np.float32(1e-9)), dtype=np.float32)


def _convex(normals: Floats, offsets: Floats) -> Callable[[Floats, Floats], Hit]:
    """A convex solid: all points with n · p ≤ offset for each plane, its edges slightly rounded."""

    def hit(origin: Floats, direction: Floats) -> Hit:
        slope = normals @ direction
        t = (offsets - normals @ origin)[:, None] / slope
        entering = np.where(slope < 0, t, -_FAR)
        near = entering.max(axis=0)
        far = np.where(slope > 0, t, _FAR).min(axis=0)
        face = entering.argmax(axis=0)
        distance = np.where((near < far) & (near > 0), near, _FAR).astype(np.float32)
        point = origin[:, None] + direction * np.where(np.isfinite(distance), distance, 0)
        return distance, _bevelled(normals, offsets, face, point)

    return hit


def _bevelled(normals: Floats, offsets: Floats, face: NDArray[np.intp], point: Floats) -> Floats:
    gaps = offsets[:, None] - normals @ point
    gaps[face, np.arange(len(face))] = _FAR
    gaps[1] = _FAR  # plane 1 is the foot: what rests on the ground shows no edge there
    second = gaps.argmin(axis=0)
    gap = gaps[second, np.arange(len(face))]
    share = np.clip(1 - gap / _BEVEL, 0, 1) ** 2 * np.float32(0.8)
    return _unit(normals[face].T + normals[second].T * share)


@cache
def _prism(corners: int, radius: float, height: float) -> Callable[[Floats, Floats], Hit]:
    """Upright prism; ``radius`` is that of the circle inside its cross-section."""
    angles = np.arange(corners) * 2 * np.pi / corners
    sides = [(np.cos(a), 0, np.sin(a)) for a in angles]
    normals = np.array([(0, 1, 0), (0, -1, 0), *sides], dtype=np.float32)
    offsets = np.array([height, 0, *[radius] * corners], dtype=np.float32)
    return _convex(normals, offsets)


@cache
def _pyramid(half: float, height: float) -> Callable[[Floats, Floats], Hit]:
    lean = np.hypot(height, half)
    sides = [
        (height / lean * np.cos(a), half / lean, height / lean * np.sin(a))
        for a in np.arange(4) * np.pi / 2
    ]
    # A lid high above the apex takes the place of the prism's top, so that plane 1 is the foot.
    normals = np.array([(0, 1, 0), (0, -1, 0), *sides], dtype=np.float32)
    offsets = np.array([2 * height, 0, *[half * height / lean] * 4], dtype=np.float32)
    return _convex(normals, offsets)


def _cylinder(radius: float, height: float) -> Callable[[Floats, Floats], Hit]:
    def hit(origin: Floats, direction: Floats) -> Hit:
        dx, dy, dz = direction
        t = _nearest_root(
            dx * dx + dz * dz,
            origin[0] * dx + origin[2] * dz,
            np.float32(origin[0] ** 2 + origin[2] ** 2 - radius**2),
        )
        y = origin[1] + dy * t
        side = np.where(np.isfinite(t) & (y >= 0) & (y <= height), t, _FAR)
        lid = (height - origin[1]) / dy
        x, z = origin[0] + dx * lid, origin[2] + dz * lid
        out = np.sqrt(x * x + z * z)
        top = np.where((dy < 0) & (lid > 0) & (out <= radius), lid, _FAR)
        distance = np.minimum(side, top).astype(np.float32)
        on_top = top < side
        point = origin[:, None] + direction * np.where(np.isfinite(distance), distance, 0)
        # Near the rim the normal turns from one face to the other, as a rounded edge would.
        round_top = np.clip(1 - (radius - out) / _BEVEL, 0, 1) ** 2
        round_side = np.clip(1 - (height - point[1]) / _BEVEL, 0, 1) ** 2
        outward = np.where(on_top, 0.8 * round_top, 1.0)
        upward = np.where(on_top, 1.0, 0.8 * round_side)
        length = np.maximum(np.sqrt(point[0] ** 2 + point[2] ** 2), 1e-6)
        normal = np.stack([point[0] / length * outward, upward, point[2] / length * outward])
        return distance, _unit(np.nan_to_num(normal).astype(np.float32))

    return hit


def _cone(radius: float, height: float) -> Callable[[Floats, Floats], Hit]:
    lean = np.float32((radius / height) ** 2)

    def hit(origin: Floats, direction: Floats) -> Hit:
        dx, dy, dz = direction
        up = origin[1] - np.float32(height)
        a = dx * dx + dz * dz - lean * dy * dy
        half_b = origin[0] * dx + origin[2] * dz - lean * up * dy
        c = np.float32(origin[0] ** 2 + origin[2] ** 2 - lean * up**2)
        inside = half_b * half_b - a * c
        root = np.sqrt(np.maximum(inside, 0))
        first, second = (-half_b - root) / a, (-half_b + root) / a
        best = np.full_like(a, _FAR)
        for t in (np.maximum(first, second), np.minimum(first, second)):
            y = origin[1] + dy * t
            good = (inside > 0) & (t > 0) & (y >= 0) & (y <= height)
            best = np.where(good, t, best)
        point = origin[:, None] + direction * np.where(np.isfinite(best), best, 0)
        rise = np.sqrt(point[0] ** 2 + point[2] ** 2) * np.float32(radius / height)
        normal = np.stack([point[0], rise, point[2]])
        return best.astype(np.float32), _unit(normal.astype(np.float32))

    return hit


def _ring(radius: float, thickness: float) -> Callable[[Floats, Floats], Hit]:
    """A torus lying flat, by sphere tracing: 36 steps of its distance function."""

    def hit(origin: Floats, direction: Floats) -> Hit:
        middle = np.array([0, thickness, 0], dtype=np.float32)
        speed = np.sqrt((direction * direction).sum(axis=0))
        ray = direction / speed
        away = float(np.linalg.norm(origin - middle)) - radius - 2 * thickness
        t = np.full(direction.shape[1], max(0.0, away), dtype=np.float32)
        for _ in range(36):
            gap = _ring_gap(origin[:, None] - middle[:, None] + ray * t, radius, thickness)
            t += gap
        point = origin[:, None] - middle[:, None] + ray * t
        close = _ring_gap(point, radius, thickness) < 0.004
        around = np.maximum(np.sqrt(point[0] ** 2 + point[2] ** 2), 1e-6)
        share = radius / around
        core = np.stack([point[0] * share, np.zeros_like(around), point[2] * share])
        distance = np.where(close, t / speed, _FAR).astype(np.float32)
        return distance, _unit((point - core).astype(np.float32))

    return hit


def _ring_gap(point: Floats, radius: float, thickness: float) -> Floats:
    out = np.sqrt(point[0] ** 2 + point[2] ** 2) - np.float32(radius)
    gap = np.sqrt(out * out + point[1] ** 2) - np.float32(thickness)
    return np.asarray(np.minimum(gap, 4), dtype=np.float32)


_SOLIDS: dict[Shape, Callable[[Floats, Floats], Hit]] = {
    "sphere": _ellipsoid(1.0, 1.0),
    "egg": _ellipsoid(0.92, 1.25),
    "cube": _prism(4, 0.85, 1.7),
    "prism": _prism(6, 0.82, 2.0),
    "pyramid": _pyramid(1.0, 1.9),
    "cylinder": _cylinder(0.82, 2.2),
    "cone": _cone(0.95, 2.4),
    "ring": _ring(0.75, 0.35),
}

_ROUND = 28
_Section = Callable[[float], tuple[float, int]]


def _oval(across: float, up: float) -> _Section:
    return lambda y: (across * max(0.0, 1 - (y / up - 1) ** 2) ** 0.5, _ROUND)


def _taper(radius: float, height: float, corners: int) -> _Section:
    return lambda y: (radius * (1 - y / height) if y < height else 0.0, corners)


def _straight(radius: float, height: float, corners: int) -> _Section:
    return lambda y: (radius if y <= height else 0.0, corners)


_SECTIONS: dict[Shape, _Section] = {
    "sphere": _oval(1.0, 1.0),
    "egg": _oval(0.92, 1.25),
    "cube": _straight(0.85 * 2**0.5, 1.7, 4),
    "prism": _straight(0.82 / 0.866, 2.0, 6),
    "pyramid": _taper(2**0.5, 1.9, 4),
    "cylinder": _straight(0.82, 2.2, _ROUND),
    "cone": _taper(0.95, 2.4, _ROUND),
    "ring": lambda y: (0.75 + 0.35 * max(0.0, 1 - (y / 0.35 - 1) ** 2) ** 0.5, _ROUND),
}
