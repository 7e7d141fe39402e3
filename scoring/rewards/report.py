"""How good a reward head is: on held-out prompts, beside people, other metrics and chance.

All are held against the same: single votes are left out one by one, and what counts as right is
what more of the other people preferred. A person can be held against it, too, so that a head's
figure stands beside what people themselves come to.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from scoring.arrays import Floats, Ints
from scoring.rewards.cross_fitting import HeldOut
from scoring.rewards.groups import GroupAccuracy, PairLabels, by_group
from scoring.rewards.shares import hits_of, share_of, sums_of
from scoring.rewards.votes import LeaveOneOut, PairVotes, leave_one_out
from scoring.statistics.estimate import Estimate
from scoring.statistics.resampling import RESAMPLES, percentiles, quotient, resampled_sums

BINS = 8
# How many votes more the forecast is of.
MORE_VOTES = 500


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """Votes of which the head was about so sure: ``predicted``, and the share it was right of."""

    predicted: float
    observed: Estimate


@dataclass(frozen=True, slots=True)
class LearningPoint:
    """How right a head is that has learnt from so many votes."""

    votes: float
    accuracy: Estimate


@dataclass(frozen=True, slots=True)
class HeadReport:
    """Accuracies are shares from 0 to 1, chance 0.5, with intervals over prompts.

    ``person``: one person against the others, what a head can be held to. ``beyond``: how much more
    often the head is right than each metric, in the same units. ``gain``: what MORE_VOTES more
    votes would add, by the curve; None where there is no curve. ``categories`` of prompts, none
    where no prompt has one, and ``generators``, two each: the same figures of a part of the votes.
    """

    accuracy: Estimate
    person: Estimate
    metrics: Mapping[str, Estimate]
    beyond: Mapping[str, Estimate]
    calibration: Sequence[CalibrationBin]
    curve: Sequence[LearningPoint]
    gain: Estimate | None
    categories: Sequence[GroupAccuracy]
    generators: Sequence[GroupAccuracy]

    @property
    def not_better_than(self) -> list[str]:
        """Metrics than which the head isn't surely better."""
        return not_surely_more(self.beyond)


def not_surely_more(beyond: Mapping[str, Estimate]) -> list[str]:
    """Of differences by name those that aren't surely above 0."""
    return [name for name, more in beyond.items() if more.interval is None or more.interval[0] <= 0]


def report_of(
    held: HeldOut, votes: PairVotes, metrics: Mapping[str, Floats], labels: PairLabels
) -> HeadReport:
    """Of held-out differences; ``metrics``: by name the differences (n,) of others, NaN unmeasured.

    What is held against a metric are the votes on pairs that it has measured.
    """
    left = leave_one_out(votes)
    prompt = votes.prompts[left.pair]
    own = hits_of(left.own, left.others)
    curve = [hits_of(each[left.pair], left.others) for each in held.curve.T]
    head = curve[-1]
    others = {name: hits_of(each[left.pair], left.others) for name, each in metrics.items()}
    return HeadReport(
        accuracy=share_of(head, left.n, prompt),
        person=share_of(own, left.n, prompt),
        metrics={name: share_of(hits, left.n, prompt) for name, hits in others.items()},
        beyond={name: share_of(head - hits, left.n, prompt) for name, hits in others.items()},
        calibration=_calibration(held, votes),
        curve=[
            LearningPoint(float(n), share_of(hits, left.n, prompt))
            for n, hits in zip(held.votes, curve, strict=True)
        ],
        gain=_gain(curve, held.votes, left, prompt),
        categories=by_group(labels.categories, left, prompt, head=head, person=own),
        generators=by_group(labels.generators, left, prompt, head=head, person=own),
    )


def _calibration(held: HeldOut, votes: PairVotes) -> list[CalibrationBin]:
    """Votes for a side, by how sure the head was of the side that it prefers."""
    told = np.isfinite(held.whole) & (votes.won + votes.lost > 0)
    sure = expit(np.abs(held.whole[told]))
    prefers_first = held.whole[told] > 0
    right = np.where(prefers_first, votes.won[told], votes.lost[told])
    n, prompts = (votes.won + votes.lost)[told], votes.prompts[told]
    order = np.argsort(sure, kind="stable")
    bins = []
    for some in np.array_split(order, min(BINS, max(len(order) // 20, 1))):
        if len(some):
            predicted = float(np.average(sure[some], weights=n[some]))
            share = share_of(right[some] / n[some], n[some], prompts[some])
            bins.append(CalibrationBin(predicted, share))
    return bins


def _gain(
    curve: Sequence[Floats], sizes: Floats, left: LeaveOneOut, prompts: Ints
) -> Estimate | None:
    """What MORE_VOTES more votes add, the error falling with 1 / √votes as along the curve."""
    told = np.all([np.isfinite(hits) for hits in curve], axis=0)
    if not told.any() or np.ptp(sizes) == 0:
        return None
    at, n = prompts[told], left.n[told]
    sums = [sums_of(hits[told], n, at)[:, 0] for hits in curve]
    table = np.stack([*sums, sums_of(curve[0][told], n, at)[:, 1]], axis=1)
    there = table[table[:, -1] > 0]

    def shares(rows: Floats) -> Floats:
        return np.stack([quotient(rows[:, i], rows[:, -1]) for i in range(len(sizes))], axis=1)

    drawn = shares(resampled_sums(there, resamples=RESAMPLES, seed=0))
    return gained(shares(there.sum(axis=0)[None])[0], drawn, sizes, len(there))


def gained(now: Floats, drawn: Floats, sizes: Floats, clusters: int) -> Estimate:
    """What MORE_VOTES more votes add to a figure that is ``now`` (k,) at ``sizes`` (k,) of votes.

    ``drawn`` (resamples, k): the same on resamples of so many clusters.
    """
    slope_by = 1 / np.sqrt(sizes)
    weights = (slope_by - slope_by.mean()) / ((slope_by - slope_by.mean()) ** 2).sum()
    most = float(sizes[-1])
    less = 1 / np.sqrt(most) - 1 / np.sqrt(most + MORE_VOTES)

    def gains(figures: Floats) -> Floats:
        # More votes never make a head worse for long.
        found: Floats = np.maximum(-(figures @ weights) * less, 0.0)
        return found

    return Estimate(
        float(gains(now[None])[0]), round(most), interval=percentiles(gains(drawn), clusters)
    )
