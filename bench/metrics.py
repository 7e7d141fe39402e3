"""Set metrics beside the packages that people use, and beside what this machine can do at most.

Both pipelines read the same JPEGs of 512×512 from disk with the same random Inception and as many
decoding threads or processes as there are cores; nothing of a value hangs on the weights. Where the
bare forward pass is the slowest part of ours, it is the ceiling, and the ratio shows it.
"""

import os
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import nn

import tests.references  # noqa: F401 - makes torchvision importable, for pytorch-fid

with warnings.catch_warnings():
    # Deprecated names in what these import.
    warnings.simplefilter("ignore")
    from cleanfid.fid import kernel_distance as clean_fid_kernel_distance
    from pytorch_fid.fid_score import calculate_activation_statistics, calculate_frechet_distance
    from pytorch_fid.inception import InceptionV3

from scoring.engine import Engine
from scoring.images import read_rgb
from scoring.metrics.networks.inception import Inception
from scoring.metrics.sets.features import extractor
from scoring.metrics.sets.frechet import frechet_distance
from scoring.metrics.sets.gathering import gather, images_in
from scoring.metrics.sets.kernel_distance import kernel_distance
from scoring.metrics.sets.resizing import Resize, resized
from scoring.statistics.feature_statistics import Statistics
from scoring.weights.published import WeightFile, Weights

SIDE, BATCH = 512, 16
NAME = "pt_inception-2015-12-05-6726825d.pth"
REGISTRY = {"inception": Weights("inception", "random", (WeightFile(".", NAME, ""),), "", "")}
NAIVE_SUBSETS = 5

Line = tuple[str, float, str]
Note = Callable[[str], None]


def measure(images: int, note: Note) -> Iterator[Line]:
    warnings.simplefilter("ignore", DeprecationWarning)  # scipy's, of how pytorch-fid calls it
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        note(f"metrics: {images} images and a random network")
        files = _write_images(root / "images", images)
        _write_network(root)
        yield from _pipelines(files, root, note)
        if torch.cuda.is_available():
            yield from _cuda(files, root, note)
        else:
            note("metrics: no GPU here, so no figures of one")
    yield from _arithmetic(note)


def seconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def _write_images(folder: Path, n: int) -> list[Path]:
    """JPEGs of quality 95 with some detail, as generated images have."""
    folder.mkdir()
    rng = np.random.default_rng(1)
    for i in range(n):
        coarse = Image.fromarray(rng.integers(0, 256, (64, 64, 3), dtype=np.uint8))
        image = coarse.resize((SIDE, SIDE), Image.Resampling.BICUBIC)
        image.save(folder / f"{i:05}.jpg", quality=95)
    return images_in(folder)


def _write_network(root: Path) -> None:
    """Where we look, and where torch's hub does, for pytorch-fid."""
    torch.manual_seed(0)
    network = Inception()
    for module in network.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight)
    hub = root / "hub" / "checkpoints"
    hub.mkdir(parents=True)
    torch.save(network.state_dict(), root / NAME)
    (hub / NAME).symlink_to(root / NAME)
    os.environ["TORCH_HOME"] = str(root)


def _pipelines(files: list[Path], root: Path, note: Note) -> Iterator[Line]:
    cores = len(os.sched_getaffinity(0))
    engine = Engine(weights_root=root, registry=REGISTRY, options={"batch": BATCH})
    network = extractor(engine)
    batch = [resized(read_rgb(file), Resize.PYTORCH) for file in files[:BATCH]]
    network.features(batch)
    note("metrics: the machine's own ceilings")
    forward = len(files) / sum(seconds(lambda: network.features(batch)) for _ in _rounds(files))
    decode = len(files) / seconds(lambda: _decode_all(files, cores))
    yield "metrics.ceiling.inception_forward", forward, "images/s"
    yield "metrics.ceiling.decode_and_resize", decode, "images/s"
    note("metrics: a folder to statistics, ours")
    ours = len(files) / seconds(lambda: gather(files, [Resize.PYTORCH], engine))
    yield "metrics.folder_to_statistics.ours", ours, "images/s"
    note("metrics: the same by pytorch-fid")
    theirs = len(files) / seconds(lambda: _pytorch_fid(files, cores))
    yield "metrics.folder_to_statistics.pytorch_fid", theirs, "images/s"
    yield "metrics.folder_to_statistics.ours_to_pytorch_fid", ours / theirs, "times"
    yield "metrics.folder_to_statistics.ours_to_forward_ceiling", ours / forward, "of_1"


