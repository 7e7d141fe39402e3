"""What metrics run on: where weights lie, which device and precision; networks are built once.

Imports nothing heavy: the families of metrics bring torch.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, cast

from scoring.catalog import metric
from scoring.weights.files import REGISTRY, Found, Unavailable, locate
from scoring.weights.published import Weights

Built = TypeVar("Built")
Computed = TypeVar("Computed")


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a value was made with; ``weights_sha256`` is "" for a metric without weights."""

    weights_sha256: str
    device: str
    dtype: str


@dataclass(slots=True, kw_only=True)
class Engine:
    """One process's networks. Not for several threads at once.

    ``weights_root`` is the folder of weights; ``device`` and ``dtype`` are torch's names of them
    ("cpu", "cuda:0"; "float32", "bfloat16"). ``threads`` bounds torch's threads, which several
    worker processes on few cores must (None: as many as there are cores). ``options`` are the
    parameters that a metric names in its description. ``registry`` is what weights there are.
    """

    weights_root: Path
    device: str = "cpu"
    dtype: str = "float32"
    threads: int | None = None
    options: Mapping[str, float] = field(default_factory=dict)
    registry: Mapping[str, Weights] = field(default_factory=lambda: REGISTRY)
    _located: dict[str, Found] = field(default_factory=dict, init=False, repr=False)
    _networks: dict[tuple[str, str], Any] = field(default_factory=dict, init=False, repr=False)
    _batch: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False)

    def network(
        self, name: str, build: Callable[[Mapping[str, Path], "Engine"], Built], *, key: str = ""
    ) -> Built:
        """What ``build`` makes of the files of the weights ``name``, made once.

        ``build`` is given the files by name, and this engine (to ask it for a shared part). Where
        several networks are built of the same weights, ``key`` tells them apart. Raises Unavailable
        when the weights are missing or damaged, UnknownWeights.
        """
        if (name, key) not in self._networks:
            self._networks[name, key] = build(self._found(name).paths, self)
        return cast("Built", self._networks[name, key])

    def once(self, key: Hashable, compute: Callable[[], Computed]) -> Computed:
        """What ``compute`` returns, computed once in a batch: what several metrics have in common.

        The key says what of which images; see ``scoring.measure``, which ends each batch.
        """
        if key not in self._batch:
            self._batch[key] = compute()
        return cast("Computed", self._batch[key])

    def end_batch(self) -> None:
        """Forgets what ``once`` kept."""
        self._batch.clear()

    def provenance(self, name: str) -> Provenance:
        """What a value of this metric is made with here. Raises Unavailable, UnknownMetric.

        Metrics without weights run in float64 on the CPU, whatever the engine is set to.
        """
        entry = metric(name)
        if entry.weights is None:
            return Provenance("", "cpu", "float64")
        return Provenance(self._found(entry.weights).sha256, self.device, self.dtype)

    def _found(self, name: str) -> Found:
        if name not in self._located:
            located = locate(name, self.weights_root, self.registry)
            if not isinstance(located, Found):
                raise Unavailable(*located.reasons)
            self._located[name] = located
        return self._located[name]
