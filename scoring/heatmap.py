"""Marks of several people to one heatmap.

One person's map is the **maximum** over their marks (three clicks on one spot say no more than
one); the consensus is the **mean over people, empty maps included** ("no flaw" is an answer).
Nothing is normalised: 1.0 means that everybody marked this pixel, in every map alike.

Coordinates. A mark is in fractions of the image, (0, 0) its top left corner and (1, 1) its bottom
right corner. Pixel column i covers [i, i + 1) / width, so its centre lies at (i + 0.5) / width:

    x_px = x * width - 0.5,    y_px = y * height - 0.5

which is the half-pixel rule x' = (x + 0.5) * scale - 0.5 for every pair of sizes. Marks are drawn
in the frame of the map, so ``sigma_px`` and ``radius_px`` are the same along both of its axes: on a
image that is not square the region is an ellipse.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatMap = NDArray[np.float32]
ByteMap = NDArray[np.uint8]
Points = NDArray[np.float64]
Kind = Literal["gaussian", "disk"]
Preset = Literal["equal_moment", "half_height"]

WINDOW_SIGMAS = 4.0
"""A Gaussian is drawn within this many sigmas along each axis and is 0 beyond.

What is cut off is below exp(-8) = 3.4e-4, a sixth of half an 8-bit step.
"""


def disk_radius_px(height: int) -> float:
    """Radius in pixels of the region that a mark stands for: height / 20 (RichHF-18K)."""
    return height / 20


def preset_sigma_px(preset: Preset, height: int) -> float:
    """Sigma in pixels for a map of this height, from the disk's radius R = height / 20.

    ``equal_moment``: R / 2 = height / 40, the same second moment as the disk (e^-2 at R).
    ``half_height``: R / sqrt(2 ln 2), one half at R.
    """
    radius = disk_radius_px(height)
    return radius / 2 if preset == "equal_moment" else radius / math.sqrt(2 * math.log(2))


def marks_to_heatmap(
    people: Sequence[ArrayLike],
    *,
    size: tuple[int, int],
    kind: Kind = "gaussian",
    sigma_px: float | None = None,
    radius_px: float | None = None,
) -> FloatMap:
    """One map of what several people marked.

    ``people``: for each person an (n, 2) array of marks x, y in fractions; (0, 2) or an empty list
    is a person who saw no flaw, and counts. ``size`` is (width, height) of the map in pixels.
    ``sigma_px`` belongs to ``gaussian`` (default height / 40), ``radius_px`` to ``disk`` (default
    height / 20; a pixel is inside if its centre lies within the radius, both in whole pixels).

    Returns float32 (height, width) in [0, 1]. Raises ValueError for nobody at all, a mark outside
    [0, 1], or a size, sigma or radius that is not positive.
    """
    width, height = size
    if width < 1 or height < 1:
        raise ValueError(f"a map needs a positive size, not {width}×{height}")
    if not people:
        raise ValueError("a heatmap of nobody is undefined: pass one entry a person, empty or not")
    stamps_of = _gaussian_stamps if kind == "gaussian" else _disk_stamps
    reach = _reach(kind, sigma_px, radius_px, height)

    total = np.zeros((height, width), dtype=np.float32)
    for marks in people:
        _add_person(total, stamps_of(_centres(marks, width, height), reach, width, height))
    total /= np.float32(len(people))
    return total


def quantise(heatmap: FloatMap) -> ByteMap:
    """A [0, 1] map to 8 bit, floor(255 v + 0.5): once, at the very end."""
    levels = heatmap * np.float32(255)
    levels += np.float32(0.5)
    return levels.astype(np.uint8)  # cuts the fraction off, the floor of what is not negative


@dataclass(frozen=True, slots=True)
class _Stamp:
    """A patch of values whose top left pixel lies at (left, top) of the map."""

    left: int
    top: int
    values: FloatMap

    @property
    def right(self) -> int:
        return self.left + int(self.values.shape[1])

    @property
    def bottom(self) -> int:
        return self.top + int(self.values.shape[0])

    def meets(self, other: "_Stamp") -> bool:
        """Whether the two share a pixel."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def _reach(kind: Kind, sigma_px: float | None, radius_px: float | None, height: int) -> float:
    wrong = radius_px if kind == "gaussian" else sigma_px
    if wrong is not None:
        raise ValueError("sigma_px is for a gaussian, radius_px for a disk")
    if kind == "gaussian":
        reach = preset_sigma_px("equal_moment", height) if sigma_px is None else sigma_px
    else:
        reach = disk_radius_px(height) if radius_px is None else radius_px
    if not (math.isfinite(reach) and reach > 0):
        raise ValueError(f"sigma or radius must be positive, not {reach}")
    return reach


