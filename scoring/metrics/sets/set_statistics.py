"""What is kept of a set of images to measure it: numbers of bounded size, however many there are.

A set is measured in shards: each worker adds what it has seen, shards are merged in any order. What
is kept of n images with d features:

- moments, for FID: exact, flat;
- a sample of at most ``SAMPLE`` features, for KID and precision/recall: those whose images' keys
  have the smallest keyed hashes. That is a uniform sample without replacement, the same whoever saw
  which image and in which order;
- for the inception score, the logits of as large a sample: a set that is within it is cut into
  splits of equal size by the rank of its digests, as good as torch-fidelity's shuffle. Of a larger
  set the splits' sums are kept, each image in the split that its key's hash names; they differ in
  size by some percent, which of hundreds of images a split changes nothing.

A key names an image once and for all (its sha-256, its id); the same key added twice counts twice.
"""

import hashlib
from collections.abc import Sequence
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scoring.metrics.sets.inception_score import InceptionScore, ScoreSums, score_in_order
from scoring.statistics.feature_statistics import Statistics, moments_to_statistics
from scoring.statistics.moments import Moments, require_features

Bytes = NDArray[np.uint8]
Rows = NDArray[np.float32]

SAMPLE = 5_000
"""41 MB of 2,048 features; KID's subsets are drawn from these."""
CLASSES = 1008
"""Of the 2015-12-05 Inception: its logits are (n, 1008)."""
_DIGEST = 16
_WAITING = 2048
_PERSON = b"triptych set"


class Sample:
    """The rows (k, d) of the k ≤ ``limit`` smallest ``digests`` (k, 16), ascending."""

    def __init__(self, width: int, limit: int) -> None:
        self.limit = limit
        self.digests: Bytes = np.zeros((0, _DIGEST), np.uint8)
        self.rows: Rows = np.zeros((0, width), np.float32)

    def take(self, more: Sequence[tuple[Bytes, Rows]]) -> None:
        """Keeps the ``limit`` smallest of those kept and these."""
        digests = np.concatenate([self.digests, *(each for each, _ in more)])
        order = np.lexsort(digests.T[::-1])[: self.limit]
        rows = np.concatenate([self.rows, *(rows for _, rows in more)])
        self.digests, self.rows = digests[order], rows[order]


class SetStatistics:
    """What is known of the images seen so far; ``network`` names the features they are in.

    ``moments`` of all; ``digests`` (k, 16) and ``sample`` (k, d) of the k ≤ ``limit`` sampled, by
    ascending digest; ``scores`` of those that came with logits. A few thousand rows wait until they
    are worth a pass over the (d, d) matrices.
    """

    def __init__(
        self, network: str, moments: Moments, scores: ScoreSums, *, limit: int = SAMPLE
    ) -> None:
        self.network = network
        self.scores = scores
        self._moments = moments
        self._features = Sample(moments.dimensions, limit)
        self._logits = Sample(scores.p.shape[1], limit)
        self._waiting: list[tuple[Bytes, Rows]] = []
        self._logits_waiting: list[tuple[Bytes, Rows]] = []

    @classmethod
    def empty(
        cls, network: str, dimensions: int = 2048, *, limit: int = SAMPLE, classes: int = CLASSES
    ) -> Self:
        return cls(network, Moments.empty(dimensions), ScoreSums.empty(classes), limit=limit)

    @classmethod
    def for_rows(
        cls, network: str, rows: Rows, logits: Rows | None, *, limit: int = SAMPLE
    ) -> Self:
        """Empty, for features and logits of these widths; None: no score is asked for."""
        classes = CLASSES if logits is None else logits.shape[1]
        return cls.empty(network, rows.shape[1], limit=limit, classes=classes)

    @property
    def limit(self) -> int:
        return self._features.limit

    @property
    def n(self) -> int:
        return self._moments.n + self._waiting_rows()

    @property
    def moments(self) -> Moments:
        self._settle()
        return self._moments

    @property
    def digests(self) -> Bytes:
        self._settle()
        return self._features.digests

    @property
    def sample(self) -> Rows:
        self._settle()
        return self._features.rows

    def add(
        self, keys: Sequence[str], features: ArrayLike, logits: ArrayLike | None = None
    ) -> None:
        """Takes in features (n, d), and logits (n, classes) where a score is asked for.

        Raises ValueError, having taken nothing in, for other shapes and for what is not finite.
        """
        rows = np.array(features, dtype=np.float32)
        require_features(rows, self._moments.dimensions)
        if len(keys) != len(rows) or (logits is not None and len(keys) != len(np.asarray(logits))):
            raise ValueError(f"{len(keys)} keys do not name {len(rows)} images")
        digests = _digests(keys)
        if logits is not None:
            self.scores.add(logits, digests[:, -1].astype(np.int64) % len(self.scores.n))
            self._logits_waiting.append((digests, np.array(logits, dtype=np.float32)))
        self._waiting.append((digests, rows))
        if self._waiting_rows() >= _WAITING:
            self._settle()

    def merge(self, other: "SetStatistics") -> None:
        """Takes in what another has seen. Raises ValueError for another network or limit."""
        if (other.network, other.limit) != (self.network, self.limit):
            raise ValueError(
                f"{self.network} with a sample of {self.limit} does not merge with"
                f" {other.network} with {other.limit}"
            )
        self.moments.merge(other.moments)
        self.scores.merge(other.scores)
        self._features.take([(other.digests, other.sample)])
        self._logits.take([(other._logits.digests, other._logits.rows)])

    def statistics(self) -> Statistics:
        """For FID and for a file. Raises ValueError for fewer than two images."""
        extractor, _, resize = self.network.partition("/")
        return moments_to_statistics(self.moments, extractor=extractor, resize=resize)

    def score(self) -> InceptionScore:
        """The inception score of those that came with logits.

        Raises ValueError for fewer of them than splits.
        """
        self._settle()
        if int(self.scores.n.sum()) > self._logits.limit:
            return self.scores.score()
        return score_in_order(self._logits.rows, splits=len(self.scores.n))

    def _waiting_rows(self) -> int:
        return sum(len(digests) for digests, _ in self._waiting)

    def _settle(self) -> None:
        if self._waiting:
            self._moments.add(np.concatenate([rows for _, rows in self._waiting]))
            self._features.take(self._waiting)
            self._logits.take(self._logits_waiting)
            self._waiting, self._logits_waiting = [], []


def _digests(keys: Sequence[str]) -> Bytes:
    """(n, 16) bytes, one keyed hash a key."""
    joined = b"".join(
        hashlib.blake2b(key.encode(), digest_size=_DIGEST, person=_PERSON).digest() for key in keys
    )
    return np.frombuffer(joined, np.uint8).reshape(len(keys), _DIGEST)
