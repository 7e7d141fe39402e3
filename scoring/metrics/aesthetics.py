"""LAION's "improved aesthetic predictor" (Schuhmann 2022): how pleasing an image is, by itself.

A stack of linear layers without activations on the normalised ViT-L/14 embedding, trained on the
ratings 1 to 10 of SAC, logos and AVA. Layout and parameter names as in its repository
(christophschuhmann/improved-aesthetic-predictor); ImageReward's comparison uses the same.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import torch

from scoring.engine import Engine
from scoring.measured import Measured
from scoring.metric_functions import Subject
from scoring.metrics.clip_encoders import CLIP_L14, encoders
from scoring.metrics.forward import measured
from scoring.metrics.networks.checkpoints import built, read
from scoring.metrics.networks.linear_head import LinearHead

_WEIGHTS = "aesthetics"
_HEAD = "sac+logos+ava1-l14-linearMSE.pth"


def aesthetics(subjects: Sequence[Subject], engine: Engine) -> list[Measured]:
    """A rating, about 1 to 10. Raises Unavailable."""
    head = engine.network(_WEIGHTS, _build)
    embeddings = encoders(CLIP_L14, engine).images(subjects, engine)
    with torch.inference_mode():
        return measured(head(embeddings))


METRICS = {"aesthetics": aesthetics}


def _build(files: Mapping[str, Path], engine: Engine) -> LinearHead:
    width = encoders(CLIP_L14, engine).clip.plan.embedding
    head = built(lambda: LinearHead(width), read(files[_HEAD]), source=_HEAD)
    return head.to(engine.device)
