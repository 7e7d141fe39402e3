"""May a metric stand in for a person? The alternative annotator test.

Calderon, Reichart and Dror 2025 (arXiv 2501.10970). One person at a time is left out, and the
metric and that person are both held against the others: who is at least as near to them, answer by
answer? The metric wins over a person if it is surely not worse by more than ε, the price that is
put on a person's hours; it may stand in where it wins over half of them or more.

Two of an annotator's answers about one prompt are not independent, so the test is of sums by
prompt; where each prompt has one answer it is the paper's t-test.
"""

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, stdtr, stdtrit

from scoring.arrays import Flags, Floats, Ints
from scoring.reasons import Code, Reason
from scoring.statistics.estimate import Estimate, Interval
from scoring.statistics.proportions import wilson_interval
from scoring.statistics.ranks import midranks
from scoring.statistics.resampling import CONFIDENCE, dense

# Of people without special training (the paper: 0.2 of experts, 0.15 of the skilled).
EPSILON = 0.1
# At which false discoveries among the people won over are held.
FALSE_DISCOVERIES = 0.05
# The paper's fewest for a t-test, and for a winning rate.
FEWEST_PROMPTS = 30
FEWEST_PEOPLE = 3
PASSES_FROM = 0.5
# Distances nearer than this share of the largest are one distance.
TOLERANCE = 1e-9


class Alignment(StrEnum):
    """How near one answer is to those of the others, larger being nearer."""

    # The share of them that say the same; a tie is half of either side. Answers are 1, 0 or -1.
    ACCURACY = "accuracy"
    # Minus the root of the mean squared distance.
    RMSE = "rmse"


@dataclass(frozen=True, slots=True)
class Answers:
    """What people and the metric said: a row an answer of a person, (n,) each.

    ``person`` and ``unit`` (what is judged) name by small numbers from 0 on, as ``cluster`` does
    the prompt. ``metric`` is the metric's answer about the same unit, on the scale of ``answer``;
    NaN where it has none.
    """

    person: Ints
    unit: Ints
    answer: Floats
    metric: Floats
    cluster: Ints


@dataclass(frozen=True, slots=True)
class AgainstPerson:
    """The metric against one ``person`` over ``n`` answers about so many ``prompts``.

    ``metric`` is ρ_f, how often the metric is at least as near to the others as the person;
    ``own`` is ρ_h, how often the person is. ``p`` is of H0: ρ_f ≤ ρ_h - ε; ``won`` is by all
    people's p at once.
    """

    person: int
    n: int
    prompts: int
    metric: float
    own: float
    p: float
    won: bool


@dataclass(frozen=True, slots=True)
class Replaceable:
    """``winning_rate`` is ω, the share of people won over; ``advantage`` the mean ρ_f over people.

    ``undefined`` says why there is no ω.
    """

    against: tuple[AgainstPerson, ...]
    winning_rate: float | None
    advantage: Estimate
    undefined: Reason | None = None

    @property
    def passes(self) -> bool:
        """Whether the metric may stand in for a person."""
        return self.winning_rate is not None and self.winning_rate >= PASSES_FROM


def replaceable(answers: Answers, alignment: Alignment, *, epsilon: float = EPSILON) -> Replaceable:
    """The test over the answers that the metric has one beside, and another person too.

    Only people with FEWEST_PROMPTS such prompts take part, and of fewer than FEWEST_PEOPLE of them
    nothing is said; nor of a metric that says the same of everything.
    """
    there = np.isfinite(answers.metric)
    if there.any() and np.ptp(answers.metric[there]) == 0:
        return _nothing(Reason(Code.METRIC_SAYS_ONE_THING))
    metric_is_near, person_is_near, at = _compared(answers, np.flatnonzero(there), alignment)
    person, cluster = answers.person[at], dense(answers.cluster[at])
    prompts_of = _prompts_of(person, cluster)
    people = np.flatnonzero(prompts_of >= FEWEST_PROMPTS)
    if len(people) < FEWEST_PEOPLE:
        few = Reason(
            Code.FEW_PEOPLE_TO_STAND_IN_FOR,
            n=len(people), least=FEWEST_PEOPLE, prompts=FEWEST_PROMPTS,
        )  # fmt: skip
        return _nothing(few)
    found, parts = [], np.zeros(int(cluster.max()) + 1)
    for each in people:
        mine = person == each
        near, own, of = metric_is_near[mine], person_is_near[mine], cluster[mine]
        rho, n = float(near.mean()), len(near)
        p = _p_of_at_least(own.astype(np.float64) - near, of, epsilon)
        found.append((int(each), n, int(prompts_of[each]), rho, float(own.mean()), p))
        parts += np.bincount(of, near - rho, len(parts)) / (n * len(people))
    won = discoveries([p for *_, p in found])
    against = tuple(
        AgainstPerson(*row, won=bool(is_won)) for row, is_won in zip(found, won, strict=True)
    )
    rho = float(np.mean([row.metric for row in against]))
    everything = np.isin(person, people)
    prompts = len(np.unique(cluster[everything]))
    interval = _interval(rho, parts, prompts)
    return Replaceable(
        against, float(won.mean()), Estimate(rho, int(everything.sum()), interval=interval)
    )


