"""A reward model in a folder: heads over one frozen network, loaded in a few lines.

from scoring.rewards.model import load
model = load("head", weights="weights")
model.score([read_rgb("a.png"), read_rgb("b.png")])["overall"]
"""

import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load as from_bytes
from safetensors.numpy import save_file

from scoring.arrays import Floats
from scoring.engine import Engine
from scoring.images import RGB
from scoring.measure import best_device, features
from scoring.metric_functions import Subject
from scoring.rewards.feature_maps import FeatureMap
from scoring.rewards.head import Head
from scoring.rewards.linear import Linear, linear_of
from scoring.rewards.ordinal import OrdinalHead

TENSORS = "head.safetensors"
CONFIG = "config.json"
VERSION = 1
# Images a forward pass.
BATCH = 32


@dataclass(frozen=True, slots=True)
class RewardModel:
    """``network`` as a metric of sets names it, ``mapped`` features of it, a head a dimension."""

    network: str
    mapped: FeatureMap
    heads: Mapping[str, Head | OrdinalHead]

    def rewards(self, rows: Floats) -> dict[str, Floats]:
        """Dimension → (n,) of the network's features (n, d).

        Differences are log-odds: of which of two is preferred, of a higher rating where images are
        rated.
        """
        mapped = self.mapped(rows)
        return {name: head.rewards(mapped) for name, head in self.heads.items()}

    def linear(self, dimension: str) -> Linear:
        """A dimension's rewards over the network's own features."""
        return linear_of(self.mapped, self.heads[dimension])


@dataclass(frozen=True, slots=True)
class Loaded:
    """A reward model with what it runs on."""

    model: RewardModel
    engine: Engine

    def score(self, images: Sequence[RGB]) -> dict[str, Floats]:
        """Dimension → (n,) of images (height, width, 3) of 8 bits, larger for better ones.

        Raises Unavailable without the network's weights.
        """
        return self.model.rewards(features_of(self.model.network, images, self.engine))


def features_of(network: str, images: Sequence[RGB], engine: Engine) -> Floats:
    """(n, d) of images, BATCH of them at a time."""
    subjects = [Subject(image) for image in images]
    try:
        rows = [
            features(network, subjects[at : at + BATCH], engine)
            for at in range(0, len(subjects), BATCH)
        ]
    finally:
        engine.end_batch()
    return np.concatenate(rows).astype(np.float64)


def save(model: RewardModel, folder: Path, **more: Any) -> None:
    """Writes the folder's two files. ``more``: what else the config tells (licence, counts)."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {"center": model.mapped.center, "axes": np.ascontiguousarray(model.mapped.axes)}
    tensors |= {f"weights.{name}": head.weights for name, head in model.heads.items()}
    tensors |= {
        f"covariance.{name}": head.covariance
        for name, head in model.heads.items()
        if head.covariance is not None
    }
    save_file(tensors, folder / TENSORS)
    heads = {name: _told_of(head) for name, head in model.heads.items()}
    config = {"version": VERSION, "network": model.network, "heads": heads, **more}
    text = json.dumps(config, indent=2, ensure_ascii=False)
    (folder / CONFIG).write_text(f"{text}\n", encoding="utf-8")


def _told_of(head: Head | OrdinalHead) -> dict[str, Any]:
    """What the config tells of a head: all of it but its weights."""
    if isinstance(head, OrdinalHead):
        grades, thresholds = head.grades.tolist(), head.thresholds.tolist()
        return {"ridge": head.ridge, "grades": grades, "thresholds": thresholds}
    return {"ridge": head.ridge, "tie": head.tie if np.isfinite(head.tie) else None}


def _head(
    told: Mapping[str, Any], weights: Floats, covariance: Floats | None
) -> Head | OrdinalHead:
    if "thresholds" in told:
        thresholds, grades = (np.array(told[name]) for name in ("thresholds", "grades"))
        return OrdinalHead(weights, thresholds, grades, told["ridge"], covariance)
    tie = -np.inf if told["tie"] is None else told["tie"]
    return Head(weights, tie, told["ridge"], covariance)


def read(folder: Path) -> RewardModel:
    """The model of a folder, or of the zip of one.

    Raises OSError, KeyError for a zip of something else, ValueError for one of another version.
    """
    config = json.loads(part_of(folder, CONFIG))
    if config.get("version") != VERSION:
        raise ValueError(f"{folder / CONFIG}: version {config.get('version')}, not {VERSION}")
    tensors = from_bytes(part_of(folder, TENSORS))
    return RewardModel(
        config["network"],
        FeatureMap(tensors["center"], tensors["axes"]),
        {
            name: _head(told, tensors[f"weights.{name}"], tensors.get(f"covariance.{name}"))
            for name, told in config["heads"].items()
        },
    )


def part_of(folder: Path, name: str) -> bytes:
    """A file of a model's folder or zip."""
    if not folder.is_file():
        return (folder / name).read_bytes()
    try:
        with zipfile.ZipFile(folder) as archive:
            return archive.read(name)
    except zipfile.BadZipFile as error:
        raise ValueError(f"{folder}: {error}") from error


def load(folder: str | Path, *, weights: str | Path, device: str | None = None) -> Loaded:
    """The model of a folder or its zip, on the best device; ``weights``: where networks' lie."""
    engine = Engine(weights_root=Path(weights), device=device or best_device())
    return Loaded(read(Path(folder)), engine)
