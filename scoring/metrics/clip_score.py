"""How well an image fits its prompt, by CLIP as its authors left it.

``clip_score`` is CLIPScore (Hessel et al. 2021): 2.5 · max(cos, 0) with ViT-B/32 and the words "A
photo depicts" before the prompt; the factor, the backbone and the prefix are from the paper and its
code (jmhessel/clipscore). ``clip_cosine`` is the cosine alone with ViT-L/14 and nothing before the
prompt, which ImageReward's comparison calls "CLIP" (its ``CLIPScore.py``).
"""

from collections.abc import Sequence

from scoring.engine import Engine
from scoring.measured import Measured
from scoring.metric_functions import Subject
from scoring.metrics.clip_encoders import CLIP_B32, CLIP_L14, encoders
from scoring.metrics.forward import measured

_PREFIX = "A photo depicts "
_FACTOR = 2.5


def clip_score(subjects: Sequence[Subject], engine: Engine) -> list[Measured]:
    """2.5 · max(cos, 0), in [0, 2.5]. Raises Unavailable."""
    cosines, warnings = encoders(CLIP_B32, engine).cosines(subjects, engine, prefix=_PREFIX)
    return measured(_FACTOR * cosines.clamp(min=0), warnings)


def clip_cosine(subjects: Sequence[Subject], engine: Engine) -> list[Measured]:
    """The cosine, in [-1, 1]. Raises Unavailable."""
    cosines, warnings = encoders(CLIP_L14, engine).cosines(subjects, engine)
    return measured(cosines, warnings)


METRICS = {"clip_score": clip_score, "clip_cosine": clip_cosine}
