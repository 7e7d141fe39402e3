"""Images as CLIP's relatives were shown them: 224 pixels a side, normalised.

The published pipelines agree on bicubic resizing and on mean and deviation, and differ in framing,
by a pixel or by much: ``Framing`` names which one. Transparency has been laid on white before.
"""

from enum import Enum

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional

from scoring.images import RGB, size_text

# Of OpenAI's training images: published with CLIP, in every preprocessor_config.json since.
_MEAN = torch.tensor([0.48145466, 0.4578275, 0.40821073]).view(3, 1, 1)
_DEVIATION = torch.tensor([0.26862954, 0.26130258, 0.27577711]).view(3, 1, 1)
# The longest strip that is resized whole to cut its middle out: more is no image, but memory.
_MOST_ASPECT = 64


class Framing(Enum):
    """What becomes of an image that is no square.

    ``FLOOR`` and ``ROUND`` resize the shorter side with Pillow and cut the middle out; an odd
    remainder is halved downwards by transformers' processor, and rounded to even by torchvision
    (OpenAI's, open_clip's and ImageReward's transforms). ``PAD`` is HPS v2's: the longer side is
    resized as a float tensor, antialiased, and black is put around. ``SQUARE`` is CMMD's: the
    middle is cut out first, an odd remainder halved downwards, and then resized.
    """

    FLOOR = "floor"
    ROUND = "round"
    PAD = "pad"
    SQUARE = "square"


def clip_pixels(image: RGB, *, side: int, framing: Framing) -> Tensor:
    """float32 (3, side, side), normalised. Raises ValueError for a strip without a middle."""
    height, width = image.shape[:2]
    if max(height, width) > _MOST_ASPECT * min(height, width):
        raise ValueError(f"{size_text(image)} is more than {_MOST_ASPECT} times longer than wide")
    if framing is Framing.PAD:
        fitted = _padded(image, side)
    else:
        fitted = _square(image, side) if framing is Framing.SQUARE else _cut(image, side, framing)
    return (fitted - _MEAN) / _DEVIATION


def _cut(image: RGB, side: int, framing: Framing) -> Tensor:
    height, width = image.shape[:2]
    short = min(height, width)
    # The longer side is cut off to whole pixels, not rounded.
    size = (int(side * width / short), int(side * height / short))
    resized = Image.fromarray(image).resize(size, Image.Resampling.BICUBIC)
    left, top = (_half(length - side, framing) for length in size)
    return _unit(np.array(resized.crop((left, top, left + side, top + side))))


def _square(image: RGB, side: int) -> Tensor:
    height, width = image.shape[:2]
    short = min(height, width)
    top, left = (height - short) // 2, (width - short) // 2
    middle = Image.fromarray(image[top : top + short, left : left + short])
    return _unit(np.array(middle.resize((side, side), Image.Resampling.BICUBIC)))


def _half(surplus: int, framing: Framing) -> int:
    return surplus // 2 if framing is Framing.FLOOR else round(surplus / 2)


def _padded(image: RGB, side: int) -> Tensor:
    """HPS v2's ``ResizeMaxSize`` after ``ToTensor``, as torchvision has resized since 0.17.

    Bicubic overshoot beyond black and white is kept, as there.
    """
    height, width = image.shape[:2]
    scale = side / max(height, width)
    size = (round(height * scale), round(width * scale))
    fitted = _unit(np.array(image))
    if size != (height, width):
        fitted = functional.interpolate(
            fitted[None], size=size, mode="bicubic", align_corners=False, antialias=True
        )[0]
    above, before = (side - size[0]) // 2, (side - size[1]) // 2
    around = (before, side - size[1] - before, above, side - size[0] - above)
    return functional.pad(fitted, around)


def _unit(levels: RGB) -> Tensor:
    return torch.from_numpy(levels).permute(2, 0, 1).to(torch.float32) / 255
