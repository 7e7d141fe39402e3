"""How far each metric agrees with people: correlations, pairwise accuracy, people's ceiling.

A metric that is better when lower is negated first, so that larger is better on both sides and a
good metric's correlation is positive. Prompts are the clusters of every interval. Preferences are
held against the difference of the two images' values; each pair enters both ways round, so that
it does not matter which image was called a. It counts once all the same, and the notes say it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from django.core.cache import cache

from annotator.annotations.selectors import WhichAnswers
from annotator.core.errors import Invalid
from annotator.core.reasons import Code, Reason
from annotator.items.grouping import of_images, too_many
from annotator.projects.models import Project
from annotator.reports.leaderboard import board_of_preferences
from annotator.reports.metrics.accuracy import Accuracy, accuracy_of
from annotator.reports.metrics.judged import Dimension, HumanUnit, JudgedImages, dimensions_of
from annotator.reports.metrics.kept import KEPT_SECONDS, Basis, Human
from annotator.reports.metrics.measured import MeasuredMetric, capped, measured_of
from scoring.arrays import Floats, Ints
from scoring.catalog import CATALOG, find, metric
from scoring.statistics.comparison import rank_correlation_p
from scoring.statistics.correlation import Correlations, bonett_wright_interval, correlate, srcc
from scoring.statistics.correlation_within import correlate_within
from scoring.statistics.estimate import Estimate, too_few_points

# Of fewer, a correlation is mostly chance.
FEWEST = 10


@dataclass(frozen=True, slots=True)
class ByGenerator:
    """Spearman's correlation over generators, of which there are n; p exact for up to seven."""

    srcc: Estimate
    p: float | None
    n: int


@dataclass(frozen=True, slots=True)
class MetricAgreement:
    """One metric in one dimension. A metric that is better when lower is negated first.

    ``n_items`` counts the settled items with both numbers; an item without a prompt is a prompt of
    its own. ``pooled`` is over everything at once, its intervals by a bootstrap over prompts;
    ``per_prompt`` the mean over prompts of each prompt's own. ``ceiling`` is √ICC(1, k) of people's
    means, which no correlation can be expected to pass; ``human_accuracy`` is ``accuracy.raw`` of
    one person held against the mean of the others. ``notes`` say what limits it.
    """

    dimension: str
    title: str
    kind: str
    human_unit: HumanUnit
    metric: str
    version: str
    direction: str
    n_items: int
    n_images: int
    n_prompts: int
    notes: tuple[Reason, ...]
    pooled: Correlations
    per_prompt: Correlations
    accuracy: Accuracy
    ceiling: Estimate
    human_accuracy: Estimate
    by_generator: ByGenerator


@dataclass(frozen=True, slots=True)
class MetricsReport:
    """Rows by dimension and metric; ``empty`` says why there are none."""

    rows: list[MetricAgreement]
    empty: Reason | None = None
    answers: WhichAnswers = WhichAnswers.ACCEPTED


def metrics_report_of(
    project: Project, *, dimension: str = "", metric: str = "", by: str = ""
) -> MetricsReport:
    """Every metric with values in every dimension, or those named; `by`: see Basis.

    Each row is kept until an answer settles or a measurement comes. Raises Invalid for names there
    are not.
    """
    asked = _asked(project, dimension)
    check_metric(metric)
    if not asked:
        return MetricsReport([], Reason(Code.NO_NUMBERS_ASKED))
    basis = Basis(project, of_images(project, by))
    metrics = [each for each in metrics_of(basis) if metric in ("", each.metric)]
    if not metrics:
        named = Reason(Code.NO_VALUES_OF_METRIC_YET, metric=metric)
        return MetricsReport([], named if metric else Reason(Code.NO_VALUES_YET))
    cells = {
        basis.key("row", each, measured, *basis.state): (each, measured)
        for each in asked
        for measured in metrics
    }
    rows: dict[str, MetricAgreement] = cache.get_many(cells)
    missing = [key for key in cells if key not in rows]
    if missing and not len(basis.shown.items):
        return MetricsReport([], Reason(Code.NOTHING_SETTLED))
    if basis.by and (why := too_many(basis.by, basis.shown.generators)) is not None:
        return MetricsReport([], why)
    for key in missing:
        rows[key] = _computed(basis, *cells[key])
        cache.set(key, rows[key], KEPT_SECONDS)
    return MetricsReport([rows[key] for key in cells])


