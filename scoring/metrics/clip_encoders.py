"""A loaded CLIP with its images' framing and its tokens: what the metrics on it have in common.

Within a batch every image and every prompt is embedded once, whichever metrics ask.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import torch
from torch import Tensor
from torch.nn import functional

from scoring.engine import Engine
from scoring.images import RGB
from scoring.metric_functions import Subject
from scoring.metrics.forward import in_pieces, precision
from scoring.metrics.networks.checkpoints import read
from scoring.metrics.networks.clip import Clip
from scoring.metrics.networks.clip_checkpoints import (
    LAION_H14,
    OPENAI_B32,
    OPENAI_L14,
    Traits,
    clip_from,
)
from scoring.metrics.networks.clip_pixels import Framing, clip_pixels
from scoring.metrics.networks.text_tokens import TextTokens, clip_tokens, openai_clean
from scoring.reasons import Reason

Key = TypeVar("Key", int, str)
Thing = TypeVar("Thing")
Warnings = Sequence[tuple[Reason, ...]]
"""For each subject, what to know beside its value."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a published CLIP is read.

    ``weights`` and ``file`` are its names in ``scoring/weights/published.py``.
    ``cleaned`` is True where the authors' own tokeniser mends the prompt first (OpenAI's and
    open_clip's do, and fill up with zeros; transformers' does neither). ``under`` names the entry
    of the checkpoint that holds the tensors.
    """

    weights: str
    file: str
    traits: Traits
    framing: Framing
    cleaned: bool
    under: str = ""


CLIP_B32 = Recipe("clip-vit-b-32", "pytorch_model.bin", OPENAI_B32, Framing.ROUND, cleaned=True)
CLIP_L14 = Recipe("clip-vit-l-14", "model.safetensors", OPENAI_L14, Framing.ROUND, cleaned=True)
CMMD = Recipe("clip-vit-l-14-336", "pytorch_model.bin", OPENAI_L14, Framing.SQUARE, cleaned=True)
PICKSCORE = Recipe("pickscore", "model.safetensors", LAION_H14, Framing.FLOOR, cleaned=False)
HPS_V2 = Recipe(
    "hps-v2", "HPS_v2_compressed.pt", LAION_H14, Framing.PAD, cleaned=True, under="state_dict"
)
HPS_V21 = Recipe(
    "hps-v2.1", "HPS_v2.1_compressed.pt", LAION_H14, Framing.PAD, cleaned=True, under="state_dict"
)


@dataclass(frozen=True, slots=True)
class ClipEncoders:
    """The network on the engine's device, and how it is fed."""

    recipe: Recipe
    clip: Clip
    tokens: TextTokens

    def images(self, subjects: Sequence[Subject], engine: Engine) -> Tensor:
        """float32 (n, embedding) of unit length, each image's."""

        def embed(some: Sequence[RGB]) -> Tensor:
            pixels = framed(some, engine, side=self.clip.plan.side, framing=self.recipe.framing)
            with torch.inference_mode(), precision(engine):
                return self.clip.image_features(pixels)

        return _unit_rows(
            embedded(
                {id(subject.image): subject.image for subject in subjects},
                [id(subject.image) for subject in subjects],
                engine.once((self.recipe, "images"), dict),
                embed,
            )
        )

    def texts(self, texts: Sequence[str], engine: Engine) -> tuple[Tensor, Warnings]:
        """float32 (n, embedding) of unit length, each text's; and what of it was not read."""

        def embed(some: Sequence[str]) -> Tensor:
            ids = self.tokens(some).ids.to(engine.device)
            with torch.inference_mode(), precision(engine):
                return self.clip.text_features(ids, self.tokens.end)

        memo: dict[str, Tensor] = engine.once((self.recipe, "texts"), dict)
        features = embedded({text: text for text in texts}, list(texts), memo, embed)
        return _unit_rows(features), self.tokens(texts).warnings()

    def cosines(
        self, subjects: Sequence[Subject], engine: Engine, *, prefix: str = ""
    ) -> tuple[Tensor, Warnings]:
        """float64 (n,): each image against its prompt; and what of the prompt was not read."""
        texts, warnings = self.texts([f"{prefix}{subject.prompt}" for subject in subjects], engine)
        return (self.images(subjects, engine).double() * texts.double()).sum(dim=-1), warnings


def encoders(recipe: Recipe, engine: Engine) -> ClipEncoders:
    """The encoders of a recipe, built once a process. Raises Unavailable."""

    def build(files: Mapping[str, Path], engine: Engine) -> ClipEncoders:
        file = files[recipe.file]
        clip = clip_from(read(file, under=recipe.under), recipe.traits, source=file.name)
        tokens = clip_tokens(
            files,
            pad=0 if recipe.cleaned else None,
            clean=openai_clean if recipe.cleaned else None,
            length=clip.plan.context,
        )
        return ClipEncoders(recipe, clip.to(engine.device), tokens)

    return engine.network(recipe.weights, build)


def framed(images: Sequence[RGB], engine: Engine, *, side: int, framing: Framing) -> Tensor:
    """float32 (n, 3, side, side) on the engine's device; each image is resized once a batch."""
    memo: dict[int, Tensor] = engine.once(("clip pixels", side, framing), dict)
    for image in images:
        if id(image) not in memo:
            memo[id(image)] = clip_pixels(image, side=side, framing=framing)
    return torch.stack([memo[id(image)] for image in images]).to(engine.device)


def embedded(
    things: Mapping[Key, Thing],
    keys: Iterable[Key],
    memo: dict[Key, Tensor],
    embed: Callable[[Sequence[Thing]], Tensor],
) -> Tensor:
    """The rows of these keys, in order; only what is not in the memo goes through the network."""
    new = [key for key in things if key not in memo]
    if new:
        memo.update(zip(new, in_pieces([things[key] for key in new], embed), strict=True))
    return torch.stack([memo[key] for key in keys])


def _unit_rows(features: Tensor) -> Tensor:
    return functional.normalize(features.float(), dim=-1)
