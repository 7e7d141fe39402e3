"""Strengths of a few candidates from a few votes: what the votes leave possible, and how likely.

Three people who agree give no finite maximum of a likelihood. So each strength θ has a prior,
N(0, PRIOR²), and what is told is the posterior: its mode as the strength, its quantiles as the
interval, which is wide after few votes and the prior's own after none. Votes between two follow
Davidson (1970) with ln ν ~ N(-1, 1), rankings Plackett and Luce, images of one tier by Efron's
approximation (scoring.plackett_luce). Quantiles are of weighted draws around the mode
(self-normalised importance sampling from a multivariate t; Robert and Casella 2004, 3.3), so no
normal shape is presumed. Drawn under a fixed seed: the same votes give the same numbers.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from scoring.arrays import Flags, Floats, Ints
from scoring.statistics.estimate import Interval

# Between two candidates drawn from it the odds are beyond 8 to 1 in about three cases of ten.
PRIOR = 1.5
TIE_PRIOR_MEAN, TIE_PRIOR_SD = -1.0, 1.0
DRAWS = 4000
FREEDOM = 5
STEP = 1e-4

LogDensity = Callable[[Floats], Floats]
"""Parameters (m, p) → the logarithm of a density up to a constant, (m,)."""


@dataclass(frozen=True, slots=True)
class FewStrengths:
    """Of n candidates: strengths θ, natural logarithms that sum to 0, with intervals of 95 %.

    ``first`` (n,) is how likely each is the strongest; ``order`` all of them, the strongest first.
    """

    theta: Floats
    intervals: tuple[Interval, ...]
    first: Floats
    order: tuple[int, ...]


def from_pairs(wins: Floats, ties: Floats) -> FewStrengths:
    """Of votes between two: ``wins[i, j]`` how often i was before j, ``ties[i, j]`` level, each
    tie once, in either cell.
    """
    n = len(wins)

    def log_likelihood(at: Floats) -> Floats:
        half = (at[:, :n, None] - at[:, None, :n]) / 2
        tie = at[:, n, None, None]
        top = np.maximum(np.abs(half), tie)
        whole = top + np.log(np.exp(half - top) + np.exp(tie - top) + np.exp(-half - top))
        value = wins * (half - whole) + ties * (tie - whole)
        return np.asarray(value.sum(axis=(1, 2)), np.float64)

    return _told(log_likelihood, n, tied=True)


def from_rankings(
    members: Ints, tiers: Floats, n: int, *, told: Flags | None = None
) -> FewStrengths:
    """Of rankings (see scoring.plackett_luce.above_table).

    ``told`` (rankings, k): whose choosing somebody told; None: everybody's. Of a pick alone the
    picked one's, for of the others nobody said anything.
    """
    present = members >= 0
    chosen = present if told is None else present & told
    there = _still_there(present, tiers)
    of = np.maximum(members, 0)

    def log_likelihood(at: Floats) -> Floats:
        theta = np.where(present, at[:, of], 0.0)
        left = np.einsum("rji,mri->mrj", there, np.exp(theta) * present)
        value = np.where(chosen, theta - np.log(np.where(chosen, left, 1.0)), 0.0)
        return np.asarray(value.sum(axis=(1, 2)), np.float64)

    return _told(log_likelihood, n, tied=False)


def _still_there(present: Flags, tiers: Floats) -> Floats:
    """(rankings, k, k): by how much the last one is still there when the middle one is chosen."""
    both = present[:, :, None] & present[:, None, :]
    same = both & (tiers[:, :, None] == tiers[:, None, :])
    later = both & (tiers[:, None, :] > tiers[:, :, None])
    gone = (same & np.tri(present.shape[1], k=-1, dtype=bool)).sum(axis=2)
    level = 1 - gone / np.maximum(same.sum(axis=2), 1)
    return np.asarray(later + same * level[:, :, None], np.float64)


def _told(log_likelihood: LogDensity, n: int, *, tied: bool) -> FewStrengths:
    mean = np.array([0.0] * n + [TIE_PRIOR_MEAN] * tied)
    spread = np.array([PRIOR] * n + [TIE_PRIOR_SD] * tied)

    def log_posterior(at: Floats) -> Floats:
        prior = -(((at - mean) / spread) ** 2).sum(axis=1) / 2
        return np.asarray(log_likelihood(at) + prior, np.float64)

    mode = _mode(log_posterior, mean)
    draws, weights = _draws(log_posterior, mode)
    theta = draws[:, :n] - draws[:, :n].mean(axis=1, keepdims=True)
    # Votes that say the same of two give the same number, whatever the last digits are.
    strengths = np.round(mode[:n] - mode[:n].mean(), 6) + 0.0
    strongest = theta.argmax(axis=1)
    return FewStrengths(
        theta=strengths,
        intervals=tuple(_interval(theta[:, i], weights) for i in range(n)),
        first=np.bincount(strongest, weights, minlength=n).astype(np.float64),
        order=tuple(int(i) for i in np.argsort(-strengths, kind="stable")),
    )


def _mode(log_posterior: LogDensity, start: Floats) -> Floats:
    steps = STEP * np.eye(len(start))

    def slope(at: Floats) -> Floats:
        ahead, behind = log_posterior(at + steps), log_posterior(at - steps)
        return np.asarray((behind - ahead) / (2 * STEP), np.float64)

    def height(at: Floats) -> float:
        return -float(log_posterior(at[None])[0])

    return np.asarray(minimize(height, start, jac=slope, method="BFGS").x, np.float64)


def _draws(log_posterior: LogDensity, mode: Floats) -> tuple[Floats, Floats]:
    """Draws (DRAWS, p) of a t around the mode, and their weights, which sum to 1."""
    p = len(mode)
    root = np.linalg.cholesky(np.linalg.inv(_curvature(log_posterior, mode)))
    rng = np.random.default_rng(0)
    normal = rng.standard_normal((DRAWS, p))
    stretch = FREEDOM / rng.chisquare(FREEDOM, DRAWS)
    draws = mode + (normal * np.sqrt(stretch)[:, None]) @ root.T
    distance = (normal**2).sum(axis=1) * stretch
    log_weight = log_posterior(draws) + (FREEDOM + p) / 2 * np.log1p(distance / FREEDOM)
    weights = np.exp(log_weight - log_weight.max())
    return draws, weights / weights.sum()


def _curvature(log_posterior: LogDensity, at: Floats) -> Floats:
    """Minus the Hessian (p, p), by differences."""
    p, far = len(at), 10 * STEP
    one = far * np.eye(p)
    corners = [
        at + first * one[i] + second * one[j]
        for i in range(p)
        for j in range(p)
        for first, second in ((1, 1), (1, -1), (-1, 1), (-1, -1))
    ]
    value = log_posterior(np.array(corners)).reshape(p, p, 4)
    bent = (value[:, :, 0] - value[:, :, 1] - value[:, :, 2] + value[:, :, 3]) / (4 * far**2)
    return np.asarray(-(bent + bent.T) / 2, np.float64)


def _interval(values: Floats, weights: Floats) -> Interval:
    order = np.argsort(values)
    share = np.cumsum(weights[order])
    low, high = np.searchsorted(share, [0.025, 0.975])
    last = len(values) - 1
    return float(values[order[low]]), float(values[order[min(int(high), last)]])
