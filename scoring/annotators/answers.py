"""The arrays that all of it is counted over: answers, and what they say question by question."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from scoring.arrays import Floats, Ints


@dataclass(frozen=True, slots=True)
class Answers:
    """One row an answer; of a person and an item there is one at most.

    ``annotator`` is in [0, people), ``item`` in [0, items); ``at`` is in seconds; ``active_ms`` is
    NaN where it is unknown; ``verdict`` 1 accepted, 0 rejected, -1 not reviewed; ``leftmost`` the
    number of the image that was shown leftmost.
    """

    annotator: Ints
    item: Ints
    at: Floats
    active_ms: Floats
    verdict: Ints
    leftmost: Ints
    people: int
    items: int

    def __len__(self) -> int:
        return len(self.annotator)

    def count(self, which: Ints | None = None) -> Ints:
        """(people,): how many answers (of those named) each person has given."""
        rows = self.annotator if which is None else self.annotator[which]
        return np.bincount(rows, minlength=self.people)

    def sums(self, values: Floats) -> Floats:
        """(people,): the sum over each person's answers of a value an answer."""
        found: Floats = np.bincount(self.annotator, values, minlength=self.people).astype(float)
        return found


@dataclass(frozen=True, slots=True)
class Choices:
    """Votes of one question that have no order: ``label`` in [0, labels) on ``unit``, by answer.

    ``sides``: labels 0 and 1 are the two images of a pair, any other is neither.
    """

    answer: Ints
    unit: Ints
    label: Ints
    labels: int
    sides: bool = False


@dataclass(frozen=True, slots=True)
class Ratings:
    """Votes of one question that are numbers: ``value`` on ``unit``, by answer."""

    answer: Ints
    unit: Ints
    value: Floats


@dataclass(frozen=True, slots=True)
class Sets:
    """What of several things (flags, words, flaws) each answer names: yes or no to each.

    ``answer`` and ``group`` are a row for each answer about a group of things; ``size`` how many
    things there are in it. ``row`` and ``thing`` name those that were chosen.
    """

    answer: Ints
    group: Ints
    size: Ints
    row: Ints
    thing: Ints


@dataclass(frozen=True, slots=True)
class Comparisons:
    """Strict preferences between two images of one prompt: ``better`` over ``worse``, by answer."""

    answer: Ints
    better: Ints
    worse: Ints


@dataclass(frozen=True, slots=True)
class Asked:
    """All questions' votes. ``signature``: (questions, answers), equal where both say the same."""

    choices: Sequence[Choices] = ()
    ratings: Sequence[Ratings] = ()
    sets: Sequence[Sets] = ()
    comparisons: Sequence[Comparisons] = ()
    signature: Ints = field(default_factory=lambda: np.zeros((0, 0), np.int64))


def ordered_pairs(votes: Ratings) -> Choices:
    """Ranks of several things in an answer as choices: of each two which one is before.

    ``unit`` of the ranks is item · 9 + place, so that two answers to one item share their units.
    """
    order = np.lexsort((votes.unit, votes.answer))
    answer, unit, value = votes.answer[order], votes.unit[order], votes.value[order]
    found: list[tuple[Ints, Ints, Ints]] = []
    for apart in range(1, 9):
        if apart >= len(answer):
            break
        same = np.flatnonzero(answer[:-apart] == answer[apart:])
        first, second = value[same], value[same + apart]
        label = np.where(first < second, 0, np.where(first > second, 1, 2))
        found.append((answer[same], unit[same] * 9 + unit[same + apart] % 9, label))
    if not found:
        nothing = np.zeros(0, np.int64)
        return Choices(nothing, nothing, nothing, 3)
    of, units, labels = (np.concatenate(column) for column in zip(*found, strict=True))
    return Choices(of, np.unique(units, return_inverse=True)[1].astype(np.int64), labels, 3)
