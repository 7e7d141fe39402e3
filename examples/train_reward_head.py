"""A Bradley–Terry reward head, trained on people's choices: the loop from click to reward, closed.

    python examples/train_reward_head.py FOLDER [--dimension overall] [--folds 5] [--seed 0]

FOLDER is a `preferences` export with its images. Needs torch, numpy and pillow. The features are
plain statistics of the pixels (colour, contrast, blur and grain at three scales), so that it runs
in seconds without any weights; put an encoder of yours into `features_of` for real work. Prompts
are held out whole: a fold's prompts are never trained on.
"""

import argparse
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn

SIDE = 256
STEPS, RATE, DECAY = 400, 0.03, 0.02
DRAWS = 2000

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Pair:
    """One line of preferences.jsonl, as far as a reward model needs it."""

    prompt: str
    chosen: str
    rejected: str
    margin: float


@dataclass(frozen=True)
class Result:
    """Held-out accuracy over all folds, its 95 % interval over prompts, and how much there was."""

    accuracy: float
    low: float
    high: float
    pairs: int
    prompts: int


def read_pairs(folder: Path, dimension: str) -> list[Pair]:
    """The pairs of one dimension."""
    with (folder / "preferences.jsonl").open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [
        Pair(row["prompt"], row["chosen"], row["rejected"], row["margin"])
        for row in rows
        if row["dimension"] == dimension
    ]


def features_of(path: Path) -> Floats:
    """float64 (26,): colour, contrast, and detail against grain at three scales."""
    with Image.open(path) as image:
        small = image.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BOX)
        full = np.asarray(image.convert("L"), dtype=np.float64) / 255
    pixels = np.asarray(small, dtype=np.float64) / 255
    channels = pixels.reshape(-1, 3)
    found = [*channels.mean(0), *channels.std(0), *np.quantile(channels.mean(1), (0.02, 0.5, 0.98))]
    spread = channels.max(1) - channels.min(1)
    found += [spread.mean(), spread.std(), *(channels.mean(0) - channels.mean())]
    for _ in range(3):
        edges = np.abs(full[1:-1, 1:-1] * 4 - full[:-2, 1:-1] - full[2:, 1:-1]
                       - full[1:-1, :-2] - full[1:-1, 2:])  # fmt: skip
        # The median is grain (it is everywhere), the high quantiles are edges (few and strong).
        found += [np.log(value + 1e-4) for value in np.quantile(edges, (0.1, 0.5, 0.9, 0.99))]
        rows, columns = full.shape[0] // 2 * 2, full.shape[1] // 2 * 2
        full = full[:rows, :columns].reshape(rows // 2, 2, columns // 2, 2).mean((1, 3))
    return np.array(found)


def train(first: Tensor, second: Tensor, weights: Tensor, seed: int) -> nn.Module:
    """A reward of features: `first` was preferred to `second`; (pairs, features) each."""
    torch.manual_seed(seed)
    head = nn.Sequential(nn.Linear(first.shape[1], 16), nn.Tanh(), nn.Linear(16, 1))
    optimiser = torch.optim.AdamW(head.parameters(), lr=RATE, weight_decay=DECAY)
    for _ in range(STEPS):
        optimiser.zero_grad()
        # Bradley–Terry: P(first over second) is the logistic of the difference of rewards.
        loss = -nn.functional.logsigmoid(head(first) - head(second)).squeeze(1)
        (loss * weights).mean().backward()
        optimiser.step()
    return head


def fold_of(prompt: str, folds: int, seed: int) -> int:
    """By the prompt alone, so that all its pairs are held out together."""
    return int.from_bytes(hashlib.sha256(f"{seed}:{prompt}".encode()).digest()[:4]) % folds


def held_out_accuracy(folder: Path, pairs: Sequence[Pair], folds: int, seed: int) -> Result:
    """Each prompt's pairs, judged by a reward that was trained on other prompts' pairs."""
    names = sorted({name for pair in pairs for name in (pair.chosen, pair.rejected)})
    place = {name: row for row, name in enumerate(names)}
    features = np.stack([features_of(folder / name) for name in names])
    chosen = np.array([place[pair.chosen] for pair in pairs])
    rejected = np.array([place[pair.rejected] for pair in pairs])
    margins = torch.tensor([pair.margin for pair in pairs], dtype=torch.float32)
    fold = np.array([fold_of(pair.prompt, folds, seed) for pair in pairs])
    right: dict[str, list[bool]] = {}
    for number in np.unique(fold):
        learnt, tested = fold != number, fold == number
        if not learnt.any():
            continue
        known = features[np.concatenate([chosen[learnt], rejected[learnt]])]
        scaled = (features - known.mean(0)) / (known.std(0) + 1e-6)
        inputs = torch.tensor(scaled, dtype=torch.float32)
        head = train(inputs[chosen[learnt]], inputs[rejected[learnt]], margins[learnt], seed)
        with torch.inference_mode():
            rewards = head(inputs).squeeze(1).numpy()
        for at in np.flatnonzero(tested):
            won = bool(rewards[chosen[at]] > rewards[rejected[at]])
            right.setdefault(pairs[at].prompt, []).append(won)
    return _over_prompts(right, seed)


def _over_prompts(right: dict[str, list[bool]], seed: int) -> Result:
    """Prompts are drawn anew, not pairs: the pairs of one prompt share their images."""
    wins = np.array([sum(each) for each in right.values()])
    counts = np.array([len(each) for each in right.values()])
    drawn = np.random.default_rng(seed).integers(0, len(wins), (DRAWS, len(wins)))
    low, high = np.quantile(wins[drawn].sum(1) / counts[drawn].sum(1), (0.025, 0.975))
    accuracy = float(wins.sum() / counts.sum())
    return Result(accuracy, float(low), float(high), int(counts.sum()), len(wins))


def main() -> None:
    parser = argparse.ArgumentParser(description="A reward head on a `preferences` export.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--dimension", default="overall")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    torch.set_num_threads(1)  # a head so small gains nothing from more
    pairs = read_pairs(chosen.folder, chosen.dimension)
    if not pairs:
        parser.exit(1, f"The export has no pairs of the dimension {chosen.dimension}.\n")
    found = held_out_accuracy(chosen.folder, pairs, chosen.folds, chosen.seed)
    print(
        f"{chosen.dimension}: {found.accuracy:.1%} of {found.pairs} held-out choices foretold "
        f"(95 % interval over {found.prompts} prompts {found.low:.1%} to {found.high:.1%}; "
        "chance is 50 %)"
    )


if __name__ == "__main__":
    main()
