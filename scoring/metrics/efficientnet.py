"""How far an image is from its reference to EfficientNet-Lite0, and its features for sets.

Images of any size are squeezed into 224×224 by an antialiased bicubic, unrounded, and become
(x - 127) / 128, as the network's authors feed it. What is measured with it is named after it: it is
no FID, no inception score and no LPIPS, and its values are none of theirs.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from scoring.engine import Engine
from scoring.images import RGB
from scoring.measured import Measured, refused
from scoring.metric_functions import NO_REFERENCE, Function, Subject
from scoring.metrics.devices import dtype_of, prepare
from scoring.metrics.forward import rows_of
from scoring.metrics.networks.checkpoints import built, read
from scoring.metrics.networks.efficientnet_lite import (
    FEATURES,
    SIDE,
    EfficientNetLite0,
    renamed,
)
from scoring.metrics.sets.resizing import Pixels, antialiased

WEIGHTS = "efficientnet-lite0"
# Of the grid before pooling, 7 by 7.
CELLS = 49
Rows = NDArray[np.float32]


def features(images: Sequence[RGB], engine: Engine) -> Rows:
    """(n, 1280) of images of any size, none negative. Raises Unavailable without its weights."""
    return rows_of(images, _seen, network(engine), FEATURES, engine)


def grid(images: Sequence[RGB], engine: Engine) -> Rows:
    """(n, 49, 1280) of images of any size: features of a 7×7 grid's cells, row by row.

    ``features`` are their mean. Raises Unavailable without its weights.
    """
    of_network = network(engine)

    def cells(x: torch.Tensor) -> torch.Tensor:
        return of_network.grid(x).permute(0, 2, 3, 1).flatten(1)

    rows = rows_of(images, _seen, cells, CELLS * FEATURES, engine)
    return rows.reshape(len(images), CELLS, FEATURES)


def differentiable(images: torch.Tensor, engine: Engine) -> torch.Tensor:
    """(n, 1280) of images (n, 3, height, width) in [0, 1], with gradients to their pixels.

    ``features`` of the same images but for rounding: torch's antialiased bicubic is Pillow's. The
    network itself is not trained.
    """
    frozen = network(engine).requires_grad_(requires_grad=False)
    x = 255 * images.to(engine.device, dtype_of(engine))
    x = nn.functional.interpolate(x, size=(SIDE, SIDE), mode="bicubic", antialias=True)
    seen: torch.Tensor = frozen((x.clamp(0, 255) - 127) / 128)
    return seen


def logits(rows: Rows, engine: Engine) -> Rows:
    """(n, 1000) of features (n, 1280): ImageNet's classes, with the layer's bias."""
    with torch.inference_mode():
        found = network(engine).logits(torch.from_numpy(rows).to(engine.device, dtype_of(engine)))
    classes: Rows = found.float().cpu().numpy()
    return classes


def network(engine: Engine) -> EfficientNetLite0:
    """The engine's one. Raises Unavailable when its weights are missing or damaged."""
    prepare(engine)
    return engine.network(WEIGHTS, _build)


def _build(paths: Mapping[str, Path], engine: Engine) -> EfficientNetLite0:
    (path,) = paths.values()
    network = built(EfficientNetLite0, renamed(read(path)), source=path.name)
    # Channels last, as the pixels come: a convolution a channel takes two thirds of the time.
    laid = network.to(engine.device, dtype_of(engine)).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return cast("EfficientNetLite0", laid)


def _seen(image: RGB) -> Pixels:
    x = antialiased(image, SIDE)
    x -= np.float32(127)
    x /= np.float32(128)
    return x


def _distance(subjects: Sequence[Subject], engine: Engine) -> list[Measured]:
    """1 - the cosine of both images' features: 0 for equal images, 1 for nothing in common."""
    pairs = [(one.image, one.reference) for one in subjects if one.reference is not None]
    rows = features([image for pair in pairs for image in pair], engine).astype(np.float64)
    a, b = rows[0::2], rows[1::2]
    lengths = np.sqrt((a * a).sum(axis=1) * (b * b).sum(axis=1))
    # Of an image that excites nothing at all there is no direction.
    cosines = np.divide((a * b).sum(axis=1), lengths, out=np.zeros(len(a)), where=lengths > 0)
    values = iter(np.clip(1 - cosines, 0, 1).tolist())
    return [
        refused(NO_REFERENCE) if one.reference is None else Measured(next(values))
        for one in subjects
    ]


METRICS: Mapping[str, Function] = {"distance_efficientnet_lite0": _distance}
