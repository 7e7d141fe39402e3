"""Every reward that this machine can give: heads of a folder, metrics whose weights are here."""

import hashlib
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors import SafetensorError

from scoring.arrays import Floats
from scoring.catalog import CATALOG, Metric, metric, unavailable
from scoring.engine import Engine
from scoring.images import RGB
from scoring.measure import FAULTS, measure
from scoring.measured import Measured
from scoring.metric_functions import Subject
from scoring.reasons import Code, Reason
from scoring.rewards.model import TENSORS, RewardModel, features_of, part_of, read
from scoring.rewards.training import OF_IMAGES, metric_of
from scoring.weights.files import Unavailable

log = logging.getLogger(__name__)

# A head's folder is known by so many digits of its file's hash.
VERSION_DIGITS = 12
NOT_FINITE = (Reason(Code.NOT_FINITE),)


@dataclass(frozen=True, slots=True)
class Reward:
    """A number of an image that is larger for a better one.

    ``weights_sha256`` is of the network. ``log_odds``: differences of two images' values are the
    log-odds of which is preferred; 0 is what the images that a head learnt from have on the mean.
    """

    name: str
    version: str
    weights_sha256: str
    log_odds: bool = False


@dataclass(frozen=True, slots=True)
class Value:
    """One image's reward; ``value`` is None where ``reasons`` say why there is none.

    Beside a value ``reasons`` say what to know of it. ``standard_error`` is None where it is not
    known.
    """

    value: float | None
    standard_error: float | None = None
    reasons: tuple[Reason, ...] = ()


Values = Mapping[str, Value]
"""By the rewards' names, of one image."""


@dataclass(frozen=True, slots=True)
class Dimension:
    """One head of a model."""

    model: RewardModel
    name: str

    def value(self, features: Floats) -> Value:
        """Of one image's features (d,) by the model's network.

        Its error is against images that are as those learnt from on the mean.
        """
        head, mapped = self.model.heads[self.name], self.model.mapped(features[None])
        number = float(head.rewards(mapped)[0])
        if not np.isfinite(number):
            return Value(None, reasons=NOT_FINITE)
        errors = head.standard_errors(mapped)
        return Value(number, None if errors is None else float(errors[0]))


class Rewards:
    """What there is, by name; ``scored`` is for one thread at a time, as the engine is."""

    def __init__(self, engine: Engine, heads: Path) -> None:
        self.engine, self._folder = engine, heads
        self._heads: dict[str, Dimension] = {}
        self._seen: dict[Path, int] = {}
        self.listed: dict[str, Reward] = {}
        self.look()
        for name in OF_IMAGES:
            self._add_metric(metric(name))

    def look(self) -> None:
        """Takes up what has come into the folder of heads, or is newer there; nothing is dropped.

        Who scores meanwhile has either head.
        """
        folders = [file.parent for file in self._folder.glob(f"*/{TENSORS}")]
        for path in sorted([*folders, *self._folder.glob("*.zip")]):
            changed = (path if path.is_file() else path / TENSORS).stat().st_mtime_ns
            if self._seen.get(path) != changed:
                self._seen[path] = changed
                self._add_head(path)

    def scored(self, names: Sequence[str], subjects: Sequence[Subject]) -> list[Values]:
        """Each subject's rewards; one subject's fault is its own. The names are of ``listed``."""
        columns = {**self._measured(names, subjects), **self._of_heads(names, subjects)}
        return [{name: columns[name][row] for name in names} for row in range(len(subjects))]

    def _add_head(self, folder: Path) -> None:
        try:
            model, tensors = read(folder), part_of(folder, TENSORS)
            sha256 = self.engine.provenance(metric_of(model.network)).weights_sha256
        except (OSError, ValueError, KeyError, SafetensorError, Unavailable) as error:
            log.warning("The head %s is not served: %s", folder.name, error)
            return
        version = hashlib.sha256(tensors).hexdigest()[:VERSION_DIGITS]
        name_of = {one: f"{folder.name.removesuffix('.zip')}.{one}" for one in model.heads}
        self._heads |= {name: Dimension(model, one) for one, name in name_of.items()}
        heads = {name: Reward(name, version, sha256, log_odds=True) for name in name_of.values()}
        # Another dictionary: somebody may be walking through this one.
        self.listed = self.listed | heads

    def _add_metric(self, entry: Metric) -> None:
        if unavailable(entry.name, self.engine.weights_root, self.engine.registry):
            return
        try:
            sha256 = self.engine.provenance(entry.name).weights_sha256
        except Unavailable as error:
            log.warning("The metric %s is not served: %s", entry.name, error)
            return
        self.listed[entry.name] = Reward(entry.name, entry.version, sha256)

    def _measured(
        self, names: Sequence[str], subjects: Sequence[Subject]
    ) -> Mapping[str, Sequence[Value]]:
        metrics = [name for name in names if name in CATALOG]
        rows = measure(metrics, subjects, self.engine) if metrics else []
        return {name: [_value(row[name]) for row in rows] for name in metrics}

    def _of_heads(
        self, names: Sequence[str], subjects: Sequence[Subject]
    ) -> Mapping[str, Sequence[Value]]:
        """Images go through each network once, whatever heads stand on it."""
        heads = {name: self._heads[name] for name in names if name in self._heads}
        images = [subject.image for subject in subjects]
        rows = {
            network: list(self._features(network, images))
            for network in dict.fromkeys(head.model.network for head in heads.values())
        }
        return {
            name: [
                row if isinstance(row, Value) else head.value(row)
                for row in rows[head.model.network]
            ]
            for name, head in heads.items()
        }

    def _features(self, network: str, images: Sequence[RGB]) -> Iterator[Floats | Value]:
        """Each image's, or why there are none."""
        try:
            yield from features_of(network, images, self.engine)
        except FAULTS as fault:
            if len(images) == 1:
                error = f"{type(fault).__name__}: {fault}"[:400]
                yield Value(None, reasons=(Reason(Code.METRIC_FAILED, error=error),))
                return
            # One of them is to blame: each for itself, so that the others keep their values.
            for image in images:
                yield from self._features(network, [image])


def _value(measured: Measured) -> Value:
    number = None if measured.value is None else float(measured.value)
    return Value(number, reasons=measured.reasons)
