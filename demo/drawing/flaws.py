"""What goes wrong in an image, planted on purpose and written down with its true place.

Misalignment is planted in the scene (a thing missing, too many, of another colour or shape),
implausibility in the finished pixels (a region warped, smeared or garbled).
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from demo.drawing.render import SIDE, Circle, place_of
from demo.drawing.scenes import COLOURS, SHAPES, Colour, Scene, Shape, Thing
from demo.drawing.surfaces import cloud, smoothstep
from scoring.images import RGB

Floats = NDArray[np.floating[Any]]


class Cause(Enum):
    """How a flaw came about. What is MISSING has no place that a person could click."""

    MISSING = "missing"
    EXTRA = "extra"
    COLOUR = "colour"
    SHAPE = "shape"
    WARPED = "warped"
    SMEARED = "smeared"
    GARBLED = "garbled"

    @property
    def kind(self) -> str:
        """``misalignment`` or ``implausibility``, the names of the questions about marks."""
        return "misalignment" if self in _IN_SCENE else "implausibility"


_IN_SCENE = (Cause.MISSING, Cause.EXTRA, Cause.COLOUR, Cause.SHAPE)
_IN_PIXELS = (Cause.WARPED, Cause.SMEARED, Cause.GARBLED)


@dataclass(frozen=True, slots=True)
class Flaw:
    """One planted flaw: its true centre in fractions, its radius in fractions of the height.

    ``tokens``: the words of the prompt that it belies; ``severity`` in [0, 1], how plain it is.
    """

    cause: Cause
    x: float
    y: float
    radius: float
    severity: float
    tokens: tuple[int, ...] = ()

    @property
    def kind(self) -> str:
        return self.cause.kind

    @property
    def has_place(self) -> bool:
        """Whether there is something to click."""
        return self.cause is not Cause.MISSING

    @property
    def clear(self) -> bool:
        """Plain enough that nearly every careful person sees it."""
        return self.has_place and self.severity >= 0.5


def plant_in_scene(scene: Scene, count: int, rng: Random) -> tuple[Scene, list[Flaw]]:
    """Up to ``count`` misalignments, each of another thing; the scene as it is then drawn."""
    flaws: list[Flaw] = []
    spoilt: set[int] = set()
    for _ in range(count):
        causes = list(_IN_SCENE)
        rng.shuffle(causes)
        for cause in causes:
            planted = _PLANT[cause](scene, spoilt, rng)
            if planted is not None:
                scene, flaw = planted
                flaws.append(flaw)
                break
    return scene, flaws


Planted = tuple[Scene, Flaw] | None


def _flaw(scene: Scene, cause: Cause, thing: Thing, tokens: Sequence[int], severity: float) -> Flaw:
    place = place_of(thing, scene.view)
    return Flaw(cause, place.x, place.y, place.radius, severity, tuple(tokens))


def _pick(scene: Scene, spoilt: set[int], rng: Random) -> int | None:
    """A thing's index that no flaw has touched; ``spoilt`` holds groups, so one flaw a phrase."""
    free = [i for i, thing in enumerate(scene.things) if thing.group not in spoilt]
    return rng.choice(free) if free else None


def _missing(scene: Scene, spoilt: set[int], rng: Random) -> Planted:
    at = _pick(scene, spoilt, rng)
    if at is None or len(scene.things) < 2:
        return None
    thing = scene.things[at]
    if any(other.y > 0 for other in scene.things) and thing.y == 0:
        return None  # what stands on it would hang in the air
    spoilt.add(thing.group)
    phrase = scene.phrases[thing.group]
    # One of two: the number is wrong. The only one: all that is said of it, without its article.
    tokens = (phrase.count_token, phrase.shape_token) if phrase.count > 1 else phrase.tokens[1:]
    rest = [other for i, other in enumerate(scene.things) if i != at]
    return scene.with_things(rest), _flaw(scene, Cause.MISSING, thing, tokens, 0.9)


def _extra(scene: Scene, spoilt: set[int], rng: Random) -> Planted:
    at = _pick(scene, spoilt, rng)
    if at is None or len(scene.things) > 4:
        return None
    model = scene.things[at]
    for _ in range(60):
        copy = replace(
            model, x=rng.uniform(-2.5, 2.5), y=0.0, z=rng.uniform(-2.2, 2.4), yaw=rng.uniform(0, 3)
        )
        if _has_room(copy, scene):
            spoilt.add(model.group)
            phrase = scene.phrases[model.group]
            tokens = (phrase.count_token, phrase.shape_token)
            flaw = _flaw(scene, Cause.EXTRA, copy, tokens, 0.75)
            return scene.with_things([*scene.things, copy]), flaw
    return None


