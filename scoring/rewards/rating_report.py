"""How good an ordinal head is: on held-out prompts, beside people, other metrics and chance.

People are left out one by one, and all are held against the same: the mean of the others' ratings
of the image. A person can be held against it, too, so that a head's figure stands beside what
people themselves come to.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from scoring.arrays import Floats, Ints
from scoring.rewards.cross_fitting import HeldOut
from scoring.rewards.ratings import OneOut, OneOutPairs, Ratings, one_out, pairs_within
from scoring.rewards.report import BINS, gained, not_surely_more
from scoring.rewards.shares import hits_of, share_of
from scoring.statistics.comparison import paired_bootstrap
from scoring.statistics.correlation import Resampled, correlate_resampled
from scoring.statistics.estimate import Estimate
from scoring.statistics.resampling import RESAMPLES, dense


@dataclass(frozen=True, slots=True)
class RatingBin:
    """Images of which the head expected about such ratings: ``predicted``, and what people gave."""

    predicted: float
    observed: Estimate


@dataclass(frozen=True, slots=True)
class CorrelationPoint:
    """How alike a head orders images as people do that has learnt from so many ratings."""

    votes: float
    correlation: Estimate


@dataclass(frozen=True, slots=True)
class RatingReport:
    """``correlation`` is Spearman's with the others' mean ratings, from -1 to 1, by chance 0.

    ``accuracy``: of two images of a prompt that the others rate differently, how often theirs is
    the higher one, a share from 0 to 1, by chance 0.5. ``person…``: one person against the others.
    ``metrics…``: each metric on what it has measured; ``beyond…``: the head less the metric.
    ``gain``: what MORE_VOTES more ratings would add to the correlation. Intervals are over prompts.
    """

    correlation: Estimate
    person: Estimate
    metrics: Mapping[str, Estimate]
    beyond: Mapping[str, Estimate]
    accuracy: Estimate
    person_accuracy: Estimate
    metrics_accuracy: Mapping[str, Estimate]
    calibration: Sequence[RatingBin]
    curve: Sequence[CorrelationPoint]
    gain: Estimate | None

    @property
    def not_better_than(self) -> list[str]:
        """Metrics than which the head doesn't surely correlate more."""
        return not_surely_more(self.beyond)


def rating_report(held: HeldOut, ratings: Ratings, metrics: Mapping[str, Floats]) -> RatingReport:
    """Of held-out expected ratings; ``metrics``: by name the values (n,) of others, NaN unmeasured.

    What is held against a metric are the ratings of images that it has measured.
    """
    left, prompts = one_out(ratings), dense(ratings.prompts)
    pairs = pairs_within(left, prompts)
    curve = [_alike(each[left.image], left, prompts) for each in held.curve.T]
    told = {name: values[left.image] for name, values in metrics.items()}
    head = held.whole[left.image]

    def accuracy(values: Floats) -> Estimate:
        return _accuracy(values, left, pairs, prompts)

    return RatingReport(
        correlation=curve[-1].with_interval,
        person=_alike(left.own, left, prompts).with_interval,
        metrics={n: _alike(values, left, prompts).with_interval for n, values in told.items()},
        beyond={n: _beyond(head, values, left, prompts) for n, values in told.items()},
        accuracy=accuracy(head),
        person_accuracy=accuracy(left.own),
        metrics_accuracy={n: accuracy(values) for n, values in told.items()},
        calibration=_calibration(held.whole, ratings, prompts),
        curve=[
            CorrelationPoint(float(n), one.with_interval)
            for n, one in zip(held.votes, curve, strict=True)
        ],
        gain=_gain(curve, held.votes),
    )


def _alike(values: Floats, left: OneOut, prompts: Ints) -> Resampled:
    """Spearman's of values (m,) with the others' ratings, where they are finite."""
    told = np.isfinite(values)
    clusters = dense(prompts[left.image[told]])
    return correlate_resampled(values[told], left.others[told], clusters, "srcc")


def _beyond(head: Floats, values: Floats, left: OneOut, prompts: Ints) -> Estimate:
    """How much more the head correlates, on what both have told."""
    told = np.isfinite(head) & np.isfinite(values)
    clusters = dense(prompts[left.image[told]])
    others = left.others[told]
    found = paired_bootstrap(others, head[told], values[told], clusters, resamples=RESAMPLES)
    return found.estimate


def _accuracy(values: Floats, left: OneOut, pairs: OneOutPairs, prompts: Ints) -> Estimate:
    """How often values (m,) put two images of a prompt in the order of the others' ratings."""
    hits = hits_of(values[pairs.first] - values[pairs.second], pairs.side)
    return share_of(hits, np.ones(len(hits)), prompts[left.image[pairs.first]])


def _calibration(expected: Floats, ratings: Ratings, prompts: Ints) -> list[RatingBin]:
    """Ratings by what the head expected of their images, about as many images in each bin."""
    told = np.flatnonzero(np.isfinite(expected))
    order = told[np.argsort(expected[told], kind="stable")]
    means, n = ratings.means, ratings.counts.total
    bins = []
    for some in np.array_split(order, min(BINS, max(len(order) // 20, 1))):
        if len(some):
            predicted = float(np.average(expected[some], weights=n[some]))
            bins.append(RatingBin(predicted, share_of(means[some], n[some], prompts[some])))
    return bins


def _gain(curve: Sequence[Resampled], sizes: Floats) -> Estimate | None:
    """What more ratings add; None where a part of them gave no head, or no interval is known."""
    whole = curve[-1]
    same = all(len(one.resampled) and one.estimate.n == whole.estimate.n for one in curve)
    if not same or np.ptp(sizes) == 0:
        return None
    now = np.array([one.estimate.value for one in curve])
    beyond = np.stack([one.resampled - one.sample for one in curve], axis=1)
    return gained(now, now + whole.shrink * beyond, sizes, whole.clusters)