def check_asked(project: Project, *, dimension: str, metric: str) -> None:
    """Raises Invalid for names there are not; "" is none (3 queries)."""
    _asked(project, dimension)
    check_metric(metric)


def metrics_of(basis: Basis) -> list[MeasuredMetric]:
    """Metrics with numbers for some image of the project, by name (1 query, if not kept)."""
    key = basis.key("metrics", *basis.state)
    found: list[MeasuredMetric] | None = cache.get(key)
    if found is None:
        found = measured_of(basis.project)
        cache.set(key, found, KEPT_SECONDS)
    return found


def _asked(project: Project, key: str) -> list[Dimension]:
    found = dimensions_of(project)
    return [dimension_called(found, key)] if key else found


def dimension_called(dimensions: Sequence[Dimension], key: str) -> Dimension:
    """The one of this key. Raises Invalid, which lists those there are."""
    for dimension in dimensions:
        if dimension.key == key:
            return dimension
    there_are = tuple(each.key for each in dimensions)
    unknown = Reason(Code.UNKNOWN_DIMENSION, dimension=key[:100], there_are=there_are)
    raise Invalid(fields={"dimension": unknown})


def check_metric(name: str) -> None:
    """Raises Invalid for a name that the catalog does not have; "" is none."""
    if name and find(name) is None:
        unknown = Reason(Code.UNKNOWN_METRIC, metric=name[:50], there_are=tuple(CATALOG))
        raise Invalid(fields={"metric": unknown})


def _computed(basis: Basis, dimension: Dimension, measured: MeasuredMetric) -> MetricAgreement:
    value = basis.values(measured)
    infinite = int(np.isposinf(value).sum())
    value = measured.sign * capped(value, measured)
    strengths = _strengths(basis, dimension) if dimension.of_pairs else None
    found = _agreement(basis.human(dimension), measured, value, basis.shown, strengths)
    if not infinite:
        return found
    entry = metric(measured.metric)
    note = Reason(Code.VALUES_INFINITE, n=infinite, cap=entry.cap or 0.0, unit=entry.unit)
    return replace(found, notes=(*found.notes, note))


def _agreement(
    human: Human,
    measured: MeasuredMetric,
    value: Floats,
    shown: JudgedImages,
    strengths: "GeneratorStrengths | None",
) -> MetricAgreement:
    dimension = human.dimension
    x = x_of(dimension, value, shown)
    there = np.isfinite(x) & np.isfinite(human.y)
    both = np.flatnonzero(there)
    items = _different(human.item[there[human.unit]])
    images = shown.places[both, :2].reshape(-1) if dimension.of_pairs else both
    notes: tuple[Reason, ...]
    if too_few := _too_few(measured, items, int(np.isfinite(x).sum())):
        notes = (too_few,)
        nothing = Estimate(None, len(both), undefined=too_few)
        pooled = within = Correlations(nothing, nothing, nothing)
        accuracy = Accuracy(nothing, nothing, None, 0, held_out=False)
        by_generator = ByGenerator(nothing, None, 0)
    else:
        a, b, clusters = x[both], human.y[both], human.cluster[both]
        if dimension.of_pairs:
            several = np.bincount(clusters)[clusters] > 1
            a, b = np.concatenate([a, -a]), np.concatenate([b, -b])
            clusters, several = np.tile(clusters, 2), np.tile(several, 2)
        else:
            several = np.ones(len(a), bool)
        pooled = correlate(a, b, clusters)
        if dimension.of_pairs:
            pooled = _counted_once(pooled, len(both))
        within = correlate_within(a[several], b[several], clusters[several])
        accuracy = accuracy_of(
            x[both], human.y[both], human.cluster[both], of_pairs=dimension.of_pairs
        )
        negated = (Reason(Code.VALUES_NEGATED),) if measured.sign < 0 else ()
        both_ways = (Reason(Code.PAIRS_BOTH_WAYS, n=len(both)),) if dimension.of_pairs else ()
        notes = (*negated, *both_ways, *accuracy.notes)
        by_generator = _by_generator(human, value, images, shown, strengths)
    return MetricAgreement(
        dimension=dimension.key,
        title=dimension.title,
        kind=dimension.kind,
        human_unit=dimension.human_unit,
        metric=measured.metric,
        version=measured.version,
        direction=measured.direction,
        n_items=items,
        n_images=_different(images),
        n_prompts=_different(human.cluster[both]),
        notes=notes,
        pooled=pooled,
        per_prompt=within,
        accuracy=accuracy,
        ceiling=human.ceiling,
        human_accuracy=human.accuracy,
        by_generator=by_generator,
    )


