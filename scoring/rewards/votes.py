"""Votes between two images of one prompt, as reward heads learn from them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scoring.arrays import Flags, Floats, Ints
from scoring.statistics.resampling import dense


@dataclass(frozen=True, slots=True)
class PairVotes:
    """Of each pair (n,) the votes ``won`` by its first image, ``tied``, ``lost`` to the second.

    Votes may be weighed, and then they are no whole numbers. ``prompts`` (n,) numbers each pair's
    prompt, 0 … K - 1: what is held out and resampled together.
    """

    won: Floats
    tied: Floats
    lost: Floats
    prompts: Ints

    @property
    def total(self) -> Floats:
        """(n,) votes of each pair."""
        return self.won + self.tied + self.lost

    def of(self, chosen: Flags) -> "PairVotes":
        """Those of some pairs."""
        return PairVotes(
            self.won[chosen], self.tied[chosen], self.lost[chosen], self.prompts[chosen]
        )


def pair_votes(won: ArrayLike, tied: ArrayLike, lost: ArrayLike, prompts: ArrayLike) -> PairVotes:
    """Of columns (n,), prompts by any names."""
    first, even, second = (np.asarray(each, np.float64) for each in (won, tied, lost))
    return PairVotes(first, even, second, dense(prompts))


@dataclass(frozen=True, slots=True)
class LeaveOneOut:
    """Single votes (m,), each beside what the others of its ``pair`` prefer.

    ``others`` is 1 or -1: more of the others are for the first image, or the second. ``own`` is the
    vote's side, 0 a tie; ``n`` how many votes are alike.
    """

    pair: Ints
    others: Floats
    own: Floats
    n: Floats


def leave_one_out(votes: PairVotes) -> LeaveOneOut:
    """Each vote that can be held against the others: those of whom more prefer one side."""
    sides = {1.0: votes.won, 0.0: votes.tied, -1.0: votes.lost}
    lead = votes.won - votes.lost
    found = []
    for side, counts in sides.items():
        others = np.sign(lead - side)
        there = (counts > 0) & (others != 0)
        at = np.flatnonzero(there)
        found.append((at, others[at], np.full(len(at), side), counts[at]))
    pair, others, own, n = (np.concatenate(column) for column in zip(*found, strict=True))
    return LeaveOneOut(pair.astype(np.int64), others, own, n)
