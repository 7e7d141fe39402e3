"""Turns MPS's published pickle into a file of numbers: the one place that opens a pickle.

    python -m scoring.weights.convert_mps MPS_overall_checkpoint.pth mps_overall.safetensors \
        --trust-this-file

Its authors publish a whole pickled module. A pickle is a program: whoever reads it as it wants to
be read runs it. Here only what rebuilds tensors is let in by name; every other class and function
that the file names is replaced by an empty stand-in, which keeps what it is handed and runs
nothing. That needs none of the authors' code, and the numbers come out all the same. The flag is
asked for nonetheless: compare the SHA-256 that is printed first with a source that you trust.
"""

import argparse
import pickle  # noqa: TID251 - the converter, and nothing else, reads one: see above
import sys
import warnings
from collections import OrderedDict
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import IO, Any

import torch
from safetensors.torch import save_file
from torch import Tensor
from torch.serialization import SourceChangeWarning

from scoring.metrics.networks.checkpoints import unreadable
from scoring.metrics.networks.clip_checkpoints import LAION_H14
from scoring.metrics.networks.mps import CROSS_HEADS, sizes_of
from scoring.weights.files import Unavailable
from scoring.weights.hashes import file_sha256

_REFUSED = """\
{path} is a pickle: a file that can run code when it is read. This converter runs none of it, but
compare the SHA-256 above with a source that you trust, then say --trust-this-file."""

# What tensors are made of. Storages are torch's own business: it never asks for those by name.
_LET_IN: dict[tuple[str, str], Callable[..., Any]] = {
    ("collections", "OrderedDict"): OrderedDict,
    ("builtins", "set"): set,
    ("__builtin__", "set"): set,
    ("torch._utils", "_rebuild_tensor_v2"): torch._utils._rebuild_tensor_v2,
    ("torch._utils", "_rebuild_parameter"): torch._utils._rebuild_parameter,
}


class StandIn:
    """In the place of any class that a pickle names: it holds the state and does nothing with it.

    As a module it is walked by ``tensors``; as a function's result it is nothing at all.
    """

    # Files of the time before zip archives carry their classes' source, and torch asks this.
    dump_patches = False
    state: dict[str, Any]

    def __new__(cls, *_arguments: object, **_named: object) -> "StandIn":
        made = super().__new__(cls)
        made.state = {}
        return made

    def __init__(self, *_arguments: object, **_named: object) -> None: ...

    def __setstate__(self, state: object) -> None:
        if isinstance(state, dict):
            self.state = state

    # Subclasses of dict, list and set are filled item by item.
    def __setitem__(self, _key: object, _value: object) -> None: ...

    def append(self, _value: object) -> None: ...

    def extend(self, _values: object) -> None: ...

    def add(self, _value: object) -> None: ...


class Unpickler(pickle.Unpickler):
    """Reads the shape of a pickle; see ``_LET_IN`` for all that it may call."""

    def find_class(self, module: str, name: str) -> Any:
        """What the file means by this name: what is let in, else a stand-in."""
        return _LET_IN.get((module, name), StandIn)


def read_pickle(path: Path) -> dict[str, Tensor]:
    """The tensors of a pickled module, or of a pickled mapping of tensors, by name. On the CPU.

    Raises Unavailable for what cannot be read so.
    """
    reader = SimpleNamespace(Unpickler=Unpickler, load=_load, __name__=__name__)
    try:
        with warnings.catch_warnings():
            # Of course the source of the stand-in is not that of the class in the file.
            warnings.simplefilter("ignore", SourceChangeWarning)
            loaded = torch.load(  # noqa: TID251 - by our own reader, which calls tensors alone
                path, map_location="cpu", pickle_module=reader, weights_only=False
            )
    except (OSError, RuntimeError, ValueError, EOFError, TypeError, AttributeError, KeyError,
            pickle.UnpicklingError) as error:  # fmt: skip
        raise Unavailable(unreadable(path, error)) from error
    found = dict(tensors(loaded))
    if not found:
        raise Unavailable(unreadable(path, "it holds no named tensors"))
    return found


def _load(stream: IO[bytes], **options: Any) -> object:
    """What torch calls for the heads of files of the time before zip archives."""
    return Unpickler(stream, **options).load()


def tensors(thing: object, prefix: str = "") -> Iterator[tuple[str, Tensor]]:
    """Every parameter and buffer that a module would save, by its full name."""
    if isinstance(thing, StandIn):
        passing = thing.state.get("_non_persistent_buffers_set") or ()
        for kind in ("_parameters", "_buffers"):
            for name, value in (thing.state.get(kind) or {}).items():
                if isinstance(value, Tensor) and not (kind == "_buffers" and name in passing):
                    yield f"{prefix}{name}", value.detach()
        for name, child in (thing.state.get("_modules") or {}).items():
            yield from tensors(child, f"{prefix}{name}.")
    elif isinstance(thing, dict):
        for name, value in thing.items():
            if isinstance(value, Tensor):
                yield f"{prefix}{name}", value.detach()


def convert(source: Path, target: Path, *, sha256: str) -> int:
    """Writes the numbers of one file into another; how many tensors. Raises Unavailable, OSError.

    Refuses what is no MPS. ``sha256`` is the source's, and is written into the target.
    """
    found = read_pickle(source)
    sizes_of(found, LAION_H14, CROSS_HEADS, source=source.name)
    # Contiguous and apart: safetensors refuses tensors that share their memory.
    kept = {name: value.clone().contiguous() for name, value in found.items()}
    temporary = target.with_name(f"{target.name}.part")
    save_file(kept, temporary, metadata={"source": source.name, "source_sha256": sha256})
    temporary.replace(target)
    return len(kept)


def main(arguments: list[str] | None = None) -> int:
    """The command. Returns 0, or 2 where it refuses."""
    parser = argparse.ArgumentParser(
        prog="python -m scoring.weights.convert_mps", description=__doc__
    )
    parser.add_argument("pickle", type=Path, help="the file that MPS's authors publish")
    parser.add_argument("out", type=Path, help="where to write: …/mps/mps_overall.safetensors")
    parser.add_argument("--trust-this-file", action="store_true", help="you know where it is from")
    given = parser.parse_args(arguments)
    try:
        sha256 = file_sha256(given.pickle)
        _say(f"SHA-256 {sha256}  {given.pickle}")
        if not given.trust_this_file:
            _say(_REFUSED.format(path=given.pickle))
            return 2
        count = convert(given.pickle, given.out, sha256=sha256)
    except (OSError, Unavailable) as error:
        _say(str(error))
        return 2
    _say(f"{count} tensors in {given.out}")
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
