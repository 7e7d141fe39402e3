"""ImageReward: how much people would like an image for its prompt. See ``networks/image_reward``.

The prompt is read up to 35 tokens, opening and closing included, as its authors do. Rewards are
standardised but unbounded; they compare images of one prompt better than of different ones.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from scoring.engine import Engine
from scoring.measured import Measured
from scoring.metric_functions import Subject
from scoring.metrics.clip_encoders import framed
from scoring.metrics.forward import in_pieces, measured, precision
from scoring.metrics.networks.blip import TextSizes, VisionSizes
from scoring.metrics.networks.checkpoints import read
from scoring.metrics.networks.clip_pixels import Framing
from scoring.metrics.networks.image_reward import TEXT, VISION, ImageReward, image_reward_from
from scoring.metrics.networks.text_tokens import TextTokens, bert_tokens

_WEIGHTS = "image-reward"
_FILE = "ImageReward.pt"
_LENGTH = 35


@dataclass(frozen=True, slots=True)
class ImageRewardScorer:
    """The network on the engine's device, and how it is fed."""

    network: ImageReward
    tokens: TextTokens
    side: int

    def rewards(self, subjects: Sequence[Subject], engine: Engine) -> list[Measured]:
        """One reward a subject, in order."""

        def one_pass(some: Sequence[Subject]) -> Tensor:
            images = [subject.image for subject in some]
            pixels = framed(images, engine, side=self.side, framing=Framing.ROUND)
            tokens = self.tokens([subject.prompt for subject in some])
            with torch.inference_mode(), precision(engine):
                rewards: Tensor = self.network(
                    pixels, tokens.ids.to(engine.device), tokens.real.to(engine.device)
                )
            return rewards

        warnings = self.tokens([subject.prompt for subject in subjects]).warnings()
        return measured(in_pieces(subjects, one_pass), warnings)


def imagereward(subjects: Sequence[Subject], engine: Engine) -> list[Measured]:
    """The reward, about -2.5 to 2. Raises Unavailable."""
    return engine.network(_WEIGHTS, build).rewards(subjects, engine)


METRICS = {"imagereward": imagereward}


def build(
    files: Mapping[str, Path],
    engine: Engine,
    vision: VisionSizes = VISION,
    text: TextSizes = TEXT,
) -> ImageRewardScorer:
    """The scorer of these files. Raises Unavailable."""
    network = image_reward_from(read(files[_FILE]), source=_FILE, vision=vision, text=text)
    tokens = bert_tokens(files, length=_LENGTH)
    return ImageRewardScorer(network.to(engine.device), tokens, vision.side)
