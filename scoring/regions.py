"""Boxes and strokes to pixels, to run lengths, and to maps of several people.

Shapes are in fractions of the image, so one answer serves every size. Pixel (i, j) of a W×H image
has its centre at ((i + .5) / W, (j + .5) / H). It is inside

- a box, if its centre lies in [x, x + w) × [y, y + h);
- a brush or eraser stroke, if its centre, in pixels, lies within radius · H of the polyline (one
  point is a disk);
- a lasso, if its centre lies within the polygon by the even-odd rule.

Strokes apply in order, an eraser takes away. Ties are met within TIE of a pixel, so that 0.15 · 10
is 1.5 on every machine.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from scoring.arrays import Floats, Ints
from scoring.heatmap import FloatMap
from scoring.masks import Mask

Shape = Mapping[str, Any]
"""{"box": [x, y, w, h]} or {"strokes": [{"tool", "radius", "points"}, …]}."""

Size = tuple[int, int]
"""Width and height in pixels."""

TIE = 1e-9
# Areas in tables are shares of this many pixels along the longer side: to a hundredth of a percent.
AREA_SIDE = 256
# Segments of a stroke that are drawn at once: what bounds the memory.
SEGMENTS = 1024


def rasterise(shapes: Sequence[Shape], size: Size, *, aspect: float | None = None) -> Mask:
    """The pixels inside any of the shapes, bool (height, width).

    `aspect`: the image's width by its height, where the pixels of this size are not square on it.
    """
    width, height = size
    wide = height * (width / height if aspect is None else aspect)
    mask = np.zeros((height, width), np.bool_)
    for shape in shapes:
        if "box" in shape:
            rows, columns = _box(shape["box"], width, height)
            mask[rows, columns] = True
        else:
            mask |= _painted(shape["strokes"], width, height, wide)
    return mask


def _box(box: Sequence[float], width: int, height: int) -> tuple[slice, slice]:
    x, y, w, h = box
    return _span(y, y + h, height), _span(x, x + w, width)


def _span(first: float, end: float, length: int) -> slice:
    low, high = (int(np.ceil(at * length - 0.5 - TIE)) for at in (first, end))
    return slice(max(low, 0), max(high, 0))


def _painted(strokes: Sequence[Mapping[str, Any]], width: int, height: int, wide: float) -> Mask:
    """One after the other. Lengths are in rows, the image being `wide` of them."""
    mask = np.zeros((height, width), np.bool_)
    for stroke in strokes:
        points = np.asarray(stroke["points"], np.float64) * (wide, height) - (0, 0.5)
        if stroke["tool"] == "lasso":
            top, inside = _polygon(points, width, height, wide)
        else:
            top, inside = _swept(points, stroke["radius"] * height, width, height, wide)
        rows = mask[top : top + len(inside)]
        if stroke["tool"] == "erase":
            rows &= ~inside
        else:
            rows |= inside
    return mask


def _by_row(first: Ints, last: Ints) -> tuple[Ints, Ints]:
    """(what, row) for every row from `first` to `last` of each thing."""
    count = np.maximum(last - first + 1, 0)
    what = np.repeat(np.arange(len(count)), count)
    before = np.concatenate([[0], np.cumsum(count)[:-1]])
    return what, first[what] + np.arange(len(what)) - before[what]


def _index(at: Floats, width: int, wide: float) -> Ints:
    """The first column whose centre is not left of `at`."""
    found: Ints = np.ceil(at * (width / wide) - 0.5 - TIE).clip(0, width).astype(np.int64)
    return found


def _swept(points: Floats, radius: float, width: int, height: int, wide: float) -> tuple[int, Mask]:
    """What a disk covers that moves along the polyline: in each row one stretch a segment.

    Told are the rows that it may reach alone, from which on.
    """
    starts, ends = (points[:-1], points[1:]) if len(points) > 1 else (points, points)
    top = max(int(np.ceil(points[:, 1].min() - radius - TIE)), 0)
    bottom = min(int(np.floor(points[:, 1].max() + radius + TIE)) + 1, height)
    edges = np.zeros(max(bottom - top, 0) * (width + 1), np.int64)
    for at in range(0, len(starts), SEGMENTS):
        a, b = starts[at : at + SEGMENTS], ends[at : at + SEGMENTS]
        low, high = np.minimum(a[:, 1], b[:, 1]) - radius, np.maximum(a[:, 1], b[:, 1]) + radius
        first = np.ceil(low - TIE).astype(np.int64).clip(0)
        last = np.floor(high + TIE).astype(np.int64).clip(max=height - 1)
        segment, row = _by_row(first, last)
        left, right = _stretch(a[segment], b[segment], row.astype(np.float64), radius)
        begin = _index(left, width, wide)
        end = np.maximum(_index(right + 2 * TIE * wide / width, width, wide), begin)
        flat = (row - top) * (width + 1)
        edges += np.bincount(flat + begin, minlength=len(edges))
        edges -= np.bincount(flat + end, minlength=len(edges))
    return top, np.cumsum(edges.reshape(-1, width + 1), axis=1)[:, :width] > 0


def _stretch(a: Floats, b: Floats, y: Floats, radius: float) -> tuple[Floats, Floats]:
    """Where rows enter and leave capsules: two disks, and the rectangle between them."""
    left, right = np.full(len(y), np.inf), np.full(len(y), -np.inf)
    for end in (a, b):
        half = radius**2 - (y - end[:, 1]) ** 2
        there = half >= -TIE * (1 + 2 * radius)
        half = np.sqrt(np.maximum(half, 0))
        left = np.where(there, np.minimum(left, end[:, 0] - half), left)
        right = np.where(there, np.maximum(right, end[:, 0] + half), right)
    along, down = (b - a).T
    length = np.hypot(along, down)
    away = y - a[:, 1]
    # Both say from - to of a slope times x: how far along the segment, how far beside it.
    one = _between(along, -away * down, length**2 - away * down)
    other = _between(down, away * along - radius * length, away * along + radius * length)
    low, high = np.maximum(one[0], other[0]) + a[:, 0], np.minimum(one[1], other[1]) + a[:, 0]
    there = (low <= high) & (length > 0)
    return (
        np.where(there, np.minimum(left, low), left),
        np.where(there, np.maximum(right, high), right),
    )


def _between(slope: Floats, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """The x with low <= slope · x <= high, (inf, -inf) for none."""
    flat = slope == 0
    divisor = np.where(flat, 1.0, slope)
    ends = low / divisor, high / divisor
    fits = (low <= 0) & (high >= 0)
    first = np.where(flat, np.where(fits, -np.inf, np.inf), np.minimum(*ends))
    return first, np.where(flat, np.where(fits, np.inf, -np.inf), np.maximum(*ends))


def _polygon(points: Floats, width: int, height: int, wide: float) -> tuple[int, Mask]:
    """Even-odd: right of an odd number of edges, each of which has its upper end alone."""
    a, b = points, np.roll(points, -1, axis=0)
    first = np.ceil(np.minimum(a[:, 1], b[:, 1]) - TIE).astype(np.int64).clip(0)
    last = np.ceil(np.maximum(a[:, 1], b[:, 1]) - TIE).astype(np.int64).clip(max=height) - 1
    edge, row = _by_row(first, last)
    (x, y), (along, down) = a[edge].T, (b - a)[edge].T
    crossing = _index(x + (row - y) * along / down, width, wide)
    top, bottom = int(row.min(initial=height)), int(row.max(initial=-1)) + 1
    pixels = max(bottom - top, 0) * (width + 1)
    crossed = np.bincount((row - top) * (width + 1) + crossing, minlength=pixels)
    return top, np.cumsum(crossed.reshape(-1, width + 1), axis=1)[:, :width] % 2 == 1


def area_share(shapes: Sequence[Shape], size: Size) -> float:
    """The share of an image of this size that the shapes cover, drawn AREA_SIDE pixels long."""
    width, height = size
    longer = max(width, height)
    small = tuple(max(1, round(AREA_SIDE * side / longer)) for side in (width, height))
    return float(rasterise(shapes, (small[0], small[1]), aspect=width / height).mean())


def run_lengths(mask: Mask) -> list[int]:
    """COCO's counts: column by column, how many outside, then inside, then outside …"""
    flat = mask.T.ravel()
    changes = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    ends = np.concatenate([[0] if flat[:1].any() else [], changes, [len(flat)]]).astype(np.int64)
    return [int(run) for run in np.diff(ends, prepend=0)]


