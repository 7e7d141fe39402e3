"""Map heads in a folder, loaded in a few lines, where a reward model's own files may lie, too.

from scoring.rewards.maps.model import load
scorer = load("head", weights="weights")
scorer.maps([read_rgb("a.png"), read_rgb("b.png")])["implausibility"]
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save_file

from scoring.arrays import Floats
from scoring.engine import Engine
from scoring.images import RGB
from scoring.measure import best_device
from scoring.metrics import efficientnet
from scoring.rewards.feature_maps import FeatureMap
from scoring.rewards.maps.head import MapHead
from scoring.rewards.model import BATCH

TENSORS = "maps.safetensors"
CONFIG = "maps.json"
VERSION = 1
NETWORK = "efficientnet-lite0/clean"


@dataclass(frozen=True, slots=True)
class LoadedMaps:
    """Map heads by flaw with what they run on."""

    heads: Mapping[str, MapHead]
    engine: Engine

    def maps(self, images: Sequence[RGB]) -> dict[str, Floats]:
        """Flaw → (n, SIDE, SIDE) in [0, 1] of images of any size, squeezed into a square.

        How much of people would mark each place. Raises Unavailable without the network's weights.
        """
        cells = cells_of(images, self.engine)
        return {flaw: head.heat(cells) for flaw, head in self.heads.items()}


def cells_of(images: Sequence[RGB], engine: Engine) -> Floats:
    """(n, 49, 1280) of images, BATCH of them at a time."""
    try:
        rows = [
            efficientnet.grid(images[at : at + BATCH], engine)
            for at in range(0, len(images), BATCH)
        ]
    finally:
        engine.end_batch()
    return np.concatenate(rows).astype(np.float64)


def save(heads: Mapping[str, MapHead], folder: Path) -> None:
    """Writes the folder's two files of maps."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {}
    for flaw, head in heads.items():
        tensors[f"center.{flaw}"] = head.mapped.center
        tensors[f"axes.{flaw}"] = np.ascontiguousarray(head.mapped.axes)
        tensors[f"weights.{flaw}"] = head.weights
    save_file(tensors, folder / TENSORS)
    told = {flaw: {"ridge": one.ridge, "intercept": one.intercept} for flaw, one in heads.items()}
    config = {"version": VERSION, "network": NETWORK, "maps": told}
    text = json.dumps(config, indent=2, ensure_ascii=False)
    (folder / CONFIG).write_text(f"{text}\n", encoding="utf-8")


def read(folder: Path) -> dict[str, MapHead]:
    """Flaw → the map head of a folder. Raises OSError, ValueError for one of another version."""
    config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    if config.get("version") != VERSION:
        raise ValueError(f"{folder / CONFIG}: version {config.get('version')}, not {VERSION}")
    tensors = load_file(folder / TENSORS)
    return {
        flaw: MapHead(
            FeatureMap(tensors[f"center.{flaw}"], tensors[f"axes.{flaw}"]),
            tensors[f"weights.{flaw}"],
            told["intercept"],
            told["ridge"],
        )
        for flaw, told in config["maps"].items()
    }


def load(folder: str | Path, *, weights: str | Path, device: str | None = None) -> LoadedMaps:
    """The map heads of a folder; ``weights`` is the folder of networks' weights."""
    engine = Engine(weights_root=Path(weights), device=device or best_device())
    return LoadedMaps(read(Path(folder)), engine)
