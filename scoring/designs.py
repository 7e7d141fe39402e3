"""Which pairs people are asked about next: a design gives each candidate a chance to be drawn.

A vote is worth most between two generators that nobody can tell apart yet and that may well stand
next to each other. A share of every draw stays uniform, so that each pair has a known chance above
0, and means can be weighed by it (Horvitz and Thompson 1952).
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from scoring.arrays import Floats, Ints
from scoring.newton import maximised

# Of a strength before anybody has voted: two generators differ by e^2.8 at most, as a rule.
PRIOR_SD = 2.0
FLOOR = 0.2


@dataclass(frozen=True, slots=True)
class Posterior:
    """What votes say of n strengths: ``mode`` (n,), of a sum of 0, and ``covariance`` (n, n)."""

    mode: Floats
    covariance: Floats

    def difference(self) -> Floats:
        """(n, n): by how much each is better than each."""
        return self.mode[:, None] - self.mode

    def variance(self) -> Floats:
        """(n, n): of these differences."""
        own = np.diag(self.covariance)
        apart = own[:, None] + own - 2 * self.covariance
        return np.asarray(np.maximum(apart, 0.0), np.float64)


def posterior(won: Floats) -> Posterior:
    """Of (n, n) votes, ``won[i, j]`` for i over j, where a tie is half a vote for each side.

    Bradley and Terry's (1952) likelihood under independent N(0, PRIOR_SD²), as a normal
    distribution at its mode (Laplace). Whoever was compared with nobody has the prior's variance.
    """
    n = len(won)
    shown = won + won.T

    def derivatives(at: Floats) -> tuple[float, Floats, Floats]:
        apart = at[:, None] - at
        chance = expit(apart)
        value = (won * -np.logaddexp(0, -apart)).sum() - (at**2).sum() / (2 * PRIOR_SD**2)
        gradient = (won - shown * chance).sum(axis=1) - at / PRIOR_SD**2
        spread = shown * chance * chance.T
        curvature = np.diag(spread.sum(axis=1) + PRIOR_SD**-2) - spread
        return float(value), gradient, curvature

    mode = maximised(np.zeros(n), derivatives, n)
    if mode is None:
        raise ValueError("more votes than a prior can hold finite")
    return Posterior(mode, np.asarray(np.linalg.inv(derivatives(mode)[2]), np.float64))


def gains(found: Posterior) -> Floats:
    """(n, n): what one more vote between two generators is worth, up to a constant; 0 with itself.

    p (1 - p) Var(Δ) exp(-Δ² / 2 Var(Δ)): the information of a vote, times how little is known of
    the difference Δ, times how likely the two are to stand level.
    """
    apart, variance = found.difference(), found.variance()
    chance = expit(apart)
    level = np.exp(-(apart**2) / np.maximum(2 * variance, 1e-12))
    worth: Floats = chance * (1 - chance) * variance * level
    np.fill_diagonal(worth, 0.0)
    return worth


def chances(gain: Floats, n: int, *, floor: float = FLOOR) -> Floats:
    """How likely each of (m,) candidates is to be among the ``n`` <= m drawn; they add up to n.

    n (floor / m + (1 - floor) gain / Σ gain); what is above 1 is shared among the others in
    proportion. A ``floor`` of 1 is the uniform design.
    """
    m, total = len(gain), float(gain.sum())
    if not 0 < n <= m:
        raise ValueError(f"no {n} of {m}")
    if n == m:
        return np.ones(m)
    uniform = np.full(m, 1 / m)
    share = floor * uniform + (1 - floor) * (gain / total if total > 0 else uniform)
    chance, certain = n * share, np.zeros(m, bool)
    while (chance[~certain] > 1).any():
        certain |= chance >= 1
        left = n - int(certain.sum())
        chance = np.where(certain, 1.0, left * share / share[~certain].sum())
    return chance


def drawn(chance: Floats, rng: np.random.Generator) -> Ints:
    """Which candidates are drawn, each exactly as often as ``chance`` (m,) says.

    Systematic sampling over a random order (Goodman and Kish 1950): as many as the chances add up
    to, none twice.
    """
    order = rng.permutation(len(chance))
    ends = np.cumsum(chance[order])
    n = round(float(ends[-1]))
    ends *= n / ends[-1]
    at = np.searchsorted(ends, rng.random() + np.arange(n), side="right")
    return np.sort(order[np.minimum(at, len(chance) - 1)])


def weights(chance: Floats, drawn_in: Ints, rounds: int) -> Floats:
    """How many pairs of the pool each item speaks for, so that a weighed mean is the pool's.

    ``chance`` (items,) was that of the round ``drawn_in``, 1 … ``rounds`` >= 1; 0: listed before.
    Each round estimates the whole: what was there before it, and 1 / chance for each that it drew.
    Their mean weighs by 1 / chance in an item's own round, and by 1 in every later one, as Farquhar
    et al. (2021, arXiv 2101.11665) do for one drawn at a time.
    """
    own = np.where(drawn_in > 0, 1 / chance, 0.0)
    return np.asarray(own + (rounds - drawn_in), np.float64)
