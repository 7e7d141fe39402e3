"""Means of what people said, made surer by what a metric says of much more: power-tuned PPI.

Of few pairs people have told the outcome, of many more a metric has a prediction. The mean of the
outcomes is moved by what the metric says of all pairs less what it says of those that people
judged, as far as it has been worth it:

    θ = mean(y) + λ (mean(f of the pool) - mean(f of the judged))

With λ tuned so that θ varies least it is never surely worse than the votes alone, and it holds
whatever the metric is worth: a coin gets λ ≈ 0 (PPI++, Angelopoulos, Duchi and Zrnic 2023, arXiv
2311.01453; the difference estimator of survey sampling). Of independent pairs the variance is
1 - ρ² N / (N + n) of the votes' own, ρ being how y and f correlate.

Both kinds of pairs share images and prompts, so everything is summed up by prompt: the variance is
that between prompts, covariances of judged and other pairs included, and λ is tuned to it. What is
assumed is that the pairs that people judged, each as often as its ``weight`` says, are like
the pool; by strata (who met whom) they may be in other proportions. Where all weights are the same,
those that nobody judged will do for the pool: λ takes up what that changes. ``f`` must not have
learnt from the outcome that it is held against.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, stdtrit

from scoring.arrays import Floats, Ints
from scoring.reasons import Code, Reason
from scoring.statistics.cluster_bootstrap import too_few_prompts
from scoring.statistics.estimate import Estimate, Interval
from scoring.statistics.proportions import wilson_interval
from scoring.statistics.resampling import CONFIDENCE

# Of fewer judged prompts λ can't be told: on planted projects of eight even a good metric makes the
# rate less sure (bench/powered.py).
FEWEST_PROMPTS = 20


@dataclass(frozen=True, slots=True)
class Predictions:
    """What a metric says, ``f`` (n,), NaN where nothing, of pairs in a ``stratum`` (n,) and of a
    prompt, ``cluster`` (n,); both are small numbers from 0 on.
    """

    f: Floats
    stratum: Ints
    cluster: Ints


@dataclass(frozen=True, slots=True)
class Powered:
    """A share by the votes ``alone`` and with the metric, ``powered``; ``n`` counts judged pairs.

    ``weight`` is λ in the units of y by f. ``ratio``: about how many times as many votes would
    have had to be given for the same certainty; 1 where the metric saves nothing. ``more`` counts
    those of the pool that took part.
    """

    alone: Estimate
    powered: Estimate
    weight: float
    ratio: float
    more: int


def powered_share(
    y: Floats, judged: Predictions, pool: Predictions, weight: Floats | None = None
) -> Powered:
    """The mean of outcomes ``y`` (n,) in [0, 1], moved by what the metric says of the pool.

    ``weight`` (n,) > 0: how many pairs each judged one speaks for; equal ones where there is none.

    Intervals are of 95 %, on the scale of log-odds, by Student's t over the prompts that people
    judged, with one degree of freedom less for λ; where prompts don't differ at all, Wilson's over
    prompts. Under six prompts there is none, and under FEWEST_PROMPTS λ is 0.
    """
    n = len(y)
    if not n:
        nothing = Estimate(None, 0, undefined=Reason(Code.NO_VALUE))
        return Powered(nothing, nothing, 0.0, 1.0, 0)
    size = int(max(judged.cluster.max(), pool.cluster.max(initial=-1))) + 1
    weight = np.ones(n) if weight is None else weight
    each = weight / weight.sum()
    mean, prompts = float(weight @ y / weight.sum()), len(np.unique(judged.cluster))
    off = np.bincount(judged.cluster, each * (y - mean), size).astype(np.float64)
    shift, moved, more = _moved(judged, each, pool, size)
    by = _tuned(off, moved, prompts)
    fitted = 2 if by else 1
    alone = _variance(off, prompts, 1)
    powered = _variance(off + by * moved, prompts, fitted)
    ratio = alone / powered if 0 < powered < alone else 1.0
    value = mean + by * shift
    return Powered(
        _share(mean, n, alone, prompts, prompts - 1),
        _share(min(max(value, 0.0), 1.0), n, powered, prompts, prompts - fitted),
        by,
        ratio,
        more,
    )


def _tuned(off: Floats, moved: Floats, prompts: int) -> float:
    """λ over prompts; 0 of few, of which it is itself unsure, and adds more than it takes away."""
    if prompts < FEWEST_PROMPTS:
        return 0.0
    return shrunk_slope(
        float(off @ off), -float(off @ moved), float(moved @ moved), free=prompts - 2
    )


def shrunk_slope(yy: float, yf: float, ff: float, *, free: float) -> float:
    """The slope of y by f of sums of squares and products, less what chance alone explains of it.

    Least squares with so many degrees ``free``, times the positive part of 1 - 1 / F (James and
    Stein 1961): 0 where f explains no more than a coin.
    """
    if ff <= 0 or free <= 0:
        return 0.0
    slope = yf / ff
    explained = slope * yf
    error = max(yy - explained, 0.0) / free
    return slope * max(0.0, 1 - error / explained) if explained > 0 else 0.0


def _moved(
    judged: Predictions, each: Floats, pool: Predictions, size: int
) -> tuple[float, Floats, int]:
    """By how much f moves the mean at λ = 1, what each prompt has in that, and by how many pairs.

    ``each`` (n,) is a judged pair's share of all weight. A stratum weighs as much as it does among
    the judged, and only where both have something of it.
    """
    strata = int(max(judged.stratum.max(), pool.stratum.max(initial=-1))) + 1
    stratum_weight = np.bincount(judged.stratum, each, strata)
    shift, moved, more = 0.0, np.zeros(size), 0
    sides = ((judged, each, -1.0), (pool, np.ones(len(pool.f)), 1.0))
    here, there = (
        np.bincount(told.stratum, weight * np.isfinite(told.f), strata) for told, weight, _ in sides
    )
    both = (here > 0) & (there > 0)
    for (told, weight, sign), total in zip(sides, (here, there), strict=True):
        at = np.flatnonzero(np.isfinite(told.f) & both[told.stratum])
        stratum, f = told.stratum[at], told.f[at]
        part = weight[at] / total[stratum]
        means = np.bincount(stratum, part * f, strata)
        moves = sign * stratum_weight[stratum] * part
        shift += float(moves @ f)
        moved += np.bincount(told.cluster[at], moves * (f - means[stratum]), size)
        more = len(at)
    return shift, moved, more


def _variance(parts: Floats, prompts: int, fitted: int) -> float:
    """Of a sum of independent parts, of which so many parameters were fitted."""
    if prompts <= fitted:
        return math.inf
    return float(parts @ parts) * prompts / (prompts - fitted)


def _share(value: float, n: int, variance: float, prompts: int, degrees: int) -> Estimate:
    few = too_few_prompts(prompts)
    if few is not None:
        return Estimate(value, n, no_interval=few)
    half = float(stdtrit(degrees, (1 + CONFIDENCE) / 2)) * math.sqrt(variance)
    return Estimate(value, n, interval=_within(value, half, prompts))


def _within(value: float, half: float, prompts: int) -> Interval:
    if half == 0 or not 0 < value < 1:
        return wilson_interval(round(value * prompts), prompts) or (0.0, 1.0)
    odds, reach = math.log(value / (1 - value)), half / (value * (1 - value))
    return float(expit(odds - reach)), float(expit(odds + reach))


def squashed(differences: Floats, scale: float) -> Floats:
    """A metric's differences (n,) as predictions from -1 to 1, NaN staying: their tanh by a scale.

    No outcome is needed for it, so nothing has learnt from any.
    """
    predictions: Floats = np.tanh(differences / scale) if scale > 0 else np.sign(differences)
    return predictions
