"""Choose a model: a board of win rates with intervals, and whether the first place is settled.

    python examples/choose_model.py FOLDER [--dimension overall]

FOLDER is a `preferences` export (images are not needed). Needs numpy. A generator's win rate is
the share of people's votes against all others; intervals are over prompts, which are drawn anew
with all their pairs, for pairs of one prompt share images.
"""

import argparse
import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

DRAWS = 2000

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Standing:
    """A generator on the board: its win rate from 0 to 1, and the interval of 95 %."""

    generator: str
    rate: float
    low: float
    high: float


@dataclass(frozen=True)
class Board:
    """The best first. `ahead`: by how much the first's rate is above the second's, 95 %."""

    standings: list[Standing]
    ahead: tuple[float, float]

    @property
    def sentence(self) -> str:
        """What to do."""
        first, second = self.standings[:2]
        if self.ahead[0] > 0:
            return f"Take {first.generator}: people prefer it."
        return f"Not settled between {first.generator} and {second.generator}: ask more people."


def read(folder: Path, dimension: str) -> tuple[list[str], Floats, Floats]:
    """Generators, and (prompts, generators) of votes won and of votes counted."""
    won: dict[tuple[str, str], float] = defaultdict(float)
    shown: dict[tuple[str, str], float] = defaultdict(float)
    with (folder / "preferences.jsonl").open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            if row["dimension"] != dimension:
                continue
            # Who could not tell says nothing of either.
            votes = row["annotations"] - row["votes"]["unsure"]
            share = {"chosen": row["chosen_share"], "rejected": 1 - row["chosen_share"]}
            for end, part in share.items():
                at = row["prompt"], row["generators"][end]
                won[at] += part * votes
                shown[at] += votes
    prompts, names = (sorted({at[place] for at in shown}) for place in (0, 1))
    cells = [[(prompt, name) for name in names] for prompt in prompts]
    counts = [[[table[at] for at in row] for row in cells] for table in (won, shown)]
    return names, *(np.array(table, np.float64) for table in counts)


def board_of(names: list[str], won: Floats, shown: Floats, seed: int = 0) -> Board:
    """Of at least two generators that were all compared."""
    rng = np.random.default_rng(seed)
    times = rng.multinomial(len(won), [1 / len(won)] * len(won), DRAWS)
    drawn = (times @ won) / np.maximum(times @ shown, 1e-9)
    rates = won.sum(axis=0) / shown.sum(axis=0)
    low, high = np.percentile(drawn, [2.5, 97.5], axis=0)
    order = np.argsort(-rates, kind="stable")
    ahead = np.percentile(drawn[:, order[0]] - drawn[:, order[1]], [2.5, 97.5])
    standings = [Standing(names[i], *map(float, (rates[i], low[i], high[i]))) for i in order]
    return Board(standings, (float(ahead[0]), float(ahead[1])))


def main() -> None:
    """Prints the board and the sentence."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--dimension", default="overall")
    options = parser.parse_args()
    board = board_of(*read(options.folder, options.dimension))
    for one in board.standings:
        print(f"{one.generator:30} {one.rate:6.1%}  ({one.low:.1%} to {one.high:.1%})")
    print(board.sentence)


if __name__ == "__main__":
    main()
