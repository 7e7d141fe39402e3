"""Win rates and strengths by votes alone, and with a metric of pairs that nobody has judged.

The judged pairs are those of a board (settled items, won, tied or lost), and weigh as they do
there: a pair that a round has drawn speaks for those that it might have drawn. The pool is all two
images of one prompt, of different generators, that the metric has measured, judged or not. Where
items show an image beside (edits), a prompt does not say which images belong together, and there is
no pool.
"""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

import numpy as np
from django.core.cache import cache

from annotator.annotations.selectors import WhichAnswers
from annotator.core.reasons import Code, Reason
from annotator.items.models import Image
from annotator.items.selectors import shows_beside
from annotator.measurements.learnt import by_mean_of_folds
from annotator.projects.models import Project
from annotator.reports.boards.sides import (
    Outcomes,
    SideVotes,
    drawn_among,
    outcomes_by_question,
    votes_by_question,
)
from annotator.reports.metrics.judged import Dimension, Flags, JudgedImages, dimensions_of
from annotator.reports.metrics.kept import KEPT_SECONDS, Basis
from annotator.reports.metrics.measured import MeasuredMetric, capped, values_of
from annotator.reports.metrics.report import check_metric, dimension_called, metrics_of
from annotator.reports.reading import every_row
from scoring.arrays import Floats, Ints
from scoring.prompts import normal_form
from scoring.ranking import elo
from scoring.statistics.accuracy import pairs_within
from scoring.statistics.estimate import Estimate
from scoring.statistics.powered import FEWEST_PROMPTS, Predictions, powered_share, squashed
from scoring.statistics.powered_strengths import MetPairs, powered_strengths

# Of more pairs that nobody has judged, so many are drawn.
MOST_PAIRS = 200_000


@dataclass(frozen=True, slots=True)
class PoweredRate:
    """One generator's win rate, by votes `alone` and with the metric, `powered`; and its strength.

    Strengths are points as Elo's, 1000 on the mean of all, by votes of which a tie is half a vote
    for each side.
    """

    generator: str
    votes: int = field(metadata={"help": "On the settled items that show it."})
    alone: Estimate
    powered: Estimate
    worth: int = field(metadata={"help": "Votes more for the same certainty; 0: saves nothing."})
    elo_alone: Estimate
    elo_powered: Estimate
    elo_worth: int = field(metadata={"help": "The same of the strength."})
    pairs: int = field(metadata={"help": "Pairs that nobody has judged and the metric has."})


@dataclass(frozen=True, slots=True)
class PoweredRates:
    """One question between two sides and one metric; ``empty`` says why there are no rows."""

    dimension: str
    metric: str
    pairs: int = field(metadata={"help": "That nobody has judged, of all generators."})
    rows: list[PoweredRate]
    empty: Reason | None
    answers: WhichAnswers = WhichAnswers.ACCEPTED
    weighed: int = field(
        default=0, metadata={"help": "Items that rounds have drawn: rates weigh all, as the board."}
    )


