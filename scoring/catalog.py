"""Every metric by name: its unit and range, which way is better, what it needs. Imports no torch.

A metric family is one file (or folder) of ``scoring/metrics/``, whose name is ``family``. A new
metric is one entry here, one function there (see ``scoring/measure.py``) and one description a
language in ``annotator/i18n``. ``version`` changes when the numbers change: a measurement is stored
with it, so old values stay what they were.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from importlib.util import find_spec
from pathlib import Path

from scoring.reasons import Code, Reason
from scoring.weights.files import REGISTRY, look
from scoring.weights.published import Weights


class Direction(Enum):
    """Which way is better; a metric that only describes has none."""

    HIGHER = "higher"
    LOWER = "lower"


class Grain(Enum):
    """What one value belongs to."""

    IMAGE = "image"
    PAIR = "pair"  # an image and its reference
    SET = "set"  # all images of a generator
    GENERATOR = "generator"  # the generator itself: it must be there to be called


class Need(Enum):
    """What a metric cannot do without, besides the image."""

    REFERENCE = "reference"
    SOURCE = "source"  # what was edited
    MASK = "mask"  # where it was to be edited
    PROMPT = "prompt"
    WEIGHTS = "weights"
    TORCH = "torch"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One entry of the catalog. ``low`` and ``high`` bound the value; None is unbounded.

    ``cap``, of a metric that may be infinite, is what then stands in sums of numbers.
    ``unit`` is "" for a pure number, "hash" for a 16-digit hexadecimal text instead of a number.
    ``weights`` names what it is built from (``scoring/weights/published.py``). ``network``, of a
    metric of sets, names the network whose features it compares (``scoring.measure.features``).
    """

    name: str
    version: str = "1"
    family: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    cap: float | None = None
    direction: Direction | None = None
    grain: Grain
    needs: frozenset[Need] = frozenset()
    weights: str | None = None
    network: str | None = None


