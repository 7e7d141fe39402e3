"""A scene to an image: rays against solids, a sun with soft shadows, sky light, reflections.

The ground and the distance of a (surface, view) are computed once and kept; what an image costs is
its things, at two by two rays a pixel within their boxes, and a blurred map of shadows.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from demo.drawing.finishes import albedo, shine
from demo.drawing.scenes import Mood, Scene, Surface, Thing
from demo.drawing.shapes import intersect, outline
from demo.drawing.surfaces import backdrop, ground_albedo, smoothstep
from scoring.images import RGB

Floats = NDArray[np.floating[Any]]

SIDE = 512
_RAYS = 2
_MAP, _MAP_PER_UNIT, _MAP_X, _MAP_Z = 512, 42.0, -6.0, -4.2
_INDOORS: dict[Surface, float] = {"wood": 5.2, "cloth": 5.0, "marble": 8.5}
_EXPOSURES: dict[Surface, float] = {"snow": 0.70, "marble": 0.82, "cloth": 0.88, "sand": 0.88}
_SEEDS: dict[Surface, int] = {
    "wood": 0, "marble": 10, "cloth": 20, "grass": 30, "sand": 40, "snow": 50,
}  # fmt: skip
_REFLECTING: dict[Surface, float] = {"marble": 0.34, "wood": 0.17}


@dataclass(frozen=True, slots=True)
class Light:
    """``elevation`` in degrees; colours are linear; ``softness`` widens the shadows' edges."""

    elevation: float
    key: tuple[float, float, float]
    sky: tuple[float, float, float]
    tint: tuple[float, float, float]
    softness: float


_LIGHTS: dict[Mood, Light] = {
    "day": Light(48, (2.50, 2.36, 2.12), (0.42, 0.49, 0.60), (1.0, 1.0, 1.0), 1.0),
    "morning": Light(31, (2.65, 2.15, 1.55), (0.42, 0.46, 0.56), (1.06, 0.98, 0.88), 1.1),
    "sunset": Light(21, (2.75, 1.50, 0.72), (0.46, 0.42, 0.56), (1.18, 0.78, 0.62), 1.0),
    "studio": Light(56, (2.35, 2.33, 2.30), (0.46, 0.46, 0.48), (1.0, 1.0, 1.02), 1.9),
    "cloudy": Light(68, (0.95, 0.97, 1.0), (0.98, 1.03, 1.10), (0.82, 0.85, 0.90), 3.2),
}


@dataclass(frozen=True, slots=True)
class Look:
    """How a generator lights and develops: 1 and 0 throughout is right.

    ``shadow`` scales the shadows, ``turn`` (radians) turns the light on things away from the light
    that casts the shadows, ``exposure`` and ``saturation`` are factors.
    """

    exposure: float = 1.0
    saturation: float = 1.0
    shadow: float = 1.0
    turn: float = 0.0


