"""The one place that reads weights from a file: numbers, never code."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from pickle import UnpicklingError  # noqa: TID251 - the error's name: nothing is unpickled here
from typing import Any, TypeVar

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from scoring.reasons import Code, Reason
from scoring.weights.files import Unavailable

Network = TypeVar("Network", bound=nn.Module)

_BAD = (OSError, RuntimeError, ValueError, EOFError, KeyError, UnpicklingError, SafetensorError)


def read(path: Path, *, under: str = "") -> dict[str, Tensor]:
    """The tensors of a checkpoint by their published names, on the CPU.

    ``.safetensors``, else torch's own format with ``weights_only``. ``under`` names the entry that
    holds them, where a checkpoint holds more. Raises Unavailable for what cannot be read so.
    """
    try:
        if path.suffix == ".safetensors":
            loaded: Mapping[str, Any] = load_file(path)
        else:
            loaded = torch.load(path, map_location="cpu", weights_only=True)  # noqa: TID251
        state = loaded[under] if under else loaded
    except _BAD as error:
        raise Unavailable(unreadable(path, error)) from error
    if not isinstance(state, Mapping):
        raise Unavailable(unreadable(path, "it holds no named tensors"))
    return {name: value for name, value in state.items() if isinstance(value, Tensor)}


def fill(module: nn.Module, state: Mapping[str, Tensor], *, source: str) -> None:
    """Loads every parameter and buffer of the module; nothing may be missing or left over.

    Raises Unavailable, which names what does not fit. ``source`` is the file's name, for that.
    """
    try:
        module.load_state_dict(dict(state), strict=True)
    except RuntimeError as error:
        raise Unavailable(of_another_network(source, error)) from error


def built(make: Callable[[], Network], state: Mapping[str, Tensor], *, source: str) -> Network:
    """The network that ``make`` describes, with these tensors in float32, ready for inference.

    Nothing may be missing or left over. ``make`` runs without memory of its own and without random
    numbers; the tensors are taken over where they are float32 already, so that a network of
    gigabytes is held once. Raises Unavailable, which names what does not fit.
    """
    with torch.device("meta"):
        network = make()
    whole = {name: value.to(torch.float32) for name, value in state.items()}
    try:
        network.load_state_dict(whole, strict=True, assign=True)
    except RuntimeError as error:
        raise Unavailable(of_another_network(source, error)) from error
    return network.eval().requires_grad_(requires_grad=False)


def unreadable(path: Path, error: object) -> Reason:
    """That no tensors can be read from a file."""
    return Reason(Code.WEIGHTS_UNREADABLE, file=path.name, error=_in_a_line(error, 400))


def of_another_network(source: str, error: object) -> Reason:
    """That the tensors of a file are not those of the network that they are for."""
    return Reason(Code.WEIGHTS_OF_ANOTHER_NETWORK, file=source, error=_in_a_line(error, 600))


def _in_a_line(error: object, most: int) -> str:
    """torch's message without its paragraphs and terminal colours."""
    return " ".join(re.sub(r"\x1b\[\d*m", "", str(error)).split())[:most]