def _has_room(copy: Thing, scene: Scene) -> bool:
    place = place_of(copy, scene.view)
    if not (place.radius < place.x < 1 - place.radius and place.y < 0.97 - place.radius):
        return False
    for other in scene.things:
        if math.hypot(other.x - copy.x, other.z - copy.z) < 1.15 * (other.size + copy.size):
            return False
        there = place_of(other, scene.view)
        if math.hypot(there.x - place.x, there.y - place.y) < 0.8 * (there.radius + place.radius):
            return False
    return True


_CLOSE: tuple[frozenset[Colour], ...] = (
    frozenset({"red", "orange"}), frozenset({"red", "pink"}), frozenset({"orange", "yellow"}),
    frozenset({"blue", "turquoise"}), frozenset({"blue", "purple"}),
    frozenset({"green", "turquoise"}), frozenset({"pink", "purple"}),
    frozenset({"yellow", "white"}),
)  # fmt: skip


# White comes with black, black with white: in stripes and dots the two look alike.
_PATTERNS = ("striped", "dotted")


def _recolour(scene: Scene, spoilt: set[int], rng: Random) -> Planted:
    at = _pick(scene, spoilt, rng)
    if at is None:
        return None
    thing = scene.things[at]
    others: list[Colour] = [
        colour
        for colour in COLOURS
        if colour not in {t.colour for t in scene.things}
        and frozenset({colour, thing.colour}) not in _CLOSE
        and not ({colour, thing.colour} == {"white", "black"} and thing.finish in _PATTERNS)
    ]
    spoilt.add(thing.group)
    changed = replace(thing, colour=rng.choice(others))
    tokens = (scene.phrases[thing.group].colour_token,)
    return _swap(scene, at, changed), _flaw(scene, Cause.COLOUR, thing, tokens, 0.8)


_ALIKE: tuple[frozenset[Shape], ...] = (
    frozenset({"sphere", "egg"}), frozenset({"cone", "pyramid"}), frozenset({"cylinder", "prism"}),
    frozenset({"cube", "prism"}),
)  # fmt: skip


def _reshape(scene: Scene, spoilt: set[int], rng: Random) -> Planted:
    at = _pick(scene, spoilt, rng)
    if at is None:
        return None
    thing = scene.things[at]
    if any(other.y > 0 for other in scene.things) and thing.y == 0:
        return None  # what stands on it would hang in the air or sink in
    others: list[Shape] = [
        shape
        for shape in SHAPES
        if shape not in {t.shape for t in scene.things}
        and frozenset({shape, thing.shape}) not in _ALIKE
        and not (shape == "ring" and thing.finish == "dotted")
    ]
    spoilt.add(thing.group)
    changed = replace(thing, shape=rng.choice(others))
    tokens = (scene.phrases[thing.group].shape_token,)
    return _swap(scene, at, changed), _flaw(scene, Cause.SHAPE, changed, tokens, 0.8)


def _swap(scene: Scene, at: int, thing: Thing) -> Scene:
    return scene.with_things([*scene.things[:at], thing, *scene.things[at + 1 :]])


_PLANT: dict[Cause, Callable[[Scene, set[int], Random], Planted]] = {
    Cause.MISSING: _missing,
    Cause.EXTRA: _extra,
    Cause.COLOUR: _recolour,
    Cause.SHAPE: _reshape,
}


def place_in_pixels(scene: Scene, taken: Sequence[Flaw], count: int, rng: Random) -> list[Flaw]:
    """Up to ``count`` regions to spoil, each on the edge of a thing and clear of other flaws."""
    flaws: list[Flaw] = []
    for _ in range(12 * count):
        if len(flaws) == count or not scene.things:
            break
        spot = _spot(place_of(rng.choice(scene.things), scene.view), rng)
        near = [*taken, *flaws]
        if any(math.hypot(f.x - spot.x, f.y - spot.y) < f.radius + spot.radius for f in near):
            continue
        cause = rng.choice(_IN_PIXELS)
        flaws.append(Flaw(cause, spot.x, spot.y, spot.radius, rng.uniform(0.55, 1.0)))
    return flaws


def spoil(image: RGB, flaws: Sequence[Flaw]) -> RGB:
    """The image with its implausible regions spoilt; misalignments are in the scene already."""
    for flaw in flaws:
        if flaw.cause in _SPOIL:
            rng = Random(f"{flaw.x} {flaw.y}")  # noqa: S311 - images, not secrets
            circle = Circle(flaw.x, flaw.y, flaw.radius)
            image = _SPOIL[flaw.cause](image, circle, flaw.severity, rng)
    return image


