"""Heatmaps a second at 512×512: ours beside the three ways one would write first.

Three people, five marks each, the max within a person, the mean over people; float32 out. What is
written goes to a file that is thrown away, so the disk's own speed is mostly left out.
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from io import BytesIO
from multiprocessing import get_context
from typing import IO

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import gaussian_filter

from annotator.exports.store.tfrecord import example, framed
from bench.beside import beside
from scoring.heatmap import marks_to_heatmap, quantise
from scoring.png import grey_png

SIDE = 512
SIGMA_PX = SIDE / 40
PEOPLE, MARKS = 3, 5
CASES = 50
SECONDS = 1.5
# Of a turn: so many maps by outer products, TIMES as many by ours.
AT_ONCE, TIMES = 40, 2

People = list[NDArray[np.float64]]
Line = tuple[str, float, str]


def cases(count: int = CASES) -> list[People]:
    rng = np.random.default_rng(7)
    return [[rng.random((MARKS, 2)) * 0.99 for _ in range(PEOPLE)] for _ in range(count)]


def ours(people: People) -> NDArray[np.float32]:
    return marks_to_heatmap(people, size=(SIDE, SIDE))


def full_grid(people: People) -> NDArray[np.float32]:
    """exp over the whole image for every mark."""
    ys, xs = np.mgrid[0:SIDE, 0:SIDE] + 0.5
    total = np.zeros((SIDE, SIDE))
    for marks in people:
        one = np.zeros((SIDE, SIDE))
        for x, y in marks * SIDE:
            distance = (xs - x) ** 2 + (ys - y) ** 2
            one = np.maximum(one, np.exp(-distance / (2 * SIGMA_PX**2)))
        total += one
    return (total / len(people)).astype(np.float32)


def outer_products(people: People) -> NDArray[np.float32]:
    """The whole image for every mark, as the product of one exp a row and one a column."""
    centres = np.arange(SIDE, dtype=np.float32) + np.float32(0.5)
    total, one, patch = (np.zeros((SIDE, SIDE), np.float32) for _ in range(3))
    for marks in people:
        one[:] = 0
        for x, y in (marks * SIDE).astype(np.float32):
            across, down = (np.exp((centres - at) ** 2 / (-2 * SIGMA_PX**2)) for at in (x, y))
            np.maximum(one, np.outer(down, across, out=patch), out=one)
        total += one
    return total / np.float32(len(people))


def blurred_dots(people: People) -> NDArray[np.float32]:
    """A dot a mark, then scipy's Gaussian filter, person by person."""
    total = np.zeros((SIDE, SIDE))
    for marks in people:
        dots = np.zeros((SIDE, SIDE))
        for x, y in (marks * SIDE).astype(int):
            dots[y, x] = 1.0
        one = gaussian_filter(dots, SIGMA_PX)
        total += one / max(one.max(), 1e-12)
    return (total / len(people)).astype(np.float32)


def to_8bit(people: People) -> NDArray[np.uint8]:
    return quantise(ours(people))


def as_png(people: People) -> bytes:
    return grey_png(to_8bit(people))


def as_pillows_png(people: People) -> bytes:
    out = BytesIO()
    Image.fromarray(to_8bit(people)).save(out, "PNG", compress_level=1)
    return out.getvalue()


def as_npy(people: People) -> bytes:
    out = BytesIO()
    np.save(out, ours(people), allow_pickle=False)
    return out.getvalue()


def as_record(people: People) -> bytes:
    """A record of RichHF's shape with one map."""
    return framed(example({"artifact_map": as_png(people), "filename": b"train/uid.png"}))


DRAWN: dict[str, Callable[[People], object]] = {
    "ours": ours,
    "ours_to_8bit": to_8bit,
    "naive_full_grid": full_grid,
    "naive_outer_products": outer_products,
    "naive_gaussian_filter": blurred_dots,
}
WRITTEN: dict[str, Callable[[People], bytes]] = {
    "ours_to_png": as_png,
    "ours_to_png_by_pillow_level_1": as_pillows_png,
    "ours_to_npy": as_npy,
    "ours_to_tfrecord": as_record,
}


def rate(draw: Callable[[People], object]) -> float:
    """Maps a second, over SECONDS, one thread."""
    some = cases()
    draw(some[0])
    done, started = 0, time.perf_counter()
    while time.perf_counter() - started < SECONDS:
        draw(some[done % CASES])
        done += 1
    return done / (time.perf_counter() - started)


def written(draw: Callable[[People], bytes]) -> float:
    """The same, with every map written to a file."""
    with tempfile.TemporaryFile() as out:
        return rate(partial(_write, draw, out))


def _write(draw: Callable[[People], bytes], out: IO[bytes], people: People) -> None:
    out.write(draw(people))
    if out.tell() > 32 << 20:
        out.seek(0)


def measure() -> Iterator[Line]:
    for name, draw in DRAWN.items():
        yield f"heatmaps.512.{name}", rate(draw), "maps/s"
    for name, write in WRITTEN.items():
        yield f"heatmaps.512.{name}", written(write), "maps/s"
    yield from _on_all_cores()
    yield from _differences()


def ratios(turns: int) -> Iterator[Line]:
    """How many times as fast as whole images of outer products, in turns.

    Both are sums, products and maxima of arrays. Full grids are no measure from machine to machine:
    their time is exp of doubles, which numpy has a faster one of where there is AVX-512.
    """
    some = cases(AT_ONCE)
    ours(some[0])
    found = beside(
        lambda: [ours(people) for people in some * TIMES],
        lambda: [outer_products(people) for people in some],
        turns=turns,
    )
    yield "heatmaps.512.ours_to_outer_products", found.ratio * TIMES, "ratio"


def _on_all_cores() -> Iterator[Line]:
    """One process a core, as exports have one worker a core."""
    cores = os.cpu_count() or 1
    with ProcessPoolExecutor(cores, mp_context=get_context("spawn")) as processes:
        list(processes.map(ours, cases(cores)))  # all are up and have imported
        for name, way in (("ours", ours), ("ours_to_8bit", to_8bit)):
            together = sum(processes.map(rate, [way] * cores))
            yield f"heatmaps.512.all_{cores}_cores.{name}", together, "maps/s"
        for name, write in WRITTEN.items():
            together = sum(processes.map(written, [write] * cores))
            yield f"heatmaps.512.all_{cores}_cores.{name}", together, "maps/s"


def _differences() -> Iterator[Line]:
    some = cases(10)
    true = [full_grid(people) for people in some]
    for name, draw in (("ours", ours), ("gaussian_filter", blurred_dots)):
        worst = max(
            float(np.abs(draw(people) - one).max()) for people, one in zip(some, true, strict=True)
        )
        yield f"heatmaps.512.largest_difference_from_full_grid.{name}", worst, "of_1"
