"""Every metric by name: what it measures, in which unit, and what it needs. Imports nothing heavy.

A metric family is one file under ``scoring/metrics/``; ``family`` is that file's name. A new metric
is one entry here and one function there (see ``scoring/measure.py``). ``version`` changes when the
numbers change: a measurement is stored with it, so old values stay what they were.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from importlib.util import find_spec
from pathlib import Path

from scoring.weights.files import REGISTRY, State, look
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
    PROMPT = "prompt"
    WEIGHTS = "weights"
    TORCH = "torch"


@dataclass(frozen=True, slots=True)
class Metric:
    """One entry of the catalog. ``low`` and ``high`` bound the value; None is unbounded.

    ``unit`` is "" for a pure number, "hash" for a 16-digit hexadecimal text instead of a number.
    ``weights`` names what it is built from (``scoring/weights/published.py``). ``network``, of a
    metric of sets, names the network whose features it compares (``scoring.measure.features``).
    """

    name: str
    version: str
    family: str
    unit: str
    low: float | None
    high: float | None
    direction: Direction | None
    grain: Grain
    needs: frozenset[Need]
    description: str
    weights: str | None = None
    network: str | None = None


class UnknownMetric(KeyError):
    """No metric has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        return f"there is no metric called {self.name!r}; there are: {', '.join(CATALOG)}"


_AGAINST_REFERENCE = frozenset({Need.REFERENCE, Need.TORCH})
_LEARNED = frozenset({Need.TORCH, Need.WEIGHTS})
_OF_PROMPT = _LEARNED | {Need.PROMPT}
_NOTHING: frozenset[Need] = frozenset()
_BY_NETWORK = frozenset({Need.REFERENCE, Need.TORCH, Need.WEIGHTS})

_INCEPTION = "inception-2015-12-05"
_OF_SET = frozenset({Need.TORCH, Need.WEIGHTS})
_AGAINST_SET = _OF_SET | {Need.REFERENCE}