def powered_of(project: Project, *, dimension: str, metric: str) -> PoweredRates:
    """The first question between sides, and the first metric with values, where none is named.

    Kept until an answer settles or a measurement comes. Raises Invalid for names there are not.
    """
    check_metric(metric)
    dimensions = dimensions_of(project)
    first = next((each.key for each in dimensions if each.of_pairs), "")
    asked = dimension_called(dimensions, dimension or first or dimensions[0].key)
    basis = Basis(project)
    there_are = metrics_of(basis)
    metric = metric or (there_are[0].metric if there_are else "")
    measured = {each.metric: each for each in there_are}.get(metric)
    if not asked.of_pairs:
        return PoweredRates(asked.key, metric, 0, [], Reason(Code.NOT_BETWEEN_SIDES))
    if measured is None:
        named = Reason(Code.NO_VALUES_OF_METRIC_YET, metric=metric)
        return PoweredRates(asked.key, "", 0, [], named if metric else Reason(Code.NO_VALUES_YET))
    key = basis.key("powered", asked, measured, *basis.state)
    found: PoweredRates | None = cache.get(key)
    if found is None:
        found = _powered(basis, asked, measured)
        cache.set(key, found, KEPT_SECONDS)
    return found


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Pairs by who made each image, what a metric says of the first over the second, and prompts.

    ``first`` and ``second`` (n,) are generators' numbers; ``open`` (n,): nobody has judged it.
    """

    first: Ints
    second: Ints
    prediction: Floats
    prompt: Ints
    open: Flags

    def of(self, generator: int) -> tuple[Ints, Predictions]:
        """Which pairs show it and not twice, each as seen from it: strata are those it met."""
        mine = np.flatnonzero((self.first == generator) != (self.second == generator))
        from_first = self.first[mine] == generator
        return mine, Predictions(
            np.where(from_first, self.prediction[mine], -self.prediction[mine]),
            np.where(from_first, self.second[mine], self.first[mine]),
            self.prompt[mine],
        )


def _powered(basis: Basis, dimension: Dimension, measured: MeasuredMetric) -> PoweredRates:
    project, shown, question = basis.project, basis.shown, dimension.question
    numbers = {item: number for number, item in enumerate(shown.items)}
    outcomes = outcomes_by_question(project, [question], numbers)[question]
    votes = votes_by_question(project, [question], numbers)[question]
    if not len(outcomes.item):
        return PoweredRates(dimension.key, measured.metric, 0, [], Reason(Code.NOTHING_SETTLED))
    prompts = len(np.unique(shown.prompt[outcomes.item]))
    if prompts < FEWEST_PROMPTS:
        few = Reason(Code.FEW_PROMPTS_FOR_METRIC, n=prompts, least=FEWEST_PROMPTS)
        return PoweredRates(dimension.key, measured.metric, 0, [], few)
    judged, pool = _pairs(basis, measured, outcomes.item)
    given = np.bincount(votes.item, votes.counts.sum(axis=1), len(shown.items))[outcomes.item]
    rows = []
    there_are = np.unique(np.concatenate([judged.first, judged.second]))
    strengths = powered_strengths(
        _shares(votes, outcomes, given.astype(np.float64)),
        _met(judged, there_are),
        _met(pool, there_are),
        len(there_are),
    )
    for generator, strength in zip(there_are, strengths, strict=True):
        mine, predicted = judged.of(generator)
        there, predicted_of_pool = pool.of(generator)
        from_first = judged.first[mine] == generator
        share = np.where(from_first, outcomes.share[mine], 1 - outcomes.share[mine])
        if not len(mine):
            continue
        weight = None if shown.weight is None else shown.weight[outcomes.item[mine]]
        found = powered_share(share, predicted, predicted_of_pool, weight)
        count = round(float(given[mine].sum()))
        rows.append(
            PoweredRate(
                generator=shown.generators[int(generator)],
                votes=count,
                alone=found.alone,
                powered=found.powered,
                worth=round(count * (found.ratio - 1)),
                elo_alone=_elo(strength.alone),
                elo_powered=_elo(strength.powered),
                elo_worth=round(count * (strength.ratio - 1)),
                pairs=int(pool.open[there].sum()),
            )
        )
    rows.sort(key=lambda row: (-(row.alone.value or 0.0), row.generator))
    pairs = int(pool.open.sum())
    empty = None if pairs else Reason(Code.NO_OTHER_PAIRS, metric=measured.metric)
    return PoweredRates(
        dimension=dimension.key,
        metric=measured.metric,
        pairs=pairs,
        rows=[] if empty else rows,
        empty=empty,
        weighed=drawn_among(outcomes, shown),
    )


def _shares(votes: SideVotes, outcomes: Outcomes, given: Floats) -> Floats:
    """(rows,) of the votes ``given`` on each settled item those for a, a tie half.

    Without votes its outcome.
    """
    of_a = votes.counts[:, [0, 4]].sum(axis=1) + votes.counts[:, [2, 5]].sum(axis=1) / 2
    size = outcomes.item.max(initial=-1) + 1
    won = np.bincount(votes.item, of_a, size)[outcomes.item]
    return np.divide(won, given, out=outcomes.share.copy(), where=given > 0)


def _met(pairs: _Pairs, generators: Ints) -> MetPairs:
    """Those of two of ``generators``, who are numbered by their places among these."""
    mine = np.isin(pairs.first, generators) & np.isin(pairs.second, generators)
    first, second = (
        np.searchsorted(generators, each[mine]) for each in (pairs.first, pairs.second)
    )
    return MetPairs(first, second, pairs.prediction[mine], pairs.prompt[mine])


def _elo(strength: Estimate) -> Estimate:
    if strength.value is None:
        return strength
    between = strength.interval
    return replace(
        strength,
        value=elo(strength.value),
        interval=None if between is None else (elo(between[0]), elo(between[1])),
    )


@dataclass(frozen=True, slots=True)
class _Images:
    """All images of a project: ids, who made each (the judged ones' numbers first), its prompt."""

    ids: list[UUID]
    generator: Ints
    prompt: Ints


def _pairs(basis: Basis, measured: MeasuredMetric, items: Ints) -> tuple[_Pairs, _Pairs]:
    """The judged items' pairs, and all that the metric has measured."""
    shown = basis.shown
    told = basis.values(measured)
    fair = by_mean_of_folds(basis.project, measured.metric)
    value = measured.sign * capped(_fair(told, shown.images, fair), measured)
    here = shown.places[items, :2]
    judged = value[here[:, 0]] - value[here[:, 1]]
    images = None if shows_beside(basis.project) else _images(basis.project, shown)
    if images is None:
        first = second = prompt = np.zeros(0, np.int64)
        difference, free = np.zeros(0), np.zeros(0, np.bool_)
    else:
        told = values_of(basis.project, measured, images.ids)
        every = measured.sign * capped(_fair(told, images.ids, fair), measured)
        first, second, free = _pool(shown, images, every)
        difference = every[first] - every[second]
        first, second, prompt = (
            images.generator[first], images.generator[second], images.prompt[first],
        )  # fmt: skip
    sizes = np.abs(np.concatenate([judged, difference[free]]))
    sizes = sizes[np.isfinite(sizes)]
    scale = float(np.median(sizes)) if len(sizes) else 0.0
    made_by = shown.generator[here]
    return (
        _Pairs(
            made_by[:, 0],
            made_by[:, 1],
            squashed(judged, scale),
            shown.prompt[items],
            np.zeros(len(items), np.bool_),
        ),
        _Pairs(first, second, squashed(difference, scale), prompt, free),
    )


def _fair(value: Floats, images: Sequence[UUID], fair: Mapping[UUID, float]) -> Floats:
    """(images,) of a metric's values; of a reward head's, those that it has learnt from remain."""
    return np.array([fair.get(pk, one) for pk, one in zip(images, value.tolist(), strict=True)])


def _images(project: Project, shown: JudgedImages) -> _Images:
    """The judged ones in their order, then the others with a prompt (1 query)."""
    ids = list(shown.images)
    seen = {pk: number for number, pk in enumerate(ids)}
    generators = {name: number for number, name in enumerate(shown.generators)}
    prompts: dict[str, int] = {}
    texts: dict[UUID, str] = {}
    made_by, after = array("q"), []
    rows = Image.objects.filter(project=project, is_reference=False)
    for pk, generator, text in every_row(rows.values_list("pk", "generator", "prompt")):
        texts[pk] = normal_form(text)
        if pk in seen and texts[pk]:
            prompts[texts[pk]] = int(shown.prompt_of[seen[pk]])
        elif pk not in seen and texts[pk]:
            after.append(pk)
            made_by.append(generators.setdefault(generator, len(generators)))
    count = int(shown.prompt.max(initial=-1)) + 1
    prompt = [prompts.setdefault(texts[pk], count + len(prompts)) for pk in after]
    return _Images(
        ids + after,
        np.concatenate([shown.generator, np.array(made_by, np.int64)]),
        np.concatenate([shown.prompt_of, np.array(prompt, np.int64)]),
    )


def _pool(shown: JudgedImages, images: _Images, value: Floats) -> tuple[Ints, Ints, Flags]:
    """Pairs of measured images of one prompt, by different generators, and which nobody judged."""
    there = np.flatnonzero(np.isfinite(value))
    if not len(there):
        return there, there, np.zeros(0, np.bool_)
    found = pairs_within(images.prompt[there], at_most=MOST_PAIRS)
    first, second = there[found.first], there[found.second]
    different = images.generator[first] != images.generator[second]
    first, second = first[different], second[different]
    size = len(images.ids)
    settled = shown.places[:, :2]
    settled = np.sort(settled[(settled >= 0).all(axis=1)], axis=1)
    pair = np.minimum(first, second) * size + np.maximum(first, second)
    return first, second, ~np.isin(pair, settled[:, 0] * size + settled[:, 1])
