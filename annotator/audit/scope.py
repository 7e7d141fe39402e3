"""What an invariant is, and the part of the site that a check looks at."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Scope:
    """The instant of the check, and the project (None: all of them)."""

    now: datetime
    project_id: int | None = None

    def within(self, rows: QuerySet[Row], path: str = "project") -> QuerySet[Row]:
        """Those of the rows that belong to the project, found over `path`."""
        return rows if self.project_id is None else rows.filter(**{path: self.project_id})


def in_stretches(rows: QuerySet[Row], size: int) -> Iterator[list[Row]]:
    """All of the rows, `size` at a time."""
    found = rows.iterator(chunk_size=size)
    while stretch := list(islice(found, size)):
        yield stretch


# Rows that break the promise, or a sentence for each thing that does.
Violations = QuerySet[Any, Any] | Sequence[str]


@dataclass(frozen=True, slots=True)
class Invariant:
    """A promise in one sentence, and the selector that finds what breaks it."""

    name: str
    sentence: str
    find: Callable[[Scope], Violations]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many things break a promise, with the first few of them."""

    invariant: Invariant
    violations: int
    examples: tuple[str, ...]


EXAMPLES = 3


def check(invariant: Invariant, scope: Scope) -> Outcome:
    """Looks for violations of one promise."""
    found = invariant.find(scope)
    if isinstance(found, QuerySet):
        count = found.count()
        return Outcome(invariant, count, tuple(str(row) for row in found[:EXAMPLES]))
    return Outcome(invariant, len(found), tuple(found[:EXAMPLES]))
