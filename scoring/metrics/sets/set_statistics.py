"""What is kept of a set of images to measure it: numbers of bounded size, however many there are.

A set is measured in shards: each worker adds what it has seen, shards are merged in any order. What
is kept of n images with d features:

- moments, for FID: exact, flat;
- a sample of at most ``SAMPLE`` features, for KID and precision/recall: those whose images' keys
  have the smallest keyed hashes. That is a uniform sample without replacement, the same whoever saw
  which image and in which order;
- the inception score's sums, each image in the split that its key's hash names.

A key names an image once and for all (its sha-256, its id); the same key added twice counts twice.
"""

import hashlib
from collections.abc import Sequence
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scoring.metrics.sets.inception_score import ScoreSums
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
        self.limit = limit
        self.scores = scores
        self._moments = moments
        self._digests: Bytes = np.zeros((0, _DIGEST), np.uint8)
        self._sample: Rows = np.zeros((0, moments.dimensions), np.float32)
        self._waiting: list[tuple[Bytes, Rows]] = []

    @classmethod
    def empty(cls, network: str, dimensions: int = 2048, *, limit: int = SAMPLE) -> Self:
        return cls(network, Moments.empty(dimensions), ScoreSums.empty(CLASSES), limit=limit)

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
        return self._digests

    @property
    def sample(self) -> Rows:
        self._settle()
        return self._sample

    def add(
        self, keys: Sequence[str], features: ArrayLike, logits: ArrayLike | None = None
    ) -> None:
        """Takes in features (n, d), and logits (n, 1008) without bias where a score is asked for.

        Raises ValueError, having taken nothing in, for other shapes and for what is not finite.
        """
        rows = np.array(features, dtype=np.float32)
        require_features(rows, self._moments.dimensions)
        if len(keys) != len(rows) or (logits is not None and len(keys) != len(np.asarray(logits))):
            raise ValueError(f"{len(keys)} keys do not name {len(rows)} images")
        digests = _digests(keys)
        if logits is not None:
            self.scores.add(logits, digests[:, -1].astype(np.int64) % len(self.scores.n))
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
        self._keep([(other.digests, other.sample)])

    def statistics(self) -> Statistics:
        """For FID and for a file. Raises ValueError for fewer than two images."""
        extractor, _, resize = self.network.partition("/")
        return moments_to_statistics(self.moments, extractor=extractor, resize=resize)

    def _waiting_rows(self) -> int:
        return sum(len(digests) for digests, _ in self._waiting)

    def _settle(self) -> None:
        if self._waiting:
            self._moments.add(np.concatenate([rows for _, rows in self._waiting]))
            self._keep(self._waiting)
            self._waiting = []

    def _keep(self, more: list[tuple[Bytes, Rows]]) -> None:
        """The ``limit`` smallest digests of those kept and these, with their rows, ascending."""
        digests = np.concatenate([self._digests, *(each for each, _ in more)])
        order = np.lexsort(digests.T[::-1])[: self.limit]
        rows = np.concatenate([self._sample, *(rows for _, rows in more)])
        self._digests, self._sample = digests[order], rows[order]


def _digests(keys: Sequence[str]) -> Bytes:
    """(n, 16) bytes, one keyed hash a key."""
    joined = b"".join(
        hashlib.blake2b(key.encode(), digest_size=_DIGEST, person=_PERSON).digest() for key in keys
    )
    return np.frombuffer(joined, np.uint8).reshape(len(keys), _DIGEST)
