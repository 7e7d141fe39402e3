"""What a simulated annotator believes of an image: the truth, blurred by unreliability.

The model is kept small, so that what it should give can be worked out by hand. A quality q in
[0, 1] is seen as q + N(0, (0.02 + 0.35 · (1 − reliability))²): at reliability 1 differences of a
twentieth are seen, at 0 hardly any.
"""

import random

from annotator.questions.types import Truth

SHARPEST = 0.02
BLUR = 0.35
# Qualities that lie closer together look the same.
EQUAL_WITHIN = 0.04


def quality(truth: Truth, letter: str, key: str) -> float:
    """How good the image truly is in `key`, else overall, else in the middle; in [0, 1]."""
    known = truth.quality.get(letter, {})
    return known.get(key, known.get("overall", 0.5))


def seen(truth: Truth, letter: str, key: str, *, reliability: float, rng: random.Random) -> float:
    """The quality as this person sees it; may lie a little outside [0, 1]."""
    return quality(truth, letter, key) + rng.gauss(0, SHARPEST + BLUR * (1 - reliability))
