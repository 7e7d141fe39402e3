"""Ready choices for common uses: which format, with which options."""

from collections.abc import Mapping
from dataclasses import dataclass

from annotator.exports.formats.common import DIMENSION_OF_CHOICE
from annotator.exports.formats.options import Value
from annotator.exports.formats.registry import FORMATS
from annotator.exports.formats.types import Questions, options_of


@dataclass(frozen=True, slots=True)
class Preset:
    """A use, and the formats that serve it, the better ones first, each with its options."""

    name: str
    title: str
    use: str
    choices: tuple[tuple[str, Mapping[str, Value]], ...]


@dataclass(frozen=True, slots=True)
class Fitted:
    """A preset for one project: the first format that fits, and options that it knows."""

    preset: Preset
    format: str
    options: Mapping[str, Value]
    why_not: str


PRESETS = (
    Preset(
        "reward-model",
        "Training a reward model",
        "Pairs that people decided clearly, with votes and soft targets, images beside.",
        (("preferences", {"dimension": DIMENSION_OF_CHOICE, "min_margin": 0.3}),),
    ),
    Preset(
        "diffusion-dpo",
        "Diffusion-DPO",
        "Fine-tuning a generator on preferences: strictly decided pairs as its scripts read them.",
        (("diffusion-dpo", {"dimension": DIMENSION_OF_CHOICE}),),
    ),
    Preset(
        "inpainting",
        "Inpainting what is flawed",
        "Where people saw flaws, as masks that an inpainting model takes beside the image.",
        (("masks", {"images": True}), ("heatmaps", {"images": True, "kind": "disk"})),
    ),
    Preset(
        "cleaning",
        "Cleaning a training set",
        "One row an image with what people and metrics say: sort, cut off, keep the rest.",
        (("scores", {"partial": True}), ("annotations", {})),
    ),
    Preset(
        "choosing",
        "Choosing a model",
        "Every comparison with its votes and both generators, ties too, without the images.",
        (
            ("pickapic", {"images": False}),
            ("preferences", {"images": False}),
            ("scores", {}),
        ),
    ),
)


def fitted(preset: Preset, questions: Questions) -> Fitted:
    """The preset for a project with these questions; `why_not` says why nothing of it fits."""
    there = [(name, wanted) for name, wanted in preset.choices if name in FORMATS]
    reasons = [FORMATS[name].why_not(questions) for name, _ in there]
    for (name, wanted), reason in zip(there, reasons, strict=True):
        if reason is None:
            return Fitted(preset, name, _known(name, wanted, questions), "")
    name = there[0][0] if there else preset.choices[0][0]
    return Fitted(preset, name, {}, (reasons[0] if reasons else "") or "There is no such format.")


def _known(name: str, wanted: Mapping[str, Value], questions: Questions) -> dict[str, Value]:
    """Those of the wanted values that this format takes for this project."""
    known = {option.name: option for option in options_of(FORMATS[name], questions)}
    found: dict[str, Value] = {}
    for key, value in wanted.items():
        if key in known:
            try:
                found[key] = known[key].read(value)
            except ValueError:
                continue  # no such dimension in this project: the default stands
    return found
