"""Which metrics a project has chosen, and which of the catalog can be measured here."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from django.conf import settings
from django.db import transaction

from annotator.accounts.models import User
from annotator.actions.services import Verb, record
from annotator.core import clock
from annotator.core.errors import Invalid
from annotator.core.reasons import Code, Reason
from annotator.measurements.catalog import CatalogMetric, learnt_of
from annotator.measurements.models import ProjectMetric, Queue
from annotator.projects.lifecycle import refuse_if_archived
from annotator.projects.models import Project
from scoring import catalog
from scoring.catalog import Grain, Metric
from scoring.weights.files import Found, State, combined_sha256, entry, locate, look
from scoring.weights.hashes import read_note

HASH = "phash"


@dataclass(frozen=True, slots=True)
class ChosenMetrics:
    """What a project measures of each upload: names of the catalog, in its order."""

    chosen: list[str]
    by_default: bool = field(metadata={"help": "Nobody has chosen yet."})
    learnt: list[CatalogMetric] = field(
        default_factory=list,
        metadata={"help": "Its reward heads, which measure every image without being chosen."},
    )


def shown_of(project: Project) -> ChosenMetrics:
    """The same with the project's reward heads (2 queries)."""
    return replace(chosen_of(project), learnt=learnt_of(project))


def chosen_of(project: Project) -> ChosenMetrics:
    """What the project measures of each upload (1 query)."""
    rows = dict(ProjectMetric.objects.filter(project=project).values_list("metric", "chosen"))
    if not rows:
        return ChosenMetrics(_default(), by_default=True)
    return ChosenMetrics([name for name in catalog.CATALOG if rows.get(name)], by_default=False)


def _default() -> list[str]:
    """All of images and pairs that need no weights, and all whose weights are here."""
    return [
        metric.name
        for metric in catalog.CATALOG.values()
        if metric.grain is not Grain.GENERATOR and weights_here(metric)
    ]


@transaction.atomic
def choose(project: Project, names: Iterable[str], *, by: User | None = None) -> ChosenMetrics:
    """Sets what the project measures. Raises Invalid for what is no metric of images."""
    chosen = {require_measurable(name).name for name in sorted(set(names))}
    refuse_if_archived(project)
    before = set(chosen_of(project).chosen)
    record(
        Verb.METRICS_CHOSEN, by=by, now=clock.now(), project_id=project.pk,
        added=sorted(chosen - before), removed=sorted(before - chosen),
    )  # fmt: skip
    ProjectMetric.objects.filter(project=project).delete()
    ProjectMetric.objects.bulk_create(
        ProjectMetric(project=project, metric=name, chosen=name in chosen)
        for name in catalog.CATALOG
    )
    return ChosenMetrics([name for name in catalog.CATALOG if name in chosen], by_default=False)


def copy_choices(project: Project, made: Project) -> None:
    """Lets a project's copy measure what the project measures."""
    rows = ProjectMetric.objects.filter(project=project)
    ProjectMetric.objects.bulk_create(
        ProjectMetric(project=made, metric=row.metric, chosen=row.chosen) for row in rows
    )


def require_measurable(name: str) -> Metric:
    """The entry. Raises Invalid for an unknown name and for what a site cannot measure."""
    if name not in catalog.CATALOG:
        raise _invalid(Reason(Code.METRIC_UNKNOWN, name=name[:50], names=tuple(catalog.CATALOG)))
    metric = catalog.CATALOG[name]
    if metric.grain is Grain.GENERATOR:
        raise _invalid(Reason(Code.METRIC_NEEDS_GENERATOR, metric=name))
    return metric


def require_measured(name: str) -> None:
    """Raises Invalid for a name by which no image can have a value."""
    if catalog.find(name) is None:
        require_measurable(name)


def require_set_metric(name: str) -> Metric:
    """The entry of a metric of sets. Raises Invalid for any other."""
    metric = require_measurable(name)
    if metric.grain is not Grain.SET or metric.network is None:
        raise _invalid(Reason(Code.METRIC_NOT_OF_SETS, metric=name))
    return metric


def _invalid(reason: Reason) -> Invalid:
    return Invalid(reason, fields={"metrics": reason})


def queue_of(metric: Metric) -> Queue:
    """Networks are for the GPU."""
    return Queue.CPU if metric.weights is None else Queue.GPU


def weights_here(metric: Metric) -> bool:
    """Whether nothing is missing but perhaps torch, which is the scorer's matter."""
    return metric.weights is None or look(metric.weights, settings.WEIGHTS_ROOT).state is State.HERE


def without_weights() -> list[str]:
    """Metrics and networks whose weights are not here: what is requested of them waits."""
    missing = [metric for metric in catalog.CATALOG.values() if not weights_here(metric)]
    return [name for metric in missing for name in (metric.name, metric.network) if name]


def weights_of_network(network: str) -> str | None:
    """The name of the weights that a network is built from, as the catalog says."""
    metrics = catalog.CATALOG.values()
    return next((metric.weights for metric in metrics if metric.network == network), None)


def sha256_of(weights: str) -> str:
    """The SHA-256 of weights that are here, whole; "" when they are not. May hash them."""
    located = locate(weights, settings.WEIGHTS_ROOT)
    return located.sha256 if isinstance(located, Found) else ""


def noted_sha256_of(weights: str) -> str:
    """The same of weights that were hashed before; "" else. Hashes nothing."""
    hashes = {}
    for file in entry(weights).files:
        path = Path(settings.WEIGHTS_ROOT) / file.place
        note = read_note(path) if path.is_file() else None
        if note is None or not note.is_of(path):
            return ""
        hashes[file.name] = note.sha256
    return combined_sha256(hashes)


def measurable(queue: Queue) -> dict[str, str]:
    """What this process can measure of a queue: metrics of images, and networks of sets.

    Each with the SHA-256 of its weights, "" where it has none. May hash weights.
    """
    found: dict[str, str] = {}
    for metric in catalog.CATALOG.values():
        name = metric.network or metric.name
        if queue_of(metric) != queue or metric.grain is Grain.GENERATOR or name in found:
            continue
        if not catalog.unavailable(metric.name, settings.WEIGHTS_ROOT):
            found[name] = sha256_of(metric.weights) if metric.weights else ""
    return {name: sha256 for name, sha256 in found.items() if sha256 or queue == Queue.CPU}