def _counted_once(found: Correlations, pairs: int) -> Correlations:
    """The same of so many pairs, which entered both ways round."""
    plcc, rank, tau_b = (replace(one, n=pairs) for one in (found.plcc, found.srcc, found.tau_b))
    return Correlations(plcc, rank, tau_b)


def _different(numbers: Ints) -> int:
    """How many different ones, of small numbers from 0 on."""
    return int(np.count_nonzero(np.bincount(numbers)))


def x_of(dimension: Dimension, value: Floats, shown: JudgedImages) -> Floats:
    """(units,) of a metric's (images,) values; of pairs, image a's minus image b's."""
    if not dimension.of_pairs:
        return value
    padded = np.append(value, np.nan)
    difference: Floats = padded[shown.places[:, 0]] - padded[shown.places[:, 1]]
    return difference


def _too_few(measured: MeasuredMetric, items: int, with_values: int) -> Reason | None:
    if not with_values:
        return Reason(Code.NO_VALUES_OF_METRIC, metric=measured.metric)
    if items < FEWEST:
        return Reason(Code.FEW_SETTLED_ITEMS, least=FEWEST, metric=measured.metric, n=items)
    return None


@dataclass(frozen=True, slots=True)
class GeneratorStrengths:
    """Generators' strengths in one dimension, or why there are none."""

    of: dict[str, float]
    undefined: Reason | None


def _strengths(basis: Basis, dimension: Dimension) -> GeneratorStrengths:
    key = basis.key("strengths", dimension, *basis.state)
    found: GeneratorStrengths | None = cache.get(key)
    if found is None:
        board = board_of_preferences(basis.project, dimension, basis.shown)
        strengths = {
            row.generator: row.strength for row in board.generators if row.strength is not None
        }
        found = GeneratorStrengths(strengths, board.not_comparable)
        cache.set(key, found, KEPT_SECONDS)
    return found


def _by_generator(
    human: Human,
    value: Floats,
    images: Ints,
    shown: JudgedImages,
    strengths: GeneratorStrengths | None,
) -> ByGenerator:
    """Each generator's mean value against its strength, or the mean of what people said of it."""
    made_by = shown.generator[images]
    n = np.bincount(made_by)
    there = np.flatnonzero(n)
    x = (np.bincount(made_by, value[images]) / np.maximum(n, 1))[there]
    if human.dimension.of_pairs:
        if strengths is None or not strengths.of:
            why = strengths.undefined if strengths else Reason(Code.NOTHING_SETTLED)
            return ByGenerator(Estimate(None, len(there), undefined=why), None, len(there))
        y = np.array([strengths.of.get(shown.generators[int(place)], np.nan) for place in there])
        x, y = x[np.isfinite(y)], y[np.isfinite(y)]
    else:
        y = (np.bincount(made_by, human.y[images]) / np.maximum(n, 1))[there]
    if len(y) < 3:
        why = Reason(Code.FEW_GENERATORS, n=len(y))
        return ByGenerator(Estimate(None, len(y), undefined=why), None, len(y))
    found = srcc(x, y)
    interval = None if found.value is None else bonett_wright_interval(found.value, len(y))
    return ByGenerator(
        Estimate(
            found.value,
            len(y),
            interval=interval,
            undefined=found.undefined,
            no_interval=None if found.value is None else too_few_points(len(y)),
        ),
        rank_correlation_p(x, y),
        len(y),
    )
