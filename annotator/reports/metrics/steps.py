"""What people and metrics say of a training run, step by step: reward up, people down?

A batch may be of a step of a run. Between two sides people's number is the win rate of a step's
images against one fixed generator, which stands in every step (wins, and half of the ties, as on
the board); else it is the mean of what people said of each image, from worst to best. Orders within
an item, and what is picked from one, say nothing across steps. Metrics are of the same images.
"""

from array import array
from dataclasses import dataclass, field

import numpy as np
from django.core.cache import cache

from annotator.annotations.selectors import WhichAnswers
from annotator.core.reasons import Code, Reason
from annotator.items.models import Item
from annotator.projects.models import Project
from annotator.questions.kinds import KINDS
from annotator.reports.boards.sides import outcomes_by_question
from annotator.reports.metrics.judged import Dimension, dimensions_of
from annotator.reports.metrics.kept import KEPT_SECONDS, Basis
from annotator.reports.metrics.measured import MeasuredMetric, capped
from annotator.reports.metrics.report import dimension_called, metrics_of
from annotator.reports.reading import every_row
from scoring.arrays import Floats, Ints
from scoring.divergence import Divergence, Series, StepMeans, divergence
from scoring.statistics.estimate import Estimate

FEWEST_STEPS = 2
# Of a longer run the last so many.
MOST_STEPS = 50


@dataclass(frozen=True, slots=True)
class StepOfRun:
    """One step: how many judged images of it took part, and what people say of them."""

    step: int
    images: int
    people: Estimate


@dataclass(frozen=True, slots=True)
class RewardUpPeopleDown:
    """From `earlier` to the last step the metric got surely better, and people's number worse."""

    earlier: int
    metric: Estimate = field(metadata={"help": "The change; larger is better."})
    people: Estimate


@dataclass(frozen=True, slots=True)
class MetricBySteps:
    """A metric's mean at each step, as measured, with an interval by prompt."""

    metric: str
    version: str
    direction: str
    means: list[Estimate]
    alarm: RewardUpPeopleDown | None


@dataclass(frozen=True, slots=True)
class MetricsBySteps:
    """One question and every metric by training step; ``empty`` says why there are no steps."""

    dimension: str
    title: str
    kind: str
    against: str = field(metadata={"help": "The fixed side of questions between two; else empty."})
    sides: list[str] = field(metadata={"help": "Generators that stand in every step."})
    steps: list[StepOfRun]
    metrics: list[MetricBySteps]
    empty: Reason | None
    answers: WhichAnswers = WhichAnswers.ACCEPTED


@dataclass(frozen=True, slots=True)
class _Seen:
    """What people said of images, (n,) each; ``step`` is its place among the steps."""

    image: Ints
    value: Floats
    step: Ints
    prompt: Ints


def steps_of(project: Project, *, dimension: str, against: str) -> MetricsBySteps:
    """The first dimension where none is named; the only fixed side where there is one.

    Kept until an answer settles or a measurement comes. Raises Invalid for a dimension that there
    is not.
    """
    dimensions = dimensions_of(project)
    asked = dimension_called(dimensions, dimension or (dimensions[0].key if dimensions else ""))
    basis = Basis(project)
    key = basis.key("steps", asked, against, *basis.state)
    found: MetricsBySteps | None = cache.get(key)
    if found is None:
        found = _by_steps(basis, asked, against)
        cache.set(key, found, KEPT_SECONDS)
    return found


def _by_steps(basis: Basis, dimension: Dimension, against: str) -> MetricsBySteps:
    kind = KINDS[dimension.kind]
    step_of = _steps_of_items(basis)
    steps = np.unique(step_of[step_of >= 0])[-MOST_STEPS:]
    sides: list[str] = []
    if len(steps) < FEWEST_STEPS:
        return _nothing(dimension, sides, Reason(Code.FEW_STEPS, n=len(steps), least=FEWEST_STEPS))
    if kind.picks or (kind.level == "ordinal" and not dimension.of_pairs):
        return _nothing(dimension, sides, Reason(Code.ORDERED_WITHIN_ITEMS))
    place = np.where(np.isin(step_of, steps), np.searchsorted(steps, step_of), -1)
    if dimension.of_pairs:
        sides = _sides(basis, place, len(steps))
        if not against and len(sides) == 1:
            against = sides[0]
        if against not in sides:
            why = Code.CHOOSE_FIXED_SIDE if sides else Code.NO_FIXED_SIDE
            return _nothing(dimension, sides, Reason(why))
        seen = _against(basis, dimension, place, basis.shown.generators.index(against))
    else:
        against, seen = "", _rated(basis, dimension, place)
    people = Series(seen.value, seen.step, seen.prompt, len(steps), shares=dimension.of_pairs)
    people_by_step = StepMeans(people)
    rows = [
        StepOfRun(int(step), int(n), mean)
        for step, n, mean in zip(steps, people_by_step.n, people_by_step.means(), strict=True)
    ]
    metrics = [_measured(basis, each, seen, people, steps) for each in metrics_of(basis)]
    return MetricsBySteps(
        dimension.key, dimension.title, dimension.kind, against, sides, rows, metrics, None
    )


