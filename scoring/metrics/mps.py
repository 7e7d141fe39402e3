"""MPS: what people prefer, under a condition given in words. See ``networks/mps.py``.

One network and four condition strings. "overall" is from the authors' README; the other three are
known from a second source (modelscope/DiffSynth-Studio) and run on the checkpoint that was trained
for "overall" alone, the only one published: the site says so wherever they are shown.

The authors divide a prompt's relevance by the greatest of the whole batch, so that what else is in
the batch changes the score; their evaluation takes one image at a time, and so is every row here.
A word counts when its relevance is above the threshold: 0.01 in the model's own code and README,
0.3 in both evaluation scripts. The engine's option ``mps_threshold`` sets it; 0.01 without.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from scoring.engine import Engine
from scoring.images import RGB
from scoring.measured import Measured, undefined
from scoring.metric_functions import Function, Subject
from scoring.metrics.clip_encoders import embedded, framed
from scoring.metrics.forward import in_pieces, measured, precision
from scoring.metrics.networks.checkpoints import read
from scoring.metrics.networks.clip_pixels import Framing
from scoring.metrics.networks.mps import Mps, mps_from, relevance
from scoring.metrics.networks.text_tokens import TextTokens, clip_tokens
from scoring.reasons import Code, Reason

THRESHOLD, EVALUATION_THRESHOLD = 0.01, 0.3
OPTION = "mps_threshold"
CONDITIONS = {
    "mps_overall": (
        "light, color, clarity, tone, style, ambiance, artistry, shape, face, hair, hands, limbs,"
        " structure, instance, texture, quantity, attributes, position, number, location, word,"
        " things."
    ),
    "mps_aesthetics": "light, color, clarity, tone, style, ambiance, artistry",
    "mps_detail_quality": "shape, face, hair, hands, limbs, structure, instance, texture",
    "mps_semantic_alignment": "quantity, attributes, position, number, location",
}

_WEIGHTS = "mps"
_FILE = "mps_overall.safetensors"


@dataclass(frozen=True, slots=True)
class MpsScorer:
    """The network on the engine's device, and how it is fed."""

    network: Mps
    tokens: TextTokens

    def scores(
        self, subjects: Sequence[Subject], engine: Engine, *, condition: str, threshold: float
    ) -> list[Measured]:
        """One score a subject, in order; undefined where no word of the prompt is relevant."""
        texts = [subject.prompt for subject in subjects]
        words, ends = self._texts(texts, engine)
        about, _ = self._texts([condition], engine)
        seen = relevance(words, about) > threshold
        fit = [row for row, any_seen in enumerate(seen.any(dim=-1).tolist()) if any_seen]

        def one_pass(rows: Sequence[int]) -> Tensor:
            images = self._images([subjects[row].image for row in rows], engine)
            chosen = torch.tensor(rows, device=words.device)
            with torch.inference_mode(), precision(engine):
                return self.network.scores(images, words[chosen], ends[chosen], seen[chosen])

        if not fit:
            return [_irrelevant(threshold)] * len(texts)
        unusual = _unusual(threshold)
        warnings = [unusual + cut for cut in self.tokens(texts).warnings()]
        values = measured(in_pieces(fit, one_pass), [warnings[row] for row in fit])
        by_row = dict(zip(fit, values, strict=True))
        return [by_row.get(row, _irrelevant(threshold)) for row in range(len(texts))]

    def _images(self, images: Sequence[RGB], engine: Engine) -> Tensor:
        def embed(some: Sequence[RGB]) -> Tensor:
            side = self.network.model.plan.side
            pixels = framed(some, engine, side=side, framing=Framing.FLOOR)
            with torch.inference_mode(), precision(engine):
                return self.network.model.image_tokens(pixels)

        memo: dict[int, Tensor] = engine.once((_WEIGHTS, "images"), dict)
        keys = [id(image) for image in images]
        return embedded(dict(zip(keys, images, strict=True)), keys, memo, embed)

    def _texts(self, texts: Sequence[str], engine: Engine) -> tuple[Tensor, Tensor]:
        """All tokens (n, 77, width) and the closing ones (n, width), projected, in float32."""

        def embed(some: Sequence[str]) -> Tensor:
            ids = self.tokens(some).ids.to(engine.device)
            with torch.inference_mode(), precision(engine):
                words, ends = self.network.model.text_tokens_and_features(ids, self.tokens.end)
            return torch.cat([words, ends[:, None]], dim=1)

        memo: dict[str, Tensor] = engine.once((_WEIGHTS, "texts"), dict)
        both = embedded({text: text for text in texts}, texts, memo, embed)
        return both[:, :-1], both[:, -1]


def mps(condition: str) -> Function:
    """The score under one condition string. What it returns raises Unavailable, ValueError."""

    def function(subjects: Sequence[Subject], engine: Engine) -> list[Measured]:
        threshold = engine.options.get(OPTION, THRESHOLD)
        scorer = engine.network(_WEIGHTS, build)
        return scorer.scores(subjects, engine, condition=condition, threshold=threshold)

    return function


METRICS = {name: mps(condition) for name, condition in CONDITIONS.items()}


def build(files: Mapping[str, Path], engine: Engine) -> MpsScorer:
    """The scorer of these files. Raises Unavailable."""
    network = mps_from(read(files[_FILE]), source=_FILE)
    length = network.model.plan.context
    return MpsScorer(network.to(engine.device), clip_tokens(files, length=length))


def _unusual(threshold: float) -> tuple[Reason, ...]:
    if threshold == THRESHOLD:
        return ()
    return (Reason(Code.THRESHOLD_UNUSUAL, threshold=threshold, usual=THRESHOLD),)


def _irrelevant(threshold: float) -> Measured:
    return undefined(Reason(Code.PROMPT_IRRELEVANT, threshold=threshold))
