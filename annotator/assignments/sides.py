"""Which image stands where: drawn by the server, stored with the slot, balanced."""

import random
from collections.abc import Sequence


def shown_orders(letters: Sequence[str], *, overlap: int, rng: random.Random) -> list[str]:
    """For each of an item's `overlap` slots the letters from left to right: ["ba", "ab", "ba"].

    A random order, turned on by one place from slot to slot: within an item each image comes first
    as often as the overlap allows.
    """
    first = list(letters)
    rng.shuffle(first)
    turns = [first[turn:] + first[:turn] for turn in range(len(first))]
    return ["".join(turns[slot % len(turns)]) for slot in range(overlap)]


def balanced_pair_orders(
    overlaps: Sequence[int], *, rng: random.Random, before: int = 0
) -> list[list[str]]:
    """`shown_orders` of pairs with so many slots each: half of them (± 1) start with a on the left.

    Together with those `before` as well, if these too were made by this. An even number of slots
    is balanced by itself, so pairs with an odd one are balanced among themselves.
    """
    first: dict[int, str] = {}
    for odd in (True, False):
        alike = [place for place, slots in enumerate(overlaps) if slots % 2 == odd]
        starts = ["ab" if place % 2 else "ba" for place in range(before, before + len(alike))]
        rng.shuffle(starts)
        first |= dict(zip(alike, starts, strict=True))
    return [
        [first[place] if slot % 2 == 0 else first[place][::-1] for slot in range(slots)]
        for place, slots in enumerate(overlaps)
    ]
