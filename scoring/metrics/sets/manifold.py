"""Precision and recall of a generator (Kynkäänniemi et al. 2019), with the memory of one block.

A set's manifold is the union of balls, one around each image, as wide as the distance to its k-th
nearest other. Precision is the share of generated images inside the reference's manifold, recall
the share of reference images inside the generated one; k = 3 in the paper.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from scoring.metrics.sets.matrices import Matrix, comparable_rows, parts, products

NEIGHBOURS = 3
_BLOCK = 1024
_SAME = 64 * torch.finfo(torch.float64).eps
"""Squared distances under this share of the longest row's square are rounding: the same image."""


@dataclass(frozen=True, slots=True)
class PrecisionRecall:
    """Both in [0, 1]: shares of ``n`` generated and ``n_reference`` reference images."""

    precision: float
    recall: float
    n: int
    n_reference: int


def precision_recall(
    generated: Matrix, reference: Matrix, *, neighbours: int = NEIGHBOURS, device: str = "cpu"
) -> PrecisionRecall:
    """Of features (n, d) and (m, d). Raises ValueError where a set has ``neighbours`` or fewer.

    Distances are float64: where an image only just lies in a ball, the last digit decides.
    """
    ours, theirs, _ = comparable_rows(generated, reference, device=device)
    for rows in (ours, theirs):
        if len(rows) <= neighbours:
            raise ValueError(
                f"{len(rows)} images have no {neighbours} neighbours: {neighbours + 1} are needed"
            )
    widths, reaches = _radii(ours, neighbours), _radii(theirs, neighbours)
    precise, recalled = 0, torch.zeros(len(theirs), dtype=torch.bool, device=theirs.device)
    for start, distances in _distances(ours, theirs):
        precise += int((distances <= reaches).any(dim=1).sum())
        recalled |= (distances <= widths[start : start + len(distances), None]).any(dim=0)
    return PrecisionRecall(
        precise / len(ours), int(recalled.sum()) / len(theirs), len(ours), len(theirs)
    )


def _radii(rows: Tensor, neighbours: int) -> Tensor:
    """(n,) squared distance of each row to its k-th nearest other row."""
    found = []
    for start, distances in _distances(rows, rows):
        within = torch.arange(len(distances), device=rows.device)
        distances[within, start + within] = torch.inf
        found.append(distances.topk(neighbours, dim=1, largest=False).values[:, -1])
    return torch.cat(found)


def _distances(rows: Tensor, others: Tensor) -> Iterator[tuple[int, Tensor]]:
    """Blocks (≤ 1024, m) of squared Euclidean distances, each with the first row it is of."""
    lengths = torch.cat([part.double().square().sum(dim=1) for part in parts(others, _BLOCK)])
    for start in range(0, len(rows), _BLOCK):
        part = rows[start : start + _BLOCK].double()
        own = part.square().sum(dim=1)
        squares = torch.cat(
            [products(part, some.double()) for some in parts(others, _BLOCK)], dim=1
        )
        squares.mul_(-2).add_(lengths).add_(own[:, None])
        same = _SAME * float(torch.maximum(lengths.max(), own.max()))
        yield start, squares.masked_fill_(squares <= same, 0.0)