def _spot(place: Circle, rng: Random) -> Circle:
    """A round region over part of a thing's outline, where bending and smearing show."""
    angle = rng.uniform(0, 2 * math.pi)
    radius = rng.uniform(0.075, 0.115)
    x = place.x + 0.55 * place.radius * math.cos(angle)
    y = place.y + 0.55 * place.radius * math.sin(angle)
    return Circle(
        min(max(x, radius), 1 - radius), min(max(y, radius), 1 - radius), radius
    )  # fmt: skip


@dataclass(frozen=True)
class _Patch:
    """The square around a circle: its rows and columns, offsets in radii, and a soft mask."""

    rows: slice
    columns: slice
    x: Floats
    y: Floats
    mask: Floats


def _patch(spot: Circle) -> _Patch:
    reach = spot.radius * SIDE * 1.02
    cx, cy = spot.x * SIDE - 0.5, spot.y * SIDE - 0.5
    left, right = max(0, math.floor(cx - reach)), min(SIDE, math.ceil(cx + reach) + 1)
    top, bottom = max(0, math.floor(cy - reach)), min(SIDE, math.ceil(cy + reach) + 1)
    x, y = np.meshgrid((np.arange(left, right) - cx) / reach, (np.arange(top, bottom) - cy) / reach)
    mask = smoothstep(1.0, 0.72, np.hypot(x, y))
    return _Patch(slice(top, bottom), slice(left, right), x, y, mask)


def _shifted(image: RGB, patch: _Patch, dx: Floats, dy: Floats) -> Floats:
    """The patch with each pixel taken from (dx, dy) pixels away, bilinear."""
    column = np.clip(np.arange(patch.columns.start, patch.columns.stop) + dx, 0, SIDE - 1.001)
    row = np.clip(np.arange(patch.rows.start, patch.rows.stop)[:, None] + dy, 0, SIDE - 1.001)
    left, top = column.astype(int), row.astype(int)
    u, v = (column - left)[..., None], (row - top)[..., None]
    upper = image[top, left] * (1 - u) + image[top, left + 1] * u
    lower = image[top + 1, left] * (1 - u) + image[top + 1, left + 1] * u
    return np.asarray(upper * (1 - v) + lower * v)


def _pasted(image: RGB, patch: _Patch, values: Floats) -> RGB:
    result = image.copy()
    old = image[patch.rows, patch.columns].astype(np.float32)
    new = old + (values - old) * patch.mask[..., None]
    result[patch.rows, patch.columns] = np.clip(new + 0.5, 0, 255).astype(np.uint8)
    return result


def _warp(image: RGB, spot: Circle, severity: float, rng: Random) -> RGB:
    """A swirl with ripples in it."""
    patch = _patch(spot)
    reach = spot.radius * SIDE
    turn = rng.choice((-1, 1)) * (1.3 + 1.5 * severity)
    angle = turn * np.clip(1 - np.hypot(patch.x, patch.y), 0, 1) ** 1.2
    cos, sin = np.cos(angle), np.sin(angle)
    dx = (cos * patch.x - sin * patch.y - patch.x) * reach
    dy = (sin * patch.x + cos * patch.y - patch.y) * reach
    ripple = 0.11 * severity * reach * patch.mask
    dx = dx + ripple * np.sin(patch.y * 9)
    dy = dy + ripple * np.sin(patch.x * 8)
    return _pasted(image, patch, _shifted(image, patch, dx, dy))


def _smear(image: RGB, spot: Circle, severity: float, rng: Random) -> RGB:
    """Wiped along one direction, as with a thumb over wet paint."""
    patch = _patch(spot)
    angle = rng.uniform(0, math.pi)
    length = spot.radius * SIDE * (0.9 + 0.7 * severity)
    steps = np.linspace(-0.35, 1.0, 15)
    flat = np.zeros_like(patch.x)
    across, down = length * math.cos(angle), length * math.sin(angle)
    total = sum(_shifted(image, patch, flat + s * across, flat + s * down) for s in steps)
    streak = 9 * np.sin((patch.x * math.sin(angle) - patch.y * math.cos(angle)) * 17)
    return _pasted(image, patch, np.asarray(total) / len(steps) + streak[..., None])


def _garble(image: RGB, spot: Circle, severity: float, rng: Random) -> RGB:
    """Torn into shreds that do not fit: pixels taken from scattered places nearby."""
    patch = _patch(spot)
    reach = spot.radius * SIDE * (0.34 + 0.3 * severity)
    tile = cloud(91, 1.35)
    height, width = patch.x.shape
    row, column = rng.randrange(300), rng.randrange(300)
    dx = tile[row : row + height, column : column + width] * reach
    dy = tile[column : column + height, row : row + width] * reach
    return _pasted(image, patch, _shifted(image, patch, dx, dy))


_SPOIL: dict[Cause, Callable[[RGB, Circle, float, Random], RGB]] = {
    Cause.WARPED: _warp,
    Cause.SMEARED: _smear,
    Cause.GARBLED: _garble,
}
