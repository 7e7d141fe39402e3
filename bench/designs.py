"""Votes that each design needs until generators stand in their true order, on planted worlds.

Strengths are drawn with a spread of SPREAD; each pair of images is as far apart as its generators,
give or take LUCK, so that people agree on a pair as much as an intraclass correlation of 0.3 has
it. Evaluation mode asks one person a pair, and three of a random fifth. Ratios are to `uniform`,
three people a pair: above 1, so many times fewer votes. Nothing here depends on the machine.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy.special import expit
from scipy.stats import kendalltau

from scoring.arrays import Floats
from scoring.designs import FLOOR, chances, drawn, gains, posterior

SPREAD, LUCK = 0.7, 1.6
PROMPTS, ITEMS_AT_ONCE = 400, 25
GENERATORS = (5, 8, 12)
REACHED = (0.8, 0.9)
MOST_VOTES = 12_000
STEP = 50
BOOTSTRAPS = 1000


@dataclass(frozen=True, slots=True)
class Design:
    """How pairs are drawn, and by how many they are seen."""

    floor: float
    single: bool


DESIGNS: Mapping[str, Design] = {
    "uniform": Design(1.0, single=False),
    "adaptive": Design(FLOOR, single=False),
    "evaluation": Design(1.0, single=True),
    "adaptive_evaluation": Design(FLOOR, single=True),
}


def measure(
    worlds: int, note: Callable[[str], None], generators: Sequence[int] = GENERATORS
) -> Iterator[tuple[str, float, str]]:
    """designs.votes.{design}.{n}_generators.tau_{τ}, and designs.fewer with .low and .high.

    Votes are those at which the mean Kendall τ of all worlds is there for good; none is printed
    where MOST_VOTES are too few.
    """
    for n in generators:
        note(f"{worlds} worlds of {n} generators")
        curves = {
            name: np.stack([_world(n, design, seed) for seed in range(worlds)])
            for name, design in DESIGNS.items()
        }
        for tau in REACHED:
            yield from _lines(curves, n, tau)


def _lines(curves: Mapping[str, Floats], n: int, tau: float) -> Iterator[tuple[str, float, str]]:
    what = f"{n}_generators.tau_{tau:g}"
    needed = {name: _reached(curve.mean(axis=0), tau) for name, curve in curves.items()}
    ratios: dict[str, list[float]] = {name: [] for name in curves}
    rng = np.random.default_rng(5)
    for _ in range(BOOTSTRAPS):
        some = rng.integers(len(curves["uniform"]), size=len(curves["uniform"]))
        again = {name: _reached(curve[some].mean(axis=0), tau) for name, curve in curves.items()}
        for name, votes in again.items():
            # What was not reached took more than there were.
            ratios[name].append((again["uniform"] or MOST_VOTES) / (votes or MOST_VOTES))
    for name, votes in needed.items():
        if votes is None:
            continue
        yield f"designs.votes.{name}.{what}", votes, "votes"
        if name == "uniform" or (uniform := needed["uniform"]) is None:
            continue
        low, high = np.quantile(ratios[name], [0.025, 0.975])
        yield f"designs.fewer.{name}.{what}", uniform / votes, "times"
        yield f"designs.fewer.{name}.{what}.low", float(low), "times"
        yield f"designs.fewer.{name}.{what}.high", float(high), "times"


def _reached(curve: Floats, tau: float) -> int | None:
    """The first number of votes from which on the curve stays at τ or above."""
    below = np.flatnonzero(curve < tau)
    at = int(below[-1]) + 1 if len(below) else 0
    return None if at == len(curve) else (at + 1) * STEP


def _world(n: int, design: Design, seed: int) -> Floats:
    """Kendall τ of one planted world at every STEP votes; the same world for all designs."""
    world = np.random.default_rng([6, n, seed])
    theta = world.normal(0, SPREAD, n)
    pairs = np.array(list(combinations(range(n), 2)))
    pair = np.tile(pairs, (PROMPTS, 1))
    luck = world.normal(0, LUCK, len(pair))
    likely = expit(theta[pair[:, 0]] - theta[pair[:, 1]] + luck)
    rng = np.random.default_rng([7, n, seed])
    left, won = np.arange(len(pair)), np.zeros((n, n))
    votes, taus, tau = 0, np.zeros(MOST_VOTES // STEP), 0.0
    while votes < MOST_VOTES and len(left) > ITEMS_AT_ONCE:
        worth = gains(posterior(won))[tuple(pair[left].T)]
        there = drawn(chances(worth, ITEMS_AT_ONCE, floor=design.floor), rng)
        asked, left = left[there], np.delete(left, there)
        people = np.where(rng.random(len(asked)) < 0.2, 3, 1) if design.single else 3
        for_first = rng.binomial(people, likely[asked])
        np.add.at(won, tuple(pair[asked].T), for_first)
        np.add.at(won, tuple(pair[asked].T[::-1]), people - for_first)
        before, votes = votes, round(won.sum())
        taus[before // STEP : votes // STEP] = tau
        tau = float(kendalltau(theta, posterior(won).mode).statistic)
    taus[votes // STEP :] = tau
    return taus
