"""How often a metric, or one person, prefers of two images the one that people prefer."""

from dataclasses import dataclass

import numpy as np

from annotator.reports.metrics_judged import Judged
from scoring.arrays import Floats, Ints
from scoring.reasons import Code, Reason
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

WITHIN = "pairs of images of one prompt"
POOLED = "pairs of images of any prompts"
DECIDED = "items in which more people prefer one image than the other"


@dataclass(frozen=True, slots=True)
class Accuracy:
    """``raw`` with ties as they are, ``calibrated`` with differences up to ``epsilon`` as ties.

    ``n_pairs`` counts those of ``raw``, ``of`` says which they are. ``held_out``: ε was chosen on
    half of the prompts and judged on the other.
    """

    raw: Estimate
    calibrated: Estimate
    epsilon: float | None
    n_pairs: int
    held_out: bool
    of: str
    note: str = ""


def accuracy_of(x: Floats, y: Floats, cluster: Ints, *, of_pairs: bool) -> Accuracy:
    """Of a metric's ``x`` and people's ``y`` (units,), both better when larger.

    Where units are pairs already, ``raw`` is of those that people decide: a tie of theirs can't be
    met by a metric that never ties, and a metric's tie is no preference.
    """
    if of_pairs:
        decided = y != 0
        raw = clustered_accuracy(matches(y[decided], x[decided]), cluster[decided])
        return _calibrated(y, x, cluster, raw, DECIDED)
    pairs = pairs_within(cluster)
    if not len(pairs.first):
        return _across(x, y, cluster)
    people, machine, at = _differences(x, y, pairs, cluster)
    raw = clustered_accuracy(matches(people, machine), at)
    return _calibrated(people, machine, at, raw, WITHIN, _sample_note(pairs))


def _differences(x: Floats, y: Floats, pairs: Pairs, cluster: Ints) -> tuple[Floats, Floats, Ints]:
    first, second = pairs.first, pairs.second
    return y[first] - y[second], x[first] - x[second], cluster[first]


def _calibrated(
    people: Floats, machine: Floats, cluster: Ints, raw: Estimate, of: str, note: str = ""
) -> Accuracy:
    if not len(people):
        nothing = Estimate(None, 0, undefined=Reason(Code.NO_PAIRS))
        return Accuracy(nothing, nothing, None, 0, held_out=False, of=of)
    held_out = len(np.unique(cluster)) >= PROMPTS_TO_HOLD_OUT
    choosing = halves(cluster) if held_out else np.ones(len(people), bool)
    judging = ~choosing if held_out else choosing
    epsilon = tie_threshold(people[choosing], machine[choosing])
    right = matches(people[judging], machine[judging], epsilon=epsilon)
    calibrated = clustered_accuracy(right, cluster[judging])
    return Accuracy(raw, calibrated, epsilon, raw.n, held_out=held_out, of=of, note=note)


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
    note = "No prompt has two judged images: accuracy compares images of different prompts."
    if everything.sampled:
        note += f" {_sample_note(everything)}"
    return Accuracy(raw, calibrated, epsilon, raw.n, held_out=held_out, of=POOLED, note=note)


def _sample_note(pairs: Pairs) -> str:
    if not pairs.sampled:
        return ""
    return f"Accuracy is of {len(pairs.first)} pairs drawn at random."


def human_accuracy_of(said: Judged, cluster: Ints) -> Estimate:
    """One person held against the mean of the others, as ``raw`` holds a metric.

    ``cluster`` is (units,). A person is compared on pairs of images of one prompt that they both
    judged, or, where there are none, of any two.
    """
    others = means_of_the_others(said.unit, said.vote)
    there = np.isfinite(others)
    if not there.any():
        return Estimate(None, 0, undefined=Reason(Code.NOBODY_TWICE))
    own, others = said.vote[there], others[there]
    person, at = said.person[there], cluster[said.unit[there]]
    if said.dimension.of_pairs:
        decided = others != 0
        return clustered_accuracy(matches(others[decided], own[decided]), at[decided])
    pairs = pairs_within(person * (int(at.max()) + 1) + at, at_most=ACROSS)
    if not len(pairs.first):
        pairs = pairs_within(person, at_most=ACROSS)
    people, alone, of = _differences(own, others, pairs, at)
    return clustered_accuracy(matches(people, alone), of)
