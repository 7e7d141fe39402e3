"""Files of images to sets of features: decoded once, in threads, beside the network.

Pillow and NumPy let go of Python's lock while they decode and resize, so threads do that for the
batches to come while the network is at the present one. Images of any size fill a batch together,
since each is resized on its own. A million images take the memory of a few batches.
"""

import os
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TypeVar

from PIL import Image

from scoring.engine import Engine
from scoring.images import RGB, read_rgb
from scoring.metric_functions import Subject
from scoring.metrics.sets.features import (
    FEATURES,
    Extractor,
    class_logits,
    extractor,
    network_name,
)
from scoring.metrics.sets.resizing import Pixels, Resize, resized
from scoring.metrics.sets.set_statistics import SAMPLE, SetStatistics
from scoring.reasons import Code, Reason

EXTENSIONS = frozenset({".bmp", ".jpg", ".jpeg", ".pgm", ".png", ".ppm", ".tif", ".tiff", ".webp"})
"""pytorch-fid's, in small letters or capitals."""
_BROKEN = (OSError, ValueError, SyntaxError, Image.DecompressionBombError)
"""What Pillow raises for images that are cut short, damaged, or unpack to a huge size."""

BATCH = 16
"""Whole images that are shown to a network other than Inception at once; as many wait."""

Seen = dict[Resize, Pixels]
Decoded = TypeVar("Decoded")


@dataclass(frozen=True, slots=True)
class Broken:
    """A file that could not be decoded, and why; it is in no set."""

    file: Path
    why: Reason


@dataclass(frozen=True, slots=True)
class Gathered:
    """A set for each way of resizing that was asked for, and the files that are in none."""

    sets: Mapping[Resize, SetStatistics]
    broken: Sequence[Broken]


def images_in(folder: Path, *, pattern: str = "*") -> list[Path]:
    """The image files of a folder by name, as pytorch-fid takes them: not those of folders in it.

    ``pattern`` ``**/*`` takes these too. Raises NotADirectoryError.
    """
    if not folder.is_dir():
        raise NotADirectoryError(f"{folder} is no folder")
    return sorted(file for file in folder.glob(pattern) if file.suffix.lower() in EXTENSIONS)


def gather(
    files: Sequence[Path],
    resizes: Sequence[Resize],
    engine: Engine,
    *,
    key: Callable[[Path], str] = str,
    sample: int = SAMPLE,
    workers: int | None = None,
) -> Gathered:
    """The features of these files; each is decoded once for all ways of resizing.

    ``key`` names an image (``SetStatistics``); ``workers`` threads decode, as many as there are
    cores unless said. Raises Unavailable when Inception's weights are missing.
    """
    network = extractor(engine)
    sets = {way: SetStatistics.empty(network_name(way), limit=sample) for way in resizes}
    broken: list[Broken] = []
    batch: list[tuple[str, Seen]] = []
    threads = workers or len(os.sched_getaffinity(0))
    decode = partial(_resized, resizes)
    for file, found in _decoded(files, decode, threads, ahead=threads + 2 * network.batch):
        if isinstance(found, Broken):
            broken.append(found)
            continue
        batch.append((key(file), found))
        if len(batch) == network.batch:
            _take_in(sets, batch, network)
            batch = []
    if batch:
        _take_in(sets, batch, network)
    return Gathered(sets, broken)


def gather_features(
    files: Sequence[Path],
    network: str,
    engine: Engine,
    *,
    key: Callable[[Path], str] = str,
    sample: int = SAMPLE,
    workers: int | None = None,
) -> tuple[SetStatistics, Sequence[Broken]]:
    """The features that any network of ``FEATURES`` has of these files, and what is in no set.

    Raises Unavailable when its weights are missing, KeyError for a network that is not there.
    """
    made = FEATURES[network]
    gathered: SetStatistics | None = None
    broken: list[Broken] = []
    threads = workers or len(os.sched_getaffinity(0))
    decoded = _decoded(files, _whole, threads, ahead=threads + BATCH)
    while some := list(islice(decoded, BATCH)):
        broken += [found for _, found in some if isinstance(found, Broken)]
        whole = [(file, found) for file, found in some if not isinstance(found, Broken)]
        rows = made([Subject(image) for _, image in whole], engine)
        logits = class_logits(network, rows, engine)
        if gathered is None:
            gathered = SetStatistics.for_rows(network, rows, logits, limit=sample)
        gathered.add([key(file) for file, _ in whole], rows, logits)
    return gathered or SetStatistics.empty(network), broken


def _take_in(
    sets: Mapping[Resize, SetStatistics], batch: Sequence[tuple[str, Seen]], network: Extractor
) -> None:
    keys = [key for key, _ in batch]
    for way, gathered in sets.items():
        features = network.features([seen[way] for _, seen in batch])
        gathered.add(keys, features, network.logits(features))


def _decoded(
    files: Sequence[Path], decode: Callable[[RGB], Decoded], threads: int, *, ahead: int
) -> Iterator[tuple[Path, Decoded | Broken]]:
    """Each file in order with what ``decode`` makes of it; never more than ``ahead`` wait."""
    waiting: deque[tuple[Path, Future[Decoded | Broken]]] = deque()
    with ThreadPoolExecutor(threads, thread_name_prefix="decode") as pool:
        try:
            for file in files:
                if len(waiting) >= ahead:
                    first, decoding = waiting.popleft()
                    yield first, decoding.result()
                waiting.append((file, pool.submit(_decode, file, decode)))
            while waiting:
                first, decoding = waiting.popleft()
                yield first, decoding.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _decode(file: Path, decode: Callable[[RGB], Decoded]) -> Decoded | Broken:
    try:
        image = read_rgb(file)
    except _BROKEN as error:
        why = Reason(Code.IMAGE_UNREADABLE, error=f"{type(error).__name__}: {error}"[:200])
        return Broken(file, why)
    return decode(image)


def _resized(resizes: Sequence[Resize], image: RGB) -> Seen:
    return {way: resized(image, way) for way in resizes}


def _whole(image: RGB) -> RGB:
    return image
