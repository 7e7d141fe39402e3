"""The process that decodes images, one after the other, and may die of one.

`python -m annotator.ingest.decoder SIDE PIXELS BYTES THUMBNAIL MEMORY CPU_SECONDS`. On its input:
the length of an image (8 bytes, big-endian) and the image. On its output: the length of a JSON
header (4 bytes) and the header: `{"code", "params"}`, or `{"width", "height", "suffix", "files"}`
with the lengths of the files, which follow: the one to keep, the thumbnail, the views. It has no
file to write to and no socket to open.
"""

import io
import json
import math
import resource
import struct
import sys
import time
from typing import IO

from PIL import Image as Pil

from annotator.core.reasons import Code, Reason, from_json
from annotator.ingest.refusals import ImageRefused
from annotator.ingest.restoring import FORMATS, Limits, Restored, restore
from annotator.items.derivatives import Derived

LENGTH = struct.Struct(">Q")
HEADER = struct.Struct(">I")


def main(arguments: list[str]) -> None:
    """Answers until its input ends."""
    side, pixels, most_bytes, thumbnail, memory, cpu_seconds = map(int, arguments)
    limits = Limits(side, pixels, most_bytes, thumbnail)
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    _warm_up(limits)
    _shut_in(memory)
    while data := _read(source):
        _allow(cpu_seconds)
        header, files = _answer(data, limits)
        text = json.dumps(header).encode()
        sink.writelines([HEADER.pack(len(text)), text, *files])
        sink.flush()


def _answer(data: bytes, limits: Limits) -> tuple[dict[str, object], tuple[bytes, ...]]:
    try:
        stored = restore(data, limits)
    except ImageRefused as refused:
        return _refusal(refused.reason)
    except MemoryError:
        return _refusal(Reason(Code.IMAGE_NEEDS_MEMORY))
    files = (stored.kept, stored.derived.thumbnail, *stored.derived.views)
    header: dict[str, object] = {
        "width": stored.width,
        "height": stored.height,
        "suffix": stored.suffix,
        "files": [len(file) for file in files],
    }
    return header, files


def _refusal(reason: Reason) -> tuple[dict[str, object], tuple[bytes, ...]]:
    # Without a sentence: the catalogs are files, and no file may be opened any more.
    return {"code": reason.code, "params": dict(reason.params)}, ()


def _read(source: IO[bytes]) -> bytes:
    head = source.read(LENGTH.size)
    return source.read(LENGTH.unpack(head)[0]) if len(head) == LENGTH.size else b""


def _warm_up(limits: Limits) -> None:
    """Loads what is loaded when first needed, while files may still be opened."""
    for name in FORMATS:
        for mode in ("RGB", "L"):
            stream = io.BytesIO()
            Pil.new(mode, (2, 2)).save(stream, name)
            restore(stream.getvalue(), limits)


def _shut_in(memory: int) -> None:
    """No more than `memory` bytes of address space, no new file or socket, no file that grows."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _allow(cpu_seconds: int) -> None:
    """The system ends the process (SIGXCPU) after so much more CPU time."""
    soft = math.ceil(time.process_time()) + cpu_seconds
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


def read_answer(source: IO[bytes]) -> Restored | ImageRefused:
    """The other end's reading of one answer. Raises EOFError when the decoder is gone."""
    header = json.loads(_exactly(source, HEADER.unpack(_exactly(source, HEADER.size))[0]))
    if "code" in header:
        return ImageRefused(from_json(header))
    kept, thumbnail, *views = (_exactly(source, size) for size in header["files"])
    derived = Derived(thumbnail, tuple(views))
    return Restored(kept, header["suffix"], derived, header["width"], header["height"])


def _exactly(source: IO[bytes], size: int) -> bytes:
    data = source.read(size)
    if len(data) < size:
        raise EOFError
    return data


if __name__ == "__main__":
    main(sys.argv[1:])