def mask_of(counts: Sequence[int], size: Size) -> Mask:
    """The mask of these run lengths; ValueError where they are not of this size."""
    width, height = size
    if sum(counts) != width * height:
        raise ValueError(f"these are {sum(counts)} pixels, not {width} × {height}")
    values = np.arange(len(counts)) % 2 == 1
    mask: Mask = np.repeat(values, counts).reshape(width, height).T
    return mask


def packed(counts: Sequence[int]) -> str:
    """The counts as COCO's text: five bits a character, from the fourth on as differences."""
    found = []
    for place, count in enumerate(counts):
        value = count - counts[place - 2] if place > 2 else count
        while True:
            bits, value = value & 31, value >> 5
            over = value != (-1 if bits & 16 else 0)
            found.append(chr(48 + bits + 32 * over))
            if not over:
                break
    return "".join(found)


def unpacked(text: str) -> list[int]:
    """The counts again."""
    counts: list[int] = []
    value = shift = 0
    for character in text:
        bits = ord(character) - 48
        value |= (bits & 31) << shift
        shift += 5
        if not bits & 32:
            value -= (1 << shift) if bits & 16 else 0
            counts.append(value + counts[-2] if len(counts) > 2 else value)
            value = shift = 0
    return counts


def box_around(mask: Mask) -> tuple[int, int, int, int] | None:
    """x, y, width and height in pixels of all that is inside; None where nothing is."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return None
    x, y = int(columns[0]), int(rows[0])
    return x, y, int(columns[-1]) + 1 - x, int(rows[-1]) + 1 - y


def layers(people: Sequence[Mask]) -> list[Mask]:
    """What one person at least has inside, what two, … what all: k of n."""
    inside: Ints = np.sum(np.stack(people), axis=0, dtype=np.int64)
    return [inside >= k for k in range(1, len(people) + 1)]


def mean_map(people: Sequence[Mask]) -> FloatMap:
    """The share of people who have each pixel inside, float32; ValueError for nobody at all."""
    if not people:
        raise ValueError("a map of nobody is undefined: pass one mask a person, empty or not")
    total: FloatMap = np.sum(np.stack(people), axis=0, dtype=np.float32)
    return total / np.float32(len(people))


def variance_map(people: Sequence[Mask]) -> FloatMap:
    """The variance of yes and no over people, p · (1 - p): 0 where all agree, at most 1/4."""
    mean = mean_map(people)
    variance: FloatMap = mean * (1 - mean)
    return variance


def iou(one: Mask, other: Mask) -> float | None:
    """Intersection over union; None of two empty masks."""
    union = int((one | other).sum())
    return int((one & other).sum()) / union if union else None
