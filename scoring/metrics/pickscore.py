"""PickScore v1 (Kirstain et al. 2023): a CLIP ViT-H/14 tuned on people's picks.

Cosine times the model's own temperature, exp(logit_scale), which is 100 in the published file: the
formula and the processor (transformers', no cleaning of the prompt) are from its model card.
"""

from collections.abc import Sequence

from scoring.engine import Engine
from scoring.measured import Measured
from scoring.metric_functions import Subject
from scoring.metrics.clip_encoders import PICKSCORE, encoders
from scoring.metrics.forward import measured


def pickscore(subjects: Sequence[Subject], engine: Engine) -> list[Measured]:
    """exp(logit_scale) · cos, about 15 to 25. Raises Unavailable."""
    model = encoders(PICKSCORE, engine)
    cosines, warnings = model.cosines(subjects, engine)
    return measured(model.clip.logit_scale.double().exp() * cosines, warnings)


METRICS = {"pickscore": pickscore}
