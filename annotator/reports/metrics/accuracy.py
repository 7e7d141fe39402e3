"""How often a metric, or one person, prefers of two images the one that people prefer."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from annotator.core.reasons import Code, Reason
from annotator.reports.metrics.judged import Judged
from scoring.arrays import Floats, Ints
from scoring.reasons import Code as Arithmetic
from scoring.statistics.accuracy import (
    Pairs,
    clustered_accuracy,
    halves,
    matches,
    pairs_within,
    pooled_accuracy,
    tie_threshold,
)
from scoring.statistics.ceiling import means_of_the_others
from scoring.statistics.estimate import Estimate

# Pairs across prompts are looked at where no prompt has two images; that many of them.
ACROSS = 200_000
# Of fewer prompts, no half is put aside to choose ε on.
PROMPTS_TO_HOLD_OUT = 20


class Compared(StrEnum):
    """Which pairs an accuracy is of."""

    WITHIN_PROMPTS = "within_prompts"
    ACROSS_PROMPTS = "across_prompts"
    # Items in which more people prefer one image than the other.
    DECIDED_ITEMS = "decided_items"


@dataclass(frozen=True, slots=True)
class Accuracy:
    """``raw`` with ties as they are, ``calibrated`` with differences up to ``epsilon`` as ties.

    ``n_pairs`` counts those of ``raw``. ``held_out``: ε, in the metric's unit, was chosen on half
    of the prompts and judged on the other; where there are too few prompts both are of all pairs.
    Of preferences only items that people decide count in ``raw``; ``calibrated`` (Deutsch, Foster
    and Freitag 2023) is over all pairs, people's ties too.
    """

    raw: Estimate
    calibrated: Estimate
    epsilon: float | None
    n_pairs: int
    held_out: bool
    compared: Compared | None = None
    notes: tuple[Reason, ...] = ()


def accuracy_of(x: Floats, y: Floats, cluster: Ints, *, of_pairs: bool) -> Accuracy:
    """Of a metric's ``x`` and people's ``y`` (units,), both better when larger.

    Where units are pairs already, ``raw`` is of those that people decide: a tie of theirs can't be
    met by a metric that never ties, and a metric's tie is no preference.
    """
    if of_pairs:
        decided = y != 0
        raw = clustered_accuracy(matches(y[decided], x[decided]), cluster[decided])
        return _calibrated(y, x, cluster, raw, Compared.DECIDED_ITEMS)
    pairs = pairs_within(cluster)
    if not len(pairs.first):
        return _across(x, y, cluster)
    people, machine, at = _differences(x, y, pairs, cluster)
    raw = clustered_accuracy(matches(people, machine), at)
    return _calibrated(people, machine, at, raw, Compared.WITHIN_PROMPTS, _drawn(pairs))


def _differences(x: Floats, y: Floats, pairs: Pairs, cluster: Ints) -> tuple[Floats, Floats, Ints]:
    first, second = pairs.first, pairs.second
    return y[first] - y[second], x[first] - x[second], cluster[first]


def _calibrated(
    people: Floats,
    machine: Floats,
    cluster: Ints,
    raw: Estimate,
    compared: Compared,
    notes: tuple[Reason, ...] = (),
) -> Accuracy:
    if not len(people):
        nothing = Estimate(None, 0, undefined=Reason(Arithmetic.NO_PAIRS))
        return Accuracy(nothing, nothing, None, 0, held_out=False, compared=compared)
    held_out = len(np.unique(cluster)) >= PROMPTS_TO_HOLD_OUT
    choosing = halves(cluster) if held_out else np.ones(len(people), bool)
    judging = ~choosing if held_out else choosing
    epsilon = tie_threshold(people[choosing], machine[choosing])
    right = matches(people[judging], machine[judging], epsilon=epsilon)
    calibrated = clustered_accuracy(right, cluster[judging])
    return Accuracy(
        raw, calibrated, epsilon, raw.n, held_out=held_out, compared=compared, notes=notes
    )


def _across(x: Floats, y: Floats, cluster: Ints) -> Accuracy:
    everything = pairs_within(np.zeros(len(x)), at_most=ACROSS)
    raw = pooled_accuracy(y, x, everything, cluster)
    held_out = len(np.unique(cluster)) >= PROMPTS_TO_HOLD_OUT
    choosing = halves(cluster) if held_out else np.ones(len(x), bool)
    judging = ~choosing if held_out else choosing
    chosen = pairs_within(np.zeros(int(choosing.sum())), at_most=ACROSS)
    people, machine, _ = _differences(x[choosing], y[choosing], chosen, cluster[choosing])
    epsilon = tie_threshold(people, machine)
    rest = pairs_within(np.zeros(int(judging.sum())), at_most=ACROSS, seed=1)
    calibrated = pooled_accuracy(y[judging], x[judging], rest, cluster[judging], epsilon=epsilon)
    return Accuracy(
        raw,
        calibrated,
        epsilon,
        raw.n,
        held_out=held_out,
        compared=Compared.ACROSS_PROMPTS,
        notes=(Reason(Code.PAIRS_ACROSS_PROMPTS), *_drawn(everything)),
    )


def _drawn(pairs: Pairs) -> tuple[Reason, ...]:
    return (Reason(Code.PAIRS_DRAWN, n=len(pairs.first)),) if pairs.sampled else ()


def human_accuracy_of(judged: Judged, cluster: Ints) -> Estimate:
    """One person held against the mean of the others, as ``raw`` holds a metric.

    ``cluster`` is (units,). A person is compared on pairs of images of one prompt that they both
    judged, or, where there are none, of any two.
    """
    others = means_of_the_others(judged.unit, judged.vote)
    there = np.isfinite(others)
    if not there.any():
        return Estimate(None, 0, undefined=Reason(Arithmetic.NOBODY_TWICE))
    own, others = judged.vote[there], others[there]
    person, at = judged.person[there], cluster[judged.unit[there]]
    if judged.dimension.of_pairs:
        decided = others != 0
        return clustered_accuracy(matches(others[decided], own[decided]), at[decided])
    pairs = pairs_within(person * (int(at.max()) + 1) + at, at_most=ACROSS)
    if not len(pairs.first):
        pairs = pairs_within(person, at_most=ACROSS)
    people, alone, of = _differences(own, others, pairs, at)
    return clustered_accuracy(matches(people, alone), of)