class UnknownMetric(KeyError):
    """No metric has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        return f"there is no metric called {self.name!r}; there are: {', '.join(CATALOG)}"


_REFERENCE = frozenset({Need.REFERENCE, Need.TORCH})
_NETWORK = frozenset({Need.TORCH, Need.WEIGHTS})
_NETWORK_PROMPT = _NETWORK | {Need.PROMPT}
_NETWORK_REFERENCE = _NETWORK | {Need.REFERENCE}

_INCEPTION = "inception-2015-12-05"
_EFFICIENTNET = "efficientnet-lite0"
_EDIT = frozenset({Need.SOURCE, Need.MASK, Need.TORCH})

_METRICS = (
    Metric(
        name="psnr", family="fidelity", unit="dB", low=0, cap=100, direction=Direction.HIGHER,
        grain=Grain.PAIR, needs=_REFERENCE,
    ),
    Metric(
        name="ssim", family="fidelity", low=-1, high=1, direction=Direction.HIGHER,
        grain=Grain.PAIR, needs=_REFERENCE,
    ),
    Metric(
        name="ms_ssim", family="fidelity", low=0, high=1, direction=Direction.HIGHER,
        grain=Grain.PAIR, needs=_REFERENCE,
    ),
    Metric(
        name="lpips_alex", version="0.1", family="perceptual", low=0, direction=Direction.LOWER,
        grain=Grain.PAIR, needs=_NETWORK_REFERENCE, weights="lpips-alex",
    ),
    Metric(
        name="lpips_vgg", version="0.1", family="perceptual", low=0, direction=Direction.LOWER,
        grain=Grain.PAIR, needs=_NETWORK_REFERENCE, weights="lpips-vgg",
    ),
    Metric(
        name="lpips_squeeze", version="0.1", family="perceptual", low=0, direction=Direction.LOWER,
        grain=Grain.PAIR, needs=_NETWORK_REFERENCE, weights="lpips-squeeze",
    ),
    Metric(
        name="psnr_inside_mask", family="edits", unit="dB", low=0, cap=100, grain=Grain.PAIR,
        needs=_EDIT,
    ),
    Metric(
        name="psnr_outside_mask", family="edits", unit="dB", low=0, cap=100,
        direction=Direction.HIGHER, grain=Grain.PAIR, needs=_EDIT,
    ),
    Metric(
        name="ssim_inside_mask", family="edits", low=-1, high=1, grain=Grain.PAIR, needs=_EDIT,
    ),
    Metric(
        name="ssim_outside_mask", family="edits", low=-1, high=1, direction=Direction.HIGHER,
        grain=Grain.PAIR, needs=_EDIT,
    ),
    Metric(
        name="lpips_alex_inside_mask", family="edits", low=0, grain=Grain.PAIR,
        needs=_EDIT | {Need.WEIGHTS}, weights="lpips-alex",
    ),
    Metric(
        name="lpips_alex_outside_mask", family="edits", low=0, direction=Direction.LOWER,
        grain=Grain.PAIR, needs=_EDIT | {Need.WEIGHTS}, weights="lpips-alex",
    ),
    Metric(
        name="pd_vgg16_relu2_2", family="perceptual", low=0, direction=Direction.LOWER,
        grain=Grain.PAIR, needs=_NETWORK_REFERENCE, weights="vgg16",
    ),
    Metric(
        name="pd_vgg16_relu3_3", family="perceptual", low=0, direction=Direction.LOWER,
        grain=Grain.PAIR, needs=_NETWORK_REFERENCE, weights="vgg16",
    ),
    Metric(
        name="clip_score", family="clip_score", low=0, high=2.5, direction=Direction.HIGHER,
        grain=Grain.IMAGE, needs=_NETWORK_PROMPT, weights="clip-vit-b-32",
    ),
    Metric(
        name="clip_cosine", family="clip_score", low=-1, high=1, direction=Direction.HIGHER,
        grain=Grain.IMAGE, needs=_NETWORK_PROMPT, weights="clip-vit-l-14",
    ),
    Metric(
        name="aesthetics", family="aesthetics", direction=Direction.HIGHER, grain=Grain.IMAGE,
        needs=_NETWORK, weights="aesthetics",
    ),
    Metric(
        name="imagereward", family="imagereward", direction=Direction.HIGHER, grain=Grain.IMAGE,
        needs=_NETWORK_PROMPT, weights="image-reward",
    ),
    Metric(
        name="pickscore", family="pickscore", direction=Direction.HIGHER, grain=Grain.IMAGE,
        needs=_NETWORK_PROMPT, weights="pickscore",
    ),
    Metric(
        name="hpsv2", version="2.0", family="hps", low=-100, high=100, direction=Direction.HIGHER,
        grain=Grain.IMAGE, needs=_NETWORK_PROMPT, weights="hps-v2",
    ),
    Metric(
        name="hpsv2_1", version="2.1", family="hps", low=-100, high=100, direction=Direction.HIGHER,
        grain=Grain.IMAGE, needs=_NETWORK_PROMPT, weights="hps-v2.1",
    ),
    Metric(
        name="mps_overall", family="mps", direction=Direction.HIGHER, grain=Grain.IMAGE,
        needs=_NETWORK_PROMPT, weights="mps",
    ),
    Metric(
        name="mps_aesthetics", family="mps", direction=Direction.HIGHER, grain=Grain.IMAGE,
        needs=_NETWORK_PROMPT, weights="mps",
    ),
    Metric(
        name="mps_detail_quality", family="mps", direction=Direction.HIGHER, grain=Grain.IMAGE,
        needs=_NETWORK_PROMPT, weights="mps",
    ),
    Metric(
        name="mps_semantic_alignment", family="mps", direction=Direction.HIGHER, grain=Grain.IMAGE,
        needs=_NETWORK_PROMPT, weights="mps",
    ),
    Metric(
        name="fid", family="sets", low=0, direction=Direction.LOWER, grain=Grain.SET,
        needs=_NETWORK_REFERENCE, weights="inception", network=f"{_INCEPTION}/pytorch",
    ),
    Metric(
        name="fid_clean", family="sets", low=0, direction=Direction.LOWER, grain=Grain.SET,
        needs=_NETWORK_REFERENCE, weights="inception", network=f"{_INCEPTION}/clean",
    ),
    Metric(
        name="kid", family="sets", direction=Direction.LOWER, grain=Grain.SET,
        needs=_NETWORK_REFERENCE, weights="inception", network=f"{_INCEPTION}/pytorch",
    ),
    Metric(
        name="kid_clean", family="sets", direction=Direction.LOWER, grain=Grain.SET,
        needs=_NETWORK_REFERENCE, weights="inception", network=f"{_INCEPTION}/clean",
    ),
    Metric(
        name="is", version="2", family="sets", low=1, high=1008,
        direction=Direction.HIGHER, grain=Grain.SET,
        needs=_NETWORK, weights="inception", network=f"{_INCEPTION}/tensorflow",
    ),
    Metric(
        name="precision", family="sets", low=0, high=1, direction=Direction.HIGHER, grain=Grain.SET,
        needs=_NETWORK_REFERENCE, weights="inception", network=f"{_INCEPTION}/pytorch",
    ),
    Metric(
        name="recall", family="sets", low=0, high=1, direction=Direction.HIGHER, grain=Grain.SET,
        needs=_NETWORK_REFERENCE, weights="inception", network=f"{_INCEPTION}/pytorch",
    ),
    Metric(
        name="cmmd", family="sets", low=0, direction=Direction.LOWER, grain=Grain.SET,
        needs=_NETWORK_REFERENCE, weights="clip-vit-l-14-336", network="clip-vit-l-14-336/square",
    ),
    Metric(
        name="fd_dinov2", family="sets", low=0, direction=Direction.LOWER, grain=Grain.SET,
        needs=_NETWORK_REFERENCE, weights="dinov2-vit-l-14", network="dinov2-vit-l-14/pillow",
    ),
    Metric(
        name="frechet_efficientnet_lite0", family="sets", low=0, direction=Direction.LOWER,
        grain=Grain.SET, needs=_NETWORK_REFERENCE, weights=_EFFICIENTNET,
        network=f"{_EFFICIENTNET}/clean",
    ),
    Metric(
        name="kernel_efficientnet_lite0", family="sets", direction=Direction.LOWER,
        grain=Grain.SET, needs=_NETWORK_REFERENCE, weights=_EFFICIENTNET,
        network=f"{_EFFICIENTNET}/clean",
    ),
    Metric(
        name="score_efficientnet_lite0", family="sets", low=1, high=1000,
        direction=Direction.HIGHER, grain=Grain.SET, needs=_NETWORK, weights=_EFFICIENTNET,
        network=f"{_EFFICIENTNET}/clean",
    ),
    Metric(
        name="distance_efficientnet_lite0", family="efficientnet", low=0, high=1,
        direction=Direction.LOWER, grain=Grain.PAIR, needs=_NETWORK_REFERENCE,
        weights=_EFFICIENTNET,
    ),
    Metric(
        name="ppl", family="path_length", low=0, direction=Direction.LOWER, grain=Grain.GENERATOR,
        needs=_NETWORK, weights="lpips-vgg",
    ),
    Metric(
        name="sharpness", family="quality", low=0, grain=Grain.IMAGE,
    ),
    Metric(
        name="contrast", family="quality", low=0, high=0.5, grain=Grain.IMAGE,
    ),
    Metric(
        name="colourfulness", family="quality", low=0, grain=Grain.IMAGE,
    ),
    Metric(
        name="phash", version="2", family="perceptual_hash", unit="hash", grain=Grain.IMAGE,
    ),
)  # fmt: skip

CATALOG: dict[str, Metric] = {metric.name: metric for metric in _METRICS}


# What a reward head is called as a metric: this, and the question whose votes it has learnt.
REWARD = "reward."


def find(name: str) -> Metric | None:
    """The entry of this name, or what is known of a reward head of this name; None of others."""
    if name.startswith(REWARD):
        return Metric(
            name=name, version="", family="reward_heads", direction=Direction.HIGHER,
            grain=Grain.IMAGE, needs=_NETWORK,
        )  # fmt: skip
    return CATALOG.get(name)


def metric(name: str) -> Metric:
    """The same. Raises UnknownMetric, which lists those of the catalog."""
    found = find(name)
    if found is None:
        raise UnknownMetric(name)
    return found


def unavailable(
    name: str, weights_root: Path, registry: Mapping[str, Weights] = REGISTRY
) -> tuple[Reason, ...]:
    """Why this machine can't measure it, and what to do about it; empty when it can.

    Looks at files but hashes none: weights that were never used may still prove to be damaged.
    """
    entry = metric(name)
    if Need.TORCH in entry.needs and find_spec("torch") is None:
        return (Reason(Code.TORCH_MISSING),)
    return () if entry.weights is None else look(entry.weights, weights_root, registry).reasons
