"""The catalog of metrics as the site shows it: what can be measured here, and why not."""

from dataclasses import dataclass, field, replace

from django.conf import settings

from annotator.core import words
from annotator.core.reasons import Code, Reason
from annotator.measurements.models import LearntMetric
from annotator.projects.models import Project
from scoring import catalog
from scoring.catalog import Direction, Grain, Metric, Need
from scoring.weights.files import REGISTRY, State, look

# What every reward head is described by.
REWARD_WORDS = "reward"


@dataclass(frozen=True, slots=True)
class MetricWeights:
    """The published files that a metric's network is built from."""

    name: str
    title: str
    licence: str
    source: str
    bytes: int | None = field(metadata={"help": "Null: the publisher says nothing."})
    state: State
    reasons: list[Reason] = field(metadata={"help": "What is wrong, and what to do."})


@dataclass(frozen=True, slots=True)
class CatalogMetric:
    """One entry of the catalog."""

    name: str
    version: str = field(
        metadata={"help": "Changes when the numbers change; of a reward head its id."}
    )
    unit: str = field(metadata={"help": "Empty: a pure number."})
    range: list[float | None] = field(metadata={"help": "[low, high]; null is unbounded."})
    direction: Direction | None = field(metadata={"help": "Which way is better; null: neither."})
    needs: list[Need]
    description: str
    grain: Grain = field(metadata={"help": "What one value belongs to."})
    family: str
    network: str | None = field(
        metadata={"help": "Of a metric of sets or a reward head: whose features it reads."}
    )
    weights: MetricWeights | None = field(metadata={"help": "Null: it needs none."})
    available: bool
    unavailable: list[Reason] = field(metadata={"help": "Why it can't be measured here."})


def metrics_catalog() -> list[CatalogMetric]:
    """Every metric there is. Whether torch is there is the scorer's matter, not this process's."""
    return [_entry(metric) for metric in catalog.CATALOG.values()]


def learnt_of(project: Project) -> list[CatalogMetric]:
    """The project's reward heads as metrics, by name (1 query)."""
    return [
        replace(
            _entry(catalog.metric(row.metric)),
            version=row.version,
            network=row.network,
        )
        for row in LearntMetric.objects.filter(project=project).order_by("metric")
    ]


def description_of(name: str) -> str:
    """What a metric measures, of the catalog or a reward head."""
    if name.startswith(catalog.REWARD):
        dimension = name.removeprefix(catalog.REWARD)
        return words.fill("metrics", REWARD_WORDS, {"dimension": dimension})
    return words.fill("metrics", name, {})


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
        description=description_of(metric.name),
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