@dataclass(frozen=True)
class Camera:
    """A pinhole; ``reach`` is half the view's height at distance 1."""

    eye: Floats
    right: Floats
    up: Floats
    forward: Floats
    reach: float

    def rays(self, x: Floats, y: Floats) -> Floats:
        """Directions (3, n) through image points in fractions."""
        u = (x - np.float32(0.5)) * np.float32(2 * self.reach)
        v = (np.float32(0.5) - y) * np.float32(2 * self.reach)
        return np.asarray(
            self.forward[:, None] + self.right[:, None] * u + self.up[:, None] * v,
            dtype=np.float32,
        )

    def project(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """World points (n, 3) to image fractions (n, 2)."""
        offset = points - self.eye
        depth = offset @ self.forward
        x = 0.5 + (offset @ self.right) / depth / (2 * self.reach)
        y = 0.5 - (offset @ self.up) / depth / (2 * self.reach)
        return np.stack([x, y], axis=1)


@lru_cache(maxsize=8)
def camera(view: int) -> Camera:
    """One of three standpoints."""
    eye, target = (
        ((0.4, 3.0, -8.3), (0.0, 0.92, 0.25)),
        ((-1.7, 3.5, -8.0), (0.05, 0.90, 0.25)),
        ((1.5, 2.45, -8.4), (0.0, 0.98, 0.25)),
    )[view]
    forward = np.subtract(target, eye)
    forward = forward / np.linalg.norm(forward)
    right = np.cross((0, 1, 0), forward)
    right = right / np.linalg.norm(right)
    up = np.cross(forward, right)
    axes = (np.array(axis, dtype=np.float32) for axis in (eye, right, up, forward))
    at, aside, above, ahead = axes
    return Camera(at, aside, above, ahead, reach=0.345)


@dataclass(frozen=True)
class Circle:
    """A place in the image: centre in fractions of width and height, radius of height."""

    x: float
    y: float
    radius: float


def place_of(thing: Thing, view: int) -> Circle:
    """The circle around a thing's image."""
    points = camera(view).project(_box_corners(thing))
    low, high = points.min(axis=0), points.max(axis=0)
    centre = (low + high) / 2
    return Circle(float(centre[0]), float(centre[1]), float((high - low).max() * 0.45))


def render_scene(scene: Scene, look: Look | None = None) -> RGB:
    """The image of a scene, 512×512."""
    look = look or Look()
    stage = _stage(scene.surface, scene.view)
    light = _LIGHTS[scene.mood]
    sun = _sun(light.elevation, scene.sun)
    canvas = _lit_ground(scene, stage, light, sun, look)
    turned = _sun(light.elevation, scene.sun + look.turn)
    _add_reflections(canvas, scene, stage, light, turned)
    eye = camera(scene.view)
    for thing in _far_to_near(scene.things, eye):
        _add_thing(canvas, thing, scene, eye, light, turned, stage)
    return _develop(canvas, look, _EXPOSURES.get(scene.surface, 1.0))


def _sun(elevation: float, azimuth: float) -> Floats:
    high = math.radians(elevation)
    flat = math.cos(high)
    return np.array(
        [flat * math.sin(azimuth), math.sin(high), -flat * math.cos(azimuth)], dtype=np.float32
    )


# The ground and the distance


@dataclass(frozen=True)
class _Stage:
    """A ground and its distance in the image, (512, 512[, 3]); x, z: the ground's points."""

    ground: Floats
    distance: Floats
    cover: Floats
    x: Floats
    z: Floats
    mean: Floats
    fresnel: Floats


@lru_cache(maxsize=18)
def _stage(surface: Surface, view: int) -> _Stage:
    fine = SIDE * 2
    steps = (np.arange(fine, dtype=np.float32) + np.float32(0.5)) / fine
    px, py = np.meshgrid(steps, steps)
    eye = camera(view)
    rays = eye.rays(px.ravel(), py.ravel()).reshape(3, fine, fine)
    down = np.minimum(rays[1], np.float32(-1e-4))
    t = -eye.eye[1] / down
    x, z = eye.eye[0] + rays[0] * t, eye.eye[2] + rays[2] * t
    x, z = np.clip(x, -90, 90), np.clip(z, -90, 90)
    end = _INDOORS.get(surface)
    seed = view + _SEEDS[surface]
    ground = ground_albedo(surface, seed, x, z)
    mean = ground[fine // 2 :].mean(axis=(0, 1))
    if end is None:
        edge = 0.5 + eye.forward[1] / eye.up[1] / (2 * eye.reach)
        cover = smoothstep(0.0, 0.003, py - np.float32(edge))
        haze = smoothstep(7, 34, z)[..., None]
        distance = backdrop(surface, seed, px - np.float32(0.5), np.float32(edge) - py)
        far = np.array({"sand": (0.72, 0.62, 0.47)}.get(surface, tuple(mean)), dtype=np.float32)
        ground = ground + (far * np.float32(0.9) + np.float32(0.05) - ground) * haze
    else:
        edge = float(eye.project(np.array([[0.0, 0.0, end]]))[0, 1])
        cover = smoothstep(0.07, -0.07, z - np.float32(end)) * (rays[1] < 0)
        distance = backdrop(surface, seed, px - np.float32(0.5), np.float32(edge) - py)
    glance = -rays[1] / np.sqrt((rays * rays).sum(axis=0))
    return _Stage(
        ground=_halve(ground), distance=_halve(distance), cover=_halve(cover.astype(np.float32)),
        x=_halve(x), z=_halve(z), mean=mean, fresnel=_halve(np.clip(1 - glance, 0, 1) ** 3),
    )  # fmt: skip


def _halve(image: Floats) -> Floats:
    return np.asarray(
        (image[::2, ::2] + image[1::2, ::2] + image[::2, 1::2] + image[1::2, 1::2]) * 0.25,
        dtype=np.float32,
    )


def _lit_ground(scene: Scene, stage: _Stage, light: Light, sun: Floats, look: Look) -> Floats:
    shadow, contact = _shadow_maps(scene.things, sun, light.softness)
    column = (stage.x - np.float32(_MAP_X)) * np.float32(_MAP_PER_UNIT) - np.float32(0.5)
    row = (stage.z - np.float32(_MAP_Z)) * np.float32(_MAP_PER_UNIT) - np.float32(0.5)
    shade = _lookup(np.stack([shadow, contact], axis=2), column, row) * np.float32(look.shadow)
    key = np.array(light.key, np.float32) * sun[1]
    sky = np.array(light.sky, np.float32)
    lit = key * (1 - shade[..., :1]) + sky * (1 - np.float32(0.62) * shade[..., 1:])
    # Light falls off a little from the middle, as from a lamp or a window.
    pool = 1 - np.float32(0.022) * ((stage.x * np.float32(0.8)) ** 2 + (stage.z - 0.3) ** 2)
    indoors = scene.surface in _INDOORS
    ground = stage.ground * lit * (np.clip(pool, 0.42, 1)[..., None] if indoors else 1)
    distance = stage.distance * np.array(light.tint, np.float32) * (1.15 if indoors else 1.25)
    return np.asarray(distance + (ground - distance) * stage.cover[..., None], dtype=np.float32)


def _lookup(maps: Floats, column: Floats, row: Floats) -> Floats:
    inside = (column >= 0) & (row >= 0) & (column < _MAP - 1.001) & (row < _MAP - 1.001)
    c, r = np.where(inside, column, 0), np.where(inside, row, 0)
    left, top = c.astype(np.int32), r.astype(np.int32)
    dx, dy = (c - left)[..., None], (r - top)[..., None]
    upper = maps[top, left] * (1 - dx) + maps[top, left + 1] * dx
    lower = maps[top + 1, left] * (1 - dx) + maps[top + 1, left + 1] * dx
    value = (upper * (1 - dy) + lower * dy) * inside[..., None]
    return np.asarray(value, dtype=np.float32)


def _shadow_maps(things: Sequence[Thing], sun: Floats, softness: float) -> tuple[Floats, Floats]:
    """Seen from above: how much of the sun, and how much of the sky, things take from the ground.

    A shadow's edge is the softer the higher the part that casts it: each of four layers of height
    is drawn on its own and blurred by its height.
    """
    shadow = np.zeros((_MAP, _MAP), dtype=np.float32)
    layers = 4
    top = max((thing.y + thing.height for thing in things), default=1.0)
    for layer in range(layers):
        low, high = top * layer / layers, top * (layer + 1) / layers
        polygons = [_cast(thing, low, high, sun) for thing in things]
        blur = (0.022 + 0.05 * (low + high) / 2) * softness * _MAP_PER_UNIT
        shadow = np.maximum(shadow, _drawn(polygons, blur))
    standing = [thing for thing in things if thing.y == 0]
    near = _drawn([_footprint(thing, 1.03) for thing in standing], 0.11 * _MAP_PER_UNIT)
    wide = _drawn([_footprint(thing, 1.25) for thing in standing], 0.38 * _MAP_PER_UNIT)
    return shadow, np.clip(0.75 * near + 0.6 * wide, 0, 1)


Points = NDArray[np.float64]


def _cast(thing: Thing, low: float, high: float, sun: Floats) -> Points:
    """Where the part of a thing between two heights throws its shadow: a convex polygon."""
    first, last = max(low - thing.y, 0.0), min(high - thing.y, thing.height)
    if last <= first:
        return np.zeros((0, 2))
    slices = [
        _section(thing, y) - (thing.y + y) * np.array([sun[0], sun[2]]) / float(sun[1])
        for y in np.linspace(first, last, 5)
    ]
    return _hull(np.concatenate(slices))


def _footprint(thing: Thing, scale: float) -> Points:
    radius_at = 0.3 * thing.height if thing.shape in ("sphere", "egg") else 0.0
    middle = np.array([thing.x, thing.z])
    return np.asarray((_section(thing, radius_at) - middle) * scale + middle)


def _section(thing: Thing, y: float) -> Points:
    points = outline(thing.shape, y / thing.size) * thing.size
    cos, sin = math.cos(thing.yaw), math.sin(thing.yaw)
    x = cos * points[:, 0] + sin * points[:, 1]
    z = -sin * points[:, 0] + cos * points[:, 1]
    return np.stack([x + thing.x, z + thing.z], axis=1)


def _hull(points: Points) -> Points:
    """Convex hull, counter-clockwise (Andrew's chains)."""
    ordered = sorted({(float(x), float(z)) for x, z in points})
    if len(ordered) < 3:
        return np.zeros((0, 2))
    chains: list[tuple[float, float]] = []
    for sweep in (ordered, ordered[::-1]):
        chain: list[tuple[float, float]] = []
        for p in sweep:
            while len(chain) > 1 and _turn(chain[-2], chain[-1], p) <= 0:
                chain.pop()
            chain.append(p)
        chains += chain[:-1]
    return np.array(chains)


def _turn(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _drawn(polygons: Sequence[Points], blur: float) -> Floats:
    layer = Image.new("L", (_MAP, _MAP))
    pen = ImageDraw.Draw(layer)
    for polygon in polygons:
        if len(polygon) > 2:
            pixels = (polygon - (_MAP_X, _MAP_Z)) * _MAP_PER_UNIT
            pen.polygon([(float(x), float(z)) for x, z in pixels], fill=255)
    soft = layer.filter(ImageFilter.GaussianBlur(blur))
    return np.asarray(soft, dtype=np.float32) / np.float32(255)


# Things


@dataclass(frozen=True)
class _Seen:
    """What the rays of a box hit: flat pixel indices, world points, normals, own points, rays."""

    index: NDArray[np.intp]
    point: Floats
    normal: Floats
    own: Floats
    ray: Floats


def _box_corners(thing: Thing) -> Points:
    half = 1.12 * thing.size
    return np.array(
        [
            (thing.x + dx * half, thing.y + dy * thing.height, thing.z + dz * half)
            for dx in (-1, 1)
            for dy in (0, 1)
            for dz in (-1, 1)
        ]
    )


def _pixel_box(points: Points) -> tuple[int, int, int, int] | None:
    low = np.floor(points.min(axis=0) * SIDE).astype(int) - 1
    high = np.ceil(points.max(axis=0) * SIDE).astype(int) + 1
    left, top = max(int(low[0]), 0), max(int(low[1]), 0)
    right, bottom = min(int(high[0]), SIDE), min(int(high[1]), SIDE)
    return (left, top, right, bottom) if left < right and top < bottom else None


def _rays(eye: Camera, box: tuple[int, int, int, int], each_way: int) -> Floats:
    """Rays (3, n) through a box of pixels, ``each_way`` squared to a pixel, row by row."""
    left, top, right, bottom = box
    wide, tall = (right - left) * each_way, (bottom - top) * each_way
    x = (left + (np.arange(wide, dtype=np.float32) + np.float32(0.5)) / each_way) / SIDE
    y = (top + (np.arange(tall, dtype=np.float32) + np.float32(0.5)) / each_way) / SIDE
    px, py = np.meshgrid(x.astype(np.float32), y.astype(np.float32))
    return eye.rays(px.ravel(), py.ravel())


def _far_to_near(things: Sequence[Thing], eye: Camera) -> list[Thing]:
    """Painter's order; what stands on something comes after it."""
    return sorted(
        things, key=lambda t: (t.y, -math.hypot(t.x - float(eye.eye[0]), t.z - float(eye.eye[2])))
    )


def _look_at(thing: Thing, origin: Floats, rays: Floats) -> _Seen | None:
    cos, sin = np.float32(math.cos(thing.yaw)), np.float32(math.sin(thing.yaw))
    turn = np.array([[cos, 0, -sin], [0, 1, 0], [sin, 0, cos]], dtype=np.float32)
    foot = np.array([thing.x, thing.y, thing.z], dtype=np.float32)
    size = np.float32(thing.size)
    own_origin = turn @ (origin - foot) / size
    distance, normal = intersect(thing.shape, own_origin, turn @ rays / size)
    index = np.flatnonzero(np.isfinite(distance))
    if not len(index):
        return None
    ray, t = rays[:, index], distance[index]
    point = origin[:, None] + ray * t
    own = turn @ (point - foot[:, None]) / size
    length = np.sqrt((ray * ray).sum(axis=0))
    return _Seen(index, point, turn.T @ normal[:, index], own, ray / length)


def _add_thing(
    canvas: Floats,
    thing: Thing,
    scene: Scene,
    eye: Camera,
    light: Light,
    sun: Floats,
    stage: _Stage,
) -> None:
    box = _pixel_box(eye.project(_box_corners(thing)))
    if box is None:
        return
    left, top, right, bottom = box
    wide, tall = (right - left) * _RAYS, (bottom - top) * _RAYS
    seen = _look_at(thing, eye.eye, _rays(eye, box, _RAYS))
    if seen is None:
        return
    layer = np.zeros((tall * wide, 4), dtype=np.float32)
    layer[seen.index, :3] = np.minimum(_shade(thing, seen, scene, light, sun, stage), 3)
    layer[seen.index, 3] = 1
    small = _shrink(layer.reshape(tall, wide, 4))
    patch = canvas[top:bottom, left:right]
    patch *= 1 - small[..., 3:]
    patch += small[..., :3]


def _shrink(layer: Floats) -> Floats:
    """The mean of each square of rays; sums of slices are four times as quick as ``mean``."""
    total = np.zeros((layer.shape[0] // _RAYS, layer.shape[1] // _RAYS, 4), dtype=np.float32)
    for row in range(_RAYS):
        for column in range(_RAYS):
            total += layer[row::_RAYS, column::_RAYS]
    total /= np.float32(_RAYS**2)
    return total


def _shade(
    thing: Thing, seen: _Seen, scene: Scene, light: Light, sun: Floats, stage: _Stage
) -> Floats:
    """Linear light (n, 3) that leaves the hit points towards the eye."""
    colour = albedo(thing, seen.own)
    gloss = shine(thing.finish)
    others = [other for other in scene.things if other is not thing]
    open_sun, open_sky = _openness(seen, others, sun)
    facing = sun @ seen.normal
    key = np.array(light.key, np.float32)
    direct = np.clip((facing + np.float32(0.08)) / np.float32(1.08), 0, 1) * open_sun
    up = np.float32(0.5) + np.float32(0.5) * seen.normal[1]
    near_ground = np.exp(-np.maximum(seen.point[1], 0) / np.float32(0.5 * thing.size))
    open_sky = open_sky * (1 - np.float32(0.55) * near_ground * (1 - up))
    sky = np.array(light.sky, np.float32)
    bounce = stage.mean * (key * sun[1] * np.float32(0.42) + sky * np.float32(0.5))
    ambient = (sky * up[:, None] + bounce * (1 - up)[:, None]) * open_sky[:, None]
    matte = colour * (key * direct[:, None] + ambient)

    toward = (seen.normal * seen.ray).sum(axis=0)
    mirrored = seen.ray - 2 * toward * seen.normal
    grazing = np.clip(1 + toward, 0, 1) ** 5
    share = (gloss.mirror + (1 - gloss.mirror) * grazing * np.float32(0.55)) * open_sky
    around = _surroundings(mirrored, light, sun, stage, scene)
    tint = np.maximum(colour * np.float32(1.25), 0.1) if gloss.tinted else np.ones_like(colour)
    half = sun[:, None] - seen.ray
    half = half / np.sqrt((half * half).sum(axis=0))
    spot = np.clip((half * seen.normal).sum(axis=0), 0, 1) ** np.float32(gloss.power)
    highlight = spot * np.float32(gloss.strength) * open_sun * (facing > 0)
    matte *= (1 - share)[:, None] if gloss.tinted else 1
    return np.asarray(
        matte + tint * around * share[:, None] + tint * key * highlight[:, None] * np.float32(0.5),
        dtype=np.float32,
    )


def _openness(seen: _Seen, others: Sequence[Thing], sun: Floats) -> tuple[Floats, Floats]:
    """How much of the sun and of the sky reaches the points past other things, taken as balls."""
    open_sun = np.ones(seen.point.shape[1], dtype=np.float32)
    open_sky = np.ones_like(open_sun)
    for other in others:
        radius = np.float32(0.46 * min(other.height, 2.1 * other.size) + 0.04)
        middle = np.array([other.x, other.y + other.height / 2, other.z], dtype=np.float32)
        to = middle[:, None] - seen.point
        along = sun @ to
        distance2 = (to * to).sum(axis=0)
        off = np.sqrt(np.maximum(distance2 - along * along, 0))
        blocked = smoothstep(1.2, 0.75, off / radius) * smoothstep(0.0, 0.5, along / radius)
        open_sun *= 1 - np.float32(0.92) * blocked
        distance = np.sqrt(distance2)
        toward = np.clip((seen.normal * to).sum(axis=0) / distance, 0, 1)
        open_sky *= 1 - np.float32(0.75) * toward * np.minimum(radius / distance, 1) ** 2
    return open_sun, open_sky


def _surroundings(
    direction: Floats, light: Light, sun: Floats, stage: _Stage, scene: Scene
) -> Floats:
    """What a mirror would see: sky or room above, the lit ground below, a bright soft window."""
    x, y, z = direction
    sky = np.array(light.sky, np.float32)
    above = smoothstep(-0.05, 0.75, y)[:, None]
    far = stage.distance[SIDE // 8].mean(axis=0) * np.array(light.tint, np.float32)
    dome = far * np.float32(1.2) * (1 - above) + sky * np.float32(1.15) * above
    window = smoothstep(0.80, 0.86, sun @ direction) * np.float32(1.6)
    bars = np.abs(x * sun[2] - z * sun[0]) / np.maximum(np.abs(y), np.float32(0.2))
    window = window * np.where(bars < 0.035, np.float32(0.25), np.float32(1))
    dome = dome + np.array(light.key, np.float32) * window[:, None] * np.float32(0.8)
    ground = stage.mean * (np.array(light.key, np.float32) * sun[1] * np.float32(0.8) + sky)
    below = smoothstep(0.04, -0.06, y)[:, None]
    return np.asarray(dome + (ground - dome) * below, dtype=np.float32)


def _add_reflections(
    canvas: Floats, scene: Scene, stage: _Stage, light: Light, sun: Floats
) -> None:
    """Things mirrored in a polished ground: the same rays from below it, faint and soft."""
    strength = _REFLECTING.get(scene.surface)
    if strength is None:
        return
    eye = camera(scene.view)
    below = eye.eye * np.array([1, -1, 1], np.float32)
    layer = np.zeros((SIDE, SIDE, 4), dtype=np.float32)
    for thing in _far_to_near(scene.things, eye):
        corners = _box_corners(thing) * (1, -1, 1)
        box = _pixel_box(eye.project(corners))
        if box is None:
            continue
        left, top, right, bottom = box
        rays = _rays(eye, box, 1) * np.array([[1], [-1], [1]], np.float32)
        seen = _look_at(thing, below, rays)
        if seen is None:
            continue
        patch = layer[top:bottom, left:right].reshape(-1, 4)
        fade = np.exp(-np.maximum(seen.point[1], 0) * np.float32(0.75))
        patch[seen.index, :3] = np.minimum(_shade(thing, seen, scene, light, sun, stage), 2)
        patch[seen.index, 3] = fade
        layer[top:bottom, left:right] = patch.reshape(bottom - top, right - left, 4)
    layer[..., :3] *= layer[..., 3:]
    soft = _soften(layer)
    share = (strength * (np.float32(0.35) + stage.fresnel) * stage.cover)[..., None]
    canvas *= 1 - share * soft[..., 3:]
    canvas += share * soft[..., :3]


def _soften(layer: Floats) -> Floats:
    """A blur of about one pixel and a half."""
    for axis in (0, 1):
        near = np.roll(layer, 1, axis) + np.roll(layer, -1, axis)
        far = np.roll(layer, 2, axis) + np.roll(layer, -2, axis)
        layer = layer * np.float32(0.3) + near * np.float32(0.25) + far * np.float32(0.1)
    return layer


# Development


@lru_cache(maxsize=1)
def _vignette() -> Floats:
    steps = (np.arange(SIDE, dtype=np.float32) + np.float32(0.5)) / SIDE - np.float32(0.5)
    radius2 = steps[:, None] ** 2 + steps[None, :] ** 2
    return np.asarray(1 - np.float32(0.42) * radius2, dtype=np.float32)


def _develop(canvas: Floats, look: Look, exposure: float) -> RGB:
    """Linear light to eight bits: filmic curve (Narkowicz's fit of ACES), then sRGB's gamma."""
    light = canvas * (_vignette() * np.float32(0.66 * look.exposure * exposure))[..., None]
    if look.saturation != 1:
        gray = light.mean(axis=2, keepdims=True)
        light = np.maximum(gray + (light - gray) * np.float32(look.saturation), 0)
    film = light * (2.51 * light + 0.03) / (light * (2.43 * light + 0.59) + 0.14)
    levels = np.clip(film, 0, 1) ** np.float32(1 / 2.2) * 255 + 0.5
    return levels.astype(np.uint8)
