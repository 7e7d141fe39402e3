"""How far apart two images are to a network that knows images: LPIPS, and PD without learning.

LPIPS v0.1 (Zhang et al. 2018): the features of a backbone, each pixel's made a unit vector; their
squared differences, weighted by what was learned from people; the mean over the pixels, the sum
over the layers. PD is the feature distance of Johnson, Alahi & Fei-Fei 2016 at one named layer: the
mean over channels and pixels of the squared difference of the features as they are. Both are 0 for
equal images; both need images of equal size, and look at them at that size.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from scoring.engine import Engine
from scoring.measured import Measured, refused
from scoring.metric_functions import NO_REFERENCE, Function, Subject
from scoring.metrics.devices import dtype_of
from scoring.metrics.feature_maps import FeatureComparison, Normalisation, Pair, distances
from scoring.metrics.fidelity import misfit, too_small
from scoring.metrics.networks.backbones import (
    ALEXNET,
    SQUEEZENET,
    VGG16,
    Backbone,
    Plan,
    alexnet,
    squeezenet,
    vgg16,
)
from scoring.metrics.networks.checkpoints import fill, of_another_network, read
from scoring.reasons import Reason
from scoring.weights.files import Unavailable

# LPIPS takes pixels in [-1, 1], less (-.030, -.088, -.188), over (.458, .448, .450): in [0, 1] that
# is half of one more, and half.
_LPIPS = Normalisation(
    ((1 - 0.030) / 2, (1 - 0.088) / 2, (1 - 0.188) / 2), (0.458 / 2, 0.448 / 2, 0.450 / 2)
)
_IMAGENET = Normalisation((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
_EPSILON = 1e-10

Build = Callable[[Mapping[str, Path], Engine], FeatureComparison]
"""From the files of weights by name, and the engine that runs them."""


@dataclass(frozen=True, slots=True)
class Network:
    """A backbone and the file of its checkpoint."""

    make: Callable[[], Backbone]
    plan: Plan
    file: str


ALEX = Network(alexnet, ALEXNET, "alexnet-owt-7be5be79.pth")
VGG = Network(vgg16, VGG16, "vgg16-397923af.pth")
_SQUEEZE = Network(squeezenet, SQUEEZENET, "squeezenet1_1-b8a52dc0.pth")


def lpips(weights: str, network: Network, heads: str) -> Function:
    """LPIPS v0.1 on the backbone and the heads of these weights; ``heads`` is the latter's file."""
    return _distance(weights, network.plan.least, lpips_comparison(network, heads))


def lpips_comparison(network: Network, heads: str) -> Build:
    """What builds LPIPS's comparison of two images from the files of its weights."""

    def build(paths: Mapping[str, Path], engine: Engine) -> FeatureComparison:
        learned = _heads(paths[heads], network.plan, engine)

        def compare(tap: int, x: Tensor, y: Tensor) -> Tensor:
            return torch.einsum("nchw,c->nhw", (_unit(x) - _unit(y)).square_(), learned[tap])

        plan, backbone = network.plan, _backbone(network, paths, engine)
        return FeatureComparison(backbone, plan.taps, plan.strides, _LPIPS, compare)

    return build


def feature_distance(weights: str, network: Network, *, tap: int, least: int) -> Function:
    """PD: the mean squared difference of the features after layer ``tap`` of the backbone.

    ``least`` is the smallest side of an image that has a feature there.
    """

    def build(paths: Mapping[str, Path], engine: Engine) -> FeatureComparison:
        stride = network.plan.strides[network.plan.taps.index(tap)]
        backbone = _backbone(network, paths, engine)
        return FeatureComparison(backbone, (tap,), (stride,), _IMAGENET, _mean_square)

    # Several layers of one checkpoint are several networks.
    return _distance(weights, least, build, key=f"{weights}:{tap}")


def _distance(weights: str, least: int, build: Build, key: str = "") -> Function:
    def function(subjects: Sequence[Subject], engine: Engine) -> list[Measured]:
        comparison = engine.network(weights, build, key=key)
        misfits = [_misfit(subject, least) for subject in subjects]
        pairs: list[Pair] = [
            (subject.image, subject.reference)
            for subject, why in zip(subjects, misfits, strict=True)
            if subject.reference is not None and why is None
        ]
        values = iter(distances(comparison, pairs, engine))
        return [Measured(next(values)) if why is None else refused(why) for why in misfits]

    return function


def _misfit(subject: Subject, least: int) -> Reason | None:
    if subject.reference is None:
        return NO_REFERENCE
    if why := misfit(subject.image, subject.reference):
        return why
    return too_small(subject.image, least) if min(subject.image.shape[:2]) < least else None


def _unit(features: Tensor) -> Tensor:
    """Each pixel's channels, made a vector of length one (zero where all are zero)."""
    return features / (features.square().sum(dim=1, keepdim=True).sqrt() + _EPSILON)


def _mean_square(_tap: int, x: Tensor, y: Tensor) -> Tensor:
    return (x - y).square_().mean(dim=1)


def _backbone(network: Network, paths: Mapping[str, Path], engine: Engine) -> Backbone:
    """The checkpoint's features, as far as they go here; its classifier is not asked for."""
    backbone = network.make()
    state = read(paths[network.file])
    features = {name: value for name, value in state.items() if name.startswith("features.")}
    fill(backbone, features, source=network.file)
    return backbone.requires_grad_(requires_grad=False).eval().to(engine.device, dtype_of(engine))


def _heads(path: Path, plan: Plan, engine: Engine) -> list[Tensor]:
    """(channels,) of each tap: LPIPS's learned weights, named ``lin0.model.1.weight`` …"""
    state = read(path)
    names = [f"lin{number}.model.1.weight" for number in range(len(plan.taps))]
    shapes = [(1, channels, 1, 1) for channels in plan.channels]
    if sorted(state) != sorted(names) or [tuple(state[n].shape) for n in names] != shapes:
        raise Unavailable(of_another_network(path.name, "no LPIPS weights for this backbone"))
    return [state[name].flatten().to(engine.device, torch.float32) for name in names]


METRICS: Mapping[str, Function] = {
    "lpips_alex": lpips("lpips-alex", ALEX, "alex.pth"),
    "lpips_vgg": lpips("lpips-vgg", VGG, "vgg.pth"),
    "lpips_squeeze": lpips("lpips-squeeze", _SQUEEZE, "squeeze.pth"),
    "pd_vgg16_relu2_2": feature_distance("vgg16", VGG, tap=8, least=2),
    "pd_vgg16_relu3_3": feature_distance("vgg16", VGG, tap=15, least=4),
}
