"""How few votes decide who is first on a board of sides, and on which items they are."""

from collections.abc import Sequence
from uuid import UUID

import numpy as np

from annotator.reports.boards.shapes import DecisiveItem, Fragile
from scoring.arrays import Floats, Ints
from scoring.davidson import SidedVotes
from scoring.fragility import fragility_of

# Nobody opens more of them.
MOST_ITEMS = 24


def fragile(
    votes: SidedVotes,
    rows: tuple[Ints, Ints, Ints, Floats],
    names: Sequence[str],
    items: Sequence[UUID],
) -> Fragile | None:
    """Of votes as they were fitted; None without strengths.

    ``rows`` are the same an item: its number, who stood left and right, and (rows, 3) counts.
    """
    found = fragility_of(votes)
    if found is None:
        return None
    first, decisive = names[found.first], found.decisive
    if decisive is None:
        return Fragile(first, None, None, found.tried, [])
    return Fragile(
        first,
        names[decisive.next],
        decisive.votes,
        found.tried,
        _items(decisive.removed, rows, items),
    )


def _items(
    removed: Ints, rows: tuple[Ints, Ints, Ints, Floats], items: Sequence[UUID]
) -> list[DecisiveItem]:
    """The first items in the order of ids that have votes of the types removed, as many as need."""
    item, left, right, counts = rows
    taken = np.zeros(len(items), np.int64)
    for outcome, one, other in np.argwhere(removed):
        there = np.flatnonzero((left == one) & (right == other) & (counts[:, outcome] > 0))
        there = there[np.argsort(item[there], kind="stable")]
        some = counts[there, outcome]
        before = np.cumsum(some) - some
        needed = np.clip(removed[outcome, one, other] - before, 0, some)
        np.add.at(taken, item[there], needed.astype(np.int64))
    most = np.argsort(-taken, kind="stable")[:MOST_ITEMS]
    return [DecisiveItem(items[int(each)], int(taken[each])) for each in most if taken[each]]
