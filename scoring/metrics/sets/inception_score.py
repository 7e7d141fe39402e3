"""Inception score: exp of the mean KL(p(y|x) ‖ p(y)), per split of the set (Salimans et al. 2016).

Logits are those without the last layer's bias, as torch-fidelity and stylegan2-ada take them. The
mean and the population standard deviation over ten splits are what papers print.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scoring.arrays import Floats, Ints
from scoring.reasons import Code, Reason
from scoring.statistics.moments import require_features

SPLITS = 10
SEED = 2020
"""torch-fidelity's, with which it shuffles before it splits."""
LEAST_A_SPLIT = 10
"""Of fewer images a split the score tells their number more than their quality."""


@dataclass(frozen=True, slots=True)
class InceptionScore:
    """``mean`` and population ``sd`` over ``splits``; ``mean`` is 1 to the number of classes.

    ``warnings`` where it should not be leaned on.
    """

    mean: float
    sd: float
    splits: int
    warnings: tuple[Reason, ...] = ()


def inception_score(
    logits: ArrayLike, *, splits: int = SPLITS, seed: int | None = SEED
) -> InceptionScore:
    """The score of logits (n, classes), in float64; exactly torch-fidelity's.

    Shuffled with NumPy's RandomState of ``seed``; None leaves the order. Raises ValueError for
    fewer images than splits; with fewer than ten images a split it warns.
    """
    rows = np.asarray(logits)
    require_features(rows, rows.shape[-1])
    if seed is not None:
        rows = rows[np.random.RandomState(seed).permutation(len(rows))]
    return score_in_order(rows, splits=splits)


def score_in_order(rows: NDArray[np.floating], *, splits: int = SPLITS) -> InceptionScore:
    """The score of logits (n, classes) cut into ``splits`` of equal size as they stand.

    Raises ValueError for fewer images than splits.
    """
    n = len(rows)
    if not 1 <= splits <= n:
        raise ValueError(f"{n} images cannot be cut into {splits} splits")
    sums = ScoreSums.empty(rows.shape[1], splits)
    sums.add(rows, np.repeat(np.arange(splits), np.diff(np.arange(splits + 1) * n // splits)))
    return sums.score()


class ScoreSums:
    """What the score of each split needs, whatever the number of images: exact to merge.

    ``n`` (splits,) images, ``p`` (splits, classes) summed probabilities, ``p_log_p`` (splits,)
    summed Σ p log p.
    """

    def __init__(self, n: Ints, p: Floats, p_log_p: Floats) -> None:
        self.n = n
        self.p = p
        self.p_log_p = p_log_p

    @classmethod
    def empty(cls, classes: int, splits: int = SPLITS) -> Self:
        return cls(np.zeros(splits, np.int64), np.zeros((splits, classes)), np.zeros(splits))

    def add(self, logits: ArrayLike, split: ArrayLike) -> None:
        """Takes in logits (n, classes), each into the ``split`` (n,) that is named for it."""
        rows, places = np.asarray(logits), np.asarray(split)
        require_features(rows, self.p.shape[1])
        p, log_p = _softmax(rows.astype(np.float64))
        np.add.at(self.n, places, 1)
        np.add.at(self.p, places, p)
        np.add.at(self.p_log_p, places, (p * log_p).sum(axis=1))

    def merge(self, other: "ScoreSums") -> None:
        if other.p.shape != self.p.shape:
            raise ValueError("other splits or classes do not merge")
        self.n = self.n + other.n
        self.p = self.p + other.p
        self.p_log_p = self.p_log_p + other.p_log_p

    def score(self) -> InceptionScore:
        """Over the splits that have images. Raises ValueError where none has."""
        used = self.n > 0
        if not used.any():
            raise ValueError("no image, no score")
        n = self.n[used]
        q = self.p[used] / n[:, None]
        entropy = (q * np.log(np.maximum(q, np.finfo(np.float64).tiny))).sum(axis=1)
        scores = np.exp(self.p_log_p[used] / n - entropy)
        splits, least = int(used.sum()), int(n.min())
        few = (Reason(Code.FEW_IMAGES_A_SPLIT, n=least, splits=splits, least=LEAST_A_SPLIT),)
        return InceptionScore(
            float(scores.mean()),
            float(scores.std()),
            splits,
            few if least < LEAST_A_SPLIT else (),
        )


def _softmax(logits: Floats) -> tuple[Floats, Floats]:
    """Probabilities and their natural logarithms, row by row."""
    logits = logits - logits.max(axis=1, keepdims=True)
    p = np.exp(logits)
    total = p.sum(axis=1, keepdims=True)
    return p / total, logits - np.log(total)
