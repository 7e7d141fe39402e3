"""How often a leaderboard's 95 % intervals hold the truth, on planted projects.

Every two images of a prompt are compared by three people (tests/scoring/planted.py), so the items
of one prompt share images. Nothing here depends on the machine.
"""

from collections.abc import Callable, Iterator

import numpy as np

from scoring.davidson import SidedStrengths, davidson
from scoring.statistics.estimate import Interval
from tests.scoring.planted import (
    GENERATORS,
    population,
    simulated,
    simulated_rankings,
    win_rates,
)

PROJECTS = 300
PROMPTS = (8, 40, 400)


def measure(note: Callable[[str], None]) -> Iterator[tuple[str, float, str]]:
    """coverage.win_rate, .strength, .side and .ranking at each number of prompts, as shares."""
    truth = population(np.random.default_rng(1))
    ranked = simulated_rankings(np.random.default_rng(2), 60_000).theta
    for prompts in PROMPTS:
        note(f"{PROJECTS} projects of {prompts} prompts")
        covered = {"win_rate": 0.0, "strength": 0.0, "side": 0.0, "ranking": 0.0}
        for seed in range(PROJECTS):
            project = simulated(np.random.default_rng([3, prompts, seed]), prompts)
            found = davidson(project.votes)
            if not isinstance(found, SidedStrengths):
                continue
            shares = win_rates(project).shares()
            rankings = simulated_rankings(np.random.default_rng([4, prompts, seed]), prompts)
            for i in range(GENERATORS):
                covered["win_rate"] += _holds(shares[i].interval, truth.rates[i])
                covered["strength"] += _holds(found.strengths.interval(i), truth.theta[i])
                covered["ranking"] += _holds(rankings.interval(i), ranked[i])
            covered["side"] += GENERATORS * _holds(found.side.interval, truth.side)
        for name, times in covered.items():
            yield f"coverage.{name}.{prompts}_prompts", times / (PROJECTS * GENERATORS), "share"


def _holds(interval: Interval | None, value: float) -> bool:
    return interval is not None and interval[0] <= value <= interval[1]
