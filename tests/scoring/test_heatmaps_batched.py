"""Maps drawn together by torch, against the one-by-one drawing that exports use."""

import numpy as np
import pytest
import torch

from scoring.heatmap import marks_to_heatmap, quantise
from scoring.metrics import heatmaps
from scoring.metrics.heatmaps import marks_to_heatmaps, quantised

# What scoring.heatmap's window of four sigmas cuts off, exp(-8), and a little of float32.
WINDOW = 4e-4


def crowd(rng: np.random.Generator) -> list[np.ndarray]:
    """One to five people with none to seven marks each; on the very edges too."""
    people = [rng.random((rng.integers(8), 2)) for _ in range(rng.integers(1, 6))]
    return [np.vstack([marks, [[0.0, 1.0]]]) if len(marks) == 3 else marks for marks in people]


@pytest.mark.parametrize("size", [(64, 64), (96, 40)])
@pytest.mark.parametrize("at_once", [1, 10**9])
def test_they_are_the_same_maps(
    size: tuple[int, int], at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(4)
    batch = [crowd(rng) for _ in range(20)]
    # One map a part, or all in one.
    monkeypatch.setitem(heatmaps.VALUES_AT_ONCE, "cpu", at_once)

    together = marks_to_heatmaps(batch, size, sigma_px=3.0)

    assert (together.shape, together.dtype) == ((20, size[1], size[0]), torch.float32)
    one_by_one = np.stack([marks_to_heatmap(people, size=size, sigma_px=3.0) for people in batch])
    assert np.abs(together.numpy() - one_by_one).max() < WINDOW
    assert one_by_one.max() > 0.9
    steps = quantised(together).numpy().astype(int) - quantise(one_by_one)
    assert np.abs(steps).max() <= 1


def test_the_maximum_within_and_the_mean_over_people() -> None:
    # Both marks at the centre of pixel (1, 0); one person of two saw nothing.
    marks = [(1.5 / 4, 0.5 / 2), (1.5 / 4, 0.5 / 2)]

    (heatmap,) = marks_to_heatmaps([[marks, []]], (4, 2), sigma_px=1.0)

    assert heatmap[0, 1] == 0.5
    assert heatmap[1, 3] == pytest.approx(0.5 * np.exp(-(1 + 4) / 2))


def test_nothing_marked_is_an_empty_map_and_no_maps_are_none() -> None:
    assert not marks_to_heatmaps([[[], []]], (4, 2), sigma_px=1.0).any()
    assert marks_to_heatmaps([], (4, 2), sigma_px=1.0).shape == (0, 2, 4)


@pytest.mark.parametrize(
    ("batch", "size", "sigma_px", "words"),
    [
        ([[]], (4, 4), 1.0, "nobody"),
        ([[[(1.1, 0.5)]]], (4, 4), 1.0, "outside"),
        ([[[(float("nan"), 0.5)]]], (4, 4), 1.0, "outside"),
        ([[[]]], (0, 4), 1.0, "positive"),
        ([[[]]], (4, 4), 0.0, "positive"),
    ],
)
def test_what_is_no_map_is_refused(
    batch: list, size: tuple[int, int], sigma_px: float, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        marks_to_heatmaps(batch, size, sigma_px)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU here")
def test_a_gpu_draws_what_a_cpu_draws() -> None:
    rng = np.random.default_rng(5)
    batch = [crowd(rng) for _ in range(20)]

    on_gpu = marks_to_heatmaps(batch, (64, 64), sigma_px=3.0, device="cuda")

    assert torch.allclose(on_gpu.cpu(), marks_to_heatmaps(batch, (64, 64), 3.0), atol=1e-6)
