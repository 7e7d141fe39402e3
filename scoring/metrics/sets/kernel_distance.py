"""Kernel inception distance: the unbiased squared MMD of two sets of features (Bińkowski 2018).

k(x, y) = (x·y/d + 1)³, over 100 subsets of 1,000 drawn without replacement: mean and population
standard deviation over subsets. Subsets are torch-fidelity's, by its seed 2020.

Inner products are float32 of features less their mean; what that mean adds, the cubes and all sums
are float64. Where sets are small the kernel of all rows is computed once, and each subset's sum is
mᵀ K m of its indicator m; where they are large, subset by subset.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from scoring.metrics.sets.matrices import Matrix, comparable_rows, products, times

SUBSETS, SIZE, SEED = 100, 1000, 2020
_BLOCK = 1024

Picks = list[tuple[NDArray[np.int64], NDArray[np.int64]]]


@dataclass(frozen=True, slots=True)
class KernelDistance:
    """``mean`` (near 0 for alike sets, even negative) and ``sd`` over ``subsets`` of ``size``."""

    mean: float
    sd: float
    subsets: int
    size: int


def kernel_distance(
    a: Matrix,
    b: Matrix,
    *,
    subsets: int = SUBSETS,
    size: int = SIZE,
    seed: int = SEED,
    device: str = "cpu",
) -> KernelDistance:
    """The distance of features (n, d) and (m, d); subsets hold min(n, m, ``size``) images each.

    Raises ValueError for fewer than two images in a set or what is not finite.
    """
    taken = min(len(a), len(b), size)
    if taken < 2 or subsets < 1:
        raise ValueError(f"sets of {len(a)} and {len(b)} have no subsets of two images")
    rows = _Rows(*comparable_rows(a, b, device=device))
    if taken == len(a) == len(b):
        # Every subset is everything: one is all of them.
        picks: Picks = [(np.arange(taken), np.arange(taken))]
    else:
        picks = _picks(len(a), len(b), subsets, taken, seed)
    # What each way multiplies: half of the two symmetric kernels, all of the mixed one.
    all_pairs = (len(a) ** 2 + len(b) ** 2) / 2 + len(a) * len(b)
    values = _whole(rows, picks) if all_pairs < 2 * len(picks) * taken**2 else _each(rows, picks)
    return KernelDistance(float(values.mean()), float(values.std()), subsets, taken)


def _picks(n: int, m: int, subsets: int, size: int, seed: int) -> Picks:
    rng = np.random.RandomState(seed)
    return [
        (rng.choice(n, size, replace=False), rng.choice(m, size, replace=False))
        for _ in range(subsets)
    ]


class _Rows:
    """Two sets' rows less their common mean c; k(x, y) = ((x̃·ỹ + c·x̃ + c·ỹ + c·c) / d + 1)³."""

    def __init__(self, a: Tensor, b: Tensor, centre: Tensor) -> None:
        self.rows = (a, b)
        self.dimensions = len(centre)
        # Half of the constant with each side, so that two shifts add up to all of it.
        constant = (float(centre @ centre) / self.dimensions + 1) / 2
        self.shifts = tuple(times(rows, centre) / self.dimensions + constant for rows in (a, b))

    def kernel(self, left: tuple[int, Tensor | slice], right: tuple[int, Tensor | slice]) -> Tensor:
        """float64 (rows, rows) of a set's chosen rows with another's."""
        (i, some), (j, others) = left, right
        inner = products(self.rows[i][some], self.rows[j][others]).double()
        inner.div_(self.dimensions)
        inner.add_(self.shifts[i][some][:, None]).add_(self.shifts[j][others])
        return inner.pow_(3)


def _unbiased(within: Tensor, between: Tensor, size: int) -> NDArray[np.float64]:
    """From the sums of kernels within (no image with itself) and between the two halves."""
    values = within / (size * (size - 1)) - 2 * between / size**2
    result: NDArray[np.float64] = values.cpu().numpy()
    return result


def _each(rows: _Rows, picks: Picks) -> NDArray[np.float64]:
    device = rows.rows[0].device
    within, between = [], []
    for pair in picks:
        left, right = ((side, torch.from_numpy(pick).to(device)) for side, pick in enumerate(pair))
        alike = [rows.kernel(side, side).fill_diagonal_(0).sum() for side in (left, right)]
        within.append(alike[0] + alike[1])
        between.append(rows.kernel(left, right).sum())
    return _unbiased(torch.stack(within), torch.stack(between), len(picks[0][0]))


def _whole(rows: _Rows, picks: Picks) -> NDArray[np.float64]:
    masks = tuple(_mask(rows.rows[side], [pair[side] for pair in picks]) for side in (0, 1))
    within = _within(rows, 0, masks[0]) + _within(rows, 1, masks[1])
    between = torch.zeros_like(within)
    for some in _blocks(len(masks[0])):
        for others in _blocks(len(masks[1])):
            kernel = rows.kernel((0, some), (1, others))
            between += (products(masks[1][others].T, kernel).T * masks[0][some]).sum(dim=0)
    return _unbiased(within, between, len(picks[0][0]))


def _within(rows: _Rows, side: int, mask: Tensor) -> Tensor:
    """(subsets,) sums of the symmetric kernel off its diagonal: its upper half, twice."""
    total = torch.zeros(mask.shape[1], dtype=torch.float64, device=mask.device)
    for some in _blocks(len(mask)):
        for others in _blocks(len(mask), some.start):
            kernel = rows.kernel((side, some), (side, others))
            if some == others:
                kernel.fill_diagonal_(0)
            part = (products(mask[others].T, kernel).T * mask[some]).sum(dim=0)
            total += part if some == others else 2 * part
    return total


def _mask(rows: Tensor, picks: list[NDArray[np.int64]]) -> Tensor:
    """float64 (n, subsets): 1 where the row is in the subset."""
    mask = torch.zeros((len(rows), len(picks)), dtype=torch.float64)
    for subset, pick in enumerate(picks):
        mask[torch.from_numpy(pick), subset] = 1
    return mask.to(rows.device)


def _blocks(n: int, first: int = 0) -> Iterator[slice]:
    for start in range(first, n, _BLOCK):
        yield slice(start, min(start + _BLOCK, n))
