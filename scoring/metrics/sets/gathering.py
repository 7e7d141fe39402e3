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
from pathlib import Path

from PIL import Image

from scoring.engine import Engine
from scoring.images import read_rgb
from scoring.metrics.sets.features import Extractor, extractor, network_name
from scoring.metrics.sets.resizing import Pixels, Resize, resized
from scoring.metrics.sets.set_statistics import SAMPLE, SetStatistics
from scoring.reasons import Code, Reason

EXTENSIONS = frozenset({".bmp", ".jpg", ".jpeg", ".pgm", ".png", ".ppm", ".tif", ".tiff", ".webp"})
"""pytorch-fid's, in small letters or capitals."""
_BROKEN = (OSError, ValueError, SyntaxError, Image.DecompressionBombError)
"""What Pillow raises for images that are cut short, damaged, or unpack to a huge size."""

Seen = dict[Resize, Pixels]


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
    for file, found in _decoded(files, resizes, threads, ahead=threads + 2 * network.batch):
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


def _take_in(
    sets: Mapping[Resize, SetStatistics], batch: Sequence[tuple[str, Seen]], network: Extractor
) -> None:
    keys = [key for key, _ in batch]
    for way, gathered in sets.items():
        features = network.features([seen[way] for _, seen in batch])
        gathered.add(keys, features, network.logits(features))


def _decoded(
    files: Sequence[Path], resizes: Sequence[Resize], threads: int, *, ahead: int
) -> Iterator[tuple[Path, Seen | Broken]]:
    """Each file in order with its resized images; never more than ``ahead`` of them wait."""
    waiting: deque[tuple[Path, Future[Seen | Broken]]] = deque()
    with ThreadPoolExecutor(threads, thread_name_prefix="decode") as pool:
        try:
            for file in files:
                if len(waiting) >= ahead:
                    first, decoding = waiting.popleft()
                    yield first, decoding.result()
                waiting.append((file, pool.submit(_decode, file, resizes)))
            while waiting:
                first, decoding = waiting.popleft()
                yield first, decoding.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _decode(file: Path, resizes: Sequence[Resize]) -> Seen | Broken:
    try:
        image = read_rgb(file)
    except _BROKEN as error:
        why = Reason(Code.IMAGE_UNREADABLE, error=f"{type(error).__name__}: {error}"[:200])
        return Broken(file, why)
    return {way: resized(image, way) for way in resizes}
