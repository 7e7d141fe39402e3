"""Best of n: each prompt's best candidate by a reward model, and how sure that is.

    python examples/best_of_n.py HEAD WEIGHTS CANDIDATES [--dimension overall]

HEAD is a reward model's folder (a download of the site, or of `python -m scoring train`), WEIGHTS
that of the network under it, CANDIDATES a folder of folders, one a prompt. Needs Triptych's
`scoring`, which needs torch.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from math import exp
from pathlib import Path

from scoring.images import read_rgb
from scoring.rewards.model import Loaded, load

SUFFIXES = {".png", ".jpg", ".jpeg", ".webp"}


@dataclass(frozen=True)
class Best:
    """The best of a prompt's candidates.

    `chance`: how likely one person prefers it to the next best, if either; 1 of a single candidate.
    """

    prompt: str
    image: Path
    reward: float
    chance: float


def best_of_each(scorer: Loaded, candidates: Path, dimension: str) -> Iterator[Best]:
    """Of each folder in `candidates` that holds images."""
    for folder in sorted(path for path in candidates.iterdir() if path.is_dir()):
        images = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
        if images:
            yield _best(scorer, folder.name, images, dimension)


def _best(scorer: Loaded, prompt: str, images: list[Path], dimension: str) -> Best:
    rewards = scorer.score([read_rgb(path) for path in images])[dimension]
    order = sorted(range(len(images)), key=lambda at: -rewards[at])
    first = order[0]
    # Rewards of different prompts say nothing of each other; their differences are log-odds.
    ahead = rewards[first] - rewards[order[1]] if len(order) > 1 else float("inf")
    return Best(prompt, images[first], float(rewards[first]), 1 / (1 + exp(-ahead)))


def main() -> None:
    """Prints the best of each prompt."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("head", type=Path)
    parser.add_argument("weights", type=Path)
    parser.add_argument("candidates", type=Path)
    parser.add_argument("--dimension", default="overall")
    options = parser.parse_args()
    scorer = load(options.head, weights=options.weights)
    for best in best_of_each(scorer, options.candidates, options.dimension):
        print(f"{best.prompt}: {best.image.name}, {best.chance:.0%} against the next best")


if __name__ == "__main__":
    main()
