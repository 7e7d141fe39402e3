"""A reward model trained from an exported folder, judged on held-out prompts.

    python -m scoring train EXPORT --weights DIR --out HEAD
    python -m scoring train EXPORT --network dinov2-vit-l-14/pillow --metrics clip_score …

EXPORT is of the format `preferences`; or of `annotations` with images, whose ratings are learnt; or
of `heatmaps`, of whose marks maps are learnt (`scoring.rewards.maps`), with files of their own.

HEAD gets head.safetensors and config.json (`scoring.rewards.model.load`), report.json with every
figure, and README.md with the figures in words, which stdout gets, too.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import Progress

from scoring.arrays import Floats
from scoring.engine import Engine
from scoring.images import read_rgb
from scoring.measure import best_device, measure
from scoring.metric_functions import Subject
from scoring.reasons import Refusal
from scoring.rewards import folder, model
from scoring.rewards.annotations import rating_rows
from scoring.rewards.maps import training as map_training
from scoring.rewards.training import (
    DEFAULT,
    NETWORKS,
    OF_IMAGES,
    Dimensions,
    Row,
    SeenImages,
    better,
    dimensions_of,
    train,
)
from scoring.weights.files import REGISTRY
from scoring.weights.published import Weights

# The exports' files that are learnt from.
PREFERENCES, ANNOTATIONS = "preferences.jsonl", "annotations.jsonl"


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
    if (options.export / map_training.POINTS).exists():
        words = map_training.train(options.export, options.out, engine, seed=options.seed)
        sys.stdout.write(f"{words}\n")
        return
    dimensions = _dimensions(options.export)
    images = _looked_at(dimensions, options, engine)
    trained = train(dimensions, images, network=options.network, seed=options.seed)
    qc = _qc(options.export / "manifest.json")
    folder.write(trained, options.out, seed=options.seed, licence=options.license, qc=qc)
    sys.stdout.write(f"{folder.told_in_words(trained)}\n")


def _dimensions(export: Path) -> Dimensions:
    ratings = export / ANNOTATIONS
    if ratings.exists():
        return dimensions_of([], rating_rows(_rows(ratings)))
    return dimensions_of(_rows(export / PREFERENCES))


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    if not rows:
        raise ValueError(f"{path} holds nothing")
    return rows


def _qc(manifest: Path) -> folder.Qc | None:
    """What the export's manifest says of its batches; None of a folder without one."""
    if not manifest.exists():
        return None
    found: folder.Qc | None = json.loads(manifest.read_text(encoding="utf-8")).get("qc")
    return found


def _looked_at(dimensions: Dimensions, options: argparse.Namespace, engine: Engine) -> SeenImages:
    prompts = dimensions.prompts
    files = dimensions.images
    features: list[Floats] = []
    values: dict[str, list[float]] = {name: [] for name in options.metrics}
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("images", total=len(files))
        for at in range(0, len(files), model.BATCH):
            some = files[at : at + model.BATCH]
            subjects = [
                Subject(read_rgb(options.export / file), prompt=prompts[file]) for file in some
            ]
            images = [subject.image for subject in subjects]
            features.append(model.features_of(options.network, images, engine))
            for measured in measure(options.metrics, subjects, engine):
                for name, one in measured.items():
                    value = None if one.value is None else float(one.value)
                    values[name].append(better(name, value))
            progress.advance(task, len(subjects))
    columns = {name: np.array(each) for name, each in values.items()}
    return SeenImages(files, np.concatenate(features), columns)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m scoring train",
        description="Trains a reward model from exported preferences, annotations or heatmaps.",
    )
    parser.add_argument("export", type=Path, help="the folder, with its images")
    parser.add_argument("--out", type=Path, required=True, help="the folder of the reward model")
    parser.add_argument("--network", choices=NETWORKS, default=DEFAULT)
    # The folder has neither references nor masks.
    parser.add_argument(
        "--metrics", nargs="*", choices=OF_IMAGES, default=[], help="to hold it against"
    )
    parser.add_argument(
        "--weights", type=Path, default=Path("weights"), help="of `manage.py weights`"
    )
    parser.add_argument("--device", help="cpu or cuda:0; the best there is")
    parser.add_argument("--license", default="", help="of the votes, for the card")
    parser.add_argument("--seed", type=int, default=0)
    return parser
