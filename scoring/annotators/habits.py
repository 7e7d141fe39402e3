"""Habits that are no judgement: one answer for all questions, for all items, or in a circle."""

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import entr

from scoring.annotators.answers import Answers, Choices, Comparisons, Ratings
from scoring.arrays import Floats, Ints

# So many questions alike in one answer are a line.
DIMENSIONS = 3


def dimensions_of(answers: Answers, choices: list[Choices], ratings: list[Ratings]) -> Floats:
    """(answers, questions): 1 for the first image, -1 for the second, 0 neither; or the mean
    rating. NaN where it was not answered.
    """
    columns = []
    for votes in choices:
        column = np.full(len(answers), np.nan)
        column[votes.answer] = np.select([votes.label == 0, votes.label == 1], [1.0, -1.0], 0.0)
        columns.append(column)
    for rated in ratings:
        n = np.bincount(rated.answer, minlength=len(answers))
        total = np.bincount(rated.answer, rated.value, minlength=len(answers))
        column = np.full(len(answers), np.nan)
        np.divide(total, n, out=column, where=n > 0)
        columns.append(column)
    return np.stack(columns, axis=1) if columns else np.zeros((len(answers), 0))


def straight_lines(dimensions: Floats) -> tuple[Floats, Floats]:
    """(alike, compared), one or zero an answer: whether all of its questions got one answer."""
    there = np.isfinite(dimensions)
    compared = there.sum(axis=1) >= DIMENSIONS
    low = np.where(there, dimensions, np.inf).min(axis=1, initial=np.inf)
    high = np.where(there, dimensions, -np.inf).max(axis=1, initial=-np.inf)
    return (compared & (low == high)).astype(np.float64), compared.astype(np.float64)


@dataclass(frozen=True, slots=True)
class Halo:
    """(people,): the mean correlation between a person's questions, and over how many answers."""

    correlation: Floats
    n: Ints


def halo_of(answers: Answers, dimensions: Floats) -> Halo:
    """Of two questions or more; NaN where one of a person's answers is always the same."""
    questions = dimensions.shape[1]
    found: list[Floats] = []
    whole: Floats = np.asarray(np.isfinite(dimensions).all(axis=1), np.float64)
    n = answers.sums(whole)
    if questions < 2:
        return Halo(np.full(answers.people, np.nan), n.astype(np.int64))
    clean = np.where(whole[:, None] > 0, dimensions, 0.0)
    columns: list[Floats] = [clean[:, place] for place in range(questions)]
    mean = [answers.sums(column) / np.maximum(n, 1) for column in columns]
    centred: list[Floats] = [
        (column - middle[answers.annotator]) * whole
        for column, middle in zip(columns, mean, strict=True)
    ]
    spread = [answers.sums(column**2) for column in centred]
    for one in range(questions):
        for other in range(one + 1, questions):
            below = np.sqrt(spread[one] * spread[other])
            r = np.full(answers.people, np.nan)
            together = answers.sums(centred[one] * centred[other])
            np.divide(together, below, out=r, where=below > 1e-9)
            found.append(r)
    return Halo(np.stack(found).mean(axis=0), n.astype(np.int64))


def entropy_bits(counts: Floats) -> Floats:
    """The entropy of each row of counts, in bits: 0 for who always says one thing."""
    total = np.maximum(counts.sum(axis=-1, keepdims=True), 1e-12)
    found: Floats = entr(counts / total).sum(axis=-1) / math.log(2)
    return found


def label_counts(answers: Answers, votes: Choices) -> Floats:
    """(people, labels): how often each person says each."""
    cells = answers.annotator[votes.answer] * votes.labels + votes.label
    counted = np.bincount(cells, minlength=answers.people * votes.labels)
    return counted.reshape(answers.people, votes.labels).astype(np.float64)


@dataclass(frozen=True, slots=True)
class Circles:
    """(people,): triples of images a person has compared in all three pairs, and those in which
    a beats b, b beats c, and c beats a: a quarter of them by chance.
    """

    circular: Ints
    triples: Ints


def circles_of(answers: Answers, comparisons: Comparisons) -> Circles:
    """Two steps better → worse → worse still, and whether the third comparison closes a circle."""
    nothing = np.zeros(answers.people, np.int64)
    if len(comparisons.answer) < 3:
        return Circles(nothing, nothing)
    who = answers.annotator[comparisons.answer]
    images = int(max(comparisons.better.max(), comparisons.worse.max())) + 1
    start, end = who * images + comparisons.better, who * images + comparisons.worse
    # A pair that one person judged twice, in two items, says nothing certain: once is enough.
    edge = np.unique(start * images + comparisons.worse)
    start, end = edge // images, (edge // images) // images * images + edge % images
    order = np.argsort(start, kind="stable")
    low = np.searchsorted(start[order], end, side="left")
    high = np.searchsorted(start[order], end, side="right")
    steps = high - low
    first = np.repeat(np.arange(len(start)), steps)
    offset = np.arange(len(first)) - np.repeat(np.cumsum(steps) - steps, steps)
    second = order[low[first] + offset]
    a, c, person = start[first], end[second], start[first] // images
    closes = _among(c * images + a % images, edge)
    follows = _among(a * images + c % images, edge)
    # A circle is met three times, once from each of its images.
    circular = np.bincount(person[closes], minlength=answers.people) // 3
    straight = np.bincount(person[follows & ~closes], minlength=answers.people)
    return Circles(circular, circular + straight)


def _among(keys: Ints, ordered: Ints) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    place = np.minimum(np.searchsorted(ordered, keys), len(ordered) - 1)
    found: np.ndarray[tuple[int], np.dtype[np.bool_]] = ordered[place] == keys
    return found
