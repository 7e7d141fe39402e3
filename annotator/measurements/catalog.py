"""The catalog of metrics as the site shows it: what can be measured here, and why not."""

from dataclasses import dataclass

from django.conf import settings
from scoring.weights.files import REGISTRY, State, look

from annotator.core import words
from annotator.core.reasons import Code, Reason
from scoring import catalog
from scoring.catalog import Direction, Grain, Metric, Need


@dataclass(frozen=True, slots=True)
class MetricWeights:
    """The published files that a metric's network is built from.

    `bytes` is null where the publisher says nothing. `reasons`: what is wrong, and what to do.
    """

    name: str
    title: str
    licence: str
    source: str
    bytes: int | None
    state: State
    reasons: list[Reason]


@dataclass(frozen=True, slots=True)
class CatalogMetric:
    """One entry of the catalog.

    `version` changes when the numbers change; `unit` is empty for a pure number; `range` is
    [low, high], null is unbounded; `direction` says which way is better, null: neither; `grain`
    what one value belongs to; `network`, of a metric of sets, whose features it compares;
    `weights` is null where it needs none. `unavailable`: why it can't be measured here.
    """

    name: str
    version: str
    unit: str
    range: list[float | None]
    direction: Direction | None
    needs: list[Need]
    description: str
    grain: Grain
    family: str
    network: str | None
    weights: MetricWeights | None
    available: bool
    unavailable: list[Reason]


def metrics_catalog() -> list[CatalogMetric]:
    """Every metric there is. Whether torch is there is the scorer's matter, not this process's."""
    return [_entry(metric) for metric in catalog.CATALOG.values()]


def _entry(metric: Metric) -> CatalogMetric:
    weights = _weights(metric)
    unavailable = list(weights.reasons) if weights else []
    if metric.grain is Grain.GENERATOR:
        unavailable = [Reason(Code.METRIC_NEEDS_GENERATOR, metric=metric.name)]
    return CatalogMetric(
        name=metric.name,
        version=metric.version,
        unit=metric.unit,
        range=[metric.low, metric.high],
        direction=metric.direction,
        needs=sorted(metric.needs, key=lambda need: need.value),
        description=words.fill("metrics", metric.name, {}),
        grain=metric.grain,
        family=metric.family,
        network=metric.network,
        weights=weights,
        available=not unavailable,
        unavailable=unavailable,
    )


def _weights(metric: Metric) -> MetricWeights | None:
    if metric.weights is None:
        return None
    weights, seen = REGISTRY[metric.weights], look(metric.weights, settings.WEIGHTS_ROOT)
    return MetricWeights(
        name=weights.name,
        title=weights.title,
        licence=weights.licence,
        source=weights.source,
        bytes=weights.bytes,
        state=seen.state,
        reasons=list(seen.reasons),
    )
