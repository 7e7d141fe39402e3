"""Which images nearly look the same: a few differing bits of their perceptual hashes."""

from collections.abc import Collection, Sequence

import numpy as np

NEAR = 8
"""Differing bits, of 64, up to which two pictures count as nearly the same."""


def near(
    hashes: Sequence[tuple[str, str]], wanted: Collection[str], *, most: int = 10
) -> dict[str, list[str]]:
    """For each wanted id with a hash: up to `most` others within NEAR bits, the nearest first.

    `hashes` are (id, 16 hexadecimal digits).
    """
    ids = [pk for pk, _ in hashes]
    words = np.array([int(text, 16) for _, text in hashes], dtype=np.uint64)
    found: dict[str, list[str]] = {}
    for place, pk in enumerate(ids):
        if pk not in wanted:
            continue
        distances = np.bitwise_count(words ^ words[place])
        close = np.flatnonzero(distances <= NEAR)
        order = close[np.argsort(distances[close], kind="stable")]
        found[pk] = [ids[other] for other in order if other != place][:most]
    return found
