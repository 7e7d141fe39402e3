"""Ready choices for common uses: which format, with which options."""

from collections.abc import Mapping
from dataclasses import dataclass

from annotator.core.reasons import Reason
from annotator.exports.aggregate.votes import Questions
from annotator.exports.formats.format import options_of
from annotator.exports.formats.options import Value
from annotator.exports.formats.pairs import PREFERRED_DIMENSION
from annotator.exports.formats.registry import FORMATS


@dataclass(frozen=True, slots=True)
class Preset:
    """A use, and the formats that serve it, the better ones first, each with its options."""

    name: str
    choices: tuple[tuple[str, Mapping[str, Value]], ...]


PRESETS = (
    Preset(
        "reward-model",
        (("preferences", {"dimension": PREFERRED_DIMENSION, "min_margin": 0.3}),),
    ),
    Preset("diffusion-dpo", (("diffusion-dpo", {"dimension": PREFERRED_DIMENSION}),)),
    Preset(
        "inpainting",
        (("masks", {"images": True}), ("heatmaps", {"images": True, "kind": "disk"})),
    ),
    Preset("cleaning", (("scores", {"partial": True}), ("annotations", {}))),
    Preset(
        "choosing",
        (
            ("pickapic", {"images": False}),
            ("preferences", {"images": False}),
            ("scores", {}),
        ),
    ),
)


def choice_for(
    preset: Preset, questions: Questions
) -> tuple[str, Mapping[str, Value], Reason | None]:
    """The first format that fits, with options that it knows; or why not even the first does."""
    for name, values in preset.choices:
        if FORMATS[name].misfit(questions) is None:
            return name, _known(name, values, questions), None
    name = preset.choices[0][0]
    return name, {}, FORMATS[name].misfit(questions)


def _known(name: str, values: Mapping[str, Value], questions: Questions) -> dict[str, Value]:
    """Those of the values that this format takes for this project."""
    known = {option.name: option for option in options_of(FORMATS[name], questions)}
    return {
        key: known[key].value_of(value)
        for key, value in values.items()
        if key in known and known[key].misfit(value) is None
    }
