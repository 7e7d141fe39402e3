"""HPS v2 and v2.1 (Wu et al. 2023): a CLIP ViT-H/14 tuned on people's choices.

100 · cos, the unit of the tables in its README; the function ``hpsv2.score`` returns the cosine
itself. Images are padded, not cropped, as ``hpsv2/img_score.py`` asks for (Framing.PAD). There
the network runs under CUDA's float16 autocast, so its own values move in the fourth digit.
"""

from collections.abc import Sequence

from scoring.engine import Engine
from scoring.measured import Measured
from scoring.metric_functions import Function, Subject
from scoring.metrics.clip_encoders import HPS_V2, HPS_V21, Recipe, encoders
from scoring.metrics.forward import measured


def hps(recipe: Recipe) -> Function:
    """Of one release: 100 · cos, about 15 to 35. What it returns raises Unavailable."""

    def function(subjects: Sequence[Subject], engine: Engine) -> list[Measured]:
        cosines, warnings = encoders(recipe, engine).cosines(subjects, engine)
        return measured(100 * cosines, warnings)

    return function


METRICS = {"hpsv2": hps(HPS_V2), "hpsv2_1": hps(HPS_V21)}
