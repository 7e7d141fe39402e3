"""Reference sets: what sets of images are compared with, and the files of their statistics."""

import hashlib
import io
import zipfile
from dataclasses import dataclass, field
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction

from annotator.accounts.models import Role, User
from annotator.actions.services import Verb, record
from annotator.core import clock
from annotator.core.errors import Conflict, Invalid, NotFound, TooLarge
from annotator.core.reasons import Code, Reason
from annotator.items.models import Image
from annotator.items.selectors import measured_against
from annotator.measurements.choices import weights_of_network
from annotator.measurements.models import Reference, ReferenceSource, SetMeasurement
from annotator.projects.lifecycle import refuse_if_archived
from annotator.projects.models import Project
from annotator.projects.selectors import project_for
from scoring import catalog
from scoring.reasons import Code as ScoringCode
from scoring.statistics.feature_statistics import (
    NotStatistics,
    Statistics,
    read_statistics,
    write_statistics,
)

MOST_BYTES = 64 * 1024**2
MOST_UNPACKED = 256 * 1024**2
"""A covariance of 4,096 features and its mean are 134 MB."""


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file of statistics as it came, and what its uploader says of it.

    ``n`` (images) where the file itself does not say. ``zero_shot``: no generator has seen any.
    """

    name: str
    network: str
    data: bytes
    zero_shot: bool = False
    n: int | None = None


@dataclass(frozen=True, slots=True)
class ReferenceRow:
    """A reference set."""

    id: int
    name: str
    source: ReferenceSource = field(
        metadata={
            "help": "images: the project's own reference images; statistics: a file, which has no "
            "single images, so only FID can be measured against it."
        }
    )
    network: str = field(metadata={"help": "Whose features the statistics are of."})
    n: int | None = field(metadata={"help": "Images; null: nobody said."})
    zero_shot: bool = field(
        metadata={"help": "No generator has seen any of it: FID against it is zero-shot FID."}
    )
    created_at: datetime
    sha256: str = field(
        metadata={"help": "Of the file; empty until a set is measured against images."}
    )


@dataclass(frozen=True, slots=True)
class References:
    """All reference sets of a project, the oldest first."""

    results: list[ReferenceRow]


def references_of(project: Project) -> References:
    """The project's reference sets (2 queries)."""
    rows = Reference.objects.filter(project=project).order_by("created_at", "pk")
    return References([reference_row(row) for row in rows])


def reference_row(reference: Reference) -> ReferenceRow:
    """What a lead is told of it (1 query, for the project's own images)."""
    n = reference.n
    if reference.source == ReferenceSource.IMAGES:
        images = Image.objects.filter(measured_against(), project_id=reference.project_id)
        n = images.count()
    return ReferenceRow(
        id=reference.pk,
        name=reference.name,
        source=ReferenceSource(reference.source),
        network=reference.network,
        n=n,
        zero_shot=reference.zero_shot,
        created_at=reference.created_at,
        sha256=reference.sha256,
    )


def reference_for(user: User, reference_id: int) -> Reference:
    """A reference set of a project that this person manages; NotFound, RoleRequired otherwise."""
    reference = Reference.objects.select_related("project").filter(pk=reference_id).first()
    if reference is None:
        raise NotFound
    project_for(user, reference.project_id, Role.MANAGER)
    return reference


def networks() -> dict[str, str]:
    """The networks that sets are compared in, each with its weights' name, as the catalog says."""
    names = {entry.network for entry in catalog.CATALOG.values() if entry.network}
    return {name: weights_of_network(name) or "" for name in sorted(names)}


def add_statistics(project: Project, uploaded: Uploaded, *, by: User | None = None) -> Reference:
    """Keeps a file of statistics. Raises Invalid for what is none, and for a name that is taken."""
    refuse_if_archived(project)
    if uploaded.network not in networks():
        unknown = Reason(Code.NETWORK_UNKNOWN, name=uploaded.network[:100], names=tuple(networks()))
        raise Invalid(unknown, fields={"network": unknown})
    statistics = checked(uploaded.data)
    _require_network(statistics, uploaded.network)
    if Reference.objects.filter(project=project, name=uploaded.name).exists():
        taken = Reason(Code.NAME_TAKEN, name=uploaded.name)
        raise Invalid(taken, fields={"name": taken})
    reference = Reference(
        project=project,
        name=uploaded.name,
        source=ReferenceSource.STATISTICS,
        network=uploaded.network,
        n=statistics.n or uploaded.n,
        zero_shot=uploaded.zero_shot,
        sha256=keep(project.pk, uploaded.data),
    )
    with transaction.atomic():
        reference.save()
        _record(Verb.REFERENCE_ADDED, reference, by)
    return reference


