"""What heads say of images on whose prompts they have seen no vote: the only honest figures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from scoring.arrays import Flags, Floats, Ints
from scoring.rewards.feature_maps import FeatureMap, feature_map
from scoring.rewards.head import Head, fitted, folds_of, learnt
from scoring.rewards.linear import Linear, linear_of
from scoring.rewards.votes import PairVotes

FOLDS = 5
# Of the prompts of a training fold: what a learning curve is drawn over.
SHARES = (0.125, 0.25, 0.5, 1.0)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Images ``first`` and ``second`` (n,) of each pair, rows of ``features`` (images, d).

    ``votes`` are what a head is judged by, ``weighed`` what it learns from.
    """

    features: Floats
    first: Ints
    second: Ints
    votes: PairVotes
    weighed: PairVotes

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
    """``curve`` (n, shares): what a head that learnt from such a share of the prompts says of each.

    Of pairs that is the first's reward less the second's; NaN where none could be learnt.
    ``votes`` (shares,): how many a head has learnt from, on the mean over folds. ``rewards``
    (images,): each image by the head that has seen no vote on its prompt, NaN where there is none.
    ``heads``: the folds' own.
    """

    curve: Floats
    votes: Floats
    rewards: Floats
    heads: Sequence[Linear]

    @property
    def whole(self) -> Floats:
        """(n,) by the head that learnt from all prompts but those of its fold."""
        whole: Floats = self.curve[:, -1]
        return whole


@dataclass(frozen=True, slots=True)
class Lesson:
    """A head that learnt from some of what there is, as ``linear`` over the network's features.

    ``told``: what it says of everything (n,), or the same head learnt from fewer (n,) of it; None
    where nothing can be learnt from these.
    """

    linear: Linear
    told: Callable[[Flags | None], Floats | None]


def held_out(pairs: Pairs, *, seed: int = 0, advance: Callable[[], None] = lambda: None) -> HeldOut:
    """Each pair told by a head that learnt from the prompts of the other folds.

    ``advance`` is called after each of FOLDS folds.
    """
    return over_folds(
        pairs.votes.prompts,
        pairs.votes.total,
        pairs.features,
        partial(_lesson, pairs, seed=seed),
        shown=lambda some: np.union1d(pairs.first[some], pairs.second[some]),
        seed=seed,
        advance=advance,
    )


def over_folds(
    prompts: Ints,
    votes: Floats,
    features: Floats,
    learn: Callable[[Flags], Lesson | None],
    *,
    shown: Callable[[Flags], Ints],
    seed: int,
    advance: Callable[[], None],
) -> HeldOut:
    """Everything told by a head that learnt from the prompts of the other folds.

    ``prompts`` and ``votes`` (n,): of each its prompt and how many votes there are on it; ``learn``
    from some (n,) of it; ``shown``: the images, rows of ``features``, of some of it. ``advance`` is
    called after each fold.
    """
    fold = folds_of(prompts, folds=FOLDS, seed=seed)
    curve = np.full((len(prompts), len(SHARES)), np.nan)
    seen = np.zeros((len(np.unique(fold)), len(SHARES)))
    rewards = np.full(len(features), np.nan)
    heads: list[Linear] = []
    for place, each in enumerate(np.unique(fold)):
        held = fold == each
        lesson = learn(~held)
        if lesson is not None:
            heads.append(lesson.linear)
            rewards[shown(held)] = lesson.linear(features[shown(held)])
        for at, share in enumerate(SHARES):
            some = ~held & _first(prompts, share, seed)
            seen[place, at] = votes[some].sum()
            told = None if lesson is None else lesson.told(None if share == 1 else some)
            if told is not None:
                curve[held, at] = told[held]
        advance()
    return HeldOut(curve, seen.mean(axis=0), rewards, heads)


def _lesson(pairs: Pairs, rest: Flags, *, seed: int) -> Lesson | None:
    mapped = pairs.mapped(rest)
    x, votes = pairs.differences(mapped), pairs.weighed
    try:
        head = learnt(x[rest], votes.of(rest), seed=seed)
    except ValueError:
        return None

    def told(some: Flags | None) -> Floats | None:
        fewer = head if some is None else _refitted(x, votes, some, head)
        return None if fewer is None else fewer.rewards(x)

    return Lesson(linear_of(mapped, head), told)


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
