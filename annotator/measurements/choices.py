"""Which metrics a project has chosen, and what of them can be had here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings

from annotator.core.errors import Invalid
from annotator.measurements.models import Choice
from annotator.projects.models import Project
from scoring import catalog
from scoring.catalog import Grain, Metric, Need
from scoring.weights.files import Found, State, locate, look

OF_IMAGES = (Grain.IMAGE, Grain.PAIR)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Names of the catalog, in its order; whether nobody has chosen them."""

    metrics: tuple[str, ...]
    by_default: bool


def chosen_of(project: Project) -> Chosen:
    """What the project measures on upload (1 query)."""
    choice = Choice.objects.filter(project=project).first()
    if choice is None:
        return Chosen(tuple(_default()), by_default=True)
    return Chosen(tuple(split(choice.metrics)), by_default=False)


def _default() -> list[str]:
    """All of images and pairs that need no weights, and all whose weights are here."""
    return [
        entry.name
        for entry in catalog.CATALOG.values()
        if entry.grain is not Grain.GENERATOR and weights_here(entry)
    ]


def weights_here(entry: Metric) -> bool:
    """Whether nothing is missing but perhaps torch, which is the scorer's matter."""
    return entry.weights is None or look(entry.weights, settings.WEIGHTS_ROOT).state is State.HERE


def choose(project: Project, names: Iterable[str]) -> Chosen:
    """Sets what the project measures. Raises Invalid for what is no metric of images."""
    wanted = set(names)
    for name in sorted(wanted):
        require_measurable(name)
    ordered = [name for name in catalog.CATALOG if name in wanted]
    Choice.objects.update_or_create(project=project, defaults={"metrics": ",".join(ordered)})
    return Chosen(tuple(ordered), by_default=False)


def require_measurable(name: str) -> Metric:
    """The entry. Raises Invalid for an unknown name and for what a site cannot measure."""
    if name not in catalog.CATALOG:
        raise Invalid(
            f"There is no metric “{name[:50]}”; there are: {', '.join(catalog.CATALOG)}.",
            fields={"metrics": ["Unknown metric."]},
        )
    entry = catalog.CATALOG[name]
    if entry.grain is Grain.GENERATOR:
        raise Invalid(
            f"{name} needs the generator itself, not its images: use the library's call.",
            fields={"metrics": ["Not measured here."]},
        )
    return entry


def require_set_metric(name: str) -> Metric:
    """The entry of a metric of sets. Raises Invalid for any other."""
    entry = require_measurable(name)
    if entry.grain is not Grain.SET or entry.network is None:
        raise Invalid(
            f"{name} is not a metric of sets.", fields={"metrics": ["Not a metric of sets."]}
        )
    return entry


def weights_of_network(network: str) -> str | None:
    """The name of the weights that a network is built from, as the catalog says."""
    entries = catalog.CATALOG.values()
    return next((entry.weights for entry in entries if entry.network == network), None)


def found(weights: str) -> str:
    """The SHA-256 of weights that are here, whole; "" when they are not."""
    located = locate(weights, settings.WEIGHTS_ROOT)
    return located.sha256 if isinstance(located, Found) else ""


def fits(entry: Metric, *, has_reference: bool, has_prompt: bool) -> bool:
    """Whether a metric belongs to one image such as this."""
    return (
        entry.grain in OF_IMAGES
        and (has_reference or Need.REFERENCE not in entry.needs)
        and (has_prompt or Need.PROMPT not in entry.needs)
    )


def split(names: str) -> list[str]:
    """Names that a row keeps in one text, with commas; those the catalog still has, or networks."""
    return [name for name in names.split(",") if name]


def joined(names: Iterable[str]) -> str:
    """The text of such a row, the same for the same names."""
    return ",".join(sorted(set(names)))


def as_asked(names: Sequence[str]) -> str:
    """The same for a request. Raises UnknownMetric."""
    return joined(catalog.metric(name).name for name in names)
