"""Reference sets: what sets of images are compared with, and the files of their statistics."""

import hashlib
import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction

from annotator.accounts.models import Role, User
from annotator.core.errors import Conflict, Invalid, NotFound, TooLarge
from annotator.core.reasons import Reason, sentence
from annotator.items.models import Image
from annotator.measurements.choices import weights_of_network
from annotator.measurements.models import Reference, ReferenceKind, SetJob
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


def references_of(project: Project) -> list[Reference]:
    """The project's reference sets, the oldest first (1 query)."""
    return list(Reference.objects.filter(project=project).order_by("created_at", "pk"))


def sizes_of(references: Iterable[Reference]) -> dict[int, int | None]:
    """How many images each is of, None where nobody said (1 query for reference images)."""
    return {
        reference.pk: Image.objects.filter(
            project_id=reference.project_id, is_reference=True
        ).count()
        if reference.kind == ReferenceKind.IMAGES
        else reference.n
        for reference in references
    }


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


def add_statistics(project: Project, uploaded: Uploaded) -> Reference:
    """Keeps a file of statistics. Raises Invalid for what is none, and for a name that is taken."""
    if uploaded.network not in networks():
        there_are = ", ".join(networks()) or "none"
        raise Invalid(
            f"There is no network “{uploaded.network[:100]}”; there are: {there_are}.",
            fields={"network": ["Unknown network."]},
        )
    statistics = checked(uploaded.data)
    _require_network(statistics, uploaded.network)
    if Reference.objects.filter(project=project, name=uploaded.name).exists():
        raise Invalid("This name is taken.", fields={"name": ["Is taken."]})
    reference = Reference(
        project=project,
        name=uploaded.name,
        kind=ReferenceKind.STATISTICS,
        network=uploaded.network,
        n=statistics.n or uploaded.n,
        zero_shot=uploaded.zero_shot,
        sha256=keep(project.pk, uploaded.data),
    )
    reference.save()
    return reference


def checked(data: bytes) -> Statistics:
    """What an uploaded .npz says. Raises TooLarge, and Invalid in words for anything else."""
    if len(data) > MOST_BYTES:
        raise TooLarge(f"A file of statistics may have {MOST_BYTES:,} bytes at most.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
        if unpacked > MOST_UNPACKED:
            raise TooLarge(f"Unpacked, a file of statistics may have {MOST_UNPACKED:,} bytes.")
        return read_statistics(io.BytesIO(data))
    except (NotStatistics, zipfile.BadZipFile, MemoryError, OSError) as error:
        not_npz = Reason(ScoringCode.STATISTICS_NOT_NPZ)
        text = sentence(error.reasons[0] if isinstance(error, NotStatistics) else not_npz)
        raise Invalid(f"These are no statistics: {text}", fields={"file": [text]}) from error


def _require_network(statistics: Statistics, network: str) -> None:
    extractor, _, resize = network.partition("/")
    said = (statistics.extractor or extractor, statistics.resize or resize)
    if said != (extractor, resize):
        raise Invalid(
            f"The file says that it is of {'/'.join(said)}, not of {network}.",
            fields={"network": ["Is another than the file's."]},
        )


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
        raise NotFound("There are no statistics yet: measure a set first.")
    with storage.open(path) as stream:
        data: bytes = stream.read()
    return data


def statistics_of(reference: Reference) -> Statistics:
    """What an uploaded reference's file says."""
    return read_statistics(io.BytesIO(read_kept(reference.project_id, reference.sha256)))


def forget_file(project_id: int, sha256: str) -> None:
    """Removes a file that no row names any more, once that is committed."""

    def remove() -> None:
        named = (
            Reference.objects.filter(project_id=project_id, sha256=sha256).exists()
            or SetJob.objects.filter(project_id=project_id, statistics=sha256).exists()
        )
        if not named:
            storages["default"].delete(path_of(project_id, sha256))

    if sha256:
        transaction.on_commit(remove)


@transaction.atomic
def delete_reference(reference: Reference) -> None:
    """Forgets a reference set and every value against it. Conflict for the project's own images."""
    if reference.kind == ReferenceKind.IMAGES:
        raise Conflict("These are the project's own reference images; they stay with it.")
    jobs = SetJob.objects.filter(reference=reference)
    files = {*jobs.values_list("statistics", flat=True), reference.sha256}
    project_id = reference.project_id
    reference.delete()
    for sha256 in files:
        forget_file(project_id, sha256)
