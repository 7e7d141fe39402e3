"""Keeps people's numbers and metrics' values in memory for the pages that compare them.

A project of 100,000 judged images takes about 30 megabytes of the cache, for ten minutes after its
last use was computed; of many more images each request reads for itself.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
from django.core.cache import cache
from django.db.models import Count, Max

from annotator.consensus.models import Consensus
from annotator.items.grouping import Grouping
from annotator.measurements.models import Measurement
from annotator.projects.models import Project
from annotator.reports.metrics.accuracy import human_accuracy_of
from annotator.reports.metrics.judged import (
    Dimension,
    Judged,
    JudgedImages,
    Pieces,
    judged,
    pieces_of,
    shown_of,
)
from annotator.reports.metrics.measured import MeasuredMetric, values_of
from scoring.arrays import Floats, Ints
from scoring.statistics.ceiling import human_ceiling
from scoring.statistics.estimate import Estimate

Thing = TypeVar("Thing")

KEPT_SECONDS = 600
# The columns of more images are too large for a cache that others use too.
MOST_IMAGES = 200_000


@dataclass(frozen=True, slots=True)
class Human:
    """What people said in one dimension, ready to hold a metric against.

    ``y`` (units,) is NaN where nobody said anything; ``cluster`` (units,) numbers the prompts.
    ``unit`` and ``item`` (pairs,) are in which items each unit was judged.
    """

    dimension: Dimension
    y: Floats
    cluster: Ints
    unit: Ints
    item: Ints
    ceiling: Estimate
    accuracy: Estimate


class Basis:
    """One project's settled items, and what people and metrics said of them, as columns.

    Everything is kept until an answer settles, or a measurement comes where metrics' values are
    part of it. `by` parts generators by a key of what came with images.
    """

    def __init__(self, project: Project, by: Grouping | None = None) -> None:
        self.project, self.by = project, by
        self._pieces: tuple[int, Pieces] | None = None

    def human(self, dimension: Dimension) -> Human:
        """What people said in this dimension (1 query, if it is not kept)."""
        return self._kept(
            ("human", dimension, self._settled), lambda: _human(self.judged(dimension), self.shown)
        )

    def values(self, measured: MeasuredMetric) -> Floats:
        """(images,) of the metric, as measured; NaN where there is none (1 query, if not kept)."""
        return self._kept(
            ("values", measured, *self.state),
            lambda: values_of(self.project, measured, self.shown.images),
        )

    @cached_property
    def shown(self) -> JudgedImages:
        """The settled items with their images (1 query, if they are not kept)."""
        found: JudgedImages | None = cache.get(key := self.key("shown", self._settled))
        if found is None:
            found = shown_of(self.project, self.by)
            if len(found.images) <= MOST_IMAGES:
                cache.set(key, found, KEPT_SECONDS)
        return found

    @cached_property
    def state(self) -> tuple[object, object]:
        """What changes whenever the report could (2 queries)."""
        measured = Measurement.objects.filter(project=self.project).aggregate(
            n=Count("pk"), last=Max("pk"), at=Max("at")
        )
        return self._settled, measured

    @cached_property
    def _settled(self) -> object:
        return Consensus.objects.filter(project=self.project).aggregate(
            n=Count("pk"), last=Max("pk"), at=Max("settled_at")
        )

    def key(self, *parts: object) -> str:
        """The name in the cache of what these parts make of the project."""
        named = repr((self.project.pk, self.by, *parts))
        return f"reports.metrics.{hashlib.sha256(named.encode()).hexdigest()}"

    def _kept(self, parts: tuple[object, ...], compute: Callable[[], Thing]) -> Thing:
        if len(self.shown.images) > MOST_IMAGES:
            return compute()
        found: Thing | None = cache.get(key := self.key(*parts))
        if found is None:
            found = compute()
            cache.set(key, found, KEPT_SECONDS)
        return found

    def judged(self, dimension: Dimension) -> Judged:
        """Each vote of this dimension (1 query); flags of one question are read together."""
        if self._pieces is None or self._pieces[0] != dimension.question:
            pieces = pieces_of(self.project, dimension, self.shown)
            self._pieces = dimension.question, pieces
        return judged(dimension, self._pieces[1], self.shown)


def _human(votes: Judged, shown: JudgedImages) -> Human:
    cluster = shown.prompt if votes.dimension.of_pairs else shown.prompt_of
    unit, vote, clusters = votes.unit, votes.vote, cluster[votes.unit]
    if votes.dimension.of_pairs:
        # Both ways round: as many votes for a as for b, whatever was called so.
        unit = np.concatenate([unit, unit + len(cluster)])
        vote, clusters = np.concatenate([vote, -vote]), np.concatenate([clusters, clusters])
    size = max(len(shown.items), 1)
    once = np.unique(votes.unit * size + votes.item)
    return Human(
        dimension=votes.dimension,
        y=votes.mean,
        cluster=cluster,
        unit=once // size,
        item=once % size,
        ceiling=human_ceiling(unit, vote, clusters),
        accuracy=human_accuracy_of(votes, cluster),
    )
