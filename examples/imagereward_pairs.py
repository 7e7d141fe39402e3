"""Rankings to strict pairs, as ImageReward's trainer expands them.

    python examples/imagereward_pairs.py FOLDER [--split train]

FOLDER is an `imagereward` export. Needs nothing but Python.
"""

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path


@dataclass(frozen=True)
class Pair:
    """`better` is ranked above `worse` for the same prompt; both are files."""

    prompt: str
    better: Path
    worse: Path


def pairs_in(folder: Path, split: str) -> Iterator[Pair]:
    """Every two images of different rank; 1 is the best rank, ties make no pair."""
    for record in json.loads((folder / f"{split}.json").read_text(encoding="utf-8")):
        ranked = zip(record["ranking"], record["generations"], strict=True)
        for (rank, name), (other_rank, other) in combinations(ranked, 2):
            if rank != other_rank:
                better, worse = (name, other) if rank < other_rank else (other, name)
                yield Pair(record["prompt"], folder / better, folder / worse)


def main() -> None:
    parser = argparse.ArgumentParser(description="The pairs of an `imagereward` export.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--split", default="train", choices=("train", "valid", "test"))
    chosen = parser.parse_args()
    pairs = list(pairs_in(chosen.folder, chosen.split))
    missing = [pair for pair in pairs if not (pair.better.is_file() and pair.worse.is_file())]
    print(f"{chosen.split}: {len(pairs)} strict pairs, {len(missing)} with a missing image")
    if pairs:
        print(f"{pairs[0].prompt}: {pairs[0].better.name} > {pairs[0].worse.name}")


if __name__ == "__main__":
    main()
