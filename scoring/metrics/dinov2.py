"""Features of DINOv2 for distances of sets, as FD-DINOv2 takes them (Stein et al. 2023).

Pillow's bicubic squeezes an image of any size into 224×224 and rounds to whole numbers, as
dgm-eval's default does; then ImageNet's mean and deviation. A feature is the class token.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from scoring.engine import Engine
from scoring.images import RGB
from scoring.metrics.devices import dtype_of, prepare
from scoring.metrics.forward import rows_of
from scoring.metrics.networks.checkpoints import built, read
from scoring.metrics.networks.dinov2 import VIT_L_14, DinoV2

WEIGHTS = "dinov2-vit-l-14"
NETWORK = f"{WEIGHTS}/pillow"
SIDE = 224
_MEAN = np.array((0.485, 0.456, 0.406), np.float32)
_DEVIATION = np.array((0.229, 0.224, 0.225), np.float32)
Rows = NDArray[np.float32]


def features(images: Sequence[RGB], engine: Engine) -> Rows:
    """(n, 1024) of images of any size. Raises Unavailable without its weights."""
    prepare(engine)
    network: DinoV2 = engine.network(WEIGHTS, _build)
    return rows_of(images, seen, network, network.plan.width, engine)


def seen(image: RGB) -> NDArray[np.float32]:
    """(224, 224, 3): the image as the network is to see it."""
    small = Image.fromarray(image).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
    return (np.asarray(small, np.float32) / np.float32(255) - _MEAN) / _DEVIATION


def _build(paths: Mapping[str, Path], engine: Engine) -> DinoV2:
    (path,) = paths.values()
    network = built(lambda: DinoV2(VIT_L_14), read(path), source=path.name)
    return network.to(engine.device, dtype_of(engine))
