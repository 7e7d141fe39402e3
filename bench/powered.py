"""How often 95 % intervals of votes with a metric hold the truth, and how many votes they save.

On planted projects (tests/scoring/planted_powered.py): of each prompt's ten pairs three are judged,
a metric has measured all images. Nothing here depends on the machine.
"""

from collections.abc import Callable, Iterator

import numpy as np

from tests.scoring.planted_powered import ERRORS, holds, powered, rates, simulated

PROJECTS = 300
PROMPTS = (8, 40, 400)
TRUTH = 60_000


def measure(note: Callable[[str], None]) -> Iterator[tuple[str, float, str]]:
    """powered.alone, .coverage and .votes of each metric at each number of prompts.

    Votes: as many times as many would be needed without the metric, the ratio of the squared errors
    over all projects, not what the estimator thinks of itself.
    """
    truth = rates(simulated(np.random.default_rng(5), TRUTH, ERRORS["good"]))
    for prompts in PROMPTS:
        for metric, error in ERRORS.items():
            note(f"{PROJECTS} projects of {prompts} prompts, a {metric} metric")
            alone = covered = told = 0
            off = np.zeros(2)
            for seed in range(PROJECTS):
                project = simulated(np.random.default_rng([6, prompts, seed]), prompts, error)
                for found, rate in zip(powered(project), truth, strict=True):
                    if found.alone.interval is None:
                        # Under six prompts: none is given.
                        continue
                    told += 1
                    alone += holds(found.alone, rate)
                    covered += holds(found.powered, rate)
                    values = np.array([found.alone.value, found.powered.value], np.float64)
                    off += (values - rate) ** 2
            of = f"{metric}.{prompts}_prompts"
            yield f"powered.alone.{of}", alone / told, "share"
            yield f"powered.coverage.{of}", covered / told, "share"
            yield f"powered.votes.{of}", float(off[0] / off[1]), "x"
