"""A reward model trained from an exported `preferences` folder, judged on held-out prompts.

    python -m scoring train PREFERENCES --weights DIR --out HEAD
    python -m scoring train PREFERENCES --network dinov2-vit-l-14/pillow --metrics clip_score …

HEAD gets head.safetensors and config.json (`scoring.rewards.model.load`), report.json with every
figure, and README.md with the figures in words, which stdout gets, too.
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import Progress

from scoring.arrays import Floats
from scoring.catalog import CATALOG, Direction, Grain, metric
from scoring.engine import Engine
from scoring.images import read_rgb
from scoring.measure import best_device, measure
from scoring.metric_functions import Subject
from scoring.reasons import Refusal
from scoring.rewards import model
from scoring.rewards.cross_fitting import Pairs, held_out
from scoring.rewards.feature_maps import feature_map
from scoring.rewards.head import learnt
from scoring.rewards.report import Report, report_of
from scoring.rewards.votes import pair_votes
from scoring.rewards.wording import words
from scoring.weights.files import REGISTRY
from scoring.weights.published import Weights

NETWORKS = tuple(dict.fromkeys(one.network for one in CATALOG.values() if one.network is not None))
DEFAULT = "efficientnet-lite0/clean"
METRICS = tuple(
    name for name, one in CATALOG.items() if one.grain is Grain.IMAGE and one.direction is not None
)
FEWEST_PROMPTS = 20

Row = Mapping[str, Any]


def main(arguments: Sequence[str], *, registry: Mapping[str, Weights] = REGISTRY) -> int:
    """Runs the command; 0, or 1 after one line on stderr that says what is wrong."""
    options = _parser().parse_args(arguments)
    engine = Engine(
        weights_root=options.weights, device=options.device or best_device(), registry=registry
    )
    try:
        _train(options, engine)
    except (OSError, ValueError, Refusal) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _train(options: argparse.Namespace, engine: Engine) -> None:
    rows = _rows(options.preferences / "preferences.jsonl")
    prompts = {row[end]: row["prompt"] for row in rows for end in ("chosen", "rejected")}
    files = sorted(prompts)
    subjects = (
        [Subject(read_rgb(options.preferences / file), prompt=prompts[file]) for file in some]
        for some in _batches(files)
    )
    features, values = _looked_at(subjects, len(files), options, engine)
    place = {file: at for at, file in enumerate(files)}
    pairs = {name: _pairs(some, features, place) for name, some in _by_dimension(rows).items()}
    reports = {name: _report(one, values, options.seed) for name, one in pairs.items()}
    mapped = feature_map(features)
    heads = {
        name: learnt(one.differences(mapped), one.votes, seed=options.seed)
        for name, one in pairs.items()
    }
    about = {
        "votes": {name: float(one.votes.total.sum()) for name, one in pairs.items()},
        "seed": options.seed,
        "license": options.license,
    }
    model.save(model.RewardModel(options.network, mapped, heads), options.out, **about)
    text = "\n\n".join(words(name, report) for name, report in reports.items())
    told = {name: asdict(report) for name, report in reports.items()}
    _write(options.out / "report.json", json.dumps(told, indent=2, default=str))
    _write(options.out / "README.md", _card(options.network, about, text))
    sys.stdout.write(f"{text}\n")


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    if not rows:
        raise ValueError(f"{path} holds no pairs")
    return rows


def _by_dimension(rows: Iterable[Row]) -> Mapping[str, Sequence[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["dimension"]].append(row)
    return found


def _batches(files: Sequence[str]) -> Iterable[Sequence[str]]:
    return (files[at : at + model.BATCH] for at in range(0, len(files), model.BATCH))


def _looked_at(
    batches: Iterable[Sequence[Subject]], count: int, options: argparse.Namespace, engine: Engine
) -> tuple[Floats, Mapping[str, Floats]]:
    """Features (n, d), and by name the values (n,) of metrics, larger for better images."""
    features: list[Floats] = []
    values: dict[str, list[float]] = {name: [] for name in options.metrics}
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("images", total=count)
        for subjects in batches:
            images = [subject.image for subject in subjects]
            features.append(model.features_of(options.network, images, engine))
            for measured in measure(options.metrics, subjects, engine):
                for name, one in measured.items():
                    sign = 1 if metric(name).direction is Direction.HIGHER else -1
                    values[name].append(sign * float(np.nan if one.value is None else one.value))
            progress.advance(task, len(subjects))
    return np.concatenate(features), {name: np.array(each) for name, each in values.items()}


def _pairs(rows: Sequence[Row], features: Floats, place: Mapping[str, int]) -> Pairs:
    """The chosen image is the first of its pair; which one is says nothing to a head."""
    ends = [("a", "b") if _first_won(row) else ("b", "a") for row in rows]
    votes = [row["votes"] for row in rows]
    told = pair_votes(
        [one[first] for one, (first, _) in zip(votes, ends, strict=True)],
        [one["tie"] + one["both_bad"] for one in votes],
        [one[second] for one, (_, second) in zip(votes, ends, strict=True)],
        [row["prompt"] for row in rows],
    )
    if (count := int(told.prompts.max()) + 1) < FEWEST_PROMPTS:
        name = rows[0]["dimension"]
        raise ValueError(f"{name}: votes on {count} prompts; a head takes {FEWEST_PROMPTS} or more")
    first, second = (
        np.array([place[row[end]] for row in rows], np.int64) for end in ("chosen", "rejected")
    )
    return Pairs(features, first, second, told)


def _first_won(row: Row) -> bool:
    """Whether the chosen image is the one that votes call a."""
    return bool(row["letters"]["chosen"] == row["pair"][0])


def _report(pairs: Pairs, values: Mapping[str, Floats], seed: int) -> Report:
    metrics = {name: each[pairs.first] - each[pairs.second] for name, each in values.items()}
    return report_of(held_out(pairs, seed=seed), pairs.votes, metrics)


def _write(path: Path, text: str) -> None:
    path.write_text(f"{text}\n", encoding="utf-8")


def _card(network: str, about: Mapping[str, Any], text: str) -> str:
    license_line = f"license: {about['license']}\n" if about["license"] else ""
    return f"""---
{license_line}tags: [reward-model, text-to-image]
---
# Reward model on {network}

A linear head over features of a frozen network, learnt from people's votes on pairs of images. It
sees images alone: prompts say nothing to it but which images belong together.

```python
from scoring.images import read_rgb
from scoring.rewards.model import load
scorer = load("THIS_FOLDER", weights="WEIGHTS")
print(scorer.score([read_rgb("a.png"), read_rgb("b.png")]))
```

Differences of two images' scores are log-odds of which is preferred. All figures are of prompts on
which the head that is judged has seen no vote.

{text}"""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m scoring train",
        description="Trains a reward model from an exported `preferences` folder.",
    )
    parser.add_argument("preferences", type=Path, help="the folder, with its images")
    parser.add_argument("--out", type=Path, required=True, help="the folder of the reward model")
    parser.add_argument("--network", choices=NETWORKS, default=DEFAULT)
    parser.add_argument(
        "--metrics", nargs="*", choices=METRICS, default=[], help="to hold it against"
    )
    parser.add_argument(
        "--weights", type=Path, default=Path("weights"), help="of `manage.py weights`"
    )
    parser.add_argument("--device", help="cpu or cuda:0; the best there is")
    parser.add_argument("--license", default="", help="of the votes, for the card")
    parser.add_argument("--seed", type=int, default=0)
    return parser
