"""Where and how exactly torch computes: the device, the precision, how many threads."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from scoring.engine import Engine


def prepare(engine: Engine) -> None:
    """Sets torch's threads as the engine wants them, and float32 to mean float32 on a GPU."""
    if engine.threads is not None and torch.get_num_threads() != engine.threads:
        torch.set_num_threads(engine.threads)
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False


@contextmanager
def one_thread() -> Iterator[None]:
    """Has torch compute in this thread alone until the block ends.

    For sums over small pieces: threads that meet after each of them wait for one another longer
    than they compute (five times the time on two cores, ten times where others use these, too).
    """
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def dtype_of(engine: Engine) -> torch.dtype:
    """The engine's precision. Raises ValueError for what is no floating-point type."""
    dtype = getattr(torch, engine.dtype, None)
    if not isinstance(dtype, torch.dtype) or not dtype.is_floating_point:
        raise ValueError(f"{engine.dtype!r} is no precision: float32, bfloat16 or float16")
    return dtype


def best_device() -> str:
    """The GPU where there is one, else the CPU."""
    return "cuda" if torch.cuda.is_available() else "cpu"
