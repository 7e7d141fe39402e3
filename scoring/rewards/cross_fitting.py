"""What heads say of images on whose prompts they have seen no vote: the only honest figures."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from scoring.arrays import Flags, Floats, Ints
from scoring.rewards.feature_maps import FeatureMap, feature_map
from scoring.rewards.head import Head, fitted, folds_of, learnt
from scoring.rewards.linear import Linear, linear_of, mean_of
from scoring.rewards.votes import PairVotes

FOLDS = 5
# Of the prompts of a training fold: what a learning curve is drawn over.
SHARES = (0.125, 0.25, 0.5, 1.0)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Images ``first`` and ``second`` (n,) of each pair, rows of ``features`` (images, d)."""

    features: Floats
    first: Ints
    second: Ints
    votes: PairVotes

    def differences(self, mapped: FeatureMap) -> Floats:
        """(n, p): features of the first less those of the second."""
        rows = mapped(self.features)
        return rows[self.first] - rows[self.second]

    def mapped(self, chosen: Flags) -> FeatureMap:
        """By the images of some pairs alone."""
        images = np.union1d(self.first[chosen], self.second[chosen])
        return feature_map(self.features[images])


@dataclass(frozen=True, slots=True)
class HeldOut:
    """``curve`` (n, shares): the first's reward less the second's, by a head that learnt from such
    a share of the prompts; NaN where none could be learnt.

    ``votes`` (shares,): how many a head has learnt from, on the mean over folds. ``rewards``
    (images,): each image by the head that has seen no vote on its prompt, NaN where there is none.
    ``mean``: of the folds' heads, for images on whose prompts none of them has; None without heads.
    """

    curve: Floats
    votes: Floats
    rewards: Floats
    mean: Linear | None

    @property
    def difference(self) -> Floats:
        """(n,) by the head that learnt from all prompts but those of its fold."""
        whole: Floats = self.curve[:, -1]
        return whole


def held_out(pairs: Pairs, *, seed: int = 0, advance: Callable[[], None] = lambda: None) -> HeldOut:
    """Each pair told by a head that learnt from the prompts of the other folds.

    ``advance`` is called after each of FOLDS folds.
    """
    votes = pairs.votes
    fold = folds_of(votes.prompts, folds=FOLDS, seed=seed)
    curve = np.full((len(votes.prompts), len(SHARES)), np.nan)
    seen = np.zeros((len(np.unique(fold)), len(SHARES)))
    rewards = np.full(len(pairs.features), np.nan)
    heads: list[Linear] = []
    for place, each in enumerate(np.unique(fold)):
        held = fold == each
        mapped = pairs.mapped(~held)
        x = pairs.differences(mapped)
        head = _learnt(x[~held], votes.of(~held), seed)
        if head is not None:
            heads.append(linear_of(mapped, head))
            shown = np.union1d(pairs.first[held], pairs.second[held])
            rewards[shown] = heads[-1](pairs.features[shown])
        for at, share in enumerate(SHARES):
            some = ~held & _first(votes.prompts, share, seed)
            seen[place, at] = votes.of(some).total.sum()
            fewer = head if share == 1 or head is None else _refitted(x, votes, some, head)
            if fewer is not None:
                curve[held, at] = x[held] @ fewer.weights
        advance()
    return HeldOut(curve, seen.mean(axis=0), rewards, mean_of(heads) if heads else None)


def _learnt(x: Floats, votes: PairVotes, seed: int) -> Head | None:
    try:
        return learnt(x, votes, seed=seed)
    except ValueError:
        return None


def _refitted(x: Floats, votes: PairVotes, some: Flags, head: Head) -> Head | None:
    """The same head from fewer votes, its ridge the same."""
    try:
        return fitted(x[some], votes.of(some), head.ridge)
    except ValueError:
        return None


def _first(prompts: Ints, share: float, seed: int) -> Flags:
    """The first prompts of a random order, so many of them."""
    count = int(prompts.max(initial=-1)) + 1
    order = np.random.default_rng((seed, 1)).permutation(count)
    chosen: Flags = (order < round(share * count))[prompts]
    return chosen
