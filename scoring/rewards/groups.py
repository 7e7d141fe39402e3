"""How right a head is by what its pairs are of: a category of prompts, two generators."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from scoring.arrays import Floats, Ints
from scoring.rewards.shares import share_of
from scoring.rewards.votes import LeaveOneOut
from scoring.statistics.estimate import Estimate

# What came with an item or its images, under this key.
CATEGORY = "category"

Label = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PairLabels:
    """Of each pair (n,) its prompt's category, (name,), and its two generators in order of names.

    A name is "" where nobody gave one. ``categories`` is empty where no pair has any.
    """

    categories: Sequence[Label]
    generators: Sequence[Label]


@dataclass(frozen=True, slots=True)
class GroupAccuracy:
    """How often the head and one person are right on the same votes of a part of the pairs.

    Shares from 0 to 1; ``n`` counts votes. Under FEWEST_POINTS prompts there is no interval.
    """

    names: Sequence[str] = field(
        metadata={"help": "A category's or two generators'; \"\": none was given."}
    )
    prompts: int = field(metadata={"help": "Whose votes can be held against others."})
    accuracy: Estimate
    person: Estimate


def labels_of(rows: Sequence[Mapping[str, Any]]) -> PairLabels:
    """Of rows of preferences.jsonl. The item's own category comes before one of its images."""
    categories = [_category(row["meta"]) for row in rows]
    return PairLabels(
        [(name,) for name in categories] if any(categories) else [],
        [tuple(sorted(row["generators"].values())) for row in rows],
    )


def _category(meta: Mapping[str, Mapping[str, Any]]) -> str:
    told = (meta[of].get(CATEGORY) for of in ("item", "chosen", "rejected"))
    value = next((one for one in told if one is not None), "")
    return value if isinstance(value, str) else json.dumps(value)


def by_group(
    labels: Sequence[Label], left: LeaveOneOut, prompts: Ints, *, head: Floats, person: Floats
) -> list[GroupAccuracy]:
    """Every group of ``labels`` (n,), those of most votes first.

    ``prompts``, ``head`` and ``person`` (m,) are of the single votes ``left``: their prompts, and
    how far each is right of them, NaN where nobody knows.
    """
    number = {names: at for at, names in enumerate(sorted(set(labels)))}
    group = np.array([number[label] for label in labels], np.int64)
    told = np.isfinite(head) & np.isfinite(person)
    found = []
    for names, at in number.items():
        some = told & (group[left.pair] == at)
        n, of = left.n[some], prompts[some]
        accuracy, people = (share_of(hits[some], n, of) for hits in (head, person))
        found.append(GroupAccuracy(names, len(np.unique(of)), accuracy, people))
    return sorted(found, key=lambda one: (-one.accuracy.n, tuple(one.names)))
