"""Ratings of images on an ordered scale: what ordinal heads learn from and are judged by."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Any

import numpy as np

from scoring.arrays import Flags, Floats, Ints
from scoring.rewards.cross_fitting import HeldOut, Lesson, over_folds
from scoring.rewards.feature_maps import feature_map
from scoring.rewards.linear import linear_of
from scoring.rewards.ordinal import GradeCounts, OrdinalHead, fitted, learnt
from scoring.statistics.resampling import dense

RatingRow = Mapping[str, Any]
"""What people gave an image of an item: prompt, dimension, item, image, and under ``ratings`` pairs
of a person's name and their rating."""


@dataclass(frozen=True, slots=True)
class Ratings:
    """Images by ``names`` (n,), of ``prompts`` (n,) and ``items`` (n,), and their single ratings.

    ``features`` (n, d). Of each rating (v,) its ``image``, a row of these, its ``person``, by a
    number, and its ``value``.
    """

    names: Sequence[str]
    items: Sequence[str]
    prompts: Sequence[str]
    features: Floats
    image: Ints
    person: Ints
    value: Floats

    @property
    def counts(self) -> GradeCounts:
        """Of each image how many gave each grade that anybody gave."""
        grades, grade = np.unique(self.value, return_inverse=True)
        counts = np.zeros((len(self.names), len(grades)))
        np.add.at(counts, (self.image, grade.reshape(-1)), 1)
        return GradeCounts(counts, grades, dense(self.prompts))

    @property
    def means(self) -> Floats:
        """(n,) mean ratings."""
        counts = self.counts
        found: Floats = counts.counts @ counts.grades / counts.total
        return found


def ratings_of(rows: Iterable[RatingRow], features: Mapping[str, Floats]) -> Ratings:
    """Of rows of one dimension; ``features`` (d,) by the images' names.

    An image of several items is told by the first of them, with the ratings of all.
    """
    told = [row for row in rows if row["ratings"]]
    first = {row["image"]: row for row in reversed(told)}
    names = sorted(first)
    place = {name: at for at, name in enumerate(names)}
    single = [(place[row["image"]], *one) for row in told for one in row["ratings"]]
    return Ratings(
        names,
        [first[name]["item"] for name in names],
        [first[name]["prompt"] for name in names],
        np.stack([features[name] for name in names]),
        np.array([image for image, _, _ in single], np.int64),
        dense([str(person) for _, person, _ in single]),
        np.array([value for _, _, value in single], np.float64),
    )


def held_out(
    ratings: Ratings, *, seed: int = 0, advance: Callable[[], None] = lambda: None
) -> HeldOut:
    """Each image's expected rating by a head that learnt from the prompts of the other folds."""
    counts = ratings.counts
    return over_folds(
        counts.prompts,
        counts.total,
        ratings.features,
        partial(_lesson, ratings.features, counts, seed=seed),
        shown=np.flatnonzero,
        seed=seed,
        advance=advance,
    )


def _lesson(features: Floats, counts: GradeCounts, rest: Flags, *, seed: int) -> Lesson | None:
    mapped = feature_map(features[rest])
    x = mapped(features)
    try:
        head = learnt(x[rest], counts.of(rest), seed=seed)
    except ValueError:
        return None

    def told(some: Flags | None) -> Floats | None:
        fewer = head if some is None else _refitted(x, counts, some, head)
        return None if fewer is None else fewer.expected(fewer.rewards(x))

    return Lesson(linear_of(mapped, head), told)


def _refitted(x: Floats, counts: GradeCounts, some: Flags, head: OrdinalHead) -> OrdinalHead | None:
    """The same head from fewer ratings, its ridge the same."""
    try:
        return fitted(x[some], counts.of(some), head.ridge)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class OneOut:
    """People one by one (m,): ``own`` rating of an ``image``, and the mean of the ``others`` of it.

    Of who rated an image twice, in two items, the mean.
    """

    image: Ints
    person: Ints
    own: Floats
    others: Floats


def one_out(ratings: Ratings) -> OneOut:
    """Everybody who rated an image that somebody else rated, too."""
    people = int(ratings.person.max(initial=-1)) + 1
    key, at = np.unique(ratings.image * people + ratings.person, return_inverse=True)
    image, person = key // max(people, 1), key % max(people, 1)
    n, total = np.bincount(at), np.bincount(at, ratings.value)
    size = len(ratings.names)
    rest = np.bincount(ratings.image, minlength=size)[image] - n
    others = np.bincount(ratings.image, ratings.value, size)[image] - total
    there = rest > 0
    return OneOut(
        image[there],
        person[there],
        (total / n)[there],
        others[there] / rest[there],
    )


@dataclass(frozen=True, slots=True)
class OneOutPairs:
    """Rows ``first`` and ``second`` of OneOut, one person's, of two images of one prompt.

    ``side`` is 1 or -1: which the others rate higher; pairs that they rate alike aren't here.
    """

    first: Ints
    second: Ints
    side: Floats


def pairs_within(left: OneOut, prompts: Ints) -> OneOutPairs:
    """Every two images of a prompt that one person rated; ``prompts`` (n,) of the images."""
    groups = np.stack([left.person, prompts[left.image]], axis=1)
    order = np.lexsort(groups.T)
    found: list[Ints] = []
    for _, same in groupby(order.tolist(), key=lambda row: tuple(groups[row])):
        rows = np.array(list(same), np.int64)
        i, j = np.triu_indices(len(rows), 1)
        found.append(np.stack([rows[i], rows[j]]))
    first, second = np.concatenate(found, axis=1) if found else np.zeros((2, 0), np.int64)
    apart = left.others[first] - left.others[second]
    # The others' means are of different people: what is left of equal ones is rounding.
    some = np.abs(apart) > 1e-9
    return OneOutPairs(first[some], second[some], np.sign(apart[some]))