def _centres(marks: ArrayLike, width: int, height: int) -> Points:
    points = np.asarray(marks, dtype=np.float64).reshape(-1, 2)
    if not bool(np.all((points >= 0) & (points <= 1))):
        raise ValueError("a mark lies outside the image: x and y are fractions from 0 to 1")
    return points * (width, height) - 0.5


def _span(centre: float, reach: float, length: int) -> tuple[int, int]:
    first = max(0, math.ceil(centre - reach))
    return first, max(first, min(length, math.floor(centre + reach) + 1))


def _gaussian_stamps(centres: Points, sigma: float, width: int, height: int) -> list[_Stamp]:
    """A Gaussian is a column times a row: exp is taken of the two alone, for all marks at once."""
    reach = WINDOW_SIGMAS * sigma
    first = np.ceil(centres - reach)
    steps = np.arange(math.floor(2 * reach) + 1)
    away = first[:, :, None] + steps - centres[:, :, None]
    arms = np.exp(away**2 / (-2 * sigma**2)).astype(np.float32)
    stamps = []
    for (x, y), (x_first, y_first), (row, column) in zip(
        centres.tolist(), first.astype(int).tolist(), arms, strict=True
    ):
        left, right = _span(x, reach, width)
        top, bottom = _span(y, reach, height)
        across, down = row[left - x_first : right - x_first], column[top - y_first :]
        stamps.append(_Stamp(left, top, np.multiply.outer(down[: bottom - top], across)))
    return stamps


def _disk_stamps(centres: Points, radius: float, width: int, height: int) -> list[_Stamp]:
    stamps = []
    for x, y in centres.tolist():
        left, right = _span(x, radius, width)
        top, bottom = _span(y, radius, height)
        across = (np.arange(left, right) - x) ** 2
        down = (np.arange(top, bottom) - y) ** 2
        inside = np.add.outer(down, across) <= radius**2
        stamps.append(_Stamp(left, top, inside.astype(np.float32)))
    return stamps


def _add_person(total: FloatMap, stamps: Sequence[_Stamp]) -> None:
    """Adds the maximum over one person's stamps, touching only the boxes that hold them.

    Stamps that overlap are put together first; one that stands alone is added as it is.
    """
    for group in _overlapping(stamps):
        left, top = min(s.left for s in group), min(s.top for s in group)
        right, bottom = max(s.right for s in group), max(s.bottom for s in group)
        box = total[top:bottom, left:right]
        box += group[0].values if len(group) == 1 else _maximum(group, left, top, box.shape)


def _maximum(group: Sequence[_Stamp], left: int, top: int, shape: tuple[int, ...]) -> FloatMap:
    together = np.zeros(shape, dtype=np.float32)
    for stamp in group:
        rows = slice(stamp.top - top, stamp.bottom - top)
        columns = slice(stamp.left - left, stamp.right - left)
        patch = together[rows, columns]
        np.maximum(patch, stamp.values, out=patch)
    return together


def _overlapping(stamps: Sequence[_Stamp]) -> list[list[_Stamp]]:
    """The stamps in groups such that no two of different groups share a pixel."""
    groups: list[list[_Stamp]] = []
    for stamp in stamps:
        met = [group for group in groups if any(stamp.meets(other) for other in group)]
        groups = [group for group in groups if not any(group is one for one in met)]
        groups.append([stamp, *(other for group in met for other in group)])
    return groups
