"""Folders of weights with random backbones, placed and named as the published ones.

The registry that goes with them asks for no hash: outside of tests no random network passes.
"""

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import lpips
import torch
import torchvision

from scoring.weights.files import REGISTRY
from scoring.weights.published import Weights

UNHASHED: Mapping[str, Weights] = {
    name: replace(
        weights,
        files=tuple(
            replace(file, bytes=None, sha256=None, sha256_prefix="") for file in weights.files
        ),
    )
    for name, weights in REGISTRY.items()
}
BACKBONES = {
    "alexnet-owt-7be5be79.pth": torchvision.models.alexnet,
    "vgg16-397923af.pth": torchvision.models.vgg16,
    "squeezenet1_1-b8a52dc0.pth": torchvision.models.squeezenet1_1,
}


def random_backbones(root: Path) -> None:
    """Writes the three backbones with random features, and LPIPS's own heads v0.1 beside."""
    (root / "torchvision").mkdir(parents=True)
    for seed, (name, make) in enumerate(BACKBONES.items()):
        torch.manual_seed(seed)
        # A classifier in full is half a gigabyte that nobody reads; one entry shows it is skipped.
        with torch.device("meta"):
            shapes = make(weights=None).features.state_dict()
        state = {f"features.{key}": _random(value.shape) for key, value in shapes.items()}
        torch.save({**state, "classifier.0.bias": torch.zeros(3)}, root / "torchvision" / name)
    heads = Path(lpips.__file__).parent / "weights" / "v0.1"
    shutil.copytree(heads, root / "lpips-v0.1")


def _random(shape: torch.Size) -> torch.Tensor:
    """Weights after He et al. 2015, so that deep features neither die nor explode; biases small."""
    if len(shape) == 1:
        return torch.randn(shape) / 20
    return torch.nn.init.kaiming_normal_(torch.empty(shape))
