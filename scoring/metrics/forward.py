"""A network's pass over a batch: in pieces, in the engine's precision, and what comes out of it."""

import math
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from scoring.engine import Engine
from scoring.images import RGB
from scoring.measured import Measured, undefined
from scoring.metrics.devices import dtype_of
from scoring.reasons import Code, Reason

Thing = TypeVar("Thing")

_PIECE = 32
"""Images in one pass: enough to fill a device, little enough for its memory."""


def precision(engine: Engine) -> AbstractContextManager[object]:
    """Autocasts to the engine's precision; in float32, the rule, it does nothing."""
    dtype = dtype_of(engine)
    return torch.autocast(
        torch.device(engine.device).type,
        dtype=torch.bfloat16 if dtype is torch.float32 else dtype,
        enabled=dtype is not torch.float32,
    )


def in_pieces(things: Sequence[Thing], one_pass: Callable[[Sequence[Thing]], Tensor]) -> Tensor:
    """``one_pass`` over at most 32 things at a time, its float32 rows joined in order."""
    pieces = (things[start : start + _PIECE] for start in range(0, len(things), _PIECE))
    return torch.cat([one_pass(piece).float() for piece in pieces])


def rows_of(
    images: Sequence[RGB],
    see: Callable[[RGB], NDArray[np.float32]],
    network: Callable[[Tensor], Tensor],
    width: int,
    engine: Engine,
) -> NDArray[np.float32]:
    """(n, width): what ``network`` makes of images of any size, ``see`` giving all one shape."""
    if not images:
        return np.zeros((0, width), np.float32)

    def one_pass(some: Sequence[RGB]) -> Tensor:
        # Stacked with the channels last, which is how convolutions want them: no copy.
        pixels = torch.from_numpy(np.stack([see(image) for image in some])).permute(0, 3, 1, 2)
        return network(pixels.to(engine.device, dtype_of(engine)))

    with torch.inference_mode():
        rows: NDArray[np.float32] = in_pieces(images, one_pass).cpu().numpy()
    return rows


def measured(values: Tensor, warnings: Sequence[Sequence[Reason]] = ()) -> list[Measured]:
    """A row of numbers as measurements, each with its warnings.

    What is not finite (an overflow in half precision) is undefined.
    """
    numbers = values.double().tolist()
    beside = warnings or [()] * len(numbers)
    return [
        Measured(number, reasons=tuple(some))
        if math.isfinite(number)
        else undefined(Reason(Code.NOT_FINITE))
        for number, some in zip(numbers, beside, strict=True)
    ]