def _rounds(files: list[Path]) -> range:
    return range(max(1, len(files) // BATCH))


def _decode_all(files: list[Path], workers: int) -> None:
    with ThreadPoolExecutor(workers) as pool:
        for _ in pool.map(lambda file: resized(read_rgb(file), Resize.PYTORCH), files):
            pass


def _pytorch_fid(files: list[Path], workers: int) -> None:
    model = InceptionV3([InceptionV3.BLOCK_INDEX_BY_DIM[2048]])
    calculate_activation_statistics(files, model, BATCH, 2048, "cpu", workers)


def _cuda(files: list[Path], root: Path, note: Note) -> Iterator[Line]:
    """On a GPU: the compiled bfloat16 network, and what of it a folder of JPEGs reaches.

    Decoding on the GPU needs nvJPEG, to which nothing that is installed binds: Pillow's threads
    are what bounds the folder here.
    """
    note("metrics: compiling for the GPU")
    options = {"batch": 256.0, "compile": 1.0}
    engine = Engine(
        weights_root=root, registry=REGISTRY, device="cuda", dtype="bfloat16", options=options
    )
    network = extractor(engine)
    image = resized(read_rgb(files[0]), Resize.PYTORCH)
    network.features([image] * 256)
    ready = torch.zeros((256, 3, 299, 299), device="cuda", dtype=torch.bfloat16)
    ready = ready.contiguous(memory_format=torch.channels_last)

    def forward() -> None:
        with torch.inference_mode():
            for _ in range(20):
                network.forward(ready)
            torch.cuda.synchronize()

    forward()
    ceiling = 20 * 256 / seconds(forward)
    yield "metrics.cuda.ceiling.compiled_bf16_forward", ceiling, "images/s"
    resident = 8 * 256 / seconds(lambda: network.features([image] * 8 * 256))
    yield "metrics.cuda.from_host_memory", resident, "images/s"
    found = len(files) / seconds(lambda: gather(files, [Resize.PYTORCH], engine))
    yield "metrics.cuda.folder_to_statistics", found, "images/s"
    yield "metrics.cuda.folder_to_forward_ceiling", found / ceiling, "of_1"
    a, b = _features(1, 50_000), _features(2, 50_000)
    sets = _statistics(a), _statistics(b)
    frechet_distance(*sets, device="cuda")
    yield "metrics.cuda.fid_trace", seconds(lambda: frechet_distance(*sets, device="cuda")), "s"
    on_gpu = [torch.from_numpy(rows).cuda() for rows in (a, b)]
    kernel_distance(on_gpu[0], on_gpu[1], device="cuda")
    taken = seconds(lambda: kernel_distance(on_gpu[0], on_gpu[1], device="cuda"))
    yield "metrics.cuda.kid_100x1000_of_50000", taken, "s"


def _arithmetic(note: Note) -> Iterator[Line]:
    note("metrics: the distance of two covariances of 2,048")
    a, b = _features(1, 5000), _features(2, 5000)
    sets = _statistics(a), _statistics(b)
    ours = seconds(lambda: frechet_distance(*sets))
    yield "metrics.fid_trace.ours", ours, "s"
    arrays = (sets[0].mu, sets[0].sigma, sets[1].mu, sets[1].sigma)
    theirs = seconds(lambda: calculate_frechet_distance(*arrays))
    yield "metrics.fid_trace.scipy_sqrtm", theirs, "s"
    yield "metrics.fid_trace.ours_to_scipy", theirs / ours, "times"
    note("metrics: kernel distances, 100 subsets of 1,000")
    ours = seconds(lambda: kernel_distance(a, b))
    yield "metrics.kid_100x1000_of_5000.ours", ours, "s"
    naive = seconds(
        lambda: clean_fid_kernel_distance(
            a.astype(np.float64), b.astype(np.float64), num_subsets=NAIVE_SUBSETS
        )
    )
    theirs = naive * 100 / NAIVE_SUBSETS
    yield f"metrics.kid_100x1000_of_5000.clean_fid_from_{NAIVE_SUBSETS}_subsets", theirs, "s"
    yield "metrics.kid_100x1000_of_5000.ours_to_clean_fid", theirs / ours, "times"


def _features(seed: int, n: int) -> NDArray[np.float32]:
    rng = np.random.default_rng(seed)
    rows = rng.standard_normal((n, 2048), dtype=np.float32)
    rows += np.float32(seed / 50)
    return np.abs(rows, out=rows)


def _statistics(rows: NDArray[np.float32]) -> Statistics:
    return Statistics(rows.mean(axis=0, dtype=np.float64), np.cov(rows, rowvar=False), len(rows))
