"""Heatmaps a second at 512×512: ours beside the two ways one would write first.

Three people, five marks each, the max within a person, the mean over people; float32 out.
"""

import time
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from scoring.heatmap import marks_to_heatmap, quantise

SIDE = 512
SIGMA_PX = SIDE / 40
PEOPLE, MARKS = 3, 5
SECONDS = 1.5

People = list[NDArray[np.float64]]
Line = tuple[str, float, str]


def full_grid(people: People) -> NDArray[np.float32]:
    """exp over the whole picture for every mark."""
    ys, xs = np.mgrid[0:SIDE, 0:SIDE] + 0.5
    total = np.zeros((SIDE, SIDE))
    for marks in people:
        one = np.zeros((SIDE, SIDE))
        for x, y in marks * SIDE:
            distance = (xs - x) ** 2 + (ys - y) ** 2
            one = np.maximum(one, np.exp(-distance / (2 * SIGMA_PX**2)))
        total += one
    return (total / len(people)).astype(np.float32)


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


def rate(draw: Callable[[People], object], cases: list[People]) -> float:
    """Maps a second, over SECONDS, one thread."""
    done, started = 0, time.perf_counter()
    while time.perf_counter() - started < SECONDS:
        draw(cases[done % len(cases)])
        done += 1
    return done / (time.perf_counter() - started)


def measure() -> Iterator[Line]:
    rng = np.random.default_rng(7)
    cases = [[rng.random((MARKS, 2)) * 0.99 for _ in range(PEOPLE)] for _ in range(50)]
    ways: dict[str, Callable[[People], object]] = {
        "ours": lambda people: marks_to_heatmap(people, size=(SIDE, SIDE)),
        "ours_to_8bit": lambda people: quantise(marks_to_heatmap(people, size=(SIDE, SIDE))),
        "naive_full_grid": full_grid,
        "naive_gaussian_filter": blurred_dots,
    }
    worst = max(
        float(np.abs(marks_to_heatmap(people, size=(SIDE, SIDE)) - full_grid(people)).max())
        for people in cases[:10]
    )
    for name, draw in ways.items():
        yield f"heatmaps.512.{name}", rate(draw, cases), "maps/s"
    yield "heatmaps.512.largest_difference_from_full_grid", worst, "of_1"
