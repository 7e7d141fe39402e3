"""Images to the features that set metrics compare, batch by batch.

A network's name says extractor and resizing, ``inception-2015-12-05/clean``; statistics of another
name are not compared with it. ``FEATURES`` is all of them: name → function of subjects and engine.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from scoring.engine import Engine
from scoring.metric_functions import Subject
from scoring.metrics import dinov2, efficientnet
from scoring.metrics.clip_encoders import CMMD, Recipe, encoders
from scoring.metrics.devices import dtype_of, prepare
from scoring.metrics.networks.checkpoints import fill, read
from scoring.metrics.networks.inception import Inception, fold_
from scoring.metrics.sets.resizing import Pixels, Resize, resized

Rows = NDArray[np.float32]

EXTRACTOR = "inception-2015-12-05"
EFFICIENTNET = f"{efficientnet.WEIGHTS}/clean"
WEIGHTS = "inception"
BATCH = 32
"""Images a forward pass on a CPU; on a GPU the engine's option ``batch`` may say 256."""


class Extractor:
    """Inception made ready for one device: folded, channels last, in the engine's precision.

    The engine's options: ``batch``, images a pass; ``compile`` 1 compiles the network, which pays
    on a GPU (there bfloat16 too, where three digits of the features are enough).
    """

    def __init__(self, network: Inception, engine: Engine) -> None:
        self.device = torch.device(engine.device)
        self.dtype = dtype_of(engine)
        self.batch = max(1, int(engine.options.get("batch", BATCH)))
        folded = fold_(network).to(self.device, self.dtype)
        self.network = folded.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.network.fc.float()  # logits are of float32 features
        self.compiled = bool(engine.options.get("compile", 0))
        self.forward: Callable[[Tensor], Tensor] = (
            torch.compile(self.network, dynamic=False) if self.compiled else self.network
        )

    def features(self, images: Sequence[Pixels]) -> Rows:
        """(n, 2048) of images already resized, (299, 299, 3) each."""
        parts = [
            self._pass(images[start : start + self.batch])
            for start in range(0, len(images), self.batch)
        ]
        return np.concatenate(parts) if parts else np.zeros((0, 2048), np.float32)

    def _pass(self, images: Sequence[Pixels]) -> Rows:
        # Stacked with the channels last, which is how the convolutions want them: no copy.
        batch = torch.from_numpy(np.stack(images)).permute(0, 3, 1, 2)
        if self.compiled and len(batch) < self.batch:
            # A compiled network is of one shape; a shorter batch is filled up with black.
            batch = torch.cat([batch, batch.new_zeros((self.batch - len(batch), *batch.shape[1:]))])
        with torch.inference_mode():
            found = self.forward(batch.to(self.device, self.dtype))
        rows: Rows = found[: len(images)].float().cpu().numpy()
        return rows

    def logits(self, features: Rows) -> Rows:
        """(n, 1008) without bias, for the inception score; of this network's features."""
        with torch.inference_mode():
            found = self.network.logits(torch.from_numpy(features).to(self.device))
        rows: Rows = found.cpu().numpy()
        return rows


def extractor(engine: Engine) -> Extractor:
    """The engine's one Inception. Raises Unavailable when its weights are missing or damaged."""
    prepare(engine)
    return engine.network(WEIGHTS, _build)


def _build(paths: Mapping[str, Path], engine: Engine) -> Extractor:
    (path,) = paths.values()
    network = Inception()
    fill(network, read(path), source=path.name)
    return Extractor(network, engine)


def network_name(resize: Resize) -> str:
    """``inception-2015-12-05/clean`` and so on."""
    return f"{EXTRACTOR}/{resize.value}"


def class_logits(network: str, features: Rows, engine: Engine) -> Rows | None:
    """(n, classes) of a network's features; None of one that knows no classes.

    Of Inception's they are without bias, as torch-fidelity takes them.
    """
    if network.partition("/")[0] == EXTRACTOR:
        return extractor(engine).logits(features)
    if network == EFFICIENTNET:
        return efficientnet.logits(features, engine)
    return None


def _inception(resize: Resize, subjects: Sequence[Subject], engine: Engine) -> Rows:
    found = extractor(engine)
    # A batch at a time: resized images take a megabyte each.
    parts = [
        found.features([resized(subject.image, resize) for subject in some])
        for some in (
            subjects[start : start + found.batch] for start in range(0, len(subjects), found.batch)
        )
    ]
    return np.concatenate(parts) if parts else np.zeros((0, 2048), np.float32)


def _clip(recipe: Recipe, subjects: Sequence[Subject], engine: Engine) -> Rows:
    """(n, embedding) of unit length."""
    network = encoders(recipe, engine)
    if not subjects:
        return np.zeros((0, network.clip.plan.embedding), np.float32)
    rows: Rows = network.images(subjects, engine).float().cpu().numpy()
    return rows


FEATURES: Mapping[str, Callable[[Sequence[Subject], Engine], Rows]] = {
    **{network_name(resize): partial(_inception, resize) for resize in Resize},
    f"{CMMD.weights}/{CMMD.framing.value}": partial(_clip, CMMD),
    dinov2.NETWORK: lambda subjects, engine: dinov2.features(
        [subject.image for subject in subjects], engine
    ),
    EFFICIENTNET: lambda subjects, engine: efficientnet.features(
        [subject.image for subject in subjects], engine
    ),
}
