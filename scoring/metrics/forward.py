"""A network's pass over a batch: in pieces, in the engine's precision, and what comes out of it."""

import math
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import TypeVar

import torch
from torch import Tensor

from scoring.engine import Engine
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