def _nothing(why: Reason) -> Replaceable:
    return Replaceable((), None, Estimate(None, 0, undefined=why), why)


def _compared(answers: Answers, rows: Ints, alignment: Alignment) -> tuple[Flags, Flags, Ints]:
    """Whether the metric, and whether the person, is at least as near to the others; which rows."""
    unit = dense(answers.unit[rows])
    answer, metric = answers.answer[rows], answers.metric[rows]
    others = np.bincount(unit)[unit] - 1 if len(unit) else unit
    some = others > 0
    if alignment is Alignment.ACCURACY:
        far, own = (_disagreement(numbers, answer, unit)[some] for numbers in (metric, answer))
    else:
        # Of the same others the nearer by RMSE is the nearer to their mean.
        mean = (np.bincount(unit, answer)[unit] - answer)[some] / others[some]
        far, own = np.abs(metric[some] - mean), np.abs(answer[some] - mean)
    same = TOLERANCE * float(max(far.max(initial=0), own.max(initial=0)))
    return far <= own + same, own <= far + same, rows[some]


def _disagreement(numbers: Floats, answer: Floats, unit: Ints) -> Floats:
    """Of an answer 1, 0 or -1 the sum over all others of how far theirs is from it."""
    far = np.zeros(len(numbers))
    for side in (-1, 0, 1):
        is_side = answer == side
        how_many = np.bincount(unit, is_side)[unit] - is_side if len(unit) else far
        far += how_many * np.abs(numbers - side)
    return far


def _prompts_of(person: Ints, cluster: Ints) -> Ints:
    """(people,): about how many different prompts each has answered."""
    if not len(person):
        return np.zeros(0, np.int64)
    size = int(cluster.max()) + 1
    return np.bincount(np.unique(person * size + cluster) // size)


def _p_of_at_least(worse: Floats, cluster: Ints, epsilon: float) -> float:
    """One-sided p of H0: the mean of ``worse`` (n,) is ε or more; Student's t over clusters."""
    n, mean = len(worse), float(worse.mean())
    sums = np.bincount(cluster, worse - mean)
    clusters = len(np.unique(cluster))
    error = math.sqrt(float(sums @ sums) * clusters / (clusters - 1)) / n
    if error == 0:
        return 0.0 if mean < epsilon else 1.0
    return float(stdtr(clusters - 1, (mean - epsilon) / error))


def discoveries(p: ArrayLike, *, rate: float = FALSE_DISCOVERIES) -> Flags:
    """Which of (m,) p-values are taken as found, false ones being at most ``rate`` of them.

    Holds whatever depends on what (Benjamini and Yekutieli 2001).
    """
    values = np.asarray(p, np.float64)
    m = len(values)
    order = np.argsort(values, kind="stable")
    places = np.arange(1, m + 1)
    below = np.flatnonzero(values[order] <= places * rate / (m * (1 / places).sum()))
    found = np.zeros(m, np.bool_)
    if len(below):
        found[order[: below[-1] + 1]] = True
    return found


def _interval(share: float, parts: Floats, prompts: int) -> Interval:
    """Of 95 %, on the scale of log-odds; Wilson's over prompts where they don't differ."""
    error = math.sqrt(float(parts @ parts) * prompts / (prompts - 1))
    if error == 0 or not 0 < share < 1:
        return wilson_interval(round(share * prompts), prompts) or (0.0, 1.0)
    reach = float(stdtrit(prompts - 1, (1 + CONFIDENCE) / 2)) * error / (share * (1 - share))
    odds = math.log(share / (1 - share))
    return float(expit(odds - reach)), float(expit(odds + reach))


def linked(values: ArrayLike, answers: ArrayLike, of_value: Ints, of_answer: Ints) -> Floats:
    """A metric's values (units,) as answers on people's scale: the answer that stands as high.

    Equipercentile linking: a value above a share of the values becomes the answer above as large
    a share of people's ``answers`` (n,), within the groups that ``of_value`` (units,) and
    ``of_answer`` (n,) number. Of which answer belongs to which value nothing is used, so nothing
    is learnt, and the metric's answers are spread as people's are. NaN stays.
    """
    x, numbers = np.asarray(values, np.float64), np.asarray(answers, np.float64)
    found = np.full(len(x), np.nan)
    there = np.flatnonzero(np.isfinite(x))
    group = of_value[there]
    groups = 1 + int(max(of_value.max(initial=-1), of_answer.max(initial=-1)))
    n, many = np.bincount(group, minlength=groups), np.bincount(of_answer, minlength=groups)
    some = many[group] > 0
    there, group = there[some], group[some]
    share = (midranks(x[there], group) - 0.5) / n[group]
    ordered = numbers[np.lexsort((numbers, of_answer))]
    starts = np.cumsum(many) - many
    found[there] = ordered[starts[group] + (share * many[group]).astype(np.int64)]
    return found