def _record(verb: Verb, reference: Reference, by: User | None) -> None:
    record(
        verb, by=by, now=clock.now(), project_id=reference.project_id,
        target=f"reference:{reference.pk}", name=reference.name,
    )  # fmt: skip


def checked(data: bytes) -> Statistics:
    """What an uploaded .npz says. Raises TooLarge, and Invalid for anything else."""
    if len(data) > MOST_BYTES:
        raise TooLarge(Reason(Code.STATISTICS_TOO_LARGE, bytes=MOST_BYTES))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
        if unpacked > MOST_UNPACKED:
            raise TooLarge(Reason(Code.STATISTICS_UNPACKED_TOO_LARGE, bytes=MOST_UNPACKED))
        return read_statistics(io.BytesIO(data))
    except NotStatistics as error:
        raise Invalid(error.reasons[0], fields={"file": error.reasons[0]}) from error
    except (
        zipfile.BadZipFile,
        ValueError,  # a name that is no text, an offset before the file
        NotImplementedError,  # a zip of a version to come
        OverflowError,
        MemoryError,
        OSError,
    ) as error:
        not_npz = Reason(ScoringCode.STATISTICS_NOT_NPZ)
        raise Invalid(not_npz, fields={"file": not_npz}) from error


def _require_network(statistics: Statistics, network: str) -> None:
    extractor, _, resize = network.partition("/")
    of_file = (statistics.extractor or extractor, statistics.resize or resize)
    if of_file != (extractor, resize):
        other = Reason(Code.STATISTICS_OF_ANOTHER_NETWORK, other="/".join(of_file), network=network)
        raise Invalid(other, fields={"network": other})


def path_of(project_id: int, sha256: str) -> str:
    """A file of statistics in the storage."""
    return f"projects/{project_id}/statistics/{sha256[:2]}/{sha256}.npz"


def keep(project_id: int, data: bytes) -> str:
    """Stores a file of statistics; its SHA-256, by which it is found again."""
    sha256 = hashlib.sha256(data).hexdigest()
    storages["default"].save(path_of(project_id, sha256), ContentFile(data))
    return sha256


def keep_statistics(project_id: int, statistics: Statistics) -> str:
    """The same of statistics that were made here."""
    stream = io.BytesIO()
    write_statistics(statistics, stream)
    return keep(project_id, stream.getvalue())


def read_kept(project_id: int, sha256: str) -> bytes:
    """The bytes of a stored file; raises NotFound when there is none."""
    path = path_of(project_id, sha256)
    storage = storages["default"]
    if not sha256 or not storage.exists(path):
        raise NotFound(Reason(Code.NO_STATISTICS_YET))
    with storage.open(path) as stream:
        data: bytes = stream.read()
    return data


def statistics_of(reference: Reference) -> Statistics:
    """What an uploaded reference's file says."""
    return read_statistics(io.BytesIO(read_kept(reference.project_id, reference.sha256)))


def copy_statistics(project: Project, made: Project) -> None:
    """Gives a project's copy the uploaded files of statistics that the project compares with."""
    rows = Reference.objects.filter(project=project, source=ReferenceSource.STATISTICS)
    for row in rows.order_by("pk"):
        sha256 = keep(made.pk, read_kept(project.pk, row.sha256))
        row.pk, row.project, row.sha256 = None, made, sha256
        row.save(force_insert=True)


def forget_file(project_id: int, sha256: str) -> None:
    """Removes a file that no row names any more, once that is committed."""

    def remove() -> None:
        named = (
            Reference.objects.filter(project_id=project_id, sha256=sha256).exists()
            or SetMeasurement.objects.filter(project_id=project_id, statistics=sha256).exists()
        )
        if not named:
            storages["default"].delete(path_of(project_id, sha256))

    if sha256:
        transaction.on_commit(remove)


@transaction.atomic
def delete_reference(reference: Reference, *, by: User | None = None) -> None:
    """Forgets a reference set and every value against it. Conflict for the project's own images."""
    if reference.source == ReferenceSource.IMAGES:
        raise Conflict(Reason(Code.REFERENCE_IS_THE_PROJECTS))
    sets = SetMeasurement.objects.filter(reference=reference)
    files = {*sets.values_list("statistics", flat=True), reference.sha256}
    project_id = reference.project_id
    _record(Verb.REFERENCE_DELETED, reference, by)
    reference.delete()
    for sha256 in files:
        forget_file(project_id, sha256)