def _nothing(dimension: Dimension, sides: list[str], why: Reason) -> MetricsBySteps:
    return MetricsBySteps(dimension.key, dimension.title, dimension.kind, "", sides, [], [], why)


def _steps_of_items(basis: Basis) -> Ints:
    """(items,) the step of each item's batch; -1 of none (1 query)."""
    numbers = {item: number for number, item in enumerate(basis.shown.items)}
    found = np.full(len(numbers), -1, np.int64)
    rows = Item.objects.filter(project=basis.project, batch__step__isnull=False).order_by()
    at, steps = array("q"), array("q")
    for item, step in every_row(rows.values_list("pk", "batch__step")):
        if item in numbers and step is not None:
            at.append(numbers[item])
            steps.append(step)
    found[np.array(at, np.int64)] = steps
    return found


def _sides(basis: Basis, place: Ints, steps: int) -> list[str]:
    """Generators that stand in pairs of different ones at every step, by name."""
    shown = basis.shown
    two = (shown.places[:, :2] >= 0).all(axis=1) & (place >= 0)
    made_by = shown.generator[shown.places[:, :2]]
    two &= made_by[:, 0] != made_by[:, 1]
    there = np.zeros((steps, len(shown.generators)), np.bool_)
    for side in (0, 1):
        there[place[two], made_by[two, side]] = True
    return sorted(shown.generators[int(each)] for each in np.flatnonzero(there.all(axis=0)))


def _against(basis: Basis, dimension: Dimension, place: Ints, fixed: int) -> _Seen:
    """Settled pairs of the fixed side with another: the other one's image, and its share."""
    shown, question = basis.shown, dimension.question
    numbers = {item: number for number, item in enumerate(shown.items)}
    outcomes = outcomes_by_question(basis.project, [question], numbers)[question]
    images = shown.places[outcomes.item, :2]
    is_fixed = shown.generator[images] == fixed
    mine = np.flatnonzero((is_fixed.sum(axis=1) == 1) & (place[outcomes.item] >= 0))
    item = outcomes.item[mine]
    is_a = is_fixed[mine, 1]
    share = np.where(is_a, outcomes.share[mine], 1 - outcomes.share[mine])
    image = np.where(is_a, images[mine, 0], images[mine, 1])
    return _Seen(image, share, place[item], shown.prompt[item])


def _rated(basis: Basis, dimension: Dimension, place: Ints) -> _Seen:
    """Each judged image once a step, with the mean of what people said of it."""
    human, shown = basis.human(dimension), basis.shown
    size = max(len(shown.images), 1)
    there = np.flatnonzero((place[human.item] >= 0) & np.isfinite(human.y[human.unit]))
    cell = place[human.item[there]] * size + human.unit[there]
    cells, first = np.unique(cell, return_index=True)
    image = cells % size
    return _Seen(image, human.y[image], cells // size, shown.prompt[human.item[there][first]])


def _measured(
    basis: Basis, measured: MeasuredMetric, seen: _Seen, people: Series, steps: Ints
) -> MetricBySteps:
    value = capped(basis.values(measured), measured)[seen.image]
    there = np.isfinite(value)
    step, prompt = seen.step[there], seen.prompt[there]
    as_measured = Series(value[there], step, prompt, len(steps))
    larger_is_better = Series(measured.sign * value[there], step, prompt, len(steps))
    found = divergence(people, larger_is_better)
    return MetricBySteps(
        metric=measured.metric,
        version=measured.version,
        direction=measured.direction,
        means=StepMeans(as_measured).means(),
        alarm=None if found is None else _alarm(found, steps),
    )


def _alarm(found: Divergence, steps: Ints) -> RewardUpPeopleDown:
    return RewardUpPeopleDown(int(steps[found.earlier]), found.metric, found.people)