_METRICS = (
    Metric(
        "psnr", "1", "fidelity", "dB", 0, None, Direction.HIGHER, Grain.PAIR, _AGAINST_REFERENCE,
        "Peak signal-to-noise ratio against the reference, 10 log10(255² / MSE) over all channels.",
    ),
    Metric(
        "ssim", "1", "fidelity", "", -1, 1, Direction.HIGHER, Grain.PAIR, _AGAINST_REFERENCE,
        "Structural similarity to the reference (Wang 2004): Gaussian window 11, sigma 1.5, mean of"
        " the three channels.",
    ),
    Metric(
        "ms_ssim", "1", "fidelity", "", 0, 1, Direction.HIGHER, Grain.PAIR, _AGAINST_REFERENCE,
        "Structural similarity over five scales (Wang 2003), mean of the three channels; images"
        " of at least 161 pixels along both sides.",
    ),
    Metric(
        "lpips_alex", "0.1", "perceptual", "", 0, None, Direction.LOWER, Grain.PAIR, _BY_NETWORK,
        "Learned perceptual distance to the reference (Zhang 2018) on AlexNet: the one usually"
        " reported.",
        weights="lpips-alex",
    ),
    Metric(
        "lpips_vgg", "0.1", "perceptual", "", 0, None, Direction.LOWER, Grain.PAIR, _BY_NETWORK,
        "Learned perceptual distance to the reference (Zhang 2018) on VGG-16.",
        weights="lpips-vgg",
    ),
    Metric(
        "lpips_squeeze", "0.1", "perceptual", "", 0, None, Direction.LOWER, Grain.PAIR, _BY_NETWORK,
        "Learned perceptual distance to the reference (Zhang 2018) on SqueezeNet 1.1.",
        weights="lpips-squeeze",
    ),
    Metric(
        "pd_vgg16_relu2_2", "1", "perceptual", "", 0, None, Direction.LOWER, Grain.PAIR,
        _BY_NETWORK,
        "Perceptual distance (Johnson 2016): mean squared difference of VGG-16's features after"
        " relu2_2.",
        weights="vgg16",
    ),
    Metric(
        "pd_vgg16_relu3_3", "1", "perceptual", "", 0, None, Direction.LOWER, Grain.PAIR,
        _BY_NETWORK,
        "Perceptual distance (Johnson 2016): mean squared difference of VGG-16's features after"
        " relu3_3.",
        weights="vgg16",
    ),
    Metric(
        "clip_score", "1", "clip_score", "", 0, 2.5, Direction.HIGHER, Grain.IMAGE, _OF_PROMPT,
        "CLIPScore (Hessel 2021): 2.5 · max(cos, 0) of image and \"A photo depicts \" + prompt in"
        " CLIP ViT-B/32.",
        weights="clip-vit-b-32",
    ),
    Metric(
        "clip_cosine", "1", "clip_score", "", -1, 1, Direction.HIGHER, Grain.IMAGE, _OF_PROMPT,
        "Cosine of image and prompt, nothing before it, in CLIP ViT-L/14.",
        weights="clip-vit-l-14",
    ),
    Metric(
        "aesthetics", "1", "aesthetics", "", None, None, Direction.HIGHER, Grain.IMAGE, _LEARNED,
        "LAION's improved aesthetic predictor (sac+logos+ava1) on CLIP ViT-L/14, about 1 to 10;"
        " the prompt does not count.",
        weights="aesthetics",
    ),
    Metric(
        "imagereward", "1", "imagereward", "", None, None, Direction.HIGHER, Grain.IMAGE,
        _OF_PROMPT,
        "ImageReward v1.0 (Xu 2023), standardised; reads the prompt's first 33 tokens.",
        weights="image-reward",
    ),
    Metric(
        "pickscore", "1", "pickscore", "", None, None, Direction.HIGHER, Grain.IMAGE, _OF_PROMPT,
        "PickScore v1 (Kirstain 2023): 100 · cos of image and prompt, by the model's own scale.",
        weights="pickscore",
    ),
    Metric(
        "hpsv2", "2.0", "hps", "", -100, 100, Direction.HIGHER, Grain.IMAGE, _OF_PROMPT,
        "Human Preference Score v2.0 (Wu 2023): 100 · cos of image, padded to a square, and"
        " prompt.",
        weights="hps-v2",
    ),
    Metric(
        "hpsv2_1", "2.1", "hps", "", -100, 100, Direction.HIGHER, Grain.IMAGE, _OF_PROMPT,
        "Human Preference Score v2.1 (Wu 2023): 100 · cos of image, padded to a square, and"
        " prompt.",
        weights="hps-v2.1",
    ),
    Metric(
        "mps_overall", "1", "mps", "", None, None, Direction.HIGHER, Grain.IMAGE, _OF_PROMPT,
        "MPS (Zhang 2024) under its condition for overall preference; threshold 0.01 (option"
        " mps_threshold; its evaluation scripts take 0.3).",
        weights="mps",
    ),
    Metric(
        "mps_aesthetics", "1", "mps", "", None, None, Direction.HIGHER, Grain.IMAGE, _OF_PROMPT,
        "MPS under the condition for aesthetics, on the weights trained for overall preference;"
        " threshold as mps_overall.",
        weights="mps",
    ),
    Metric(
        "mps_detail_quality", "1", "mps", "", None, None, Direction.HIGHER, Grain.IMAGE, _OF_PROMPT,
        "MPS under the condition for details, on the weights trained for overall preference;"
        " threshold as mps_overall.",
        weights="mps",
    ),
    Metric(
        "mps_semantic_alignment", "1", "mps", "", None, None, Direction.HIGHER, Grain.IMAGE,
        _OF_PROMPT,
        "MPS under the condition for alignment, on the weights trained for overall preference;"
        " threshold as mps_overall.",
        weights="mps",
    ),
    Metric(
        "fid", "1", "sets", "", 0, None, Direction.LOWER, Grain.SET, _AGAINST_SET,
        "Fréchet inception distance (Heusel 2017) to a reference set, comparable with pytorch-fid:"
        " bilinear resizing without antialias. Needs more than 2,048 images a set.",
        weights="inception", network=f"{_INCEPTION}/pytorch",
    ),
    Metric(
        "fid_clean", "1", "sets", "", 0, None, Direction.LOWER, Grain.SET, _AGAINST_SET,
        "Fréchet inception distance with clean-fid's antialiased bicubic resizing (Parmar 2022):"
        " another number than FID's, not to be compared with it.",
        weights="inception", network=f"{_INCEPTION}/clean",
    ),
    Metric(
        "kid", "1", "sets", "", None, None, Direction.LOWER, Grain.SET, _AGAINST_SET,
        "Kernel inception distance (Bińkowski 2018): 100 subsets of 1,000 images; near 0 for"
        " alike sets, even below. Resized as for FID.",
        weights="inception", network=f"{_INCEPTION}/pytorch",
    ),
    Metric(
        "kid_clean", "1", "sets", "", None, None, Direction.LOWER, Grain.SET, _AGAINST_SET,
        "Kernel inception distance with clean-fid's antialiased bicubic resizing.",
        weights="inception", network=f"{_INCEPTION}/clean",
    ),
    Metric(
        "is", "1", "sets", "", 1, 1008, Direction.HIGHER, Grain.SET, _OF_SET,
        "Inception score (Salimans 2016) over 10 splits, of logits without bias, resized as"
        " TensorFlow and torch-fidelity do; splits are drawn by a hash of each image.",
        weights="inception", network=f"{_INCEPTION}/tensorflow",
    ),
    Metric(
        "precision", "1", "sets", "", 0, 1, Direction.HIGHER, Grain.SET, _AGAINST_SET,
        "Share of the images within the reference set's manifold (Kynkäänniemi 2019), k = 3, of"
        " Inception's features (the paper's are VGG-16's).",
        weights="inception", network=f"{_INCEPTION}/pytorch",
    ),
    Metric(
        "recall", "1", "sets", "", 0, 1, Direction.HIGHER, Grain.SET, _AGAINST_SET,
        "Share of the reference set within the images' manifold (Kynkäänniemi 2019), k = 3, of"
        " Inception's features (the paper's are VGG-16's).",
        weights="inception", network=f"{_INCEPTION}/pytorch",
    ),
    Metric(
        "ppl", "1", "path_length", "", 0, None, Direction.LOWER, Grain.GENERATOR, _OF_SET,
        "Perceptual path length (Karras 2019) by LPIPS on VGG-16. Needs the generator itself, to"
        " be called with latents: it cannot be measured on uploaded images, only by the library"
        " or the command `python -m scoring.folder ppl`.",
        weights="lpips-vgg",
    ),
    Metric(
        "sharpness", "1", "quality", "", 0, None, None, Grain.IMAGE, _NOTHING,
        "Variance of the Laplacian of the luma: low for blur, but high for noise too.",
    ),
    Metric(
        "contrast", "1", "quality", "", 0, 0.5, None, Grain.IMAGE, _NOTHING,
        "Root-mean-square contrast: standard deviation of the luma, white being 1.",
    ),
    Metric(
        "colourfulness", "1", "quality", "", 0, None, None, Grain.IMAGE, _NOTHING,
        "Colourfulness after Hasler and Süsstrunk (2003): 0 for grey, above 80 very colourful.",
    ),
    Metric(
        "phash", "1", "perceptual_hash", "hash", None, None, None, Grain.IMAGE, _NOTHING,
        "64-bit perceptual hash: near-duplicates differ in a few of its bits.",
    ),
)  # fmt: skip

CATALOG: dict[str, Metric] = {metric.name: metric for metric in _METRICS}


def metric(name: str) -> Metric:
    """The entry of this name. Raises UnknownMetric, which lists those there are."""
    try:
        return CATALOG[name]
    except KeyError:
        raise UnknownMetric(name) from None


def available(
    name: str, weights_root: Path, registry: Mapping[str, Weights] = REGISTRY
) -> tuple[bool, str]:
    """Whether this machine can measure it, and else why not ("" when it can).

    Looks at files but hashes none: weights that were never used may still prove to be damaged.
    """
    entry = metric(name)
    if Need.TORCH in entry.needs and find_spec("torch") is None:
        return False, "PyTorch is not installed here"
    if entry.weights is not None:
        seen = look(entry.weights, weights_root, registry)
        return seen.state is State.HERE, seen.why
    return True, ""
