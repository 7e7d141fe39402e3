"""A random Inception as a file of weights, for ours and for other people's to read."""

from pathlib import Path

import torch
from torch import nn

from scoring.engine import Engine
from scoring.metrics.networks.inception import Inception
from scoring.weights.published import WeightFile, Weights

PLACE = "inception/pt_inception-2015-12-05-6726825d.pth"
_FOLDER, _NAME = PLACE.split("/")
REGISTRY = {
    # The real entry's name and place, without the hash of the real weights.
    "inception": Weights("inception", "random", (WeightFile(_FOLDER, _NAME, ""),), "none", "here")
}


def random_inception(seed: int = 0) -> Inception:
    """With features that differ from image to image: scaled so that no layer dies or swells."""
    torch.manual_seed(seed)
    network = Inception()
    for module in network.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight)
        if isinstance(module, nn.BatchNorm2d):
            unsettle(module)
    return network.eval()


def unsettle(layer: nn.BatchNorm2d) -> None:
    """Draws what a normalisation has learned, so that a part that is left out is seen."""
    layer.running_mean.normal_(0, 0.1)
    layer.running_var.uniform_(0.5, 1.5)
    nn.init.uniform_(layer.weight, 0.5, 1.5)
    nn.init.normal_(layer.bias, 0, 0.1)


def write_random_inception(root: Path) -> Path:
    """Writes the file below a folder of weights, 95 MB, and says where."""
    path = root / PLACE
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.save(random_inception().state_dict(), path)
    return path


def inception_engine(root: Path, **options: float) -> Engine:
    return Engine(weights_root=root, registry=REGISTRY, options=options)
