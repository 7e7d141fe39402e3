"""What images lack of what is wanted of them: values and features by the weights that are here."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings

from annotator.items.models import Image
from annotator.measurements.choices import OF_IMAGES, fits, found, weights_of_network
from annotator.measurements.models import (
    Feature,
    Fingerprint,
    Kind,
    Measurement,
    MeasurementState,
)
from scoring import catalog
from scoring.catalog import Grain

HASH = "phash"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Metrics of images, and networks whose features are kept; each with its weights' SHA-256."""

    metrics: Mapping[str, str]
    networks: Mapping[str, str]

    def of_kind(self, kind: Kind) -> "Wanted":
        """Those that a chunk of this kind runs."""
        metrics = {name: sha for name, sha in self.metrics.items() if kind_of(name) == kind}
        return Wanted(metrics, self.networks if kind == Kind.HEAVY else {})


@dataclass(frozen=True, slots=True)
class Lack:
    """What one image lacks."""

    metrics: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.metrics or self.networks)


def kind_of(name: str) -> Kind:
    """Networks are heavy, all else is light."""
    return Kind.LIGHT if catalog.metric(name).weights is None else Kind.HEAVY


def wanted(names: Iterable[str], networks: Iterable[str] = ()) -> Wanted:
    """Of these metrics, those that this process can measure; a metric of sets wants its network.

    Hashes weights that nobody has hashed yet.
    """
    entries = [catalog.CATALOG[name] for name in names if name in catalog.CATALOG]
    here = [one for one in entries if not catalog.unavailable(one.name, settings.WEIGHTS_ROOT)]
    metrics = {
        one.name: "" if one.weights is None else found(one.weights)
        for one in here
        if one.grain in OF_IMAGES
    }
    of_sets = {one.network for one in here if one.grain is Grain.SET and one.network}
    kept = {network: _weights(network) for network in sorted({*of_sets, *networks})}
    return Wanted(
        {name: sha for name, sha in metrics.items() if sha or kind_of(name) == Kind.LIGHT},
        {network: sha for network, sha in kept.items() if sha},
    )


def _weights(network: str) -> str:
    weights = weights_of_network(network)
    return "" if weights is None else found(weights)


def lacks(images: Sequence[Image], want: Wanted) -> dict[uuid.UUID, Lack]:
    """What each of the images lacks, by its id; those that lack nothing are left out (3 queries).

    A reference image has no values of its own, but features: sets are compared with it.
    """
    ids = [image.pk for image in images]
    measured = _measured(ids, want)
    kept = _kept(ids, want)
    found_lacking = {}
    for image in images:
        lack = Lack(
            tuple(name for name in _fitting(image, want) if (image.pk, name) not in measured),
            tuple(network for network in want.networks if (image.pk, network) not in kept),
        )
        if lack:
            found_lacking[image.pk] = lack
    return found_lacking


def _fitting(image: Image, want: Wanted) -> list[str]:
    if image.is_reference:
        return []
    has_reference, has_prompt = image.reference_id is not None, bool(image.prompt.strip())
    return [
        name
        for name in want.metrics
        if fits(catalog.metric(name), has_reference=has_reference, has_prompt=has_prompt)
    ]


def _measured(ids: Sequence[uuid.UUID], want: Wanted) -> set[tuple[uuid.UUID, str]]:
    """(image, metric) of values by the present version and weights; a hash must be findable."""
    if not want.metrics:
        return set()
    rows = Measurement.objects.filter(
        image_id__in=ids, metric__in=list(want.metrics), state=MeasurementState.DONE
    )
    present = {(name, catalog.metric(name).version, sha) for name, sha in want.metrics.items()}
    values = rows.values_list("image_id", "metric", "version", "weights")
    measured = {(pk, name) for pk, name, *made_by in values if (name, *made_by) in present}
    if HASH in want.metrics:
        version = catalog.metric(HASH).version
        hashed = Fingerprint.objects.filter(image_id__in=ids, version=version)
        indexed = set(hashed.values_list("image_id", flat=True))
        hashless = set(rows.filter(metric=HASH, text="").values_list("image_id", flat=True))
        measured -= {(pk, HASH) for pk in ids if pk not in indexed | hashless}
    return measured


def _kept(ids: Sequence[uuid.UUID], want: Wanted) -> set[tuple[uuid.UUID, str]]:
    if not want.networks:
        return set()
    rows = Feature.objects.filter(image_id__in=ids, network__in=list(want.networks))
    return {
        (pk, network)
        for pk, network, sha in rows.values_list("image_id", "network", "weights")
        if want.networks[network] == sha
    }


def without(
    lacking: Mapping[uuid.UUID, Lack], waiting: Mapping[uuid.UUID, Lack]
) -> dict[uuid.UUID, Lack]:
    """What is lacking and not waited for already."""
    left = {}
    for pk, lack in lacking.items():
        coming = waiting.get(pk, Lack())
        rest = Lack(
            tuple(name for name in lack.metrics if name not in coming.metrics),
            tuple(name for name in lack.networks if name not in coming.networks),
        )
        if rest:
            left[pk] = rest
    return left


def together(lacking: Iterable[Lack]) -> Lack:
    """Everything that any of them lacks."""
    sets: dict[str, set[str]] = defaultdict(set)
    for lack in lacking:
        sets["metrics"].update(lack.metrics)
        sets["networks"].update(lack.networks)
    return Lack(tuple(sorted(sets["metrics"])), tuple(sorted(sets["networks"])))
