"""Whether a metric may stand in for a person, by dimension: the alternative annotator test.

What the metric "answers": of two sides, the one with the larger value (equal values are a tie); of
an item's images that people order or pick from, the answer that stands as high within the item; of
images rated, marked or flagged each for itself, the one that stands as high among all. Sides are
compared by accuracy, the rest by RMSE (`scoring.replaceable`).
"""

from dataclasses import dataclass, field, replace

import numpy as np
from django.core.cache import cache

from annotator.annotations.selectors import WhichAnswers
from annotator.core.reasons import Code, Reason
from annotator.projects.models import Project
from annotator.questions.kinds import KINDS
from annotator.reports.metrics.judged import Dimension, Judged, dimensions_of
from annotator.reports.metrics.kept import KEPT_SECONDS, Basis
from annotator.reports.metrics.measured import MeasuredMetric, capped
from annotator.reports.metrics.report import dimension_called, metrics_of, x_of
from annotator.reports.people import names_of
from scoring.arrays import Floats, Ints
from scoring.replaceable import EPSILON, Alignment, Answers, Replaceable, linked, replaceable
from scoring.statistics.estimate import Estimate


@dataclass(frozen=True, slots=True)
class AgainstAnnotator:
    """A metric against one annotator: who is at least as near to what the others said?"""

    id: int
    name: str
    n: int = field(metadata={"help": "Answers of theirs that the metric has one beside."})
    prompts: int
    metric: float = field(metadata={"help": "The share of them where the metric is."})
    own: float = field(metadata={"help": "The share of them where the annotator is."})
    p: float = field(metadata={"help": "Of H0: `metric` is less than `own` by ε or more."})
    won: bool


@dataclass(frozen=True, slots=True)
class ReplaceableMetric:
    """One metric: the share of annotators that it wins over, and how often it is as near."""

    metric: str
    version: str
    direction: str
    passes: bool = field(metadata={"help": "It wins over half of them or more."})
    winning_rate: float | None
    advantage: Estimate = field(
        metadata={"help": "The mean of `metric` over annotators; its interval is over prompts."}
    )
    against: list[AgainstAnnotator]
    undefined: Reason | None


@dataclass(frozen=True, slots=True)
class ReplaceableMetrics:
    """Every metric with values in one dimension; ``empty`` says why there are no rows."""

    dimension: str
    title: str
    kind: str
    alignment: Alignment
    epsilon: float = field(metadata={"help": "How much worse than a person it may be."})
    rows: list[ReplaceableMetric]
    empty: Reason | None
    answers: WhichAnswers = WhichAnswers.ACCEPTED


def replaceable_of(project: Project, *, dimension: str) -> ReplaceableMetrics:
    """The first dimension where none is named; metrics that pass first, then by their advantage.

    Kept until an answer settles or a measurement comes. Raises Invalid for a name there is not.
    """
    dimensions = dimensions_of(project)
    asked = dimension_called(dimensions, dimension or (dimensions[0].key if dimensions else ""))
    basis = Basis(project)
    metrics = metrics_of(basis)
    if not metrics:
        return _report(asked, [], Reason(Code.NO_VALUES_YET))
    key = basis.key("replaceable", asked, *basis.state)
    found: list[tuple[MeasuredMetric, Replaceable]] | None = cache.get(key)
    if found is None:
        if not len(basis.shown.items):
            return _report(asked, [], Reason(Code.NOTHING_SETTLED))
        votes = basis.judged(asked)
        found = [(each, _tested(basis, votes, each)) for each in metrics]
        cache.set(key, found, KEPT_SECONDS)
    names = names_of(sorted({row.person for _, tested in found for row in tested.against}))
    rows = [_row(measured, tested, names) for measured, tested in found]
    rows.sort(key=lambda row: (-(row.winning_rate or 0), -(row.advantage.value or 0), row.metric))
    return _report(asked, rows, None)


def check_dimension(project: Project, *, dimension: str) -> None:
    """Raises Invalid for a dimension that there is not; "" is none."""
    if dimension:
        dimension_called(dimensions_of(project), dimension)


def _report(
    dimension: Dimension, rows: list[ReplaceableMetric], empty: Reason | None
) -> ReplaceableMetrics:
    return ReplaceableMetrics(
        dimension.key, dimension.title, dimension.kind, _alignment(dimension), EPSILON, rows, empty
    )


def _alignment(dimension: Dimension) -> Alignment:
    return Alignment.ACCURACY if dimension.of_pairs else Alignment.RMSE


def _row(measured: MeasuredMetric, tested: Replaceable, names: dict[int, str]) -> ReplaceableMetric:
    against = [
        AgainstAnnotator(
            row.person, names[row.person], row.n, row.prompts, row.metric, row.own, row.p, row.won
        )
        for row in tested.against
    ]
    return ReplaceableMetric(
        metric=measured.metric,
        version=measured.version,
        direction=measured.direction,
        passes=tested.passes,
        winning_rate=tested.winning_rate,
        advantage=tested.advantage,
        against=sorted(against, key=lambda row: (row.metric - row.own, row.id)),
        undefined=tested.undefined,
    )


def _tested(basis: Basis, votes: Judged, measured: MeasuredMetric) -> Replaceable:
    """People by their ids: what is kept says nothing else of them."""
    value = measured.sign * capped(basis.values(measured), measured)
    dimension, shown = votes.dimension, basis.shown
    ids, person = np.unique(votes.person, return_inverse=True)
    if dimension.of_pairs:
        unit, answer = votes.unit, np.sign(votes.vote)
        metric = np.sign(x_of(dimension, value, shown))[unit]
    else:
        # An image that several items show is judged in each anew.
        size = max(len(shown.images), 1)
        cells, unit = np.unique(votes.item * size + votes.unit, return_inverse=True)
        unit, answer = unit.reshape(-1), votes.vote
        item, image = cells // size, cells % size
        metric = _answers_of(dimension, value[image], answer, item, unit)[unit]
    tested = replaceable(
        Answers(person.reshape(-1), unit, answer, metric, shown.prompt[votes.item]),
        _alignment(dimension),
    )
    against = tuple(replace(row, person=int(ids[row.person])) for row in tested.against)
    return replace(tested, against=against)


def _answers_of(
    dimension: Dimension, value: Floats, answer: Floats, item: Ints, unit: Ints
) -> Floats:
    """(units,) the metric's ``value`` of each as an answer on the scale of people's, (votes,)."""
    kind = KINDS[dimension.kind]
    of_unit = item if kind.picks or kind.level == "ordinal" else np.zeros(len(item), np.int64)
    told = np.isfinite(value)[unit]
    return linked(value, answer[told], of_unit, of_unit[unit][told])
