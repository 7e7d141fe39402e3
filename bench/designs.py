"""Votes that each design needs until generators stand in their true order, on planted worlds.

Strengths are drawn with a spread of SPREAD; each pair of images is as far apart as its generators,
give or take LUCK, so that people agree on a pair as much as an intraclass correlation of 0.3 has
it. Evaluation mode asks one person a pair, and three of a random fifth. With a metric, generators
stand by their strengths as the metric moves them (PPI++); it sees how far a pair is apart, give or
take ERROR. Ratios are to `uniform`, three people a pair: above 1, so many times fewer votes.
Nothing here depends on the machine.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy.special import expit
from scipy.stats import kendalltau

from scoring.arrays import Floats, Ints
from scoring.designs import FLOOR, chances, drawn, gains, posterior
from scoring.statistics.powered import squashed
from scoring.statistics.powered_strengths import MetPairs, moved_strengths

SPREAD, LUCK, ERROR = 0.7, 1.6, 1.6
PROMPTS, ITEMS_AT_ONCE = 400, 25
GENERATORS = (5, 8, 12)
REACHED = (0.8, 0.9)
MOST_VOTES = 12_000
STEP = 50
BOOTSTRAPS = 1000


@dataclass(frozen=True, slots=True)
class Design:
    """How pairs are drawn, by how many they are seen, and whether a metric helps to tell."""

    floor: float
    single: bool = False
    metric: bool = False


DESIGNS: Mapping[str, Design] = {
    "uniform": Design(1.0),
    "adaptive": Design(FLOOR),
    "evaluation": Design(1.0, single=True),
    "adaptive_evaluation": Design(FLOOR, single=True),
    "uniform_metric": Design(1.0, metric=True),
    "adaptive_metric": Design(FLOOR, metric=True),
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


class _World:
    """``n`` generators, the pairs of their images, and how likely the first of each is preferred.

    ``pair`` (m, 2): who made the two; ``prompt`` (m,); ``likely`` (m,); ``seen`` (m,): what the
    metric says of the first over the second, from -1 to 1.
    """

    def __init__(self, n: int, seed: int) -> None:
        rng = np.random.default_rng([6, n, seed])
        self.n, self.theta = n, rng.normal(0, SPREAD, n)
        met = np.array(list(combinations(range(n), 2)))
        self.pair = np.tile(met, (PROMPTS, 1))
        self.prompt = np.repeat(np.arange(PROMPTS), len(met))
        apart = self.theta[self.pair[:, 0]] - self.theta[self.pair[:, 1]]
        apart = apart + rng.normal(0, LUCK, len(self.pair))
        self.likely = expit(apart)
        seen = apart + np.random.default_rng([8, n, seed]).normal(0, ERROR, len(apart))
        self.seen = squashed(seen, float(np.median(np.abs(seen))))

    def moved(self, share: Floats, asked: Ints) -> Floats:
        """(n,) strengths with the metric; ``share`` (m,) of votes for the first where asked."""
        of, pool = (
            MetPairs(self.pair[some, 0], self.pair[some, 1], self.seen[some], self.prompt[some])
            for some in (asked, np.arange(len(self.pair)))
        )
        return moved_strengths(share[asked], of, pool, self.n)


def _world(n: int, design: Design, seed: int) -> Floats:
    """Kendall τ of one planted world at every STEP votes; the same world for all designs."""
    world = _World(n, seed)
    rng = np.random.default_rng([7, n, seed])
    size = len(world.pair)
    left, won = np.arange(size), np.zeros((n, n))
    share, all_asked = np.zeros(size), [np.zeros(0, np.int64)]
    votes, taus, tau = 0, np.zeros(MOST_VOTES // STEP), 0.0
    found = posterior(won)
    while votes < MOST_VOTES and len(left) > ITEMS_AT_ONCE:
        worth = gains(found)[tuple(world.pair[left].T)]
        there = drawn(chances(worth, ITEMS_AT_ONCE, floor=design.floor), rng)
        asked, left = left[there], np.delete(left, there)
        all_asked.append(asked)
        people = np.where(rng.random(len(asked)) < 0.2, 3, 1) if design.single else 3
        for_first = rng.binomial(people, world.likely[asked])
        share[asked] = for_first / people
        np.add.at(won, tuple(world.pair[asked].T), for_first)
        np.add.at(won, tuple(world.pair[asked].T[::-1]), people - for_first)
        before, votes = votes, round(won.sum())
        taus[before // STEP : votes // STEP] = tau
        found = posterior(won)
        stand = world.moved(share, np.concatenate(all_asked)) if design.metric else found.mode
        tau = float(kendalltau(world.theta, stand).statistic)
    taus[votes // STEP :] = tau
    return taus
