"""Ratios to ceilings beside those in ratios.json: a loss is seen whatever the machine.

A ratio is of the CPU time of two ways, measured in turns in one run, so a slower or busier machine
hardly moves it.
A family that seems to have lost is measured once more, and the better of the two counts.
"""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

KEPT = Path(__file__).with_name("ratios.json")
KEEPS = 2 / 3


def kept() -> dict[str, float]:
    """Each ratio as it was when it was last written down."""
    return {name: one["ratio"] for name, one in json.loads(KEPT.read_text()).items()}


def keep(found: Mapping[str, float], today: date) -> None:
    """Writes them down; those of other families stay."""
    told = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    told |= {
        name: {"ratio": float(f"{ratio:.3g}"), "measured": today.isoformat()}
        for name, ratio in found.items()
    }
    KEPT.write_text(json.dumps(dict(sorted(told.items())), indent=2) + "\n")


def lost(found: Mapping[str, float], before: Mapping[str, float]) -> list[str]:
    """The names whose ratio has fallen by more than a third, or that nothing measured."""
    return [name for name, ratio in before.items() if found.get(name, 0) < ratio * KEEPS]
