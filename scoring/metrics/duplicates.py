"""Perceptual hashes, and which of many images are nearly the same.

The hash is the DCT hash (Zauner 2010; ImageHash's ``phash``): luma at 32×32, two-dimensional
DCT-II, its 8×8 lowest frequencies, one bit each for "above their median", row by row, the first bit
the highest. Distance is the number of differing bits; up to about 8 of 64 is nearly the same.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from scoring.functions import of_image
from scoring.images import RGB
from scoring.measured import Measured

Words = NDArray[np.uint64]
Indices = NDArray[np.int64]

_SIDE, _LOW = 32, 8
_BAND_BITS, _BANDS = 16, 4
_CHUNK = 4_000_000
MOST_DISTANCE = 15

_STEPS = np.arange(_SIDE)
_DCT = 2 * np.cos(np.pi * np.outer(_STEPS[:_LOW], 2 * _STEPS + 1) / (2 * _SIDE))


def phash(image: RGB) -> Measured:
    """The hash as 16 hexadecimal digits."""
    return Measured(f"{phash_bits(image):016x}")


def phash_bits(image: RGB) -> int:
    """The hash as an integer of 64 bits."""
    small = Image.fromarray(image).convert("L").resize((_SIDE, _SIDE), Image.Resampling.LANCZOS)
    frequencies = _DCT @ np.asarray(small, dtype=np.float64) @ _DCT.T
    bits = (frequencies > np.median(frequencies)).ravel()
    return int("".join("1" if bit else "0" for bit in bits), 2)


METRICS = {"phash": of_image(phash)}


def near_duplicates(hashes: Sequence[int], max_distance: int = 8) -> list[tuple[int, ...]]:
    """Groups of two or more positions whose hashes are linked by steps of at most that many bits.

    Linked, not pairwise close: a-b and b-c near make one group of three. Each group ascends, groups
    are in the order of their first position. Raises ValueError for a distance outside 0 … 15.
    """
    values, inverse = np.unique(np.array(hashes, dtype=np.uint64), return_inverse=True)
    leader = np.arange(len(values))
    for i, j in _near_pairs(values, max_distance):
        _link(leader, i, j)
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for position, value in enumerate(inverse.tolist()):
        groups[_find(leader, value)].append(position)
    return sorted(tuple(group) for group in groups.values() if len(group) > 1)


def _near_pairs(values: Words, max_distance: int) -> Iterator[tuple[int, int]]:
    """Pairs of distinct values within the distance (each at least once).

    Multi-index hashing (Norouzi 2012): of four 16-bit bands, one differs in at most
    ``max_distance // 4`` bits, so only values that nearly share a band are compared.
    """
    if not 0 <= max_distance <= MOST_DISTANCE:
        raise ValueError(f"a near-duplicate differs in 0 to {MOST_DISTANCE} bits")
    flips = _flips(max_distance // _BANDS)
    for band in range(_BANDS):
        keys = ((values >> np.uint64(band * _BAND_BITS)) & np.uint64(0xFFFF)).astype(np.int64)
        order = np.argsort(keys, kind="stable")
        starts = np.searchsorted(keys[order], np.arange(2**_BAND_BITS + 1))
        for flip in flips:
            wanted = keys ^ flip
            yield from _compare(values, order, starts[wanted], starts[wanted + 1], max_distance)


def _flips(most: int) -> list[int]:
    return [
        sum(1 << bit for bit in bits)
        for n in range(most + 1)
        for bits in combinations(range(_BAND_BITS), n)
    ]


def _compare(
    values: Words, order: Indices, starts: Indices, ends: Indices, max_distance: int
) -> Iterator[tuple[int, int]]:
    """Each value against the run of ``order`` that is its bucket, a bounded chunk at a time."""
    sizes = ends - starts
    totals = np.cumsum(sizes)
    first = 0
    while first < len(values):
        done = int(totals[first - 1]) if first else 0
        last = max(first + 1, int(np.searchsorted(totals, done + _CHUNK, side="right")))
        rows = np.arange(first, last)
        count = sizes[first:last]
        left = np.repeat(rows, count)
        within = np.arange(len(left)) - np.repeat(np.cumsum(count) - count, count)
        right = order[np.repeat(starts[first:last], count) + within]
        distance = np.bitwise_count(values[left] ^ values[right])
        near = (distance <= max_distance) & (left < right)
        yield from zip(left[near].tolist(), right[near].tolist(), strict=True)
        first = last


def _find(leader: Indices, i: int) -> int:
    while (above := int(leader[i])) != i:
        leader[i] = leader[above]
        i = above
    return i


def _link(leader: Indices, i: int, j: int) -> None:
    a, b = _find(leader, i), _find(leader, j)
    leader[max(a, b)] = min(a, b)
