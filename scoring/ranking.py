"""Wins and ties between generators, to strengths on one scale (Bradley-Terry, Davidson).

Both are fitted by Newton's method on a concave likelihood, each strength θ centred on 0:

    P(i beats j) = π_i / (π_i + π_j + ν √(π_i π_j)),  P(tie) = ν √(π_i π_j) / (the same),  π = e^θ

Davidson (1970) estimates ν; Bradley-Terry is ν = 0 with every tie counted as half a win to each
(what public arenas do; it shrinks differences a little, where dropping ties inflates them).
A strength is finite only if every generator has lost to, or tied with, someone who in turn is
tied back to it: that is tested first and answered by a reason, never by a silent ±10.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scoring.arrays import Floats
from scoring.reasons import Code, Reason

Ties = Literal["half_wins", "davidson"]


@dataclass(frozen=True, slots=True)
class Strengths:
    """``theta``: natural-log strengths that sum to 0, in the order given; ``nu`` the tie parameter.

    ``log_likelihood`` is that of the data at the maximum, without binomial coefficients.
    """

    theta: tuple[float, ...]
    nu: float
    log_likelihood: float

    def elo(self) -> tuple[float, ...]:
        """Strengths as Elo points around 1000: 400 θ / ln 10 + 1000."""
        return tuple(400 * t / math.log(10) + 1000 for t in self.theta)

    def win_probability(self, i: int, j: int) -> float:
        """P(i beats j), ties included as a third outcome when ν > 0."""
        difference = self.theta[j] - self.theta[i]
        return 1 / (1 + math.exp(difference) + self.nu * math.exp(difference / 2))


@dataclass(frozen=True, slots=True)
class NotComparable:
    """No finite strengths: ``groups`` (indices) can be compared within, not across."""

    reason: Reason
    groups: tuple[tuple[int, ...], ...]


def bradley_terry(
    wins: ArrayLike, ties: ArrayLike | None = None, *, tie_rule: Ties = "half_wins"
) -> Strengths | NotComparable:
    """Strengths from ``wins[i, j]``, how often i beat j, and symmetric ``ties[i, j]``.

    Both are (n, n), finite and not negative; diagonals are ignored. Raises ValueError otherwise.
    """
    won, tied = _tables(wins, ties)
    problem = _separation(won + tied)
    if problem is not None:
        return problem
    if tie_rule == "half_wins":
        return _fit(won + tied / 2, np.zeros_like(won))
    if not won.any():
        everyone = tuple((i,) for i in range(len(won)))
        return NotComparable(Reason(Code.EVERY_COMPARISON_TIED), everyone)
    return _fit(won, tied)


def _tables(wins: ArrayLike, ties: ArrayLike | None) -> tuple[Floats, Floats]:
    won = np.array(wins, dtype=np.float64)
    tied = np.zeros_like(won) if ties is None else np.array(ties, dtype=np.float64)
    if won.ndim != 2 or won.shape[0] != won.shape[1] or tied.shape != won.shape or not won.size:
        raise ValueError("wins and ties are square tables of one size")
    if not (np.isfinite(won).all() and np.isfinite(tied).all()) or (won < 0).any():
        raise ValueError("wins and ties are counts: finite, not negative")
    if (tied < 0).any() or not np.array_equal(tied, tied.T):
        raise ValueError("ties are symmetric counts, not negative")
    np.fill_diagonal(won, 0)
    np.fill_diagonal(tied, 0)
    return won, tied


def _separation(beats: Floats) -> NotComparable | None:
    """Groups within which everybody reaches everybody over wins and ties; None if it is one."""
    reach = _reach(beats > 0)
    mutual = reach & reach.T
    groups = tuple(sorted({tuple(int(i) for i in np.flatnonzero(row)) for row in mutual}))
    if len(groups) == 1:
        return None
    joined = bool(_reach((beats + beats.T) > 0).all())
    return NotComparable(Reason(Code.NEVER_LOST if joined else Code.NEVER_COMPARED), groups)


def _reach(steps: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Who can be reached from whom over any number of steps (Warshall), oneself included."""
    reach = steps | np.eye(len(steps), dtype=bool)
    for k in range(len(steps)):
        reach |= np.outer(reach[:, k], reach[k])
    return reach


def _fit(won: Floats, tied: Floats) -> Strengths:
    pairs = _pairs(won, tied)
    n = len(won)
    free = n + 1 if tied.any() else n
    parameters = np.zeros(n + 1)
    if free == n:
        parameters[n] = -np.inf
    value, gradient, hessian = _likelihood(pairs, parameters, n)
    for _ in range(100):
        # θ is fixed only up to a constant: adding 1 1ᵀ makes the step the centred one.
        curvature = -hessian[:free, :free]
        curvature[:n, :n] += 1
        step = np.linalg.solve(curvature, gradient[:free])
        scale = 1.0
        while True:
            trial = parameters.copy()
            trial[:free] += scale * step
            new = _likelihood(pairs, trial, n)
            if new[0] >= value - 1e-12 or scale < 1e-6:
                break
            scale /= 2
        parameters, (value, gradient, hessian) = trial, new
        if float(np.abs(step).max()) < 1e-11:
            break
    theta = parameters[:n] - parameters[:n].mean()
    nu = float(np.exp(parameters[n]))
    return Strengths(tuple(float(t) for t in theta), nu, float(value))


@dataclass(frozen=True, slots=True)
class _Pair:
    i: int
    j: int
    counts: Floats


def _pairs(won: Floats, tied: Floats) -> Sequence[_Pair]:
    upper = np.argwhere(np.triu(won + won.T + tied) > 0)
    return [_Pair(int(i), int(j), np.array([won[i, j], won[j, i], tied[i, j]])) for i, j in upper]


def _likelihood(pairs: Sequence[_Pair], parameters: Floats, n: int) -> tuple[float, Floats, Floats]:
    """Log-likelihood, gradient and Hessian in (θ_1 … θ_n, ln ν): each pair is a 3-way logit."""
    value, gradient, hessian = 0.0, np.zeros(n + 1), np.zeros((n + 1, n + 1))
    design = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.5, 0.5, 1.0]])
    for pair in pairs:
        at = np.array([pair.i, pair.j, n])
        with_ties = np.isfinite(parameters[n])
        logits = design[:2, :2] @ parameters[at[:2]] if not with_ties else design @ parameters[at]
        counts = pair.counts[: len(logits)]
        rows = design[: len(logits)]
        top = logits.max()
        weights = np.exp(logits - top)
        shares = weights / weights.sum()
        value += float(counts @ (logits - top - math.log(weights.sum())))
        expected = shares @ rows
        total = counts.sum()
        gradient[at] += counts @ rows - total * expected
        spread = rows.T @ (rows * shares[:, None]) - np.outer(expected, expected)
        hessian[np.ix_(at, at)] -= total * spread
    return value, gradient, hessian
