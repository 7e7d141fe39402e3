"""Planted projects of which people judge some pairs, and a metric knows something of all.

Five generators; of each prompt's ten pairs three are judged by three people, or as many of all as
two rounds draw, the second adaptive. An image is as good as
its generator, give or take its prompt's luck; the metric sees that, give or take its own error.
"""

from dataclasses import dataclass, replace

import numpy as np

from scoring.arrays import Flags, Floats, Ints
from scoring.designs import FLOOR, chances, drawn, gains, posterior, weights
from scoring.statistics.estimate import Estimate
from scoring.statistics.powered import Powered, Predictions, powered_share, squashed
from tests.scoring.planted import GENERATORS, LUCK, PAIRS, QUALITY, TIE

JUDGED = 3
# Standard deviation of the metric's error: one that is nearly a person, a common one, a coin.
ERRORS = {"good": 0.3, "common": 1.5, "coin": 1000.0}


@dataclass(frozen=True)
class Judged:
    """Of each prompt's ten pairs the outcome (prompts, 10): 1, ½ or 0, which were judged, and the
    metric's difference; where rounds were drawn, how many pairs each judged one speaks for.
    """

    share: Floats
    judged: Flags
    difference: Floats
    weight: Floats | None = None


def simulated(rng: np.random.Generator, prompts: int, error: float) -> Judged:
    quality = QUALITY + rng.normal(0, LUCK, (prompts, GENERATORS))
    seen = quality + rng.normal(0, error, quality.shape)
    half = (quality[:, PAIRS[:, 0]] - quality[:, PAIRS[:, 1]]) / 2
    weights = np.stack([np.exp(half), np.exp(-half), np.full(half.shape, TIE)], axis=2)
    chance = np.cumsum(weights / weights.sum(axis=2, keepdims=True), axis=2)
    drawn = (rng.random((*half.shape, 3, 1)) > chance[:, :, None, :2]).sum(axis=3)
    share = np.full(half.shape, 0.5)
    share[(drawn == 0).sum(axis=2) >= 2] = 1
    share[(drawn == 1).sum(axis=2) >= 2] = 0
    judged = rng.random(half.shape).argsort(axis=1) < JUDGED
    return Judged(share, judged, seen[:, PAIRS[:, 0]] - seen[:, PAIRS[:, 1]])


def by_rounds(project: Judged, rng: np.random.Generator) -> Judged:
    """The same, of which a uniform round of a tenth and an adaptive one of a fifth were judged."""
    share, size = project.share.reshape(-1), project.share.size
    first, second = np.tile(PAIRS, (len(project.share), 1)).T
    chance, drawn_in, won = np.ones(size), np.zeros(size, np.int64), np.zeros(2 * (GENERATORS,))
    for number, n, floor in ((1, size // 10, 1.0), (2, size // 5, FLOOR)):
        left = np.flatnonzero(drawn_in == 0)
        likely = chances(gains(posterior(won))[first[left], second[left]], n, floor=floor)
        there = drawn(likely, rng)
        chance[left[there]], drawn_in[left[there]] = likely[there], number
        np.add.at(won, (first[left[there]], second[left[there]]), share[left[there]])
        np.add.at(won, (second[left[there]], first[left[there]]), 1 - share[left[there]])
    judged, weight = drawn_in > 0, np.zeros(size)
    weight[judged] = weights(chance[judged], drawn_in[judged], 2)
    shape = project.share.shape
    return replace(project, judged=judged.reshape(shape), weight=weight.reshape(shape))


def rates(project: Judged) -> Floats:
    """(generators,) win rates over all pairs, judged or not."""
    return np.array([_of(project, g)[0].mean() for g in range(GENERATORS)])


def powered(project: Judged) -> list[Powered]:
    """Each generator's win rate from the judged pairs, and with the metric of the others."""
    scale = float(np.median(np.abs(project.difference)))
    found = []
    for g in range(GENERATORS):
        share, difference, pair = _of(project, g)
        prompt = np.repeat(np.arange(len(share)), share.shape[1])
        stratum, f = np.tile(pair, len(share)), squashed(difference, scale).reshape(-1)
        judged = project.judged[:, pair].reshape(-1)
        weight = None if project.weight is None else project.weight[:, pair].reshape(-1)[judged]
        here = Predictions(f[judged], stratum[judged], prompt[judged])
        pool = Predictions(f, stratum, prompt)
        found.append(powered_share(share.reshape(-1)[judged], here, pool, weight))
    return found


def _of(project: Judged, g: int) -> tuple[Floats, Floats, Ints]:
    """Of a generator's four pairs: outcomes and differences as seen from it, and which they are."""
    pair = np.flatnonzero(np.any(np.equal(PAIRS, g), axis=1))
    first = PAIRS[pair, 0] == g
    share, difference = project.share[:, pair], project.difference[:, pair]
    return np.where(first, share, 1 - share), np.where(first, difference, -difference), pair


def holds(found: Estimate, value: float) -> bool:
    return found.interval is not None and found.interval[0] <= value <= found.interval[1]
